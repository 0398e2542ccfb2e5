//! Register keys: where a value stands in a record.
//!
//! A record is one flat root map. Its keys are
//!
//! | Key | Register |
//! | --- | --- |
//! | `_alive` | presence of the record |
//! | `field` | a plain field |
//! | `field#code` | one chosen code of a choices field |
//! | `group.<id>` | presence of an entry |
//! | `group.<id>.field`, `group.<id>.field#code` | a field of an entry |
//!
//! Parsing is strict: what it accepts, `Display` prints again byte for byte.

mod entry;
mod names;

use std::fmt;
use std::str::FromStr;

pub use entry::EntryId;
pub use names::{Code, Name};

use crate::limits::MAX_KEY_BYTES;

/// Key of the register that says whether the record exists.
pub const ALIVE: &str = "_alive";

/// Why a register key or one of its parts is not well formed. Never holds the key itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum PathError {
    /// Longer than [`MAX_KEY_BYTES`].
    #[error("register key is longer than 96 bytes")]
    TooLong,
    /// A field or group name breaks `[a-z][a-z0-9_]{0,39}`.
    #[error("name must be 1 to 40 of a-z, 0-9 and _, starting with a letter")]
    BadName,
    /// A code breaks `[A-Za-z0-9_-]{1,24}`.
    #[error("code must be 1 to 24 of A-Z, a-z, 0-9, _ and -")]
    BadCode,
    /// An entry's id is not 8 bytes in canonical base64url.
    #[error("entry id must be 8 bytes as 11 characters of base64url")]
    BadEntryId,
    /// More parts than `group.<id>.field`.
    #[error("register key has too many parts")]
    TooManyParts,
}

/// A field as the schema knows it: `door_no`, or `licences.expires` for every entry of a group.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct FieldPath {
    /// The group that the field belongs to.
    pub group: Option<Name>,
    /// The field's name.
    pub field: Name,
}

impl FieldPath {
    /// A field of the record itself.
    pub fn root(field: Name) -> Self {
        Self { group: None, field }
    }

    /// A field of the entries of `group`.
    pub fn in_group(group: Name, field: Name) -> Self {
        Self {
            group: Some(group),
            field,
        }
    }

    /// Parses `field` or `group.field`.
    pub fn parse(text: &str) -> Result<Self, PathError> {
        match text.split_once('.') {
            None => Ok(Self::root(Name::parse(text)?)),
            Some((_, rest)) if rest.contains('.') => Err(PathError::TooManyParts),
            Some((group, field)) => Ok(Self::in_group(Name::parse(group)?, Name::parse(field)?)),
        }
    }
}

impl FromStr for FieldPath {
    type Err = PathError;
    fn from_str(text: &str) -> Result<Self, PathError> {
        Self::parse(text)
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.group {
            Some(group) => write!(f, "{group}.{}", self.field),
            None => write!(f, "{}", self.field),
        }
    }
}

/// The key of one register of a record.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum RegisterKey {
    /// `_alive`: presence of the record.
    Alive,
    /// `field` or `field#code`.
    Field {
        /// The field.
        field: Name,
        /// The code, for a choices field.
        code: Option<Code>,
    },
    /// `group.<id>`: presence of an entry.
    Entry {
        /// The group.
        group: Name,
        /// The entry.
        id: EntryId,
    },
    /// `group.<id>.field` or `group.<id>.field#code`.
    EntryField {
        /// The group.
        group: Name,
        /// The entry.
        id: EntryId,
        /// The field.
        field: Name,
        /// The code, for a choices field.
        code: Option<Code>,
    },
}

impl RegisterKey {
    /// Parses a key, strictly: only what [`fmt::Display`] would print is accepted.
    pub fn parse(text: &str) -> Result<Self, PathError> {
        if text.len() > MAX_KEY_BYTES {
            return Err(PathError::TooLong);
        }
        if text == ALIVE {
            return Ok(Self::Alive);
        }
        let mut parts = text.split('.');
        match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some(last), None, ..) => {
                let (field, code) = parse_last(last)?;
                Ok(Self::Field { field, code })
            }
            (Some(group), Some(id), None, _) => Ok(Self::Entry {
                group: Name::parse(group)?,
                id: EntryId::parse(id)?,
            }),
            (Some(group), Some(id), Some(last), None) => {
                let (group, id) = (Name::parse(group)?, EntryId::parse(id)?);
                let (field, code) = parse_last(last)?;
                Ok(Self::EntryField {
                    group,
                    id,
                    field,
                    code,
                })
            }
            _ => Err(PathError::TooManyParts),
        }
    }

    /// The register of `path`, in `entry` if the field belongs to a group.
    ///
    /// `None` if the path names a group and no entry is given, or the other way round.
    pub fn of(path: &FieldPath, entry: Option<EntryId>, code: Option<Code>) -> Option<Self> {
        let field = path.field.clone();
        match (&path.group, entry) {
            (None, None) => Some(Self::Field { field, code }),
            (Some(group), Some(id)) => Some(Self::EntryField {
                group: group.clone(),
                id,
                field,
                code,
            }),
            _ => None,
        }
    }

    /// The field that this register belongs to; `None` for the two presence registers.
    pub fn path(&self) -> Option<FieldPath> {
        match self {
            Self::Alive | Self::Entry { .. } => None,
            Self::Field { field, .. } => Some(FieldPath::root(field.clone())),
            Self::EntryField { group, field, .. } => {
                Some(FieldPath::in_group(group.clone(), field.clone()))
            }
        }
    }

    /// Whether this register belongs to the field of that path.
    pub fn is_at(&self, path: &FieldPath) -> bool {
        match self {
            Self::Alive | Self::Entry { .. } => false,
            Self::Field { field, .. } => path.group.is_none() && path.field == *field,
            Self::EntryField { group, field, .. } => {
                path.group.as_ref() == Some(group) && path.field == *field
            }
        }
    }

    /// The code of a choices register.
    pub fn code(&self) -> Option<&Code> {
        match self {
            Self::Field { code, .. } | Self::EntryField { code, .. } => code.as_ref(),
            Self::Alive | Self::Entry { .. } => None,
        }
    }

    /// The group and entry that this register stands in.
    pub fn entry(&self) -> Option<(&Name, EntryId)> {
        match self {
            Self::Entry { group, id } | Self::EntryField { group, id, .. } => Some((group, *id)),
            Self::Alive | Self::Field { .. } => None,
        }
    }

    /// Whether this is a presence register.
    pub fn is_presence(&self) -> bool {
        matches!(self, Self::Alive | Self::Entry { .. })
    }
}

fn parse_last(text: &str) -> Result<(Name, Option<Code>), PathError> {
    match text.split_once('#') {
        None => Ok((Name::parse(text)?, None)),
        Some((field, code)) => Ok((Name::parse(field)?, Some(Code::parse(code)?))),
    }
}

impl FromStr for RegisterKey {
    type Err = PathError;
    fn from_str(text: &str) -> Result<Self, PathError> {
        Self::parse(text)
    }
}

impl fmt::Display for RegisterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Alive => f.write_str(ALIVE)?,
            Self::Field { field, .. } => write!(f, "{field}")?,
            Self::Entry { group, id } => write!(f, "{group}.{id}")?,
            Self::EntryField {
                group, id, field, ..
            } => write!(f, "{group}.{id}.{field}")?,
        }
        match self.code() {
            Some(code) => write!(f, "#{code}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;

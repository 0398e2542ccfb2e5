//! Values and edits as they stand in a line of JSON.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use schemas::{
    path::{EntryId, Name, RegisterKey},
    value::Scalar,
};
use serde::{Deserialize, Serialize};
use sync_core::record;

/// A value with its type, which numbers and texts of JSON do not tell.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Put {
    Null,
    Bool(bool),
    Int(i64),
    Text(String),
    Bytes(String),
}

impl Put {
    pub(crate) fn of(value: &Scalar) -> Self {
        match value {
            Scalar::Null => Self::Null,
            Scalar::Bool(value) => Self::Bool(*value),
            Scalar::Int(value) => Self::Int(*value),
            Scalar::Text(text) => Self::Text(text.clone()),
            Scalar::Bytes(value) => Self::Bytes(named(value)),
        }
    }

    fn scalar(self) -> Result<Scalar, base64::DecodeError> {
        Ok(match self {
            Self::Null => Scalar::Null,
            Self::Bool(value) => Scalar::Bool(value),
            Self::Int(value) => Scalar::Int(value),
            Self::Text(text) => Scalar::Text(text),
            Self::Bytes(value) => Scalar::Bytes(bytes(&value)?),
        })
    }
}

/// What a person did.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Edit {
    Set(String, Put),
    /// The group, and the how-manieth entry it is that this commit begins.
    Add(String, u32),
    /// The group's entry, by its register.
    Remove(String),
    Delete,
    Restore,
}

impl Edit {
    /// As the core takes it; a new entry's id is derived.
    pub(crate) fn typed(
        self,
        id: impl Fn(u32) -> EntryId,
    ) -> Result<record::Edit, Box<dyn std::error::Error>> {
        Ok(match self {
            Self::Set(key, value) => {
                let key: RegisterKey = key.parse()?;
                match value.scalar()? {
                    Scalar::Null => record::Edit::Clear { key },
                    value => record::Edit::Set { key, value },
                }
            }
            Self::Add(group, index) => record::Edit::AddEntry {
                group: Name::parse(&group)?,
                id: id(index),
            },
            Self::Remove(key) => match key.parse()? {
                RegisterKey::Entry { group, id } => record::Edit::RemoveEntry { group, id },
                _ => return Err("not an entry".into()),
            },
            Self::Delete => record::Edit::Delete,
            Self::Restore => record::Edit::Restore,
        })
    }
}

pub(crate) fn bytes(text: &str) -> Result<Vec<u8>, base64::DecodeError> {
    STANDARD.decode(text)
}

pub(crate) fn named(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

//! Kinds of records: their fields, where they live, who reads and writes them.

mod access;
mod form;

use std::collections::BTreeMap;

use crate::access::Access;
use crate::checks::ValueError;
use crate::field::{Field, FieldType};
use crate::limits::MAX_TIME_MS;
use crate::path::{FieldPath, Name, RegisterKey};
use crate::place::Origin;
use crate::text::Labels;
use crate::value::Scalar;

/// Where a record's grid comes from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum GridSource {
    /// The record has its own grid, in its header.
    Own,
    /// The record goes wherever the record of this kind goes, which its field of the same name
    /// refers to.
    Follows(String),
}

/// From when on a retention period runs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum RetentionStart {
    /// The record's deletion.
    Deleted,
    /// The day or time in this field.
    Field(FieldPath),
}

/// How long a record is kept. Of several, the first that ends counts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Retention {
    /// From when on.
    pub after: RetentionStart,
    /// Days that the record is kept from then on.
    pub days: u32,
    /// A default that an area may change.
    pub area_default: bool,
}

/// A group of entries: a shop's licences, a finding's photos.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Group {
    /// Its name.
    pub name: Name,
    /// What people read.
    pub labels: Labels,
    /// Where it is declared.
    pub place: Origin,
}

/// A kind of record.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Kind {
    pub(crate) name: String,
    pub(crate) labels: Labels,
    pub(crate) version: u32,
    pub(crate) personal: bool,
    pub(crate) grid: GridSource,
    pub(crate) title: Vec<FieldPath>,
    pub(crate) search: Vec<FieldPath>,
    pub(crate) retention: Vec<Retention>,
    pub(crate) read: Access,
    pub(crate) write: Access,
    pub(crate) delete: Access,
    pub(crate) groups: Vec<Group>,
    pub(crate) fields: Vec<Field>,
    pub(crate) index: BTreeMap<FieldPath, usize>,
    pub(crate) named: Vec<(FieldPath, Origin)>,
    pub(crate) place: Origin,
}

impl Kind {
    /// The kind's stable name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What people call it.
    pub fn labels(&self) -> &Labels {
        &self.labels
    }

    /// Rises with every change of this kind.
    pub fn version(&self) -> u32 {
        self.version
    }

    /// Whether records hold personal data: sealed under a key of their own, erasable.
    pub fn personal(&self) -> bool {
        self.personal
    }

    /// Where a record's grid comes from.
    pub fn grid(&self) -> &GridSource {
        &self.grid
    }

    /// The kind whose grid a record follows.
    pub fn follows(&self) -> Option<&str> {
        match &self.grid {
            GridSource::Own => None,
            GridSource::Follows(kind) => Some(kind),
        }
    }

    /// The field that refers to the followed record; by rule it bears the followed kind's name.
    pub fn follows_field(&self) -> Option<&Field> {
        let followed = self.follows()?;
        self.fields
            .iter()
            .find(|field| field.path.group.is_none() && field.path.field.as_str() == followed)
    }

    /// The fields that make a record's title, first first.
    pub fn title(&self) -> &[FieldPath] {
        &self.title
    }

    /// The fields that search looks into.
    pub fn search(&self) -> &[FieldPath] {
        &self.search
    }

    /// How long records are kept.
    pub fn retention(&self) -> &[Retention] {
        &self.retention
    }

    /// The groups, in the order of the form.
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// The group of that name.
    pub fn group(&self, name: &str) -> Option<&Group> {
        self.groups.iter().find(|group| group.name.as_str() == name)
    }

    /// Every field, retired ones too, in the order of the form.
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// Where the kind is declared.
    pub fn place(&self) -> &Origin {
        &self.place
    }

    /// The field at `path`.
    pub fn field(&self, path: &FieldPath) -> Option<&Field> {
        self.fields.get(*self.index.get(path)?)
    }

    /// Whether this kind has such a register: the field exists, and the code too if it is a
    /// choices field.
    pub fn has_register(&self, key: &RegisterKey) -> bool {
        match key {
            RegisterKey::Alive => true,
            RegisterKey::Entry { group, .. } => self.group(group.as_str()).is_some(),
            RegisterKey::Field { .. } | RegisterKey::EntryField { .. } => self.resolve(key).is_ok(),
        }
    }

    /// Checks one value of a field. For a choices field use [`Kind::check_register`], which sees
    /// the code.
    pub fn check_value(&self, path: &FieldPath, value: &Scalar) -> Result<(), ValueError> {
        self.field(path)
            .ok_or(ValueError::UnknownField)?
            .check(value)
    }

    /// Checks one value of one register, presences and chosen codes included.
    pub fn check_register(&self, key: &RegisterKey, value: &Scalar) -> Result<(), ValueError> {
        if !key.is_presence() {
            return self.resolve(key)?.check(value);
        }
        match value {
            _ if !self.has_register(key) => Err(ValueError::UnknownField),
            Scalar::Null => Ok(()),
            Scalar::Int(ms) if (0..MAX_TIME_MS).contains(ms) => Ok(()),
            Scalar::Int(_) => Err(ValueError::ImplausibleDate),
            _ => Err(ValueError::WrongType),
        }
    }

    /// The field of a field register, with its code checked against the list.
    fn resolve(&self, key: &RegisterKey) -> Result<&Field, ValueError> {
        let field = key.path().and_then(|path| self.field(&path));
        let field = field.ok_or(ValueError::UnknownField)?;
        match (&field.ty, key.code()) {
            (FieldType::Choices { .. }, Some(code)) => field.check_code(code.as_str())?,
            (FieldType::Choices { .. }, None) | (_, Some(_)) => {
                return Err(ValueError::UnknownField);
            }
            (_, None) => {}
        }
        Ok(field)
    }
}

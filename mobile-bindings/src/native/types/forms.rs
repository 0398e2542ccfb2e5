//! Forms: what was typed, what it lacks, what was saved.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::{Value, Words};

/// A form as typed: registers by key (`field`, `field.code`, `group.entry.field`). Entries that are
/// new have ids `new1`, `new2` …
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, uniffi::Record)]
pub struct Form {
    /// The kind.
    pub kind: String,
    /// The record it edits; none for a new one.
    #[uniffi(default = None)]
    pub record: Option<String>,
    /// Where a new one stands.
    #[uniffi(default = None)]
    pub place: Option<FormPlace>,
    /// Values; `Null` clears.
    #[uniffi(default)]
    pub values: HashMap<String, Value>,
    /// Entries begun, as `group.id`.
    #[uniffi(default)]
    pub added: Vec<String>,
    /// Entries taken away.
    #[uniffi(default)]
    pub removed: Vec<String>,
}

/// Where a new record stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, uniffi::Enum)]
#[serde(from = "BarePlace", into = "BarePlace")]
pub enum FormPlace {
    /// In a grid.
    Grid {
        /// The grid.
        grid: String,
    },
    /// With another record.
    With {
        /// The record.
        record: String,
    },
}

/// The place as JSON has it.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum BarePlace {
    Grid(String),
    With(String),
}

impl From<BarePlace> for FormPlace {
    fn from(bare: BarePlace) -> Self {
        match bare {
            BarePlace::Grid(grid) => Self::Grid { grid },
            BarePlace::With(record) => Self::With { record },
        }
    }
}

impl From<FormPlace> for BarePlace {
    fn from(place: FormPlace) -> Self {
        match place {
            FormPlace::Grid { grid } => Self::Grid(grid),
            FormPlace::With { record } => Self::With(record),
        }
    }
}

/// What a form is told after each pause of typing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, uniffi::Record)]
pub struct Check {
    /// Keys that it shows now.
    pub shown: Vec<String>,
    /// Keys that must still be filled in.
    pub missing: Vec<String>,
    /// Fields that need correcting.
    pub faults: Vec<Fault>,
    /// What follows from an identity number.
    pub holder: Option<Holder>,
    /// Findings to file with one tap.
    pub proposals: Vec<Proposal>,
}

/// One field that needs correcting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, uniffi::Record)]
pub struct Fault {
    /// Its key.
    pub key: String,
    /// What to do.
    pub words: Words,
}

/// What an identity number says by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, uniffi::Record)]
pub struct Holder {
    /// Date of birth.
    pub birth_date: String,
    /// `female` or `male`.
    pub sex: String,
    /// Years.
    pub age: i16,
}

/// A finding to file with one tap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, uniffi::Record)]
pub struct Proposal {
    /// The rule that proposes it.
    pub id: String,
    /// The finding's class.
    #[serde(rename = "class")]
    pub finding_class: String,
    /// What people read for it.
    pub words: Words,
}

/// A record that is on the disk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, uniffi::Record)]
pub struct Saved {
    /// The record.
    pub record: String,
    /// When, ms.
    pub at_ms: i64,
    /// Findings to file with one tap.
    pub proposals: Vec<Proposal>,
}

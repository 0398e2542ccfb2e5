//! One record with all its values, and its history.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::{Value, Words};

/// A record in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, uniffi::Record)]
pub struct Row {
    /// The record.
    pub id: String,
    /// Its kind.
    pub kind: String,
    /// Its title, codes in Chinese.
    pub title: String,
    /// Its small facts, by field.
    pub facts: HashMap<String, Value>,
    /// Last touched, ms.
    pub touched_ms: i64,
    /// Registers in conflict.
    pub conflicts: u32,
    /// Whether own changes of it are not settled yet.
    pub pending: bool,
}

/// Who wrote a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, uniffi::Record)]
pub struct Author {
    /// As people know them.
    pub label: String,
    /// Their device.
    pub device: String,
    /// Whether it is this one.
    pub own: bool,
    /// When, by the author's clock, ms.
    pub at_ms: i64,
    /// Whether it was a supervisor's decision.
    pub decision: bool,
}

/// One of the values of a field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, uniffi::Record)]
pub struct FieldValue {
    /// The value.
    pub value: Value,
    /// What people read for it, where that is something else.
    pub words: Option<Words>,
    /// Whether it was decided.
    pub decided: bool,
    /// Everyone who wrote it.
    pub by: Vec<Author>,
}

/// All values of a field, the one to show first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, uniffi::Record)]
pub struct FieldState {
    /// The distinct values.
    pub values: Vec<FieldValue>,
    /// Whether someone has to decide.
    pub conflict: bool,
    /// Whether something stands beside a decision that had not seen it.
    pub contested: bool,
}

/// An entry of a group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, uniffi::Record)]
pub struct EntryState {
    /// The entry's id.
    pub id: String,
    /// Whether it is to be shown.
    pub shown: bool,
    /// Whether it was removed by one and edited by another.
    pub contested: bool,
    /// Its fields.
    pub fields: HashMap<String, FieldState>,
}

/// A record with everything to show.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, uniffi::Record)]
pub struct RecordState {
    /// The record.
    pub id: String,
    /// Its kind.
    pub kind: String,
    /// Its grid.
    pub grid: String,
    /// Whether it is there.
    pub shown: bool,
    /// Whether own changes of it are not settled yet.
    pub pending: bool,
    /// Whether its bytes are damaged: shown as last known, not editable.
    pub damaged: bool,
    /// Its registers, by key.
    pub fields: HashMap<String, FieldState>,
    /// Its groups' entries.
    pub groups: HashMap<String, Vec<EntryState>>,
    /// Keys of the registers in conflict.
    pub conflicts: Vec<String>,
}

/// One change of a record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, uniffi::Record)]
pub struct HistoryRow {
    /// When, by the author's clock, ms.
    pub at_ms: i64,
    /// Who.
    pub author: Author,
    /// What it wrote.
    pub changes: Vec<HistoryChange>,
}

/// One register that a change wrote.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, uniffi::Record)]
pub struct HistoryChange {
    /// The register.
    pub key: String,
    /// The value it took.
    pub value: Value,
    /// What people read for it, where that is something else.
    pub words: Option<Words>,
}

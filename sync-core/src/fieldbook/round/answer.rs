//! What is answered, field for field as the app's types name it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Point, Value, Words};
use crate::ids::{DeviceId, RecordId};

/// Whether a shop is to be visited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Due {
    /// Not visited in this interval.
    Due,
    /// Visited, but shut, refused, or nobody in charge was there: to be visited again.
    Revisit,
    /// Visited.
    Visited,
}

/// One visit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VisitMark {
    /// The visit.
    pub record: RecordId,
    /// Its outcome's code.
    pub outcome: String,
    /// When, ms.
    pub at_ms: i64,
    /// Who, as people know them.
    pub by: String,
    /// Whether on this phone.
    pub own: bool,
}

/// Something about a shop that wants a look.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// Which sort of warning.
    pub kind: &'static str,
    /// What people read.
    pub words: Words,
    /// The register where to act.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The record where to act, if it is another one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<RecordId>,
    /// The day it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
}

/// A shop in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ShopRow {
    /// The shop.
    pub id: RecordId,
    /// Its grid.
    pub grid: String,
    /// Road and door number.
    pub door: String,
    /// Unit number.
    pub unit: String,
    /// Name on the sign.
    pub sign: String,
    /// Business type's code.
    pub business_type: Option<String>,
    /// Operating state's code.
    pub state: Option<String>,
    /// People living there.
    pub residents: u32,
    /// People working there.
    pub workers: u32,
    /// Where it is.
    pub location: Option<Point>,
    /// Metres from where the phone is.
    pub metres: Option<u32>,
    /// Whether it is to be visited.
    pub due: Due,
    /// The last visit.
    pub last: Option<VisitMark>,
    /// Open findings.
    pub findings: u32,
    /// Registers in conflict.
    pub conflicts: u32,
    /// What wants a look.
    pub warnings: Vec<Warning>,
    /// Whether own changes of it are not settled yet.
    pub pending: bool,
}

/// Some rows of a list, and how many it has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Page<T> {
    /// Rows of the whole list.
    pub total: usize,
    /// Those asked for.
    pub rows: Vec<T>,
}

/// A record in any other list.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// The record.
    pub id: RecordId,
    /// Its kind.
    pub kind: String,
    /// Its title, codes in Chinese.
    pub title: String,
    /// Its small facts, by field.
    pub facts: BTreeMap<String, Value>,
    /// Last touched, ms.
    pub touched_ms: i64,
    /// Registers in conflict.
    pub conflicts: u32,
    /// Whether own changes of it are not settled yet.
    pub pending: bool,
}

/// Who wrote a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Author {
    /// As people know them.
    pub label: String,
    /// Their device.
    pub device: DeviceId,
    /// Whether it is this one.
    pub own: bool,
    /// When, by the author's clock, ms.
    pub at_ms: i64,
    /// Whether it was a supervisor's decision.
    pub decision: bool,
}

/// One of the values of a field.
#[derive(Clone, Debug, PartialEq, Serialize)]
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
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FieldState {
    /// The distinct values.
    pub values: Vec<FieldValue>,
    /// Whether someone has to decide.
    pub conflict: bool,
    /// Whether something stands beside a decision that had not seen it.
    pub contested: bool,
}

/// An entry of a group.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EntryState {
    /// The entry's id.
    pub id: String,
    /// Whether it is to be shown.
    pub shown: bool,
    /// Whether it was removed by one and edited by another.
    pub contested: bool,
    /// Its fields.
    pub fields: BTreeMap<String, FieldState>,
}

/// A record with everything to show.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RecordState {
    /// The record.
    pub id: RecordId,
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
    pub fields: BTreeMap<String, FieldState>,
    /// Its groups' entries.
    pub groups: BTreeMap<String, Vec<EntryState>>,
    /// Keys of the registers in conflict.
    pub conflicts: Vec<String>,
}

/// Who visited a shop today.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VisitedToday {
    /// As people know them.
    pub by: String,
    /// When, ms.
    pub at_ms: i64,
}

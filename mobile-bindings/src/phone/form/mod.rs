//! Forms: what was typed, checked against the schema and saved as one commit.
//!
//! | Module | Duty |
//! | --- | --- |
//! | `typed` | the form as JSON, its keys and values read by the schema |
//! | `overlay` | the record as it would stand with what was typed |
//! | `check` | what is shown, missing, wrong, and what follows from it |
//! | `save` | one commit of what was touched |
//! | `visit` | a visit's outcome, and what this phone changed since the last one |

mod check;
mod overlay;
mod save;
mod typed;
mod visit;

pub(super) use typed::app_key;

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

/// A form as typed: registers by key; entries that are new have ids `new1`, `new2` …
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Form {
    kind: String,
    /// The record it edits; none for a new one.
    #[serde(default)]
    record: Option<String>,
    /// Where a new one stands.
    #[serde(default)]
    place: Option<FormPlace>,
    #[serde(default)]
    values: BTreeMap<String, Value>,
    /// Entries begun, as `group.id`.
    #[serde(default)]
    added: Vec<String>,
    /// Entries taken away.
    #[serde(default)]
    removed: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum FormPlace {
    /// In a grid.
    Grid(String),
    /// With another record.
    With(String),
}

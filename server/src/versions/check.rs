//! Whether files make a version that may follow the one in force.

use rusqlite::Connection;
use schemas::{SchemaError, SchemaSet, diff::diff};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    files::{FileInput, Files},
    words::{self, Said},
};
use crate::{core::Core, error::Result};

/// Faults that are told at most.
const MAX_FAULTS: usize = 200;

/// Something wrong in a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FileFault {
    /// The file.
    pub file: String,
    /// Its line, from 1; 0 for the whole file.
    pub line: u32,
    /// The column, from 1; 0 where it is not known.
    pub column: u32,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
}

impl From<SchemaError> for FileFault {
    fn from(error: SchemaError) -> Self {
        Self {
            file: error.place.file.to_string(),
            line: error.place.line,
            column: error.place.column,
            message: error.message,
            help: error.help,
        }
    }
}

/// What a check found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Checked {
    /// Whether it may follow the version in force.
    pub good: bool,
    /// The version that the files say they are.
    pub version: Option<u32>,
    /// What is wrong in the files, the first 200.
    pub faults: Vec<FileFault>,
    /// Why it may not follow the version in force.
    pub refusals: Vec<Said>,
    /// What it changes.
    pub changes: Vec<Said>,
}

impl Checked {
    /// Compares a set with the one in force.
    pub(super) fn of(old: &SchemaSet, new: &SchemaSet) -> Self {
        let version = Some(new.version());
        match diff(old, new) {
            Ok(changes) => Self {
                good: true,
                version,
                changes: changes.iter().map(|one| words::change(new, one)).collect(),
                ..Self::default()
            },
            Err(refusals) => Self {
                version,
                refusals: refusals
                    .iter()
                    .map(|one| words::refusal(old, one))
                    .collect(),
                ..Self::default()
            },
        }
    }
}

/// Checks files in the place of those in force, with all the others as they are.
pub fn check(conn: &Connection, core: &Core, given: &[FileInput]) -> Result<Checked> {
    let files = Files::in_force(conn, core)?.with(given)?;
    Ok(match files.parse() {
        Ok(new) => Checked::of(&core.schemas(), &new),
        Err(errors) => Checked {
            faults: errors
                .into_iter()
                .take(MAX_FAULTS)
                .map(FileFault::from)
                .collect(),
            ..Checked::default()
        },
    })
}

//! The scenario's file.

use std::{collections::BTreeMap, fs, path::Path};

use serde::Deserialize;
use serde_json::Value;

use super::StageError;

/// What happens, step by step.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// The steps.
    pub steps: Vec<Step>,
}

/// One step. Texts `$name` in `args` and `expect` stand for what an earlier step kept.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Step {
    /// What happens, in words.
    pub say: String,
    /// Who does it; nobody where the office or the line does.
    pub phone: Option<String>,
    /// Which of the book's operations.
    pub op: String,
    /// What the office does instead: `ticket`, `confirm`, `decide`, `revoke`, `recover`.
    pub office: Option<String>,
    /// What becomes of the line instead: `pass`, `cut`, `stall`; `wait` waits for a stalled request.
    pub line: Option<String>,
    /// What it is given.
    pub args: Value,
    /// A part of the canonical answer. Lists must have the same length.
    pub expect: Value,
    /// The code of the problem that it must end with.
    pub error: Option<String>,
    /// Whether it is repeated until the expectation holds.
    pub until: bool,
    /// Phones that must all answer the same, but for what is their own.
    pub agree: Vec<String>,
    /// Names for parts of the answer, by JSON pointer.
    pub keep: BTreeMap<String, String>,
}

impl Scenario {
    /// Reads a file.
    pub fn read(path: &Path) -> Result<Self, StageError> {
        Ok(serde_json::from_str(&fs::read_to_string(path)?)?)
    }
}

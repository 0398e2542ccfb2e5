//! Findings, and where their cases stand.

use serde::Serialize;

use super::{Row, Words, tally::Round};
use crate::fieldbook::{Fieldbook, Listed};

/// Where a finding stands, as the server said last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CaseStatus {
    /// The state's code.
    pub state: String,
    /// What people read for it.
    pub words: Words,
    /// The office that has it.
    pub office: Option<Words>,
    /// By when, ms.
    pub due_ms: Option<i64>,
    /// Whether its clock stands still.
    pub paused: bool,
    /// When it was closed, ms.
    pub closed_ms: Option<i64>,
    /// When the server said so, ms.
    pub told_ms: i64,
}

/// A finding in a list.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FindingRow {
    /// The record.
    #[serde(flatten)]
    pub row: Row,
    /// Where it stands; none until the server said: 联动中心·待立案.
    pub case: Option<CaseStatus>,
}

impl Fieldbook {
    pub(super) fn finding_row(&self, finding: &Listed, round: &Round) -> FindingRow {
        FindingRow {
            row: self.row(finding, round),
            case: None,
        }
    }
}

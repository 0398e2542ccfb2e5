//! Findings that a form proposes because of what was just entered.

use crate::condition::Condition;
use crate::path::Code;
use crate::place::Origin;

/// When a record stands like this, the phone offers to file a finding with one tap.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Proposal {
    /// Stable name.
    pub id: String,
    /// The kind of record that is looked at.
    pub kind: String,
    /// What must hold on it.
    pub when: Condition,
    /// The class of the finding.
    pub class: Code,
    /// Where it is declared.
    pub place: Origin,
}

//! Dispatch rules: which newly visible value goes to which office, and how.

mod proposal;

use std::collections::BTreeSet;

pub use proposal::Proposal;

use crate::class::Limit;
use crate::condition::Condition;
use crate::path::{Code, FieldPath, RegisterKey};
use crate::place::Origin;
use crate::text::Labels;
use crate::value::Scalar;
use crate::values::Values;

/// A value that became visible, together with the values that its own change overwrote.
///
/// `replaced` comes from the change (the values of its predecessors), never from the view before
/// it: so a rule fires alike in whatever order concurrent changes arrive, and also for a value
/// that loses to a concurrent one.
#[derive(Clone, Copy, Debug)]
pub struct NewValue<'a> {
    /// The register.
    pub key: &'a RegisterKey,
    /// The value written.
    pub value: &'a Scalar,
    /// What it overwrote: empty if the register was never written before.
    pub replaced: &'a [Scalar],
}

/// What makes a rule look.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Trigger {
    /// The record appears: its presence is written for the first time.
    Created,
    /// The record is deleted.
    Deleted,
    /// The field had a value and gets another one, or loses it.
    Changed(FieldPath),
    /// The field gets a value, the first or another one.
    Entered(FieldPath),
    /// The field, or one of its choices, becomes one of these codes and was none of them.
    Becomes(FieldPath, BTreeSet<Code>),
    /// The field, or one of its choices, was one of these codes and is none of them any more.
    Ceases(FieldPath, BTreeSet<Code>),
}

/// When an office gets what a rule found.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum How {
    /// At once.
    AtOnce,
    /// In the monthly roster.
    Monthly,
}

/// What an office gets.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Form {
    /// A line in its inbox, done when it is ticked off.
    Item,
    /// A case with steps and deadlines.
    Case,
    /// A line in the inbox that becomes a case once the office files it (立案).
    ItemThenCase,
}

/// One dispatch rule.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rule {
    /// Stable name; part of the key that makes dispatch exactly once.
    pub id: String,
    /// What people read.
    pub labels: Labels,
    /// The kind of record.
    pub kind: String,
    /// What makes it look: any of these.
    pub on: BTreeSet<Trigger>,
    /// What must hold on the record, after the change.
    pub when: Condition,
    /// The office.
    pub to: String,
    /// At once or monthly.
    pub how: How,
    /// Item or case.
    pub form: Form,
    /// The steps of the case, codes of a list.
    pub steps: Option<String>,
    /// By when; finding classes have milestones of their own instead.
    pub limit: Option<Limit>,
    /// No longer applied.
    pub retired: bool,
    /// Where it is declared.
    pub place: Origin,
}

/// All dispatch rules of a schema set.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Rules {
    pub(crate) rules: Vec<Rule>,
    pub(crate) proposals: Vec<Proposal>,
}

impl Rules {
    /// Every rule, in the order of the files.
    pub fn all(&self) -> &[Rule] {
        &self.rules
    }

    /// The rule of that id.
    pub fn get(&self, id: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.id == id)
    }

    /// The rules that one newly visible value of a record of `kind` fires.
    ///
    /// `after` shows the record with the whole change applied, and whatever else is visible by
    /// then: what must never be missed belongs into `on`, not into `when`. Two values of one change may fire
    /// the same rule: the caller's key (rule, record, change hash) makes that one dispatch.
    pub fn matching(&self, kind: &str, new: NewValue<'_>, after: &dyn Values) -> Vec<&Rule> {
        let holds = |rule: &&Rule| rule.when.holds(after, None);
        self.triggered(kind, new).filter(holds).collect()
    }

    /// The rules that one newly visible value makes look, whatever else the record holds.
    pub fn triggered(&self, kind: &str, new: NewValue<'_>) -> impl Iterator<Item = &Rule> {
        let looks = move |rule: &&Rule| rule.on.iter().any(|trigger| trigger.fires(new));
        self.of_kind(kind).filter(looks)
    }

    /// The rules on a kind that are in force.
    pub fn of_kind(&self, kind: &str) -> impl Iterator<Item = &Rule> {
        let applies = move |rule: &&Rule| rule.kind == kind && !rule.retired;
        self.rules.iter().filter(applies)
    }

    /// Findings that the form proposes to file about a record as it stands.
    pub fn proposals(&self, kind: &str, values: &dyn Values) -> Vec<&Proposal> {
        let of_kind = self
            .proposals
            .iter()
            .filter(|proposal| proposal.kind == kind);
        of_kind
            .filter(|proposal| proposal.when.holds(values, None))
            .collect()
    }

    /// Every proposal.
    pub fn all_proposals(&self) -> &[Proposal] {
        &self.proposals
    }
}

impl Trigger {
    /// Whether this newly visible value is what the trigger waits for.
    pub fn fires(&self, new: NewValue<'_>) -> bool {
        let had = new.replaced.iter().any(|value| !value.is_null());
        let differs = !new.replaced.contains(new.value);
        let at = |path: &FieldPath| new.key.is_at(path);
        match self {
            Self::Created => is_alive(new.key) && !new.value.is_null() && new.replaced.is_empty(),
            Self::Deleted => is_alive(new.key) && new.value.is_null() && differs,
            Self::Changed(path) => at(path) && had && differs,
            Self::Entered(path) => at(path) && !new.value.is_null() && differs,
            Self::Becomes(path, codes) => {
                let one_of = |value| is_one_of(new.key, value, codes);
                at(path) && one_of(new.value) && !new.replaced.iter().any(one_of)
            }
            Self::Ceases(path, codes) => {
                let one_of = |value| is_one_of(new.key, value, codes);
                at(path) && !one_of(new.value) && new.replaced.iter().any(one_of)
            }
        }
    }

    /// The field that the trigger watches.
    pub fn path(&self) -> Option<&FieldPath> {
        match self {
            Self::Created | Self::Deleted => None,
            Self::Changed(path)
            | Self::Entered(path)
            | Self::Becomes(path, _)
            | Self::Ceases(path, _) => Some(path),
        }
    }

    /// Whether a write to this register may fire it.
    pub fn watches(&self, key: &RegisterKey) -> bool {
        match self.path() {
            None => is_alive(key),
            Some(path) => key.is_at(path),
        }
    }

    /// Whether this trigger fires whenever `narrower` does.
    pub fn covers(&self, narrower: &Self) -> bool {
        // A wider `becomes` is not wider: moving within its codes does not fire it.
        match (self, narrower) {
            (Self::Entered(a), Self::Becomes(b, _)) => a == b,
            _ => self == narrower,
        }
    }
}

fn is_alive(key: &RegisterKey) -> bool {
    *key == RegisterKey::Alive
}

/// Whether a register's value says that one of `codes` is chosen.
fn is_one_of(key: &RegisterKey, value: &Scalar, codes: &BTreeSet<Code>) -> bool {
    match key.code() {
        Some(code) => codes.contains(code) && *value == Scalar::Bool(true),
        None => value.as_text().is_some_and(|text| codes.contains(text)),
    }
}

#[cfg(test)]
mod tests;

//! What changed between two versions of a schema set, and whether it may.
//!
//! Fields are added or retired, never removed or retyped; codes retire, and are never removed or
//! reused; a kind stays, and stays personal; the version rises. A draft may be replaced freely.

mod codes;
mod kinds;

use std::fmt;

use crate::set::SchemaSet;

/// One allowed change, named as `kind.field` or `list#code`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Change {
    /// A new kind.
    KindAdded(String),
    /// A kind became personal.
    BecamePersonal(String),
    /// A new field.
    FieldAdded(String),
    /// A field is no longer asked.
    FieldRetired(String),
    /// A retired field is asked again.
    FieldRevived(String),
    /// A field's labels, access, bounds or conditions changed; its type did not.
    FieldChanged(String),
    /// A kind's labels, title, search, access or retention changed.
    KindChanged(String),
    /// A new code list.
    ListAdded(String),
    /// A new code.
    CodeAdded(String),
    /// A code is no longer offered.
    CodeRetired(String),
    /// A code's label or place in the tree changed.
    CodeChanged(String),
    /// Offices, rules, classes, areas, settings or calendars changed.
    RestChanged(&'static str),
}

/// One change that would break records, phones or privacy.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Refusal {
    /// The version did not rise.
    VersionNotRisen,
    /// A kind changed and its own version did not rise.
    KindVersionNotRisen(String),
    /// A kind is gone.
    KindRemoved(String),
    /// A kind is no longer personal.
    NoLongerPersonal(String),
    /// A kind's grid comes from elsewhere.
    GridMoved(String),
    /// A field is gone: retire it instead.
    FieldRemoved(String),
    /// A field has another type, list or referred kind.
    FieldRetyped(String),
    /// A code list is gone.
    ListRemoved(String),
    /// A code is gone: retire it instead.
    CodeRemoved(String),
    /// A retired code is offered again under another meaning.
    CodeReused(String),
    /// An office is gone: retire it instead.
    OfficeRemoved(String),
    /// A rule is gone: retire it instead, its id is part of dispatch keys.
    RuleRemoved(String),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::VersionNotRisen => write!(f, "raise `version` in schema.toml"),
            Self::KindVersionNotRisen(name) => write!(f, "{name}: raise the kind's `version`"),
            Self::KindRemoved(name) => write!(f, "{name}: put the kind back; kinds stay"),
            Self::NoLongerPersonal(name) => write!(f, "{name}: a personal kind stays personal"),
            Self::GridMoved(name) => write!(f, "{name}: its grid must come from where it came"),
            Self::FieldRetyped(name) => write!(f, "{name}: keep the type and add a new field"),
            Self::ListRemoved(name) => write!(f, "{name}: put the code list back"),
            Self::FieldRemoved(name)
            | Self::CodeRemoved(name)
            | Self::OfficeRemoved(name)
            | Self::RuleRemoved(name) => write!(f, "{name}: put it back with `retired = true`"),
            Self::CodeReused(name) => write!(f, "{name}: take a new code for a new meaning"),
        }
    }
}

/// Compares two versions: what changed, or every reason why the new one may not follow the old.
pub fn diff(old: &SchemaSet, new: &SchemaSet) -> Result<Vec<Change>, Vec<Refusal>> {
    let mut found = Found::default();
    if new.version() <= old.version() {
        found.refusals.push(Refusal::VersionNotRisen);
    }
    kinds::compare(old, new, &mut found);
    codes::compare(old, new, &mut found);
    rest(old, new, &mut found);
    found.changes.sort();
    found.refusals.sort();
    // No record of the field was ever written under a draft, so nothing can break.
    found
        .refusals
        .retain(|refusal| !old.is_draft() || *refusal == Refusal::VersionNotRisen);
    if found.refusals.is_empty() {
        Ok(found.changes)
    } else {
        Err(found.refusals)
    }
}

#[derive(Default)]
struct Found {
    changes: Vec<Change>,
    refusals: Vec<Refusal>,
}

fn rest(old: &SchemaSet, new: &SchemaSet, found: &mut Found) {
    for office in old
        .offices()
        .iter()
        .filter(|office| new.office(&office.name).is_none())
    {
        found
            .refusals
            .push(Refusal::OfficeRemoved(office.name.clone()));
    }
    for rule in old
        .rules()
        .all()
        .iter()
        .filter(|rule| new.rules().get(&rule.id).is_none())
    {
        found.refusals.push(Refusal::RuleRemoved(rule.id.clone()));
    }
    let changed = [
        ("offices", old.offices != new.offices),
        ("order of entry", old.entries != new.entries),
        ("rules", old.rules != new.rules),
        ("finding classes", old.classes != new.classes),
        ("areas", old.areas != new.areas),
        ("settings", old.settings != new.settings),
        ("calendar", old.calendar != new.calendar),
    ];
    let names = changed.into_iter().filter(|(_, changed)| *changed);
    found
        .changes
        .extend(names.map(|(name, _)| Change::RestChanged(name)));
}

#[cfg(test)]
mod tests;

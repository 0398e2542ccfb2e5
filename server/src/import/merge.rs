//! Three-way: what the last import said, what the file says, what stands.

use std::collections::{BTreeMap, BTreeSet};

use schemas::{EntryId, Name, RegisterKey, Scalar};
use sync_core::record::{Edit, View};

use super::row::Wanted;

/// The record as it stands.
#[derive(Clone, Debug)]
pub enum Known {
    /// There is none.
    Absent,
    /// It was erased, or a person deleted it: an import does not bring it back.
    Gone,
    /// A record of another kind.
    OtherKind,
    /// It stands.
    Here {
        /// Its values.
        view: View,
        /// Its grid.
        grid: String,
    },
}

/// What becomes of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// The record is made.
    New,
    /// Some of its fields change.
    Changed,
    /// Nothing is written.
    Unchanged,
    /// The record was deleted here and stays so.
    Deleted,
    /// A new record would lack a required field.
    Lacking,
    /// The id belongs to a record of another kind.
    OtherKind,
}

/// A field that is left as it stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Kept {
    /// The register, or `grid`.
    pub key: String,
    /// Whether the file changed it as well, to something else; otherwise it was changed here only.
    pub both: bool,
}

/// The plan for one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merge {
    /// What becomes of it.
    pub outcome: Outcome,
    /// What is written.
    pub edits: Vec<Edit>,
    /// What is left as it stands though the file says otherwise.
    pub kept: Vec<Kept>,
}

impl Merge {
    const fn none(outcome: Outcome) -> Self {
        Self {
            outcome,
            edits: Vec::new(),
            kept: Vec::new(),
        }
    }
}

/// Plans one row. `base` is what the last import of the source said of this record.
pub fn merge(wanted: &Wanted, base: &BTreeMap<RegisterKey, Scalar>, known: &Known) -> Merge {
    match known {
        Known::Gone => Merge::none(Outcome::Deleted),
        Known::OtherKind => Merge::none(Outcome::OtherKind),
        Known::Absent if !wanted.lacks.is_empty() => Merge::none(Outcome::Lacking),
        Known::Absent => Merge {
            outcome: Outcome::New,
            edits: edits(&filled(&wanted.values), &BTreeSet::new()),
            kept: Vec::new(),
        },
        Known::Here { view, grid } => here(wanted, base, view, grid),
    }
}

fn here(wanted: &Wanted, base: &BTreeMap<RegisterKey, Scalar>, view: &View, grid: &str) -> Merge {
    let mut writes = BTreeMap::new();
    let mut kept = BTreeSet::new();
    for (key, theirs) in &wanted.values {
        let was = base.get(key).unwrap_or(&Scalar::Null);
        match field(was, theirs, &ours(view, key)) {
            Change::None => {}
            Change::Take => drop(writes.insert(key.clone(), theirs.clone())),
            // The file does not speak of constants: nothing to tell about them.
            Change::Keep { .. } if wanted.constant.contains(key) => {}
            Change::Keep { both } => drop(kept.insert(Kept {
                key: key.to_string(),
                both,
            })),
        }
    }
    if wanted.grid != grid {
        // Moves between grids are a supervisor's.
        kept.insert(Kept {
            key: "grid".to_owned(),
            both: false,
        });
    }
    let there = standing(view);
    let emptied: Vec<_> = there
        .iter()
        .filter(|entry| is_emptied(entry, &writes, view))
        .cloned()
        .collect();
    let of = |key: &RegisterKey| key.entry().map(|(group, id)| (group.clone(), id));
    writes.retain(|key, _| of(key).is_none_or(|entry| !emptied.contains(&entry)));
    let mut edits = edits(&writes, &there);
    let remove = |(group, id)| Edit::RemoveEntry { group, id };
    edits.extend(emptied.into_iter().map(remove));
    Merge {
        outcome: if edits.is_empty() {
            Outcome::Unchanged
        } else {
            Outcome::Changed
        },
        edits,
        kept: kept.into_iter().collect(),
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Change {
    None,
    Take,
    Keep { both: bool },
}

/// What stands in a register.
enum Ours {
    /// One value.
    One(Scalar),
    /// Several: a person has to decide first.
    Open,
    /// Its entry was removed here.
    Removed,
}

fn field(base: &Scalar, theirs: &Scalar, ours: &Ours) -> Change {
    let both = theirs != base;
    match ours {
        Ours::One(ours) if ours == theirs => Change::None,
        Ours::One(ours) if ours == base => Change::Take,
        Ours::Removed if theirs.is_null() => Change::None,
        _ => Change::Keep { both },
    }
}

fn ours(view: &View, key: &RegisterKey) -> Ours {
    if let Some((group, id)) = key.entry() {
        let entries = view.entries.get(group.as_str());
        let entry = entries.and_then(|entries| entries.iter().find(|entry| entry.id == id));
        if entry.is_some_and(|entry| !entry.presence.is_shown()) {
            return Ours::Removed;
        }
    }
    match view.field(key) {
        None => Ours::One(Scalar::Null),
        Some(field) if field.conflict => Ours::Open,
        Some(field) => Ours::One(field.shown().clone()),
    }
}

fn filled(values: &BTreeMap<RegisterKey, Scalar>) -> BTreeMap<RegisterKey, Scalar> {
    let some = values.iter().filter(|(_, value)| !value.is_null());
    some.map(|(key, value)| (key.clone(), value.clone()))
        .collect()
}

/// Whether these writes would leave nothing in an entry: then it goes as a whole.
fn is_emptied(
    (group, id): &(Name, EntryId),
    writes: &BTreeMap<RegisterKey, Scalar>,
    view: &View,
) -> bool {
    let entries = view.entries.get(group.as_str()).into_iter().flatten();
    let mut fields = entries
        .filter(|entry| entry.id == *id)
        .flat_map(|entry| &entry.fields)
        .peekable();
    let cleared = |name: &str| {
        let key = RegisterKey::parse(&format!("{group}.{id}.{name}")).ok();
        key.and_then(|key| writes.get(&key))
            .is_some_and(Scalar::is_null)
    };
    fields.peek().is_some()
        && fields.all(|(name, field)| field.shown().is_null() && !field.conflict || cleared(name))
        && writes.keys().any(|key| key.entry() == Some((group, *id)))
}

/// Entries that stand.
fn standing(view: &View) -> BTreeSet<(Name, EntryId)> {
    let mut there = BTreeSet::new();
    for (group, entries) in &view.entries {
        let Ok(group) = Name::parse(group) else {
            continue;
        };
        let shown = entries.iter().filter(|entry| entry.presence.is_shown());
        there.extend(shown.map(|entry| (group.clone(), entry.id)));
    }
    there
}

/// Edits of the writes, with the entries that have to begin first.
fn edits(writes: &BTreeMap<RegisterKey, Scalar>, there: &BTreeSet<(Name, EntryId)>) -> Vec<Edit> {
    let mut edits = Vec::with_capacity(writes.len());
    let mut begun = BTreeSet::new();
    for (key, value) in writes {
        if let Some((group, id)) = key.entry() {
            let entry = (group.clone(), id);
            if !there.contains(&entry) && begun.insert(entry) {
                edits.push(Edit::AddEntry {
                    group: group.clone(),
                    id,
                });
            }
        }
        edits.push(if value.is_null() {
            Edit::Clear { key: key.clone() }
        } else {
            Edit::Set {
                key: key.clone(),
                value: value.clone(),
            }
        });
    }
    edits
}

#[cfg(test)]
#[path = "merge_tests.rs"]
mod tests;

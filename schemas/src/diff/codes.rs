//! Code lists between two versions. Finding classes are codes of a list, too.

use super::{Change, Found, Refusal};
use crate::code::{CodeEntry, CodeList};
use crate::set::SchemaSet;

pub(super) fn compare(old: &SchemaSet, new: &SchemaSet, found: &mut Found) {
    for list in old.code_lists() {
        match new.codes(list.name()) {
            None => found
                .refusals
                .push(Refusal::ListRemoved(list.name().to_owned())),
            Some(next) => compare_list(list, next, found),
        }
    }
    let added = new
        .code_lists()
        .filter(|list| old.codes(list.name()).is_none());
    found
        .changes
        .extend(added.map(|list| Change::ListAdded(list.name().to_owned())));
}

fn compare_list(old: &CodeList, new: &CodeList, found: &mut Found) {
    let full = |entry: &CodeEntry| format!("{}#{}", old.name(), entry.code);
    for entry in old.entries() {
        match new.get(entry.code.as_str()) {
            None => found.refusals.push(Refusal::CodeRemoved(full(entry))),
            Some(next) if reused(entry, next) => {
                found.refusals.push(Refusal::CodeReused(full(entry)));
            }
            Some(next) if !entry.retired && next.retired => {
                found.changes.push(Change::CodeRetired(full(entry)));
            }
            Some(next) if entry != next => found.changes.push(Change::CodeChanged(full(entry))),
            Some(_) => {}
        }
    }
    let added = new
        .entries()
        .iter()
        .filter(|entry| old.get(entry.code.as_str()).is_none());
    found
        .changes
        .extend(added.map(|entry| Change::CodeAdded(full(entry))));
}

/// A meaning cannot be compared, but its words can. Correcting a label touches one language at a
/// time; a code that changes in every language, or comes back under another name, is a new one.
fn reused(old: &CodeEntry, new: &CodeEntry) -> bool {
    let (zh, en) = (
        old.labels.zh != new.labels.zh,
        old.labels.en != new.labels.en,
    );
    zh && (en || old.retired)
}

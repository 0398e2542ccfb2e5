//! Kinds and fields between two versions.

use super::{Change, Found, Refusal};
use crate::field::{Field, FieldType};
use crate::kind::Kind;
use crate::set::SchemaSet;

pub(super) fn compare(old: &SchemaSet, new: &SchemaSet, found: &mut Found) {
    for kind in old.kinds() {
        match new.kind(kind.name()) {
            None => found
                .refusals
                .push(Refusal::KindRemoved(kind.name().to_owned())),
            Some(next) => compare_kind(kind, next, found),
        }
    }
    let added = new
        .kinds()
        .iter()
        .filter(|kind| old.kind(kind.name()).is_none());
    found
        .changes
        .extend(added.map(|kind| Change::KindAdded(kind.name().to_owned())));
}

fn compare_kind(old: &Kind, new: &Kind, found: &mut Found) {
    let name = || old.name().to_owned();
    match (old.personal(), new.personal()) {
        (true, false) => found.refusals.push(Refusal::NoLongerPersonal(name())),
        (false, true) => found.changes.push(Change::BecamePersonal(name())),
        _ => {}
    }
    if old.grid() != new.grid() {
        found.refusals.push(Refusal::GridMoved(name()));
    }
    let before = found.changes.len();
    for field in old.fields() {
        let full = format!("{}.{}", old.name(), field.path);
        match new.field(&field.path) {
            None => found.refusals.push(Refusal::FieldRemoved(full)),
            Some(next) => compare_field(field, next, full, found),
        }
    }
    for field in new
        .fields()
        .iter()
        .filter(|field| old.field(&field.path).is_none())
    {
        found
            .changes
            .push(Change::FieldAdded(format!("{}.{}", new.name(), field.path)));
    }
    if shape(old) != shape(new) {
        found.changes.push(Change::KindChanged(name()));
    }
    let changed = found.changes.len() > before || old.personal() != new.personal();
    if new.version() < old.version() || (changed && new.version() == old.version()) {
        found.refusals.push(Refusal::KindVersionNotRisen(name()));
    }
}

/// What a kind is beside its fields.
fn shape(kind: &Kind) -> impl PartialEq + '_ {
    let access = (&kind.read, &kind.write, &kind.delete);
    (
        &kind.labels,
        &kind.title,
        &kind.search,
        &kind.retention,
        &kind.groups,
        access,
    )
}

fn compare_field(old: &Field, new: &Field, full: String, found: &mut Found) {
    if retyped(&old.ty, &new.ty) {
        found.refusals.push(Refusal::FieldRetyped(full));
    } else if !old.retired && new.retired {
        found.changes.push(Change::FieldRetired(full));
    } else if old.retired && !new.retired {
        found.changes.push(Change::FieldRevived(full));
    } else if (Field {
        list: None,
        ..old.clone()
    }) != (Field {
        list: None,
        ..new.clone()
    }) {
        found.changes.push(Change::FieldChanged(full));
    }
}

/// Whether values of the old type may mean something else under the new one. Lengths and bounds
/// may move: a value outside is kept and flagged.
fn retyped(old: &FieldType, new: &FieldType) -> bool {
    use FieldType as T;
    match (old, new) {
        (T::Text { .. }, T::Text { .. })
        | (T::Remark { .. }, T::Remark { .. })
        | (T::Integer { .. }, T::Integer { .. }) => false,
        _ => old != new,
    }
}

//! A second opinion that knows nothing of counters and predecessors: an operation is visible
//! unless a change that had seen it wrote the same register.

use std::collections::{BTreeMap, BTreeSet};

use schemas::{RegisterKey, Scalar};
use sync_core::{
    AuthorClass, OpId,
    record::{FieldView, Presence, Registers, View},
};

use super::{Checked, life::Life, same};

/// Visible operations by register, ascending by operation id.
pub type Visible = BTreeMap<String, BTreeMap<OpId, Scalar>>;

/// What is visible of these changes of a life, from who had seen what alone.
pub fn visible(life: &Life, known: &BTreeSet<usize>) -> Visible {
    let mut all = Visible::new();
    for at in known {
        let Some(incoming) = life.made.get(*at) else {
            continue;
        };
        for (index, put) in incoming.change.puts.iter().enumerate() {
            let overwritten = known.iter().any(|later| {
                let saw = later != at && life.seen.get(*later).is_some_and(|s| s.contains(at));
                let wrote = life.made.get(*later).is_some_and(|later| {
                    later.change.puts.iter().any(|other| other.key == put.key)
                });
                saw && wrote
            });
            let values = all.entry(put.key.clone()).or_default();
            if !overwritten {
                values.insert(incoming.change.op_id(index), put.value.clone());
            }
        }
    }
    all
}

/// Registers as the model has them.
pub fn of_registers(registers: &Registers) -> Visible {
    let values = |values: &[sync_core::record::RegisterValue]| {
        values
            .iter()
            .map(|value| (value.op, value.value.clone()))
            .collect()
    };
    registers
        .iter()
        .map(|(key, all)| (key.to_owned(), values(all)))
        .collect()
}

/// The laws of the view: every value is there once with all its authors; the highest decision is
/// shown, else the highest operation; two values are a conflict; presence is one where null
/// stands beside a time.
pub fn view_keeps_the_laws(view: &View, visible: &Visible) -> Checked {
    let mut conflicts = Vec::new();
    for (text, ops) in visible {
        let key = RegisterKey::parse(text).map_err(|error| format!("{text}: {error}"))?;
        let conflict = if key.is_presence() {
            ops.values().any(Scalar::is_null) && !ops.values().all(Scalar::is_null)
        } else {
            ops.values().any(|value| Some(value) != ops.values().next())
        };
        if conflict {
            conflicts.push(text.clone());
        }
        match (&key, view.field(&key)) {
            (RegisterKey::Alive, _) => same("presence", &view.presence, &presence(ops))?,
            (RegisterKey::Entry { group, id }, _) => {
                let entries = view.entries.get(group.as_str()).into_iter().flatten();
                let found = entries
                    .filter(|entry| entry.id == *id)
                    .map(|entry| entry.presence);
                same(
                    "presence of an entry",
                    &found.collect(),
                    &vec![presence(ops)],
                )?;
            }
            (_, Some(field)) => field_keeps_the_laws(text, field, ops, conflict)?,
            (_, None) => return Err(format!("{text} is not in the view")),
        }
    }
    same("conflicts", &view.conflicts, &conflicts)
}

fn field_keeps_the_laws(
    key: &str,
    field: &FieldView,
    ops: &BTreeMap<OpId, Scalar>,
    conflict: bool,
) -> Checked {
    let decisions = ops.iter().filter(|(op, _)| is_decision(op));
    let shown = decisions
        .clone()
        .next_back()
        .or_else(|| ops.iter().next_back());
    same(key, &Some(field.shown()), &shown.map(|(_, value)| value))?;
    let listed: Vec<(OpId, &Scalar)> = field
        .values
        .iter()
        .flat_map(|value| value.by.iter().map(move |by| (by.op, &value.value)))
        .collect();
    let mut sorted = listed.clone();
    sorted.sort_by_key(|(op, _)| *op);
    same(
        "every value with all its authors",
        &sorted,
        &ops.iter().map(|(o, v)| (*o, v)).collect(),
    )?;
    let first =
        |(at, value): &(usize, &Scalar)| !ops.values().take(*at).any(|other| other == *value);
    let distinct = ops.values().enumerate().filter(first).count();
    same("each distinct value once", &field.values.len(), &distinct)?;
    same("conflict", &field.conflict, &conflict)?;
    same(
        "contested",
        &field.contested(),
        &(conflict && decisions.count() > 0),
    )
}

fn presence(ops: &BTreeMap<OpId, Scalar>) -> Presence {
    let latest = ops.values().filter_map(|value| match value {
        Scalar::Int(ms) => Some(*ms),
        _ => None,
    });
    let decided = ops.iter().rfind(|(op, _)| is_decision(op));
    match (latest.max(), ops.values().any(Scalar::is_null), decided) {
        (None, ..) | (_, true, Some((_, Scalar::Null))) => Presence::Gone,
        (Some(ms), false, _) | (Some(ms), true, Some(_)) => Presence::Present(ms),
        (Some(ms), true, None) => Presence::Contested(ms),
    }
}

fn is_decision(op: &OpId) -> bool {
    op.actor.class() == AuthorClass::Decision
}

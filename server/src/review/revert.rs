//! Bulk revert: what a device wrote since a time is set back, by new changes that can be reviewed
//! like any other. What somebody wrote since is left alone.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, params};
use schemas::{RegisterKey, Scalar};
use sync_core::{
    ActorId, DeviceId, OpId, RecordId,
    change::Change,
    record::{Edit, RecordState},
};

use super::acts::By;
use crate::{
    core::Core,
    error::{Error, Result},
    own::{self, OwnClass, OwnRecord},
    records,
    store::Tx,
};

/// Records that one revert sets back at most; the next goes on.
const RECORDS: usize = 2_000;

/// Registers that are named at most.
const KEPT_KEYS: usize = 100;

/// What was set back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reverted {
    /// Records of which something was set back.
    pub records: u32,
    /// Registers set back.
    pub registers: u32,
    /// Registers left alone, because somebody wrote them since.
    pub kept: u32,
    /// The first of these.
    pub kept_keys: Vec<String>,
}

/// Sets back what a device wrote since a time (server time, ms).
pub fn revert(tx: &mut Tx<'_>, device: DeviceId, since_ms: i64, by: &By) -> Result<Reverted> {
    let (done, writes) = plan(tx.conn(), tx.core(), device, since_ms)?;
    own::write(tx, OwnClass::Office, writes, by)?;
    let object = serde_json::json!({ "device": device.to_string(), "since_ms": since_ms });
    tx.journal_act(&by.person, "revert", &object.to_string(), &by.reason)?;
    Ok(done)
}

/// What [`revert`] would set back as things stand; nothing is written.
pub fn preview(
    conn: &Connection,
    core: &Core,
    device: DeviceId,
    since_ms: i64,
) -> Result<Reverted> {
    plan(conn, core, device, since_ms).map(|(done, _)| done)
}

fn plan(
    conn: &Connection,
    core: &Core,
    device: DeviceId,
    since_ms: i64,
) -> Result<(Reverted, Vec<OwnRecord>)> {
    let mut done = Reverted::default();
    let mut writes = Vec::new();
    for record in touched(conn, device, since_ms)? {
        let stored = match records::find(conn, core.keys(), &record) {
            Err(Error::Gone(_)) => continue,
            found => found?,
        };
        let Some(stored) = stored else { continue };
        let first = first_since(conn, stored.n, device, since_ms)?;
        let state = records::load_state(conn, &stored)?;
        let goes = |change: &Change| {
            let first = first.get(&change.actor);
            change.actor.device() == device && first.is_some_and(|first| change.seq >= *first)
        };
        let edits = set_back(&state, goes, &mut done)?;
        if !edits.is_empty() {
            done.records += 1;
            writes.push(OwnRecord {
                id: record,
                header: None,
                edits,
            });
        }
    }
    Ok((done, writes))
}

fn touched(conn: &Connection, device: DeviceId, since_ms: i64) -> Result<Vec<RecordId>> {
    let mut select = conn.prepare(
        "SELECT DISTINCT r.id FROM change c JOIN record r ON r.n = c.n
         WHERE substr(c.actor, 1, 6) = ?1 AND c.time_ms >= ?2 LIMIT ?3",
    )?;
    let rows = select.query_map(params![device.0, since_ms, RECORDS], |row| {
        Ok(RecordId(row.get(0)?))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Of each of the device's actors the first count that is set back.
fn first_since(
    conn: &Connection,
    n: i64,
    device: DeviceId,
    since_ms: i64,
) -> Result<BTreeMap<ActorId, u64>> {
    let mut select = conn.prepare_cached(
        "SELECT actor, min(seq) FROM change
         WHERE n = ?1 AND substr(actor, 1, 6) = ?2 AND time_ms >= ?3 GROUP BY actor",
    )?;
    let rows = select.query_map(params![n, device.0, since_ms], |row| {
        Ok((ActorId(row.get(0)?), row.get(1)?))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

struct Op {
    value: Scalar,
    preds: Vec<OpId>,
    set_back: bool,
}

/// The edits that set registers back to what stood there before some of the changes.
pub(super) fn set_back(
    state: &RecordState,
    goes: impl Fn(&Change) -> bool,
    done: &mut Reverted,
) -> Result<Vec<Edit>> {
    let mut ops: BTreeMap<OpId, Op> = BTreeMap::new();
    let mut written: BTreeSet<String> = BTreeSet::new();
    for (change, _) in state.changes()? {
        let set_back = goes(&change);
        for (index, put) in change.puts.iter().enumerate() {
            if set_back {
                written.insert(put.key.clone());
            }
            let op = Op {
                value: put.value.clone(),
                preds: put.preds.clone(),
                set_back,
            };
            ops.insert(change.op_id(index), op);
        }
    }
    let mut edits = Vec::new();
    for key in &written {
        let visible = state.registers.visible(key);
        let ours = |op: &OpId| ops.get(op).is_some_and(|op| op.set_back);
        let Ok(parsed) = RegisterKey::parse(key) else {
            continue;
        };
        if !visible.iter().any(|value| ours(&value.op)) {
            // Every edit writes presences: nobody said anything new of them.
            if !parsed.is_presence() {
                done.kept += 1;
                done.kept_keys.push(key.clone());
                done.kept_keys.truncate(KEPT_KEYS);
            }
            continue;
        }
        let before = before(&ops, visible.iter().map(|value| value.op).collect());
        if let Some(edit) = edit(parsed, before) {
            edits.push(edit);
        }
    }
    let edits = without_gone(edits);
    done.registers += u32::try_from(edits.len()).unwrap_or(u32::MAX);
    Ok(edits)
}

/// What stands in a record or an entry that goes needs not be set back.
fn without_gone(edits: Vec<Edit>) -> Vec<Edit> {
    if edits.contains(&Edit::Delete) {
        return vec![Edit::Delete];
    }
    let gone: Vec<_> = edits
        .iter()
        .filter_map(|edit| match edit {
            Edit::RemoveEntry { id, .. } => Some(*id),
            _ => None,
        })
        .collect();
    let stays = |edit: &Edit| match edit {
        Edit::Set { key, .. } | Edit::Clear { key } => {
            key.entry().is_none_or(|(_, id)| !gone.contains(&id))
        }
        _ => true,
    };
    edits.into_iter().filter(stays).collect()
}

/// The latest value that stays, going back over what is set back.
fn before(ops: &BTreeMap<OpId, Op>, mut at: Vec<OpId>) -> Option<Scalar> {
    let mut best: Option<(OpId, Scalar)> = None;
    while let Some(id) = at.pop() {
        let Some(op) = ops.get(&id) else { continue };
        if op.set_back {
            at.extend(op.preds.iter().copied());
        } else if best.as_ref().is_none_or(|(known, _)| *known < id) {
            best = Some((id, op.value.clone()));
        }
    }
    best.map(|(_, value)| value)
}

fn edit(key: RegisterKey, before: Option<Scalar>) -> Option<Edit> {
    let gone = before.as_ref().is_none_or(Scalar::is_null);
    Some(match (key, gone) {
        (RegisterKey::Alive, true) => Edit::Delete,
        (RegisterKey::Alive, false) => return None,
        (RegisterKey::Entry { group, id }, true) => Edit::RemoveEntry { group, id },
        (RegisterKey::Entry { group, id }, false) => Edit::AddEntry { group, id },
        (key, true) => Edit::Clear { key },
        (key, false) => Edit::Set {
            key,
            value: before.unwrap_or_default(),
        },
    })
}

//! A supervisor takes over what was held or refused: writes its values, or some of them, as an edit
//! of their own, which closes it.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension as _, params};
use schemas::{RegisterKey, Scalar, access::Author};
use serde::{Deserialize, Serialize};
use sync_core::{
    ChangeHash, DeviceId, RecordId,
    change::{RefusedReason, scan},
    sync::{DeviceItem, Verdict, VerdictStatus},
};

use super::{
    By,
    acts::{edit_of, need, office_edit},
};
use crate::{
    error::{Error, OrNotFound as _, Result},
    store::Tx,
    verify::{self, Claim, Settled},
};

/// The act in the journal.
pub(crate) const TAKE_OVER: &str = "held.take_over";

/// What stands of it in the journal: where it was kept.
#[derive(Serialize, Deserialize)]
struct Object {
    device: DeviceId,
    number: u64,
    record: RecordId,
}

/// Writes values of what is kept under this number, all of them or those of `keys`, and closes it.
/// What still waits is refused with that, so that its author makes again what came after it.
pub fn take_over(
    tx: &mut Tx<'_>,
    held: i64,
    keys: Option<&[String]>,
    author: &Author,
    by: &By,
) -> Result<ChangeHash> {
    let claim = Claim::kept(tx.conn(), tx.core(), held)?.or_not_found("held change")?;
    let record = claim.record;
    need(tx, &record).map_err(|error| match error {
        Error::NotFound(_) => Error::Conflict("nothing of the record has entered yet: release it"),
        other => other,
    })?;
    let wanted = wanted(&claim)?;
    let mut edits = Vec::new();
    match keys {
        Some(keys) => {
            for key in keys {
                let value = wanted.get(key);
                let value =
                    value.ok_or_else(|| Error::invalid("keys", "it does not write this"))?;
                edits.push(edit(key, value)?);
            }
        }
        None => {
            for (key, value) in &wanted {
                edits.push(edit(key, value)?);
            }
        }
    }
    let change = office_edit(tx, record, &edits, author, by)?;
    let object = Object {
        device: claim.device,
        number: claim.number,
        record,
    };
    if claim.waits(tx.conn())? {
        verify::release(tx, held, Settled::TakenOver, &by.person, &by.reason)?;
    }
    close(tx, &object)?;
    let object = serde_json::to_string(&object)
        .map_err(|_| Error::Internal("an act's object cannot be written"))?;
    tx.journal_act(&by.person, TAKE_OVER, &object, &by.reason)?;
    Ok(change)
}

/// What it wants to write, the last value of each register. That the record is there says any edit.
fn wanted(claim: &Claim) -> Result<BTreeMap<String, Scalar>> {
    let mut wanted = BTreeMap::new();
    for chunk in &claim.chunks {
        let change = scan(chunk).map_err(|_| Error::Conflict("it cannot be read"))?;
        for put in change.puts {
            wanted.insert(put.key, put.value);
        }
    }
    let alive = wanted.get(schemas::path::ALIVE);
    if alive.is_some_and(|value| !value.is_null()) {
        wanted.remove(schemas::path::ALIVE);
    }
    Ok(wanted)
}

fn edit(key: &str, value: &Scalar) -> Result<sync_core::record::Edit> {
    let key = RegisterKey::parse(key).map_err(|_| Error::Conflict("it cannot be read"))?;
    Ok(edit_of(key, value.clone()))
}

/// Does again what the journal says of it: the edit and the refusal have entries of their own.
pub(crate) fn take_over_again(tx: &mut Tx<'_>, object: &str) -> Result<()> {
    let object: Object = serde_json::from_str(object)
        .map_err(|_| Error::Internal("an act's object cannot be read"))?;
    close(tx, &object)
}

/// Closes it. Its author is told how it ended, where the refusal told before had another reason.
fn close(tx: &mut Tx<'_>, object: &Object) -> Result<()> {
    let part = params![object.device.0, object.number, object.record.0];
    let refused: Option<(u32, u8)> = tx
        .conn()
        .prepare_cached(
            "SELECT accepted, reason FROM held
             WHERE device = ?1 AND number = ?2 AND record = ?3 AND state = 'refused'",
        )?
        .query_row(part, |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    tx.conn().execute(
        "UPDATE held SET state = 'settled', chunks = x'80', sealed = 0, version = version + 1
         WHERE device = ?1 AND number = ?2 AND record = ?3 AND state = 'refused'",
        part,
    )?;
    let reason = RefusedReason::TakenOver;
    match refused {
        Some((accepted, before)) if before != reason.code() => {
            let verdict = Verdict {
                number: object.number,
                record: object.record,
                accepted,
                status: VerdictStatus::Refused(reason),
                key: None,
            };
            tx.tell(object.device, &DeviceItem::Verdict(verdict))
        }
        _ => Ok(()),
    }
}

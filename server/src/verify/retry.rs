//! What waited for something of a record, once something of it entered; and what a supervisor lets
//! in or refuses.

use std::collections::BTreeMap;

use rusqlite::params;
use sync_core::{
    ActorId, DeviceId, RecordId,
    bundle::JournalPayload,
    change::{HeldReason, RefusedReason},
    sync::{DeviceItem, Verdict, VerdictStatus},
};

use super::{
    Claim,
    enact::{enact, supersede},
    judge::{is_superseded, judge},
};
use crate::{
    error::{Error, OrNotFound as _, Result},
    records,
    store::Tx,
};

/// Parts that one retry moves at most; the rest moves with the next.
const MOVES: usize = 4_096;

/// Lets move what waited for something of a record, in order of arrival.
pub(crate) fn retry(tx: &mut Tx<'_>, record: &RecordId) -> Result<()> {
    for _ in 0..MOVES {
        if !retry_one(tx, record)? {
            return Ok(());
        }
    }
    Ok(())
}

fn retry_one(tx: &mut Tx<'_>, record: &RecordId) -> Result<bool> {
    // Only the first of an author's parts can move; those behind it follow when it has.
    let mut firsts: BTreeMap<ActorId, Claim> = BTreeMap::new();
    let mut waiting = Claim::of_record(tx.conn(), tx.core(), record)?;
    waiting.sort_by_cached_key(Claim::place);
    for claim in waiting {
        firsts.entry(claim.actor).or_insert(claim);
    }
    let mut firsts: Vec<Claim> = firsts.into_values().collect();
    firsts.sort_by_key(|claim| claim.held);
    for mut claim in firsts {
        if !claim.waits_for_changes() && !is_superseded(tx.conn(), record, claim.actor)? {
            continue;
        }
        let Some(mut stored) = records::find(tx.conn(), tx.core().keys(), record)? else {
            return Ok(false);
        };
        let judged = judge(tx, &mut claim, &stored)?;
        let moves = judged.judgement.accepted > 0
            || !matches!(judged.judgement.status, VerdictStatus::Held(_));
        if moves {
            let verdict = enact(tx, &mut claim, &mut stored, judged)?;
            tell(tx, &claim, verdict)?;
            return Ok(true);
        }
    }
    Ok(false)
}

/// Tells the author what became of a part that waited, and the journal.
fn tell(tx: &mut Tx<'_>, claim: &Claim, verdict: Verdict) -> Result<()> {
    let (status, reason) = verdict.status.codes();
    tx.journal(&JournalPayload::Verdict {
        device: claim.device,
        number: verdict.number,
        record: verdict.record,
        status,
        accepted: verdict.accepted,
        reason,
        key: verdict.key.clone(),
    })?;
    tx.tell(claim.device, &DeviceItem::Verdict(verdict))
}

/// How a supervisor settles what is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Settled {
    /// It enters as it is.
    Released,
    /// It never enters.
    Refused,
    /// It never enters: the supervisor wrote its values.
    TakenOver,
}

/// A supervisor settles what is held: lets it in as it is, with what waited behind it, or refuses
/// it, so that its author makes again what came after it.
pub(crate) fn release(
    tx: &mut Tx<'_>,
    held: i64,
    settled: Settled,
    by: &str,
    reason: &str,
) -> Result<()> {
    let core = tx.core().clone();
    let claim = Claim::held(tx.conn(), &core, held)?.or_not_found("held change")?;
    // Refused out of turn, it would take the earlier one with it, which its author would not make
    // again: what is refused is made again from there on.
    let released = settled == Settled::Released;
    if !released && claim.follows_held(tx.conn(), &core)? {
        return Err(Error::Conflict(
            "an earlier change of the same author on the record waits: settle that first",
        ));
    }
    tx.journal(&JournalPayload::Release {
        device: claim.device,
        number: claim.number,
        record: claim.record,
        by: by.to_owned(),
        reason: reason.to_owned(),
        released,
    })?;
    let record = claim.record;
    match settled {
        Settled::Released => {
            // Those behind it were held for the same reason, or because it was.
            tx.conn().execute(
                "UPDATE held SET released = 1 WHERE record = ?1 AND actor = ?2 AND state = 'held'",
                params![record.0, claim.actor.0],
            )?;
            judge_in_turn(tx, &record, claim.actor)?;
        }
        Settled::Refused => refuse(tx, claim, RefusedReason::BySupervisor)?,
        Settled::TakenOver => refuse(tx, claim, RefusedReason::TakenOver)?,
    }
    retry(tx, &record)
}

/// A device was confirmed: what it sent before enters.
pub(crate) fn let_in(tx: &mut Tx<'_>, device: DeviceId) -> Result<()> {
    let reason = HeldReason::UnconfirmedDevice.code();
    judge_all(tx, "device = ?1 AND reason = ?2", params![device.0, reason])
}

/// Another version of the schemas is in force: what waited for it enters.
pub(crate) fn let_in_known(tx: &mut Tx<'_>) -> Result<()> {
    let reason = HeldReason::UnknownSchema.code();
    judge_all(tx, "reason = ?1", params![reason])
}

/// Judges what is held for a reason that has gone.
fn judge_all(tx: &mut Tx<'_>, held: &str, values: impl rusqlite::Params) -> Result<()> {
    let waiting: Vec<(RecordId, ActorId)> = {
        let mut select = tx.conn().prepare_cached(&format!(
            "SELECT record, actor FROM held WHERE state = 'held' AND {held}
             GROUP BY record, actor ORDER BY min(id)"
        ))?;
        let rows = select.query_map(values, |row| {
            Ok((RecordId(row.get(0)?), ActorId(row.get(1)?)))
        })?;
        rows.collect::<rusqlite::Result<_>>()?
    };
    for (record, actor) in waiting {
        judge_in_turn(tx, &record, actor)?;
        retry(tx, &record)?;
    }
    Ok(())
}

/// Does again what the journal says of a release; what was judged then follows as verdicts.
pub(crate) fn release_again(
    tx: &Tx<'_>,
    device: DeviceId,
    number: u64,
    record: &RecordId,
) -> Result<()> {
    tx.conn().execute(
        "UPDATE held SET released = 1 WHERE record = ?3 AND state = 'held' AND actor =
         (SELECT actor FROM held WHERE device = ?1 AND number = ?2 AND record = ?3)",
        params![device.0, number, record.0],
    )?;
    Ok(())
}

fn refuse(tx: &mut Tx<'_>, mut claim: Claim, refused: RefusedReason) -> Result<()> {
    let record = claim.record;
    let actor = claim.actor;
    let stored = records::find(tx.conn(), tx.core().keys(), &record)?;
    claim.keep(tx, stored.as_ref(), "refused", refused.code(), None)?;
    supersede(tx, claim.device, record, actor)?;
    let verdict = claim.verdict(VerdictStatus::Refused(refused), None);
    claim.chunks.clear();
    tell(tx, &claim, verdict)?;
    judge_in_turn(tx, &record, actor)
}

/// Judges an author's waiting parts of a record, the first first, until one stays.
fn judge_in_turn(tx: &mut Tx<'_>, record: &RecordId, actor: ActorId) -> Result<()> {
    let mut claims = Claim::of_record(tx.conn(), tx.core(), record)?;
    claims.sort_by_cached_key(Claim::place);
    for mut claim in claims.into_iter().filter(|claim| claim.actor == actor) {
        let Some(mut stored) = records::find(tx.conn(), tx.core().keys(), record)? else {
            return Ok(());
        };
        let judged = judge(tx, &mut claim, &stored)?;
        let stays = matches!(judged.judgement.status, VerdictStatus::Held(_));
        let verdict = enact(tx, &mut claim, &mut stored, judged)?;
        tell(tx, &claim, verdict)?;
        if stays {
            return Ok(());
        }
    }
    Ok(())
}

//! A judgement takes effect: what entered goes to record, feed and rules; what did not is kept.

use rusqlite::params;
use sync_core::{
    ActorId, DeviceId, RecordId,
    change::{Incoming, RefusedReason},
    sync::{DeviceItem, Judgement, Verdict, VerdictStatus},
};

use super::{
    Claim,
    judge::{Judged, is_superseded},
};
use crate::{
    app::News,
    checks, devices, dispatch,
    error::Result,
    feed::Entry,
    own,
    records::{self, Stored},
    store::Tx,
};

/// Makes a judgement true; the verdict.
pub(super) fn enact(
    tx: &mut Tx<'_>,
    claim: &mut Claim,
    stored: &mut Stored,
    judged: Judged,
) -> Result<Verdict> {
    let Judged {
        judgement,
        mut state,
        whole,
    } = judged;
    let Judgement {
        accepted,
        status,
        key,
        entered,
        proven,
        ..
    } = judgement;
    if !entered.is_empty() {
        let registers = std::mem::take(&mut state.registers);
        let before = std::mem::replace(&mut stored.registers, registers);
        let bytes = whole.then_some(&state);
        let projection = records::enter(tx, stored, &entered);
        put_in_feed(tx, claim.device, stored, &entered)?;
        records::save(tx, stored, &entered, &projection, proven.as_deref())?;
        dispatch::run(tx, stored, before, &entered, bytes)?;
        match stored.header.kind.as_str() {
            "task" => devices::answered(tx, stored)?,
            "spot-check" => checks::answered(tx, claim.device, stored)?,
            _ => {}
        }
    }
    records::save_new(tx, stored)?;
    claim.accepted += accepted;
    let rest = usize::try_from(accepted).unwrap_or(usize::MAX);
    claim.chunks.drain(..rest.min(claim.chunks.len()));
    match status {
        VerdictStatus::Accepted | VerdictStatus::Refused(RefusedReason::Superseded) => {
            claim.settled(tx)?;
        }
        VerdictStatus::Held(reason) => {
            claim.keep(tx, Some(stored), "held", reason.code(), key.as_deref())?;
            tx.announce(News::Review(stored.header.grid.clone()));
        }
        VerdictStatus::Refused(reason) => {
            claim.keep(tx, Some(stored), "refused", reason.code(), key.as_deref())?;
            supersede(tx, claim.device, claim.record, claim.actor)?;
            tx.announce(News::Review(stored.header.grid.clone()));
        }
    }
    Ok(claim.verdict(status, key))
}

/// Accepted changes go to the grid's feed, after the record's place.
fn put_in_feed(
    tx: &mut Tx<'_>,
    device: DeviceId,
    stored: &mut Stored,
    entered: &[Incoming],
) -> Result<()> {
    if !stored.placed {
        follow(tx, stored)?;
        own::place(tx, stored)?;
    }
    let grid = stored.header.grid.clone();
    let n = stored.n;
    let (conn, feeds) = tx.feeds();
    feeds.author(conn, &grid, device)?;
    // Changes of one author, whose counts have no gaps.
    let Some(first) = entered.first().map(|incoming| &incoming.change) else {
        return Ok(());
    };
    let entry = Entry::Changes {
        n,
        actor: first.actor,
        first: first.seq,
        count: u32::try_from(entered.len()).unwrap_or(u32::MAX),
    };
    feeds.push(conn, &grid, entry)?;
    tx.announce(News::Grid(grid));
    Ok(())
}

/// A record of a kind that follows another one's grid stands where that one stands, also where the
/// phone did not know that it had moved.
fn follow(tx: &Tx<'_>, stored: &mut Stored) -> Result<()> {
    let Some(followed) = stored.follows else {
        return Ok(());
    };
    let grid: Option<String> = rusqlite::OptionalExtension::optional(
        tx.conn()
            .prepare_cached("SELECT grid FROM record WHERE id = ?1 AND placed = 1")?
            .query_row(params![followed.0], |row| row.get(0)),
    )?;
    if let Some(grid) = grid.filter(|grid| *grid != stored.header.grid) {
        stored.header.grid = grid;
        stored.header.move_number += 1;
        records::relocate(tx, stored)?;
    }
    Ok(())
}

/// After a refusal: what the device writes after it on the record is to be made again under a new
/// epoch, which is granted before the verdict is told. That is also what it may have written under
/// epochs granted since, for other records' sake: it built on what is refused.
pub(super) fn supersede(
    tx: &mut Tx<'_>,
    device: DeviceId,
    record: RecordId,
    actor: ActorId,
) -> Result<()> {
    let conn = tx.conn();
    if is_superseded(conn, &record, actor)? {
        return Ok(());
    }
    let granted: u16 = conn
        .prepare_cached("SELECT epoch FROM device WHERE id = ?1")?
        .query_row(params![device.0], |row| row.get(0))?;
    let granted = granted.max(actor.epoch());
    let mut insert = conn.prepare_cached(
        "INSERT INTO superseded (record, actor) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
    )?;
    for epoch in actor.epoch()..=granted {
        insert.execute(params![record.0, device.actor(epoch).0])?;
    }
    let epoch = granted.saturating_add(1);
    conn.prepare_cached("UPDATE device SET epoch = ?2 WHERE id = ?1")?
        .execute(params![device.0, epoch])?;
    tx.tell(device, &DeviceItem::Epoch(epoch))
}

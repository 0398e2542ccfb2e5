//! Whoever reported a finding is told where its case stands: state, office, due time, and nobody's
//! name.

use rusqlite::params;
use sync_core::{
    DeviceId, RecordId,
    sync::{CaseStatus, DeviceItem},
};

use super::{
    items::ItemRow,
    state::State,
    store::{self, CaseRow},
};
use crate::{devices::roster, error::Result, store::Tx};

/// Cases that a new phone is told of at most.
const MAX_TOLD: i64 = 2_000;

/// Tells the phones of a case's reporters how it stands now, unless that is what they know.
/// `before` is the case as it was; `None` where there is news for some of them in any case.
pub(super) fn tell(tx: &mut Tx<'_>, id: i64, before: Option<&CaseRow>) -> Result<()> {
    let case = store::get(tx.conn(), id)?;
    if before.is_some_and(|before| said(before) == said(&case)) {
        return Ok(());
    }
    let now_ms = tx.now_ms();
    for (device, finding) in reporters(tx, id)? {
        let status = status(&case, finding, now_ms);
        tx.tell(device, &DeviceItem::Case(status))?;
    }
    Ok(())
}

/// Tells a phone what its inspector's other phones were told before he had it: without it, every
/// finding of his would wait to be filed.
pub(crate) fn tell_phone(tx: &mut Tx<'_>, device: DeviceId) -> Result<()> {
    let now_ms = tx.now_ms();
    // What became no case by one rule may be one by another: that counts.
    for (finding, office) in voided(tx, device)? {
        tx.tell(device, &DeviceItem::Case(void(finding, office, now_ms)))?;
    }
    for (id, finding) in reported(tx, device)? {
        let case = store::get(tx.conn(), id)?;
        let status = status(&case, finding, now_ms);
        tx.tell(device, &DeviceItem::Case(status))?;
    }
    Ok(())
}

fn status(case: &CaseRow, finding: RecordId, now_ms: i64) -> CaseStatus {
    let (state, office, due_ms, closed_ms) = said(case);
    CaseStatus {
        finding,
        state: state.as_str().to_owned(),
        office: Some(office.to_owned()),
        due_ms,
        paused: state == State::Postponed,
        closed_ms: closed_ms.or(state.is_final().then_some(now_ms)),
        told_ms: now_ms,
    }
}

fn void(finding: RecordId, office: String, now_ms: i64) -> CaseStatus {
    CaseStatus {
        finding,
        state: State::Void.as_str().to_owned(),
        office: Some(office),
        due_ms: None,
        paused: false,
        closed_ms: Some(now_ms),
        told_ms: now_ms,
    }
}

/// Tells whoever reported what an item is about that it becomes no case.
pub(super) fn tell_void(tx: &mut Tx<'_>, item: &ItemRow) -> Result<()> {
    let now_ms = tx.now_ms();
    let status = void(item.record, item.office.clone(), now_ms);
    for phone in roster::confirmed(tx.conn(), item.device)? {
        tx.tell(phone, &DeviceItem::Case(status.clone()))?;
    }
    Ok(())
}

/// What reporters are told.
fn said(case: &CaseRow) -> (State, &str, Option<i64>, Option<i64>) {
    (case.state, &case.office, case.due_ms, case.closed_ms)
}

/// Every phone in use of the inspectors who reported it, each with the finding that it is about.
fn reporters(tx: &Tx<'_>, id: i64) -> Result<Vec<(DeviceId, RecordId)>> {
    let mut select = tx.conn().prepare_cached(
        "SELECT DISTINCT phone.id, reporter.record FROM case_reporter AS reporter
         JOIN device AS author ON author.id = reporter.device
         JOIN device AS phone ON phone.inspector = author.inspector
         WHERE reporter.case_id = ?1 AND phone.revoked_ms IS NULL
           AND phone.confirmed_ms IS NOT NULL
         ORDER BY phone.id, reporter.record",
    )?;
    let rows = select.query_map(params![id], |row| {
        Ok((DeviceId(row.get(0)?), RecordId(row.get(1)?)))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The cases that the inspector behind a device reported, the latest last. What was joined with
/// another goes on as that one.
fn reported(tx: &Tx<'_>, device: DeviceId) -> Result<Vec<(i64, RecordId)>> {
    let mut select = tx.conn().prepare_cached(
        "SELECT DISTINCT reporter.case_id, reporter.record FROM device AS own
         JOIN device AS author ON author.inspector = own.inspector
         JOIN case_reporter AS reporter ON reporter.device = author.id
         JOIN case_file AS file ON file.id = reporter.case_id
         WHERE own.id = ?1 AND file.joined_into IS NULL ORDER BY reporter.case_id DESC, reporter.record LIMIT ?2",
    )?;
    let rows = select.query_map(params![device.0, MAX_TOLD], |row| {
        Ok((row.get(0)?, RecordId(row.get(1)?)))
    })?;
    let mut found: Vec<_> = rows.collect::<rusqlite::Result<_>>()?;
    found.reverse();
    Ok(found)
}

/// Findings of the inspector behind a device that became no case, with the office that said so.
fn voided(tx: &Tx<'_>, device: DeviceId) -> Result<Vec<(RecordId, String)>> {
    let mut select = tx.conn().prepare_cached(
        "SELECT item.record, item.office FROM device AS own
         JOIN device AS author ON author.inspector = own.inspector
         JOIN item ON item.device = author.id
         WHERE own.id = ?1 AND item.state = 'void' AND item.kind = 'finding'
         ORDER BY item.id DESC LIMIT ?2",
    )?;
    let rows = select.query_map(params![device.0, MAX_TOLD], |row| {
        Ok((RecordId(row.get(0)?), row.get(1)?))
    })?;
    let mut found: Vec<_> = rows.collect::<rusqlite::Result<_>>()?;
    found.reverse();
    Ok(found)
}

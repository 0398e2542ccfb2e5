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
use crate::{error::Result, store::Tx};

/// Tells the phones of a case's reporters how it stands now, unless that is what they know.
/// `before` is the case as it was; `None` where there is news for some of them in any case.
pub(super) fn tell(tx: &mut Tx<'_>, id: i64, before: Option<&CaseRow>) -> Result<()> {
    let case = store::get(tx.conn(), id)?;
    if before.is_some_and(|before| said(before) == said(&case)) {
        return Ok(());
    }
    let now_ms = tx.now_ms();
    for (device, finding) in reporters(tx, id)? {
        let (state, office, due_ms, closed_ms) = said(&case);
        let status = CaseStatus {
            finding,
            state: state.as_str().to_owned(),
            office: Some(office.to_owned()),
            due_ms,
            paused: state == State::Postponed,
            closed_ms: closed_ms.or(state.is_final().then_some(now_ms)),
            told_ms: now_ms,
        };
        tx.tell(device, &DeviceItem::Case(status))?;
    }
    Ok(())
}

/// Tells whoever reported what an item is about that it becomes no case.
pub(super) fn tell_void(tx: &mut Tx<'_>, item: &ItemRow) -> Result<()> {
    let now_ms = tx.now_ms();
    let status = CaseStatus {
        finding: item.record,
        state: State::Void.as_str().to_owned(),
        office: Some(item.office.clone()),
        due_ms: None,
        paused: false,
        closed_ms: Some(now_ms),
        told_ms: now_ms,
    };
    for device in phones(tx, item.device)? {
        tx.tell(device, &DeviceItem::Case(status.clone()))?;
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
         ORDER BY phone.id, reporter.record",
    )?;
    let rows = select.query_map(params![id], |row| {
        Ok((DeviceId(row.get(0)?), RecordId(row.get(1)?)))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Every phone in use of the inspector behind a device.
fn phones(tx: &Tx<'_>, device: DeviceId) -> Result<Vec<DeviceId>> {
    let mut select = tx.conn().prepare_cached(
        "SELECT phone.id FROM device AS author
         JOIN device AS phone ON phone.inspector = author.inspector
         WHERE author.id = ?1 AND phone.revoked_ms IS NULL
         ORDER BY phone.id",
    )?;
    let rows = select.query_map(params![device.0], |row| Ok(DeviceId(row.get(0)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

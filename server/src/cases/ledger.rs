//! The ledger of a case 办理记录: one row per step, never changed.

use rusqlite::{Connection, params};
use sync_core::RecordId;

use super::{object::Person, state::State};
use crate::error::Result;

/// A row to be written.
#[derive(Clone, Debug, Default)]
pub(super) struct Line<'a> {
    /// A step's code, or `open`, `joined_by`.
    pub(super) step: &'a str,
    pub(super) from: Option<State>,
    /// None where a rule did it.
    pub(super) person: Option<&'a Person>,
    pub(super) to_office: Option<&'a str>,
    pub(super) handler: Option<&'a str>,
    pub(super) milestone: Option<&'a str>,
    pub(super) amount: Option<u32>,
    pub(super) until_ms: Option<i64>,
    pub(super) verifier: Option<&'a str>,
    /// The other case, where two were joined.
    pub(super) other: Option<i64>,
    pub(super) reason: &'a str,
}

/// Writes a row; its place.
pub(super) fn add(
    conn: &Connection,
    case: i64,
    to: State,
    line: &Line<'_>,
    now_ms: i64,
) -> Result<i64> {
    let ord: i64 = conn
        .prepare_cached("SELECT coalesce(max(ord), 0) + 1 FROM case_ledger WHERE case_id = ?1")?
        .query_row(params![case], |row| row.get(0))?;
    conn.prepare_cached(
        "INSERT INTO case_ledger (case_id, ord, step, from_state, to_state, actor, role, office,
                                  to_office, handler, milestone, amount, until_ms, verifier,
                                  other, reason, time_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
    )?
    .execute(params![
        case,
        ord,
        line.step,
        line.from,
        to,
        line.person.map(|person| person.login.as_str()),
        line.person.map(|person| person.author.role.as_str()),
        line.person
            .and_then(|person| person.author.office.as_deref()),
        line.to_office,
        line.handler,
        line.milestone,
        line.amount,
        line.until_ms,
        line.verifier,
        line.other,
        line.reason,
        now_ms,
    ])?;
    Ok(ord)
}

/// Ties a photo to a row of the ledger.
pub(super) fn attach(
    conn: &Connection,
    case: i64,
    ord: i64,
    (record, sha256): (RecordId, [u8; 32]),
) -> Result<()> {
    conn.prepare_cached(
        "INSERT OR IGNORE INTO case_attachment (case_id, ord, record, sha256)
         VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute(params![case, ord, record.0, sha256])?;
    Ok(())
}

/// Credits whoever reported it.
pub(super) fn credit(
    conn: &Connection,
    case: i64,
    device: &[u8],
    record: &[u8],
    time_ms: i64,
) -> Result<()> {
    conn.prepare_cached(
        "INSERT OR IGNORE INTO case_reporter (case_id, device, record, time_ms)
         VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute(params![case, device, record, time_ms])?;
    Ok(())
}

//! The statements that write journal.db.

use rusqlite::{Connection, params};
use sync_core::{DeviceId, Sha256};

use crate::error::Result;

/// A row of main.db's `outgoing`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Outgoing {
    pub(crate) id: i64,
    pub(crate) time_ms: i64,
    pub(crate) payload: Vec<u8>,
}

pub(super) fn last_position(conn: &Connection) -> Result<u64> {
    Ok(
        conn.query_row("SELECT coalesce(max(position), 0) FROM entry", [], |row| {
            row.get(0)
        })?,
    )
}

/// The last row of `outgoing` that is in the journal.
pub(crate) fn last_source(conn: &Connection) -> Result<i64> {
    Ok(conn.query_row(
        "SELECT coalesce((SELECT value FROM meta WHERE name = 'source'), 0)",
        [],
        |row| row.get(0),
    )?)
}

pub(super) fn insert(
    conn: &Connection,
    position: u64,
    time_ms: i64,
    source: Option<i64>,
    payload: &[u8],
) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO entry (position, time_ms, source, payload) VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute(params![position, time_ms, source, payload])?;
    Ok(())
}

pub(super) fn insert_chain(
    conn: &Connection,
    device: DeviceId,
    number: u64,
    digest: &Sha256,
    position: u64,
) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO chain (device, number, digest, position) VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute(params![device.0, number, digest.0, position])?;
    Ok(())
}

pub(super) fn set_source(conn: &Connection, source: i64) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO meta (name, value) VALUES ('source', ?1)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    )?
    .execute(params![source])?;
    Ok(())
}

/// Appends what main.db has noted and the journal has not, where no thread does it.
pub(crate) fn append_rest(journal: &mut Connection, rows: &[Outgoing]) -> Result<()> {
    let tx = journal.transaction()?;
    let last = last_source(&tx)?;
    let first = last_position(&tx)? + 1;
    for (position, row) in (first..).zip(rows.iter().filter(|row| row.id > last)) {
        insert(&tx, position, row.time_ms, Some(row.id), &row.payload)?;
        set_source(&tx, row.id)?;
    }
    tx.commit()?;
    Ok(())
}

//! A record's changes and snapshots as bytes.

use rusqlite::{Connection, OptionalExtension as _, params};
use sync_core::{ActorId, change::prove, record::StateError};

use super::load::{Stored, find_n, load_state, open};
use crate::{
    core::Core,
    error::{Error, Result},
};

/// Changes of one author, by their counts.
pub fn chunks(
    conn: &Connection,
    stored: &Stored,
    actor: ActorId,
    first: u64,
    count: u32,
) -> Result<Vec<Vec<u8>>> {
    let mut select = conn.prepare_cached(
        "SELECT chunk FROM change WHERE n = ?1 AND actor = ?2 AND seq >= ?3 AND seq < ?4
         ORDER BY seq",
    )?;
    let end = first + u64::from(count);
    let rows = select.query_map(params![stored.n, actor.0, first, end], |row| {
        row.get::<_, Vec<u8>>(0)
    })?;
    rows.map(|chunk| open(stored.key.as_ref(), b"chunk", chunk?))
        .collect()
}

/// A snapshot of the record as it is, shown to load again: the one that is kept, or one made now.
pub fn snapshot(conn: &Connection, stored: &Stored) -> Result<Vec<u8>> {
    match kept(conn, stored)? {
        Some(bytes) => Ok(bytes),
        None => proven(conn, stored),
    }
}

fn kept(conn: &Connection, stored: &Stored) -> Result<Option<Vec<u8>>> {
    let bytes: Option<Vec<u8>> = conn
        .prepare_cached("SELECT bytes FROM snapshot WHERE n = ?1 AND changes = ?2")?
        .query_row(params![stored.n, stored.registers.change_count()], |row| {
            row.get(0)
        })
        .optional()?;
    bytes
        .map(|bytes| open(stored.key.as_ref(), b"snapshot", bytes))
        .transpose()
}

fn proven(conn: &Connection, stored: &Stored) -> Result<Vec<u8>> {
    let state = load_state(conn, stored)?;
    prove(&state).map_err(|error| {
        tracing::error!(record = %stored.id, %error, "a record cannot be proven");
        Error::State(StateError::Damaged)
    })
}

/// Makes a record's snapshot anew if it is behind, and keeps it once it is shown to load again. An
/// unproven one never replaces it.
pub fn prove_and_keep(conn: &Connection, core: &Core, n: i64) -> Result<()> {
    let Some(stored) = find_n(conn, core.keys(), n)? else {
        return Ok(());
    };
    if stored.registers.is_empty() || kept(conn, &stored)?.is_some() {
        return Ok(());
    }
    let bytes = proven(conn, &stored)?;
    keep(conn, &stored, stored.registers.change_count(), &bytes)
}

/// Keeps a proven snapshot.
pub(super) fn keep(conn: &Connection, stored: &Stored, changes: u64, bytes: &[u8]) -> Result<()> {
    let sealed;
    let bytes = match &stored.key {
        Some(key) => {
            sealed = key.seal(b"snapshot", bytes)?;
            &sealed
        }
        None => bytes,
    };
    conn.prepare_cached(
        "INSERT INTO snapshot (n, changes, bytes) VALUES (?1, ?2, ?3)
         ON CONFLICT (n) DO UPDATE SET changes = excluded.changes, bytes = excluded.bytes",
    )?
    .execute(params![stored.n, changes, bytes])?;
    Ok(())
}

/// Every change of a record, in the order in which it entered.
pub fn in_order(conn: &Connection, stored: &Stored) -> Result<Vec<Vec<u8>>> {
    let timed = with_times(conn, stored)?.into_iter();
    Ok(timed.map(|(_, chunk)| chunk).collect())
}

/// The same, each with the server's time at which it entered, ms.
pub(super) fn with_times(conn: &Connection, stored: &Stored) -> Result<Vec<(i64, Vec<u8>)>> {
    let mut select =
        conn.prepare_cached("SELECT time_ms, chunk FROM change WHERE n = ?1 ORDER BY ord")?;
    let rows = select.query_map(params![stored.n], |row| Ok((row.get(0)?, row.get(1)?)))?;
    rows.map(|row| {
        let (entered_ms, chunk) = row?;
        Ok((entered_ms, open(stored.key.as_ref(), b"chunk", chunk)?))
    })
    .collect()
}

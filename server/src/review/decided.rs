//! Conflicts that were decided: gone from the queue, kept so that they can be decided again. One
//! stays until somebody writes its register anew: then there is nothing left to decide.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension as _, params};
use sync_core::{AuthorClass, DeviceId};

use crate::{error::Result, records::Stored};

/// A decision closed a conflict, or took the place of an earlier one.
pub(super) fn put(
    conn: &Connection,
    stored: &Stored,
    key: &str,
    version: u64,
    now_ms: i64,
) -> Result<()> {
    // One value stands: that of the decision.
    let [only] = stored.registers.visible(key) else {
        return Ok(());
    };
    conn.prepare_cached(
        "INSERT INTO conflict_decided (n, key, version, change, since_ms)
         VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (n, key) DO UPDATE SET
         version = excluded.version, change = excluded.change, since_ms = excluded.since_ms",
    )?
    .execute(params![stored.n, key, version, only.change.0, now_ms])?;
    Ok(())
}

/// Takes a row away, because its register is in conflict again; its version.
pub(super) fn take(conn: &Connection, n: i64, key: &str) -> Result<Option<u64>> {
    let mut gone = conn.prepare_cached(
        "DELETE FROM conflict_decided WHERE n = ?1 AND key = ?2 RETURNING version",
    )?;
    let version = gone.query_row(params![n, key], |row| row.get(0));
    Ok(version.optional()?)
}

/// Brings the rows of a record in step with what was written: decided again, or written over.
pub(crate) fn note_written(
    conn: &Connection,
    stored: &Stored,
    keys: &BTreeSet<String>,
    device: DeviceId,
    now_ms: i64,
) -> Result<()> {
    let mut select =
        conn.prepare_cached("SELECT key, version FROM conflict_decided WHERE n = ?1")?;
    let rows = select.query_map(params![stored.n], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, u64>(1)?))
    })?;
    let rows = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    for (key, version) in rows {
        // Of a register in conflict the queue's own row comes next, and takes this one.
        if !keys.contains(&key) || stored.registers.visible(&key).len() > 1 {
            continue;
        }
        if device.class() == AuthorClass::Decision {
            put(conn, stored, &key, version + 1, now_ms)?;
        } else {
            take(conn, stored.n, &key)?;
        }
    }
    Ok(())
}

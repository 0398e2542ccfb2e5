//! Numbers that a database keeps of itself, in its table `meta`.

use rusqlite::{Connection, OptionalExtension as _, params};

use crate::error::Result;

/// The server's epoch.
const EPOCH: &str = "epoch";
/// Up to where the journal is verified.
const VERIFIED_THROUGH: &str = "verified_through";

/// A number, if it was ever set.
pub(crate) fn mark(conn: &Connection, name: &str) -> Result<Option<u64>> {
    let mut select = conn.prepare_cached("SELECT value FROM meta WHERE name = ?1")?;
    let value = select.query_row(params![name], |row| row.get(0));
    Ok(value.optional()?)
}

/// Sets a number.
pub(crate) fn set_mark(conn: &Connection, name: &str, value: u64) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO meta (name, value) VALUES (?1, ?2)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    )?
    .execute(params![name, value])?;
    Ok(())
}

/// The server's epoch as main.db has it: 1 until a restore raises it.
pub(crate) fn epoch(main: &Connection) -> Result<u64> {
    Ok(mark(main, EPOCH)?.unwrap_or(1))
}

/// Puts main.db under an epoch.
pub(crate) fn set_epoch(main: &Connection, epoch: u64) -> Result<()> {
    set_mark(main, EPOCH, epoch)
}

/// Up to which entry of the journal main.db has verified everything.
pub(crate) fn verified_through(main: &Connection) -> Result<u64> {
    Ok(mark(main, VERIFIED_THROUGH)?.unwrap_or(0))
}

/// Writes how far verification has come.
pub(crate) fn set_verified_through(main: &Connection, position: u64) -> Result<()> {
    set_mark(main, VERIFIED_THROUGH, position)
}

/// The last row that main.db has noted for the journal.
pub(crate) fn last_outgoing(main: &Connection) -> Result<i64> {
    let mut select = main.prepare_cached("SELECT coalesce(max(id), 0) FROM outgoing")?;
    Ok(select.query_row([], |row| row.get(0))?)
}

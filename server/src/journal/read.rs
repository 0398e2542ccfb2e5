//! Reading journal.db.

use rusqlite::{Connection, OptionalExtension as _, params};
use sync_core::{
    DeviceId, Sha256,
    bundle::{ChainHead, JournalPayload},
};

use crate::error::{Error, Result};

/// An entry as a replay meets it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replayed {
    /// Its place.
    pub position: u64,
    /// When it was written, ms.
    pub time_ms: i64,
    /// The row of `outgoing` it came from; none for what phones sent.
    pub source: Option<i64>,
    /// What it says.
    pub payload: JournalPayload,
}

/// The last position.
pub fn last_position(conn: &Connection) -> Result<u64> {
    super::rows::last_position(conn)
}

/// The last bundle of a device that is in the journal.
pub fn chain_head(conn: &Connection, device: DeviceId) -> Result<ChainHead> {
    let mut select = conn.prepare_cached(
        "SELECT number, digest FROM chain WHERE device = ?1 ORDER BY number DESC LIMIT 1",
    )?;
    let head = select.query_row(params![device.0], |row| {
        Ok(ChainHead {
            number: row.get(0)?,
            digest: Sha256(row.get(1)?),
        })
    });
    Ok(head.optional()?.unwrap_or_default())
}

/// The digest of one bundle of a device.
pub fn chain_digest(conn: &Connection, device: DeviceId, number: u64) -> Result<Option<Sha256>> {
    let mut select =
        conn.prepare_cached("SELECT digest FROM chain WHERE device = ?1 AND number = ?2")?;
    let digest = select.query_row(params![device.0, number], |row| Ok(Sha256(row.get(0)?)));
    Ok(digest.optional()?)
}

/// One entry.
pub fn entry(conn: &Connection, position: u64) -> Result<Option<Replayed>> {
    Ok(replay_after(conn, position.saturating_sub(1), 1)?
        .into_iter()
        .find(|entry| entry.position == position))
}

/// At most `limit` entries after a position, in order.
pub fn replay_after(conn: &Connection, after: u64, limit: usize) -> Result<Vec<Replayed>> {
    let mut select = conn.prepare_cached(
        "SELECT position, time_ms, source, payload FROM entry
         WHERE position > ?1 ORDER BY position LIMIT ?2",
    )?;
    let rows = select.query_map(params![after, limit], |row| {
        Ok((
            row.get::<_, u64>(0)?,
            row.get::<_, i64>(1)?,
            row.get::<_, Option<i64>>(2)?,
            row.get::<_, Vec<u8>>(3)?,
        ))
    })?;
    rows.map(|row| {
        let (position, time_ms, source, payload) = row?;
        let payload = minicbor::decode(&payload)
            .map_err(|_| Error::Internal("a journal entry cannot be read"))?;
        Ok(Replayed {
            position,
            time_ms,
            source,
            payload,
        })
    })
    .collect()
}

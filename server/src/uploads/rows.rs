//! The tables `file`, `file_reuse` and `upload`.

use rusqlite::{Connection, OptionalExtension as _, params};
use sync_core::{DeviceId, RecordId, Sha256};

use super::{Address, LIFE_MS, container::About};
use crate::{error::Result, store::Tx};

/// A file that counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredFile {
    /// Its length.
    pub bytes: u64,
    /// Its media type, told by its content.
    pub media: String,
    /// Who sent it.
    pub device: DeviceId,
    /// When it was whole, server time, ms.
    pub stored_ms: i64,
}

/// What a device says of a file before it sends it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announced {
    /// Its length.
    pub bytes: u64,
    /// Its media type.
    pub media: String,
}

/// An upload in progress.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Upload {
    pub(super) announced: Announced,
    pub(super) received: u64,
    pub(super) stored: u64,
    pub(super) pieces: u32,
    pub(super) expires_ms: i64,
}

/// A file that came with two records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reuse {
    /// The file.
    pub sha256: Sha256,
    /// The record that had it first.
    pub earlier: RecordId,
    /// When the second came, ms.
    pub seen_ms: i64,
}

/// A file of a record.
pub fn find_file(
    conn: &Connection,
    record: &RecordId,
    sha256: &Sha256,
) -> Result<Option<StoredFile>> {
    let mut select = conn.prepare_cached(
        "SELECT bytes, media, device, stored_ms FROM file WHERE record = ?1 AND sha256 = ?2",
    )?;
    let row = select.query_row(params![record.0, sha256.0], |row| {
        Ok(StoredFile {
            bytes: row.get(0)?,
            media: row.get(1)?,
            device: DeviceId(row.get(2)?),
            stored_ms: row.get(3)?,
        })
    });
    Ok(row.optional()?)
}

/// How many files a record has.
pub fn count_of(conn: &Connection, record: &RecordId) -> Result<u32> {
    let mut select = conn.prepare_cached("SELECT count(*) FROM file WHERE record = ?1")?;
    Ok(select.query_row(params![record.0], |row| row.get(0))?)
}

/// The files of a record that another had before.
pub fn reuses(conn: &Connection, record: &RecordId) -> Result<Vec<Reuse>> {
    let mut select = conn.prepare_cached(
        "SELECT sha256, earlier, seen_ms FROM file_reuse WHERE record = ?1 LIMIT 200",
    )?;
    let rows = select.query_map(params![record.0], |row| {
        Ok(Reuse {
            sha256: Sha256(row.get(0)?),
            earlier: RecordId(row.get(1)?),
            seen_ms: row.get(2)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Bytes of all files and of what uploads announced; uploads that are open.
pub fn totals(conn: &Connection) -> Result<(u64, u64)> {
    let mut select =
        conn.prepare_cached("SELECT file_bytes + announced, uploads FROM file_total")?;
    Ok(select.query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?)
}

/// Bytes that a device has announced and not finished.
pub(super) fn announced_by(conn: &Connection, device: DeviceId) -> Result<u64> {
    let sql = "SELECT coalesce(sum(bytes), 0) FROM upload WHERE device = ?1";
    Ok(conn.query_row(sql, params![device.0], |row| row.get(0))?)
}

/// Notes a file that is whole, and whether another record had it before.
pub(super) fn insert_file(tx: &Tx<'_>, record: &RecordId, about: &About) -> Result<()> {
    let conn = tx.conn();
    let earlier: Option<[u8; 16]> = conn
        .prepare_cached(
            "SELECT record FROM file WHERE sha256 = ?1 AND record <> ?2
             ORDER BY stored_ms, record LIMIT 1",
        )?
        .query_row(params![about.sha256.0, record.0], |row| row.get(0))
        .optional()?;
    conn.prepare_cached(
        "INSERT INTO file (record, sha256, bytes, media, device, stored_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING",
    )?
    .execute(params![
        record.0,
        about.sha256.0,
        about.bytes,
        about.media,
        about.device.0,
        tx.now_ms()
    ])?;
    if let Some(earlier) = earlier {
        conn.prepare_cached(
            "INSERT INTO file_reuse (record, sha256, earlier, seen_ms) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT DO NOTHING",
        )?
        .execute(params![record.0, about.sha256.0, earlier, tx.now_ms()])?;
    }
    Ok(())
}

pub(super) fn find_upload(conn: &Connection, at: &Address) -> Result<Option<Upload>> {
    let mut select = conn.prepare_cached(
        "SELECT bytes, media, received, stored, pieces, expires_ms FROM upload
         WHERE device = ?1 AND record = ?2 AND sha256 = ?3",
    )?;
    let row = select.query_row(params![at.device.0, at.record.0, at.sha256.0], |row| {
        Ok(Upload {
            announced: Announced {
                bytes: row.get(0)?,
                media: row.get(1)?,
            },
            received: row.get(2)?,
            stored: row.get(3)?,
            pieces: row.get(4)?,
            expires_ms: row.get(5)?,
        })
    });
    Ok(row.optional()?)
}

/// Notes an upload as it stands now; it has its whole life before it again.
pub(super) fn put_upload(tx: &Tx<'_>, at: &Address, upload: &Upload) -> Result<i64> {
    let expires_ms = tx.now_ms().saturating_add(LIFE_MS);
    tx.conn()
        .prepare_cached(
            "INSERT INTO upload
               (device, record, sha256, bytes, media, received, stored, pieces, expires_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
             ON CONFLICT (device, record, sha256) DO UPDATE SET
               received = excluded.received, stored = excluded.stored,
               pieces = excluded.pieces, expires_ms = excluded.expires_ms",
        )?
        .execute(params![
            at.device.0,
            at.record.0,
            at.sha256.0,
            upload.announced.bytes,
            upload.announced.media,
            upload.received,
            upload.stored,
            upload.pieces,
            expires_ms
        ])?;
    Ok(expires_ms)
}

pub(super) fn drop_upload(tx: &Tx<'_>, at: &Address) -> Result<bool> {
    let dropped = tx
        .conn()
        .prepare_cached("DELETE FROM upload WHERE device = ?1 AND record = ?2 AND sha256 = ?3")?
        .execute(params![at.device.0, at.record.0, at.sha256.0])?;
    Ok(dropped > 0)
}

/// Uploads whose time is over.
pub(super) fn expired(conn: &Connection, now_ms: i64, limit: usize) -> Result<Vec<Address>> {
    let mut select = conn.prepare_cached(
        "SELECT device, record, sha256 FROM upload WHERE expires_ms < ?1
         ORDER BY expires_ms LIMIT ?2",
    )?;
    let rows = select.query_map(params![now_ms, limit], |row| {
        Ok(Address {
            device: DeviceId(row.get(0)?),
            record: RecordId(row.get(1)?),
            sha256: Sha256(row.get(2)?),
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Forgets the files of an erased record. Their bytes are worth nothing without its key.
pub fn forget(tx: &Tx<'_>, record: &RecordId) -> Result<()> {
    for sql in [
        "DELETE FROM file WHERE record = ?1",
        "DELETE FROM file_reuse WHERE record = ?1 OR earlier = ?1",
        "DELETE FROM upload WHERE record = ?1",
    ] {
        tx.conn().prepare_cached(sql)?.execute(params![record.0])?;
    }
    Ok(())
}

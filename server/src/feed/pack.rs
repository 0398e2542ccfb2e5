//! Packs: many records' snapshots, for a first install or a cursor that leads nowhere.

use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension as _, params};
use sync_core::{
    AuthorClass, DeviceId, RecordId,
    limits::MAX_PART_BYTES,
    sync::{Cursor, PackPart, PackRecord, encode_pack},
};

use super::down::Down;
use crate::{
    App,
    error::{Error, Result},
    records,
};

/// Records of one part.
const RECORDS: usize = 400;
/// Bytes of snapshots that one part gathers before it is packed.
const GATHER_BYTES: usize = 256 * 1024;

/// Serves a grid as a pack, from where the cursor stands in one, or from its beginning.
pub(super) fn serve(
    conn: &Connection,
    app: &App,
    grid: &str,
    head: u64,
    cursor: &Cursor,
    down: &mut Down,
) -> Result<()> {
    let progress = cursor.pack.filter(|_| cursor.epoch == app.core().epoch());
    let at_seq = progress.map_or(head, |progress| progress.at_seq);
    let mut after = progress.map(|progress| progress.after);
    let total: u64 = conn
        .prepare_cached("SELECT count(*) FROM record WHERE grid = ?1 AND placed = 1")?
        .query_row(params![grid], |row| row.get(0))?;
    let authors = authors(conn, grid)?;
    while down.has_room() {
        let first = after.is_none();
        let (records, last, body) = if let Some(part) = app.packs().get(grid, head, after) {
            part
        } else {
            let (end, last, body) = part(conn, app, grid, after)?;
            let made = (end, last, Arc::new(body));
            app.packs().put(grid, head, after, made.clone());
            made
        };
        after = records.or(after);
        down.packs.push(PackPart {
            grid: grid.to_owned(),
            at_seq,
            total,
            last,
            authors: if first { authors.clone() } else { Vec::new() },
            records: body.to_vec(),
            first,
        });
        if last {
            down.more |= at_seq < head;
            return Ok(());
        }
    }
    down.more = true;
    Ok(())
}

/// One part: its last record, whether it is the last part, its body.
fn part(
    conn: &Connection,
    app: &App,
    grid: &str,
    after: Option<RecordId>,
) -> Result<(Option<RecordId>, bool, Vec<u8>)> {
    let ids = ids(conn, grid, after)?;
    let mut packed = Vec::new();
    let (mut bytes, mut taken) = (0, 0);
    for id in &ids {
        if bytes >= GATHER_BYTES {
            break;
        }
        taken += 1;
        let stored = match records::find(conn, app.core().keys(), id) {
            Err(Error::Gone(_)) => continue,
            found => found?,
        };
        let Some(stored) = stored else { continue };
        let snapshot = match records::snapshot(conn, &stored) {
            Ok(snapshot) => snapshot,
            // One damaged record must not keep a grid from a phone.
            Err(Error::State(error)) => {
                tracing::error!(record = %id, %error, "a record cannot be packed");
                continue;
            }
            Err(error) => return Err(error),
        };
        bytes += snapshot.len();
        packed.push(PackRecord {
            record: *id,
            header: stored.header,
            number: stored.number.unwrap_or(0),
            snapshot,
        });
    }
    loop {
        let body = encode_pack(&packed);
        if body.len() <= MAX_PART_BYTES || packed.len() <= 1 {
            let last = taken == ids.len() && ids.len() < RECORDS;
            let end = ids.get(taken.saturating_sub(1)).copied();
            return Ok((end, last, body));
        }
        packed.truncate(packed.len() / 2);
        let end = packed.last().map(|record| record.record);
        taken = ids.iter().take_while(|id| Some(**id) <= end).count();
    }
}

fn ids(conn: &Connection, grid: &str, after: Option<RecordId>) -> Result<Vec<RecordId>> {
    let mut select = conn.prepare_cached(
        "SELECT id FROM record WHERE grid = ?1 AND placed = 1 AND id > ?2 ORDER BY id LIMIT ?3",
    )?;
    // An empty blob is before every id.
    let after = after.map_or_else(Vec::new, |id| id.0.to_vec());
    let rows = select.query_map(params![grid, after, RECORDS], |row| {
        Ok(RecordId(row.get(0)?))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn authors(conn: &Connection, grid: &str) -> Result<Vec<(DeviceId, String)>> {
    let mut select = conn.prepare_cached("SELECT device FROM feed_author WHERE grid = ?1")?;
    let rows = select.query_map(params![grid], |row| Ok(DeviceId(row.get(0)?)))?;
    rows.map(|device| {
        let device = device?;
        Ok((device, label(conn, device)?))
    })
    .collect()
}

/// How people know a device.
pub(super) fn label(conn: &Connection, device: DeviceId) -> Result<String> {
    let fixed = match device.class() {
        AuthorClass::Device => None,
        AuthorClass::Decision => Some("主管裁定"),
        AuthorClass::Office => Some("科室"),
        AuthorClass::Import => Some("导入"),
    };
    if let Some(label) = fixed {
        return Ok(label.to_owned());
    }
    let name: Option<String> = conn
        .prepare_cached(
            "SELECT i.name FROM device d JOIN inspector i ON i.id = d.inspector WHERE d.id = ?1",
        )?
        .query_row(params![device.0], |row| row.get(0))
        .optional()?;
    Ok(name.unwrap_or_default())
}

//! A grid's feed behind a cursor, in parts; or a pack where there is no cursor to go on from.

use rusqlite::{Connection, params};
use sync_core::{
    ActorId, DeviceId, RecordId,
    bundle::{RecordChanges, WireVersion},
    limits::{MAX_CHANGES_PER_BUNDLE, MAX_PART_BYTES},
    sync::{Cursor, FeedBody, FeedItem, FeedPart},
};

use super::{down::Down, pack};
use crate::{
    App,
    devices::Device,
    error::{Error, Result},
    intake::ServerIndex,
    own,
    records::{self, Stored},
};

/// Entries behind which a pack is cheaper than the feed.
const HORIZON: u64 = 10_000;
/// Entries of one part.
const ENTRIES: usize = 1_024;
/// Bytes of chunks and snapshots that one part gathers before it is packed.
const GATHER_BYTES: usize = 144 * 1024;

struct Row {
    seq: u64,
    item: u8,
    n: Option<i64>,
    actor: Option<[u8; 8]>,
    first: u64,
    count: u32,
    bytes: Option<[u8; 6]>,
}

/// Serves one grid.
pub(super) fn serve(
    conn: &Connection,
    app: &App,
    device: &Device,
    grid: &str,
    cursor: &Cursor,
    down: &mut Down,
) -> Result<()> {
    let head: u64 = conn
        .prepare_cached("SELECT coalesce((SELECT seq FROM feed_head WHERE grid = ?1), 0)")?
        .query_row(params![grid], |row| row.get(0))?;
    let known = cursor.epoch == app.core().epoch() && cursor.seq <= head;
    if head == 0 && cursor.pack.is_none() {
        return Ok(());
    }
    if !known || cursor.pack.is_some() || head.saturating_sub(cursor.seq) > HORIZON {
        return pack::serve(conn, app, grid, head, cursor, down);
    }
    let mut from = cursor.seq;
    while from < head && down.has_room() {
        let part = part(conn, app, device, grid, from)?;
        from = part.to_seq;
        down.feeds.push(part);
    }
    down.more |= from < head;
    Ok(())
}

fn part(conn: &Connection, app: &App, device: &Device, grid: &str, from: u64) -> Result<FeedPart> {
    let mut limit = ENTRIES;
    loop {
        let gatherer = Gatherer {
            conn,
            app,
            device: device.id,
            grid,
        };
        let rows = rows(conn, grid, from, limit)?;
        let (body, to) = gatherer.body(&rows, from)?;
        let index = ServerIndex::down(conn, app.core());
        let version = WireVersion::Stripped;
        let part = FeedPart::pack(grid.to_owned(), from, to, &body, version, &index);
        let taken = usize::try_from(to - from).unwrap_or(usize::MAX);
        // A single entry may be larger: it goes alone.
        if part.body.len() <= MAX_PART_BYTES || taken <= 1 {
            return Ok(part);
        }
        limit = taken / 2;
    }
}

fn rows(conn: &Connection, grid: &str, from: u64, limit: usize) -> Result<Vec<Row>> {
    let mut select = conn.prepare_cached(
        "SELECT seq, item, n, actor, first, count, bytes FROM feed
         WHERE grid = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3",
    )?;
    let rows = select.query_map(params![grid, from, limit], |row| {
        Ok(Row {
            seq: row.get(0)?,
            item: row.get(1)?,
            n: row.get(2)?,
            actor: row.get(3)?,
            first: row.get::<_, Option<u64>>(4)?.unwrap_or(0),
            count: row.get::<_, Option<u32>>(5)?.unwrap_or(0),
            bytes: row.get(6)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

struct Gatherer<'a> {
    conn: &'a Connection,
    app: &'a App,
    device: DeviceId,
    grid: &'a str,
}

impl Gatherer<'_> {
    /// The body of the first rows that fit, and the number of the last of them.
    fn body(&self, rows: &[Row], from: u64) -> Result<(FeedBody, u64)> {
        let mut body = FeedBody {
            items: Vec::new(),
            changes: Vec::new(),
        };
        let (mut bytes, mut changes, mut to) = (0, 0, from);
        for row in rows {
            let count = usize::try_from(row.count).unwrap_or(usize::MAX);
            if to > from && (bytes >= GATHER_BYTES || changes + count > MAX_CHANGES_PER_BUNDLE) {
                break;
            }
            if let Some(item) = self.item(row, &mut body.changes)? {
                bytes += match &item {
                    FeedItem::Changes => {
                        changes += count;
                        let last = body.changes.last();
                        last.map_or(0, |group| group.chunks.iter().map(Vec::len).sum())
                    }
                    FeedItem::Placed { snapshot, .. } => {
                        snapshot.as_ref().map_or(64, |bytes| bytes.len())
                    }
                    FeedItem::ServerBundle(bundle) => 3 * bundle.body.len(),
                    FeedItem::Forget { .. } | FeedItem::Author { .. } => 32,
                };
                body.items.push(item);
            }
            to = row.seq;
        }
        Ok((body, to))
    }

    fn stored(&self, n: Option<i64>) -> Result<Option<Stored>> {
        let Some(n) = n else { return Ok(None) };
        let id: [u8; 16] = self
            .conn
            .prepare_cached("SELECT id FROM record WHERE n = ?1")?
            .query_row(params![n], |row| row.get(0))?;
        match records::find(self.conn, self.app.core().keys(), &RecordId(id)) {
            // Erased since: a forget order comes behind.
            Err(Error::Gone(_)) => Ok(None),
            found => found,
        }
    }

    fn item(&self, row: &Row, changes: &mut Vec<RecordChanges>) -> Result<Option<FeedItem>> {
        match row.item {
            1 => self.changes(row, changes),
            2 => self.placed(row),
            3 => {
                let id: Option<[u8; 16]> = self.conn.query_row(
                    "SELECT id FROM record WHERE n = ?1",
                    params![row.n],
                    |row| row.get(0),
                )?;
                Ok(id.map(|id| FeedItem::Forget {
                    record: RecordId(id),
                    move_number: row.first,
                }))
            }
            4 => self.author(row),
            _ => self.own(row),
        }
    }

    fn changes(&self, row: &Row, changes: &mut Vec<RecordChanges>) -> Result<Option<FeedItem>> {
        let Some(actor) = row.actor.map(ActorId) else {
            return Ok(None);
        };
        // Its author has them already, and learns their fate by verdict; after a restore it may
        // have given them up.
        if actor.device() == self.device && self.app.core().epoch() == 1 {
            return Ok(None);
        }
        let Some(stored) = self.stored(row.n)? else {
            return Ok(None);
        };
        // A record that moved on is not here any more; its new grid has it whole.
        if stored.header.grid != self.grid {
            return Ok(None);
        }
        changes.push(RecordChanges {
            record: stored.id,
            header: None,
            proposed: false,
            chunks: records::chunks(self.conn, &stored, actor, row.first, row.count)?,
        });
        Ok(Some(FeedItem::Changes))
    }

    fn placed(&self, row: &Row) -> Result<Option<FeedItem>> {
        let Some(stored) = self.stored(row.n)? else {
            return Ok(None);
        };
        if stored.header.grid != self.grid {
            return Ok(None);
        }
        let number = u32::try_from(row.first).unwrap_or(u32::MAX);
        let snapshot = match row.count {
            0 => None,
            _ => Some(records::snapshot(self.conn, &stored)?.into()),
        };
        Ok(Some(FeedItem::Placed {
            record: stored.id,
            header: stored.header,
            number,
            snapshot,
        }))
    }

    fn author(&self, row: &Row) -> Result<Option<FeedItem>> {
        let Some(device) = row.bytes.map(DeviceId) else {
            return Ok(None);
        };
        Ok(Some(FeedItem::Author {
            device,
            label: pack::label(self.conn, device)?,
        }))
    }

    fn own(&self, row: &Row) -> Result<Option<FeedItem>> {
        let Some(device) = row.bytes.map(DeviceId) else {
            return Ok(None);
        };
        if let Some(stored) = self.stored(row.n)?
            && stored.header.grid != self.grid
        {
            return Ok(None);
        }
        let bundle = own::bundle(self.conn, self.app.core(), device, row.first)?;
        Ok(bundle.map(FeedItem::ServerBundle))
    }
}

//! Appending to feeds. Numbers come from a counter row per grid, written once a transaction in the
//! order of the grids: that stays right where several servers write.

use std::collections::{BTreeMap, HashSet};

use rusqlite::{Connection, OptionalExtension as _, params};
use sync_core::{ActorId, DeviceId};

use crate::error::Result;

/// Counters of the feeds that a transaction appends to.
#[derive(Debug, Default)]
pub(crate) struct FeedWriter {
    heads: BTreeMap<String, Head>,
    /// Devices that the grids' feeds are known to name.
    authors: HashSet<(String, DeviceId)>,
}

#[derive(Debug)]
struct Head {
    seq: u64,
    next_number: u32,
}

/// What is appended.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Entry<'a> {
    /// Accepted changes of one author, by their counts.
    Changes {
        n: i64,
        actor: ActorId,
        first: u64,
        count: u32,
    },
    /// A record under a number, with its history so far or without.
    Placed { n: i64, number: u32, snapshot: bool },
    /// A record left.
    Forget { n: i64, move_number: u64 },
    /// A device's name.
    Author(DeviceId),
    /// A bundle of the server's own.
    Own {
        n: Option<i64>,
        device: DeviceId,
        number: &'a u64,
    },
}

impl FeedWriter {
    fn head(&mut self, conn: &Connection, grid: &str) -> Result<&mut Head> {
        if !self.heads.contains_key(grid) {
            let mut select =
                conn.prepare_cached("SELECT seq, next_number FROM feed_head WHERE grid = ?1")?;
            let found = select
                .query_row(params![grid], |row| {
                    Ok(Head {
                        seq: row.get(0)?,
                        next_number: row.get(1)?,
                    })
                })
                .optional()?;
            let head = found.unwrap_or(Head {
                seq: 0,
                next_number: 0,
            });
            self.heads.insert(grid.to_owned(), head);
        }
        Ok(self.heads.entry(grid.to_owned()).or_insert(Head {
            seq: 0,
            next_number: 0,
        }))
    }

    /// Appends an entry.
    pub(crate) fn push(&mut self, conn: &Connection, grid: &str, entry: Entry<'_>) -> Result<()> {
        let head = self.head(conn, grid)?;
        head.seq += 1;
        let seq = head.seq;
        let mut insert = conn.prepare_cached(
            "INSERT INTO feed (grid, seq, item, n, actor, first, count, bytes)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?;
        let none: Option<&[u8]> = None;
        match entry {
            Entry::Changes {
                n,
                actor,
                first,
                count,
            } => insert.execute(params![grid, seq, 1, n, actor.0, first, count, none])?,
            Entry::Placed {
                n,
                number,
                snapshot,
            } => insert.execute(params![grid, seq, 2, n, none, number, snapshot, none])?,
            Entry::Forget { n, move_number } => {
                insert.execute(params![grid, seq, 3, n, none, move_number, 0, none])?
            }
            Entry::Author(device) => insert.execute(params![
                grid,
                seq,
                4,
                Option::<i64>::None,
                none,
                0,
                0,
                device.0
            ])?,
            Entry::Own { n, device, number } => {
                insert.execute(params![grid, seq, 5, n, none, number, 0, device.0])?
            }
        };
        Ok(())
    }

    /// A number for a record in a grid's feed, for its row: one that came back has a new one, because
    /// phones forgot the old.
    pub(crate) fn number(&mut self, conn: &Connection, grid: &str, n: i64) -> Result<u32> {
        let head = self.head(conn, grid)?;
        let number = head.next_number;
        head.next_number += 1;
        conn.prepare_cached("INSERT INTO feed_number (grid, number, n) VALUES (?1, ?2, ?3)")?
            .execute(params![grid, number, n])?;
        Ok(number)
    }

    /// Names a device in a grid's feed, once.
    pub(crate) fn author(&mut self, conn: &Connection, grid: &str, device: DeviceId) -> Result<()> {
        if !self.authors.insert((grid.to_owned(), device)) {
            return Ok(());
        }
        let new = conn
            .prepare_cached(
                "INSERT INTO feed_author (grid, device) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
            )?
            .execute(params![grid, device.0])?;
        if new > 0 {
            self.push(conn, grid, Entry::Author(device))?;
        }
        Ok(())
    }

    /// Writes the counters.
    pub(crate) fn flush(&mut self, conn: &Connection) -> Result<()> {
        let mut update = conn.prepare_cached(
            "INSERT INTO feed_head (grid, seq, next_number) VALUES (?1, ?2, ?3)
             ON CONFLICT (grid) DO UPDATE SET seq = excluded.seq, next_number = excluded.next_number",
        )?;
        for (grid, head) in std::mem::take(&mut self.heads) {
            update.execute(params![grid, head.seq, head.next_number])?;
        }
        Ok(())
    }
}

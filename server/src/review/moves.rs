//! Moves between grids: a forget order to the old feed, the record whole to the new one. Of two
//! places the one with the higher move number is right.

use rusqlite::params;
use sync_core::{RecordId, bundle::JournalPayload};

use super::acts::{By, need};
use crate::{
    app::News,
    error::{Error, Result},
    feed::Entry,
    records::{self, Stored},
    store::Tx,
};

/// Records that follow one at most.
const FOLLOWERS: usize = 10_000;

/// Moves a record, and what follows it, to another grid.
pub fn move_record(tx: &mut Tx<'_>, record: RecordId, grid: &str, by: &By) -> Result<()> {
    let schemas = tx.core().schemas();
    let known = schemas
        .area(grid)
        .is_some_and(|area| area.level == schemas::area::Level::Grid);
    if !known {
        return Err(Error::invalid("grid", "there is no such grid"));
    }
    let stored = need(tx, &record)?;
    if stored.header.grid == grid {
        return Err(Error::Conflict("the record stands in this grid already"));
    }
    let kind = schemas.kind(&stored.header.kind);
    if kind.is_some_and(|kind| kind.follows().is_some()) && stored.follows.is_some() {
        return Err(Error::Conflict("the record stands where its shop stands"));
    }
    let mut all = vec![stored];
    all.extend(followers(tx, &record)?);
    for mut stored in all {
        if stored.header.grid == grid {
            continue;
        }
        let move_number = stored.header.move_number + 1;
        tx.journal(&JournalPayload::Place {
            record: stored.id,
            grid: grid.to_owned(),
            move_number,
            by: by.person.clone(),
        })?;
        move_to(tx, &mut stored, grid, move_number)?;
    }
    Ok(())
}

/// Moves one record under a move number.
pub(crate) fn move_to(
    tx: &mut Tx<'_>,
    stored: &mut Stored,
    grid: &str,
    move_number: u64,
) -> Result<()> {
    let from = std::mem::replace(&mut stored.header.grid, grid.to_owned());
    stored.header.move_number = move_number;
    if !stored.placed || from == grid {
        return records::relocate(tx, stored);
    }
    let n = stored.n;
    let (conn, feeds) = tx.feeds();
    feeds.push(conn, &from, Entry::Forget { n, move_number })?;
    let number = feeds.number(conn, grid, n)?;
    stored.number = Some(number);
    records::relocate(tx, stored)?;
    let (conn, feeds) = tx.feeds();
    let entry = Entry::Placed {
        n,
        number,
        snapshot: true,
    };
    feeds.push(conn, grid, entry)?;
    authors(tx, stored)?;
    tx.announce(News::Grid(from));
    tx.announce(News::Grid(grid.to_owned()));
    Ok(())
}

/// The new grid's phones know who wrote the record's values.
fn authors(tx: &mut Tx<'_>, stored: &Stored) -> Result<()> {
    let devices: std::collections::BTreeSet<_> = stored
        .registers
        .iter()
        .flat_map(|(_, values)| values)
        .map(|value| value.op.actor.device())
        .collect();
    let grid = stored.header.grid.clone();
    let (conn, feeds) = tx.feeds();
    for device in devices {
        feeds.author(conn, &grid, device)?;
    }
    Ok(())
}

fn followers(tx: &Tx<'_>, record: &RecordId) -> Result<Vec<Stored>> {
    let mut select = tx.conn().prepare_cached(
        "SELECT id FROM record WHERE follows = ?1 AND placed = 1 ORDER BY n LIMIT ?2",
    )?;
    let ids = select.query_map(params![record.0, FOLLOWERS], |row| {
        Ok(RecordId(row.get(0)?))
    })?;
    let mut found = Vec::new();
    for id in ids {
        match records::find(tx.conn(), tx.core().keys(), &id?) {
            Err(Error::Gone(_)) => {}
            stored => found.extend(stored?),
        }
    }
    Ok(found)
}

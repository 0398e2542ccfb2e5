//! Whoever walks a grid is told what spot checks said of it: by month, and no door, no checker.
//!
//! A door of which nobody knows yet what was seen is not told, as the inspector would learn that a
//! check is under way.

use rusqlite::params;
use sync_core::{
    DeviceId, RecordId,
    sync::{DeviceItem, GridFigures},
};

use super::figures::{Counted, Sums};
use crate::{
    cases::clock,
    error::{Error, Result},
    records::visits::month_start,
    store::Tx,
};

/// Longer than a month, shorter than two, ms.
const INTO_NEXT_MS: i64 = 32 * 86_400_000;
/// Months that a new phone is told of.
const MONTHS: i64 = 13;

/// Tells the phones of whoever walks a door's grid how its month stands.
pub(super) fn tell_door(tx: &mut Tx<'_>, batch: i64, door: u32) -> Result<()> {
    let (grid, drawn_ms): (String, i64) = tx.conn().query_row(
        "SELECT d.grid, b.drawn_ms FROM check_door d JOIN check_batch b ON b.id = d.batch
         WHERE d.batch = ?1 AND d.ord = ?2",
        params![batch, door],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    tell_grid(tx, &grid, drawn_ms)
}

/// Tells everybody whose grid a batch was drawn of.
pub(super) fn tell_batch(tx: &mut Tx<'_>, batch: i64) -> Result<()> {
    let mut select = tx.conn().prepare_cached(
        "SELECT DISTINCT d.grid, b.drawn_ms FROM check_door d JOIN check_batch b ON b.id = d.batch
         WHERE d.batch = ?1 AND d.rank IS NOT NULL ORDER BY d.grid",
    )?;
    let rows = select.query_map(params![batch], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let grids: Vec<(String, i64)> = rows.collect::<rusqlite::Result<_>>()?;
    for (grid, drawn_ms) in grids {
        tell_grid(tx, &grid, drawn_ms)?;
    }
    Ok(())
}

/// Tells a phone what its inspector's other phones were told before he had it.
pub(crate) fn tell_phone(tx: &mut Tx<'_>, device: DeviceId) -> Result<()> {
    let since = month_start(tx.now_ms()) - MONTHS * INTO_NEXT_MS;
    let mut select = tx.conn().prepare_cached(
        "SELECT DISTINCT d.grid, b.drawn_ms FROM device p
         JOIN duty u ON u.inspector = p.inspector AND u.until_ms IS NULL
         JOIN check_door d ON d.grid = u.grid AND d.rank IS NOT NULL
         JOIN check_batch b ON b.id = d.batch
         WHERE p.id = ?1 AND b.drawn_ms >= ?2 ORDER BY b.drawn_ms, d.grid",
    )?;
    let rows = select.query_map(params![device.0, since], |row| {
        Ok((row.get(0)?, row.get(1)?))
    })?;
    let drawn: Vec<(String, i64)> = rows.collect::<rusqlite::Result<_>>()?;
    let mut told = std::collections::BTreeSet::new();
    for (grid, drawn_ms) in drawn {
        if told.insert((month_start(drawn_ms), grid.clone()))
            && let Some(figures) = of_month(tx, &grid, drawn_ms)?
        {
            tx.tell(device, &DeviceItem::Figures(figures))?;
        }
    }
    Ok(())
}

fn tell_grid(tx: &mut Tx<'_>, grid: &str, drawn_ms: i64) -> Result<()> {
    let Some(figures) = of_month(tx, grid, drawn_ms)? else {
        return Ok(());
    };
    let mut select = tx.conn().prepare_cached(
        "SELECT p.id FROM duty u JOIN device p ON p.inspector = u.inspector
         WHERE u.grid = ?1 AND u.until_ms IS NULL AND p.revoked_ms IS NULL
           AND p.confirmed_ms IS NOT NULL ORDER BY p.id",
    )?;
    let rows = select.query_map(params![grid], |row| row.get(0).map(DeviceId))?;
    let phones: Vec<DeviceId> = rows.collect::<rusqlite::Result<_>>()?;
    for phone in phones {
        tx.tell(phone, &DeviceItem::Figures(figures.clone()))?;
    }
    Ok(())
}

/// The figures of a grid in the month of a moment; none where nothing was seen yet.
fn of_month(tx: &Tx<'_>, grid: &str, at_ms: i64) -> Result<Option<GridFigures>> {
    let from_ms = month_start(at_ms);
    let to_ms = month_start(from_ms + INTO_NEXT_MS);
    let mut select = tx.conn().prepare_cached(
        "SELECT d.judgement, d.seen, d.held, d.record, d.state, b.state = 'locked'
         FROM check_door d JOIN check_batch b ON b.id = d.batch
         WHERE d.grid = ?1 AND d.rank IS NOT NULL AND b.drawn_ms >= ?2 AND b.drawn_ms < ?3",
    )?;
    let mut rows = select.query(params![grid, from_ms, to_ms])?;
    let (mut sums, mut waiting, mut appealed, mut locked) = (Sums::default(), 0, 0, true);
    while let Some(row) = rows.next()? {
        let door = Counted {
            judgement: row.get(0)?,
            seen: row.get(1)?,
            held: row.get(2)?,
            record: row.get::<_, Option<[u8; 16]>>(3)?.map(RecordId),
        };
        let state: String = row.get(4)?;
        waiting += u32::from(state == "answered");
        appealed += u32::from(state == "appealed");
        locked &= row.get::<_, bool>(5)?;
        sums.count(tx.conn(), tx.core(), door)?;
    }
    if sums.judged == 0 && waiting == 0 {
        return Ok(None);
    }
    let date = clock::date_of(from_ms).map_err(|_| Error::Internal("a month is out of reach"))?;
    Ok(Some(GridFigures {
        month: date.strftime("%Y-%m").to_string(),
        grid: grid.to_owned(),
        waiting,
        appealed,
        not_counted: sums.not_counted,
        shops: (sums.registered, sums.found),
        consistent: (sums.consistent, sums.judged - sums.not_counted),
        residents: sums.residents,
        workers: sums.workers,
        locked,
        told_ms: tx.now_ms(),
    }))
}

//! main.db: records are what their changes say, snapshots load, feeds and streams have no gaps.

use rusqlite::Connection;
use sync_core::{
    RecordId,
    change::{Incoming, Outcome, admit, prove},
    record::RecordState,
};

use super::Checked;
use crate::{
    core::Core,
    error::{Error, Result},
    journal::{last_position, last_source},
    records::{self, Stored},
    store::marks,
};

/// Checks every record and stream.
pub(super) fn check(
    main: &Connection,
    journal: &Connection,
    core: &Core,
    found: &mut Checked,
) -> Result<()> {
    all_records(main, core, found)?;
    feeds(main, found)?;
    counters(main, journal, found)
}

fn all_records(main: &Connection, core: &Core, found: &mut Checked) -> Result<()> {
    let mut select = main.prepare("SELECT id FROM record ORDER BY n")?;
    let ids = select.query_map([], |row| Ok(RecordId(row.get(0)?)))?;
    let (mut whole, mut erased) = (0, 0);
    for id in ids {
        let id = id?;
        match records::find(main, core.keys(), &id) {
            Err(error @ Error::Storage(_)) => return Err(error),
            Err(Error::Gone(_)) => erased += 1,
            Err(_) | Ok(None) => found.fault(|| format!("record {id} cannot be read")),
            Ok(Some(stored)) => {
                whole += 1;
                if let Some(fault) = record(main, &stored)? {
                    found.fault(|| format!("record {id}: {fault}"));
                }
            }
        }
    }
    found.count("records", whole);
    found.count("records that were erased and left a row", erased);
    Ok(())
}

/// What is wrong with a record, if anything.
fn record(main: &Connection, stored: &Stored) -> Result<Option<&'static str>> {
    let count = u32::try_from(stored.registers.change_count()).unwrap_or(u32::MAX);
    let mut state = RecordState::default();
    for chunk in records::in_order(main, stored)? {
        let Ok(incoming) = Incoming::scan(&chunk) else {
            return Ok(Some("a change cannot be read"));
        };
        let admitted = admit(&mut state, std::slice::from_ref(&incoming), &());
        if !matches!(admitted.outcomes.first(), Some(Outcome::Accepted(_))) {
            return Ok(Some("its changes do not fit one another"));
        }
    }
    if state.registers.to_bytes() != stored.registers.to_bytes() {
        return Ok(Some("its registers are not what its changes say"));
    }
    if state.registers.change_count() != u64::from(count) {
        return Ok(Some("changes are missing"));
    }
    if stored.registers.is_empty() {
        return Ok(None);
    }
    match records::load_state(main, stored) {
        Err(error @ Error::Storage(_)) => Err(error),
        Err(_) => Ok(Some("its snapshot cannot be read")),
        Ok(state) if prove(&state).is_err() => Ok(Some("it cannot be saved and loaded")),
        Ok(_) => Ok(None),
    }
}

fn feeds(main: &Connection, found: &mut Checked) -> Result<()> {
    let mut select = main.prepare(
        "SELECT h.grid, h.seq, count(f.seq), coalesce(max(f.seq), 0), h.next_number,
                (SELECT coalesce(max(number) + 1, 0) FROM feed_number n WHERE n.grid = h.grid)
         FROM feed_head h LEFT JOIN feed f ON f.grid = h.grid GROUP BY h.grid",
    )?;
    let mut rows = select.query([])?;
    let mut entries = 0;
    while let Some(row) = rows.next()? {
        let grid: String = row.get(0)?;
        let (head, count, last): (u64, u64, u64) = (row.get(1)?, row.get(2)?, row.get(3)?);
        let (next, used): (u64, u64) = (row.get(4)?, row.get(5)?);
        entries += count;
        if head != count || head != last {
            found.fault(|| format!("feed of {grid}: it has gaps or goes past its counter"));
        }
        if used > next {
            found.fault(|| format!("feed of {grid}: a record number would be given twice"));
        }
    }
    found.count("entries of feeds", entries);
    let headless = "SELECT count(*) FROM feed WHERE grid NOT IN (SELECT grid FROM feed_head)";
    nothing(main, headless, "feeds without a counter", found)?;
    nothing(
        main,
        "SELECT count(*) FROM record r WHERE placed = 1 AND NOT EXISTS
         (SELECT 1 FROM feed_number f WHERE f.grid = r.grid AND f.number = r.number AND f.n = r.n)",
        "records without their number in their grid's feed",
        found,
    )?;
    nothing(
        main,
        "SELECT count(*) FROM (SELECT 1 FROM device_item GROUP BY device
         HAVING max(seq) - min(seq) + 1 <> count(*))",
        "devices' streams with gaps",
        found,
    )
}

fn counters(main: &Connection, journal: &Connection, found: &mut Checked) -> Result<()> {
    let last = last_position(journal)?;
    if marks::verified_through(main)? > last {
        found.fault(|| "main.db has verified what the journal does not have".to_owned());
    }
    let (noted, journalled) = (marks::last_outgoing(main)?, last_source(journal)?);
    // Later than main.db by what happened in between is well, and is caught up with at a start.
    if noted < journalled {
        found.count("entries that main.db has still to do again", {
            (journalled - noted).max(0).cast_unsigned()
        });
    }
    Ok(())
}

fn nothing(main: &Connection, sql: &str, what: &'static str, found: &mut Checked) -> Result<()> {
    let count: u64 = main.query_row(sql, [], |row| row.get(0))?;
    if count > 0 {
        found.fault(|| format!("{what}: {count}"));
    }
    Ok(())
}

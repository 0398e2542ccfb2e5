//! At the end: what the server has, beside what the phones have and what was made.

use std::collections::{BTreeMap, HashMap};

use gridbook_server::{
    config::{Config, Settings},
    keys::{Keys, MasterKey},
    records,
    store::{self, Place},
};
use rusqlite::Connection;
use sync_core::{
    DeviceId, RecordId,
    fieldbook::{FieldbookError, Filter},
    record::View,
};

use super::{
    ReplayError,
    crew::{Crew, PER_GRID},
};
use crate::{server::Server, street::GRIDS, world::schemas};

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Records by kind.
    pub records: BTreeMap<String, u64>,
    /// Changes on the server that phones made.
    pub changes: u64,
    /// Changes that are not on the server as often as they were made: device and record.
    pub missing: Vec<String>,
    /// Held or refused parts of bundles, by state and reason's number.
    pub setbacks: BTreeMap<String, u64>,
    /// Registers in conflict, by state.
    pub conflicts: BTreeMap<String, u64>,
    /// Items by office and rule.
    pub items: BTreeMap<(String, String), u64>,
    /// Cases by state.
    pub cases: BTreeMap<String, u64>,
    /// Rules without an item.
    pub idle_rules: Vec<String>,
    /// Records that a phone sees otherwise than the server, or not at all.
    pub different: Vec<String>,
    /// Phones whose views equal the server's.
    pub equal: usize,
    /// Views that were compared.
    pub compared: u64,
}

/// Looks into the files of a server that has stopped.
pub(super) fn check(server: &Server, crew: &Crew) -> Result<Found, ReplayError> {
    let settings = Settings {
        data: Some(server.data().to_owned()),
        ..Settings::default()
    };
    let config = Config::from_settings(Settings::default(), settings)?;
    let place = Place::folder(&config.data);
    let keys = Keys::open(&place, MasterKey::load_or_make(&config.master_key)?)?;
    let main = store::open(&place, "main.db", true)?;
    let by = |sql: &str| grouped(&main, sql);
    let mut found = Found {
        records: by("SELECT kind, count(*) FROM record WHERE placed GROUP BY 1")?,
        conflicts: by("SELECT state, count(*) FROM conflict GROUP BY 1")?,
        cases: by("SELECT state, count(*) FROM case_file GROUP BY 1")?,
        setbacks: by("SELECT state || ' ' || reason, count(*) FROM held
                      WHERE state IN ('held', 'refused') GROUP BY 1")?,
        items: items(&main)?,
        ..Found::default()
    };
    let rules = schemas();
    found.idle_rules = rules
        .rules()
        .all()
        .iter()
        .map(|rule| rule.id.clone())
        .filter(|id| !found.items.keys().any(|(_, rule)| rule == id))
        .collect();
    edits(&main, crew, &mut found)?;
    for number in 0..crew.phones.len() {
        compare(&main, &keys, crew, number, &mut found)?;
    }
    Ok(found)
}

fn grouped(main: &Connection, sql: &str) -> Result<BTreeMap<String, u64>, ReplayError> {
    let mut select = main.prepare(sql)?;
    let rows = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn items(main: &Connection) -> Result<BTreeMap<(String, String), u64>, ReplayError> {
    let mut select = main.prepare("SELECT office, rule, count(*) FROM item GROUP BY 1, 2")?;
    let rows = select.query_map([], |row| Ok(((row.get(0)?, row.get(1)?), row.get(2)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Every change that a phone committed is on the server, or is held or refused there with a
/// reason.
fn edits(main: &Connection, crew: &Crew, found: &mut Found) -> Result<(), ReplayError> {
    let mut there: HashMap<(DeviceId, RecordId), u32> = HashMap::new();
    let mut select = main.prepare(
        "SELECT substr(c.actor, 1, 6), r.id, count(*) FROM change c JOIN record r ON r.n = c.n
         GROUP BY 1, 2",
    )?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        there.insert((DeviceId(row.get(0)?), RecordId(row.get(1)?)), row.get(2)?);
    }
    let mut select =
        main.prepare("SELECT device, record FROM held WHERE state IN ('held', 'refused')")?;
    let named = select.query_map([], |row| Ok((DeviceId(row.get(0)?), RecordId(row.get(1)?))))?;
    let named: Vec<(DeviceId, RecordId)> = named.collect::<rusqlite::Result<_>>()?;
    for (key, made) in &crew.made {
        let known = there.get(key).copied().unwrap_or(0);
        found.changes += u64::from(known);
        // More than was made would be a change that entered twice.
        if known > *made || known < *made && !named.contains(key) {
            let (device, record) = key;
            let text = format!("{device} {record}: {known} of {made} changes");
            found.missing.push(text);
        }
    }
    Ok(())
}

/// One phone's views against the server's.
fn compare(
    main: &Connection,
    keys: &Keys,
    crew: &Crew,
    number: usize,
    found: &mut Found,
) -> Result<(), ReplayError> {
    let (Some(phone), Some(grid)) = (crew.phones.get(number), GRIDS.get(number / PER_GRID)) else {
        return Ok(());
    };
    let mut select = main.prepare_cached("SELECT id FROM record WHERE grid = ?1 AND placed")?;
    let ids = select.query_map([grid], |row| Ok(RecordId(row.get(0)?)))?;
    let ids: Vec<RecordId> = ids.collect::<rusqlite::Result<_>>()?;
    let before = found.different.len();
    for id in &ids {
        let Some(stored) = records::find(main, keys, id)? else {
            continue;
        };
        found.compared += 1;
        let same = match phone.book.get(id) {
            Ok(seen) => seen.view == View::of(&stored.registers),
            Err(FieldbookError::NoRecord(_)) => false,
            Err(error) => return Err(error.into()),
        };
        if !same {
            found
                .different
                .push(format!("phone {number}: {} {id}", stored.header.kind));
        }
    }
    let all = Filter {
        gone: true,
        ..Filter::default()
    };
    let here = phone.book.count(&all);
    if here != ids.len() {
        let there = ids.len();
        let text = format!("phone {number}: {here} records, the server {there}");
        found.different.push(text);
    }
    found.equal += usize::from(found.different.len() == before);
    Ok(())
}

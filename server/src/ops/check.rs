//! Everything that can be checked in a data folder: signatures of all that was received or signed
//! here, chains, positions, what is sealed, and that records and feeds are what the changes say.

mod journal;
mod main;

use std::{path::Path, sync::Arc};

use rusqlite::Connection;
use schemas::SchemaSet;

use crate::{
    clock::Clock,
    config::Config,
    core::Core,
    error::{Error, Result},
    keys::{Keys, MasterKey},
    store::{Place, open},
};

/// Faults that are told one by one; the rest is counted.
const TOLD: usize = 200;

/// What a check found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// What was looked at, and how much of it.
    pub counts: Vec<(&'static str, u64)>,
    /// What is wrong, in words without values; at most the first 200.
    pub faults: Vec<String>,
    /// How much is wrong.
    pub faulty: u64,
}

impl Checked {
    fn count(&mut self, what: &'static str, number: u64) {
        self.counts.push((what, number));
    }

    fn fault(&mut self, what: impl FnOnce() -> String) {
        self.faulty += 1;
        if self.faults.len() < TOLD {
            self.faults.push(what());
        }
    }
}

/// Checks a data folder; a server may be running on it.
pub fn check(config: &Config, schemas: SchemaSet, clock: Arc<dyn Clock>) -> Result<Checked> {
    for name in ["main.db", "journal.db", "keys.db"] {
        if !config.data.join(name).exists() {
            return Err(Error::NotFound("database in the data folder"));
        }
    }
    let place = Place::folder(&config.data);
    check_at(&place, &config.master_key, schemas, clock)
}

/// The same with the files elsewhere than on the system's disk.
pub fn check_at(
    place: &Place,
    master_key: &Path,
    schemas: SchemaSet,
    clock: Arc<dyn Clock>,
) -> Result<Checked> {
    let mut main = open(place, "main.db", true)?;
    let mut journal = open(place, "journal.db", true)?;
    let keys = Keys::open(place, MasterKey::load(master_key)?)?;
    let core = Core::new(Arc::new(schemas), keys, clock, 1);
    // Each at one moment of it; the journal later, so that it has what main.db speaks of.
    let main = main.transaction()?;
    main.query_row("SELECT count(*) FROM meta", [], |_| Ok(()))?;
    let journal = journal.transaction()?;
    let mut found = Checked::default();
    for (name, conn) in [("main.db", &*main), ("journal.db", &*journal)] {
        pages(name, conn, &mut found)?;
    }
    journal::check(&main, &journal, &core, &mut found)?;
    main::check(&main, &journal, &core, &mut found)?;
    Ok(found)
}

/// SQLite's own check of a file.
fn pages(name: &'static str, conn: &Connection, found: &mut Checked) -> Result<()> {
    let mut select = conn.prepare("PRAGMA integrity_check(20)")?;
    let rows = select.query_map([], |row| row.get::<_, String>(0))?;
    for row in rows {
        let said = row?;
        if said != "ok" {
            found.fault(|| format!("{name}: {said}"));
        }
    }
    Ok(())
}

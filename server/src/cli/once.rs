//! One transaction of main.db, beside a server that may be running.

use std::sync::Arc;

use rusqlite::Connection;
use schemas::SchemaSet;

use crate::{
    config::Config,
    core::Core,
    error::{Error, Result},
    keys::{Keys, MasterKey},
    serve::clock,
    store::{MAIN, Place, Tx, migrate, open, transact},
};

/// Does `job` in a transaction and returns once it is on disk. What it leaves for the journal, the
/// server takes from main.db.
pub(super) fn once<T>(config: &Config, job: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
    std::fs::create_dir_all(&config.data)?;
    let place = Place::folder(&config.data);
    let keys = Keys::open(&place, MasterKey::load_or_make(&config.master_key)?)?;
    let mut main = open(&place, "main.db", false)?;
    migrate(&mut main, MAIN)?;
    let schemas = SchemaSet::builtin().map_err(|_| Error::Internal("the schemas do not parse"))?;
    let epoch = epoch(&main)?;
    let core = Arc::new(Core::new(Arc::new(schemas), keys, clock(config), epoch));
    let (value, _) = transact(&mut main, &core, job)?;
    Ok(value)
}

fn epoch(main: &Connection) -> Result<u64> {
    let sql = "SELECT coalesce((SELECT value FROM meta WHERE name = 'epoch'), 1)";
    Ok(main.query_row(sql, [], |row| row.get(0))?)
}

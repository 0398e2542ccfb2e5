//! One transaction of main.db, beside a server that may be running.

use schemas::SchemaSet;

use crate::{
    config::Config,
    core::Core,
    error::{Error, Result},
    keys::MasterKey,
    ops,
    serve::clock,
    store::{Place, Tx, transact},
};

/// Does `job` in a transaction and returns once it is on disk. What it leaves for the journal, the
/// server takes from main.db.
pub(super) fn once<T>(config: &Config, job: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
    ops::folder::prepare(&config.data)?;
    let place = Place::folder(&config.data);
    let master = MasterKey::load_or_make(&config.master_key)?;
    let schemas = SchemaSet::builtin().map_err(|_| Error::Internal("the schemas do not parse"))?;
    let (core, mut main) = Core::open(&place, master, schemas, clock(config))?;
    let (value, _) = transact(&mut main, &core, job)?;
    Ok(value)
}

//! main.db for a command, beside a server that may be running: SQLite keeps the two apart, and
//! what is left for the journal the server takes from main.db.

use std::sync::Arc;

use rusqlite::{Connection, TransactionBehavior};
use schemas::SchemaSet;

use crate::{
    clock::Clock,
    config::Config,
    core::Core,
    error::{Error, Result},
    keys::MasterKey,
    ops,
    store::{Place, Tx, transact},
};

/// An open main.db.
pub struct Desk {
    main: Connection,
    core: Arc<Core>,
}

impl Desk {
    /// Opens the data folder, which is made if it is not there.
    pub fn open(config: &Config, schemas: SchemaSet, clock: Arc<dyn Clock>) -> Result<Self> {
        ops::folder::prepare(&config.data)?;
        let place = Place::folder(&config.data);
        let master = MasterKey::load_or_make(&config.master_key)?;
        let (core, main) = Core::open(&place, master, schemas, clock)?;
        Ok(Self { main, core })
    }

    /// Schemas, keys, clock.
    pub fn core(&self) -> &Arc<Core> {
        &self.core
    }

    /// Reads, at one moment of main.db.
    pub fn read<T>(&mut self, job: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let tx = self
            .main
            .transaction_with_behavior(TransactionBehavior::Deferred)
            .map_err(Error::from)?;
        job(&tx)
    }

    /// Writes in one transaction, on disk when it returns.
    pub fn write<T>(&mut self, job: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        transact(&mut self.main, &self.core, job).map(|(value, _)| value)
    }
}

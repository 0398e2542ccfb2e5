//! The phone's store: one SQLite file, rows sealed. All I/O of the fieldbook but the network is
//! here; one module per table family holds its SQL.

pub(super) mod attachments;
pub(super) mod bundles;
pub(super) mod cases;
pub(super) mod changes;
pub(super) mod judged;
pub(super) mod load;
pub(super) mod meta;
mod migrate;
pub(super) mod own;
pub(super) mod records;
pub(super) mod schemas;
mod seal;
pub(super) mod small;
pub(super) mod streams;

use std::sync::Arc;

use rusqlite::{Connection, OpenFlags, TransactionBehavior, config::DbConfig};

pub use seal::DataKey;

use super::{
    error::{FieldbookError, Result},
    host::Host,
};

/// Where a book is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Location<'a> {
    /// A file.
    File(&'a str),
    /// A file on another SQLite VFS: the browser's private file system, a disk that fails in a
    /// test.
    Vfs {
        /// The file's name there.
        name: &'a str,
        /// The VFS's name.
        vfs: &'a str,
        /// Whether it can share memory, which the write-ahead log needs.
        shared_memory: bool,
    },
    /// Memory, for tests and trials.
    Memory,
}

/// Prepared statements kept: more than the store has.
const STATEMENTS: usize = 128;

/// An open store. Without a key only what stands in clear can be read.
pub(super) struct Store {
    pub(super) connection: Connection,
    pub(super) host: Arc<dyn Host + Send + Sync>,
    key: Option<DataKey>,
}

impl Store {
    /// Opens or creates the file and brings it up to this version.
    pub(super) fn open(location: Location<'_>, host: Arc<dyn Host + Send + Sync>) -> Result<Self> {
        let flags = OpenFlags::default();
        let (mut connection, journal) = match location {
            Location::File(path) => (Connection::open_with_flags(path, flags)?, "WAL"),
            Location::Vfs {
                name,
                vfs,
                shared_memory,
            } => (
                Connection::open_with_flags_and_vfs(name, flags, vfs)?,
                if shared_memory { "WAL" } else { "TRUNCATE" },
            ),
            Location::Memory => (Connection::open_in_memory()?, "MEMORY"),
        };
        connection.set_transaction_behavior(TransactionBehavior::Immediate);
        if journal == "TRUNCATE" {
            // Each time the file is locked anew SQLite opens the journal to see whether it is hot,
            // and closes it again, which the browser's file system answers with a flush: one for
            // every read. Kept locked it is looked at once.
            connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
        }
        // With a rollback journal FULL is durable only if the journal is truncated, not deleted:
        // a deletion is durable once its directory is synced, which FULL leaves out.
        connection.pragma_update(None, "journal_mode", journal)?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "temp_store", "MEMORY")?;
        connection.pragma_update(None, "cache_size", -2_048)?;
        // Every statement stays prepared, and values bound to it never make SQLite plan it anew:
        // planning took as long as running.
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        migrate::migrate(&mut connection, migrate::MIGRATIONS)?;
        Ok(Self {
            connection,
            host,
            key: None,
        })
    }

    /// Takes the data key: the first one given is the book's, others do not open it.
    pub(super) fn unlock(&mut self, key: DataKey) -> Result<()> {
        const CHECK: &[u8] = b"gridbook";
        if let Some(sealed) = self.meta("check")? {
            key.open("meta", b"check", &sealed)
                .map_err(|_| FieldbookError::WrongKey)?;
        } else {
            let sealed = key.seal(&*self.host, "meta", b"check", CHECK)?;
            self.set_meta("check", &sealed)?;
        }
        self.key = Some(key);
        Ok(())
    }

    /// Runs `work` in one transaction, which is durable once this returns.
    pub(super) fn transaction<T>(&self, work: impl FnOnce() -> Result<T>) -> Result<T> {
        self.begin()?;
        let result = work().and_then(|value| self.commit().map(|()| value));
        if result.is_err() {
            self.roll_back();
        }
        result
    }

    /// Begins a transaction that [`Store::commit`] or [`Store::roll_back`] ends.
    pub(super) fn begin(&self) -> Result<()> {
        Ok(self.connection.execute_batch("BEGIN IMMEDIATE")?)
    }

    /// Makes the transaction durable.
    pub(super) fn commit(&self) -> Result<()> {
        Ok(self.connection.execute_batch("COMMIT")?)
    }

    /// Undoes the transaction; where SQLite already did, nothing happens.
    pub(super) fn roll_back(&self) {
        if !self.connection.is_autocommit() {
            // If this fails the connection is beyond use, and the next call says so.
            let _ = self.connection.execute_batch("ROLLBACK");
        }
    }

    pub(super) fn seal(&self, table: &'static str, row: &[u8], plain: &[u8]) -> Result<Vec<u8>> {
        self.key
            .as_ref()
            .ok_or(FieldbookError::WrongKey)?
            .seal(&*self.host, table, row, plain)
    }

    pub(super) fn open_row(
        &self,
        table: &'static str,
        row: &[u8],
        sealed: &[u8],
    ) -> Result<Vec<u8>> {
        self.key
            .as_ref()
            .ok_or(FieldbookError::WrongKey)?
            .open(table, row, sealed)
    }
}

//! The floor of the disk: a plain SQLite insert with the same pragmas as a fieldbook's.

use std::path::Path;

use rusqlite::Connection;

use crate::{Result, measure::once};

/// A database with one table of blobs.
pub(crate) struct Floor {
    connection: Connection,
}

impl Floor {
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let connection = Connection::open(path)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.execute_batch("CREATE TABLE row (id INTEGER PRIMARY KEY, bytes BLOB)")?;
        Ok(Self { connection })
    }

    /// Seconds that it takes to insert one row durably.
    pub(crate) fn insert(&self, bytes: usize) -> Result<f64> {
        self.insert_many(1, bytes)
    }

    /// Seconds that it takes to insert so many rows in one durable transaction.
    pub(crate) fn insert_many(&self, rows: usize, bytes_each: usize) -> Result<f64> {
        let row = vec![0xA5_u8; bytes_each];
        let ((), took) = once(|| {
            self.connection.execute_batch("BEGIN IMMEDIATE")?;
            for _ in 0..rows {
                let mut insert = self
                    .connection
                    .prepare_cached("INSERT INTO row (bytes) VALUES (?1)")?;
                insert.execute([&row])?;
            }
            Ok(self.connection.execute_batch("COMMIT")?)
        })?;
        Ok(took)
    }
}

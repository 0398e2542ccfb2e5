//! One transaction of main.db, with what its jobs need.

use std::sync::Arc;

use rusqlite::{Connection, params};
use sync_core::bundle::JournalPayload;

use crate::{core::Core, error::Result};

/// A transaction in progress. An error rolls all of it back.
pub struct Tx<'c> {
    conn: &'c Connection,
    core: &'c Arc<Core>,
    now_ms: i64,
    pub(super) journalled: bool,
}

impl<'c> Tx<'c> {
    /// A transaction that `conn` has begun.
    pub const fn new(conn: &'c Connection, core: &'c Arc<Core>, now_ms: i64) -> Self {
        Self {
            conn,
            core,
            now_ms,
            journalled: false,
        }
    }

    /// The connection.
    pub const fn conn(&self) -> &'c Connection {
        self.conn
    }

    /// Schemas, keys, epoch.
    pub const fn core(&self) -> &'c Arc<Core> {
        self.core
    }

    /// Server time of the transaction, ms; in a replay, the time when it happened.
    pub const fn now_ms(&self) -> i64 {
        self.now_ms
    }

    /// Notes what happened for the journal, in this same transaction: it is journalled once, even
    /// if the power fails in between.
    pub fn journal(&mut self, payload: &JournalPayload) -> Result<()> {
        let bytes = minicbor::to_vec(payload)
            .map_err(|_| crate::error::Error::Internal("a journal entry cannot be written"))?;
        let mut insert = self
            .conn
            .prepare_cached("INSERT INTO outgoing (time_ms, payload) VALUES (?1, ?2)")?;
        insert.execute(params![self.now_ms, bytes])?;
        self.journalled = true;
        Ok(())
    }

    /// Notes what a person did: `act` in fixed words, `object` ids only, never a personal value.
    pub fn journal_act(&mut self, by: &str, act: &str, object: &str, reason: &str) -> Result<()> {
        self.journal(&JournalPayload::Act {
            by: by.to_owned(),
            act: act.to_owned(),
            object: object.to_owned(),
            reason: reason.to_owned(),
        })
    }
}

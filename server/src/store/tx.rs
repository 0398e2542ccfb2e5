//! One transaction of main.db, with what its jobs need.

use std::{cell::RefCell, collections::BTreeSet, sync::Arc};

use rusqlite::{Connection, params};
use sync_core::{DeviceId, bundle::JournalPayload, sync::DeviceItem};

use crate::{
    app::News,
    core::Core,
    devices::{self, Device},
    error::{Error, Result},
    feed::FeedWriter,
};

/// A transaction in progress. An error rolls all of it back.
pub struct Tx<'c> {
    conn: &'c Connection,
    core: &'c Arc<Core>,
    now_ms: i64,
    journalled: bool,
    feeds: FeedWriter,
    news: BTreeSet<News>,
    touched: Vec<i64>,
    replayed: bool,
    author: RefCell<Option<Arc<Device>>>,
    /// The number of the last record, once one was made.
    last_record: Option<i64>,
}

/// What a committed transaction leaves to be done.
#[derive(Debug, Default)]
pub(crate) struct Left {
    /// Whether something waits for the journal.
    pub(crate) journalled: bool,
    pub(crate) news: BTreeSet<News>,
    /// Records whose snapshots are behind.
    pub(crate) touched: Vec<i64>,
}

impl<'c> Tx<'c> {
    /// A transaction that `conn` has begun.
    pub fn new(conn: &'c Connection, core: &'c Arc<Core>, now_ms: i64) -> Self {
        Self {
            conn,
            core,
            now_ms,
            journalled: false,
            feeds: FeedWriter::default(),
            news: BTreeSet::new(),
            touched: Vec::new(),
            replayed: false,
            author: RefCell::default(),
            last_record: None,
        }
    }

    /// A transaction that does again what stands in the journal, at the time when it happened:
    /// nothing is journalled anew.
    pub fn replay(conn: &'c Connection, core: &'c Arc<Core>, then_ms: i64) -> Self {
        Self {
            replayed: true,
            ..Self::new(conn, core, then_ms)
        }
    }

    /// Whether this does again what stands in the journal.
    pub const fn is_replay(&self) -> bool {
        self.replayed
    }

    /// Writes what was gathered, before the commit.
    pub(crate) fn finish(&mut self) -> Result<Left> {
        self.feeds.flush(self.conn)?;
        Ok(Left {
            journalled: self.journalled,
            news: std::mem::take(&mut self.news),
            touched: std::mem::take(&mut self.touched),
        })
    }

    /// The feeds, to append to.
    pub(crate) fn feeds(&mut self) -> (&'c Connection, &mut FeedWriter) {
        (self.conn, &mut self.feeds)
    }

    /// Something to be told once it is on disk.
    pub fn announce(&mut self, news: News) {
        self.news.insert(news);
    }

    /// A record's snapshot is behind.
    pub(crate) fn touch(&mut self, n: i64) {
        self.touched.push(n);
    }

    /// Puts an item on a device's own stream.
    pub fn tell(&mut self, device: DeviceId, item: &DeviceItem) -> Result<()> {
        let bytes = minicbor::to_vec(item)
            .map_err(|_| Error::Internal("a device item cannot be written"))?;
        self.conn
            .prepare_cached(
                "INSERT INTO device_item (device, seq, bytes) VALUES (?1,
                 (SELECT coalesce(max(seq), 0) + 1 FROM device_item WHERE device = ?1), ?2)",
            )?
            .execute(params![device.0, bytes])?;
        self.announce(News::Device(device));
        Ok(())
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

    /// The device that a bundle is of, looked up once for all of the bundle's records.
    pub(crate) fn author(&self, id: DeviceId) -> Result<Arc<Device>> {
        if let Some(known) = self.author.borrow().as_ref().filter(|known| known.id == id) {
            return Ok(known.clone());
        }
        let found = devices::find(self.conn, self.core, id)?
            .ok_or(Error::Internal("a bundle's device is not known"))?;
        let found = Arc::new(found);
        *self.author.borrow_mut() = Some(found.clone());
        Ok(found)
    }

    /// A number for a new record.
    pub(crate) fn next_record(&mut self) -> Result<i64> {
        let last = match self.last_record {
            Some(last) => last,
            None => self
                .conn
                .prepare_cached("SELECT coalesce(max(n), 0) FROM record")?
                .query_row([], |row| row.get(0))?,
        };
        let next = last + 1;
        self.last_record = Some(next);
        Ok(next)
    }

    /// Notes what happened for the journal, in this same transaction: it is journalled once, even
    /// if the power fails in between.
    pub fn journal(&mut self, payload: &JournalPayload) -> Result<()> {
        if self.replayed {
            return Ok(());
        }
        let bytes = minicbor::to_vec(payload)
            .map_err(|_| Error::Internal("a journal entry cannot be written"))?;
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

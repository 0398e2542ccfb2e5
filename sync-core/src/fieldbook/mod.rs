//! The fieldbook: what a phone keeps and does, online or not.
//!
//! A commit is durable when the call returns. Lists and forms read summaries and registers;
//! Automerge authors changes. Everything is sealed under the data key but ids, counters, states
//! and what a locked phone needs to send its outbox.
//!
//! Only `store` and `transport` do I/O.

mod apply;
mod attachments;
mod commit;
mod compact;
mod contact;
mod edits;
mod enrol;
mod error;
mod facts;
mod host;
mod index;
mod locked;
mod outbox;
mod place;
mod read;
pub mod round;
pub mod search;
mod settle;
pub mod store;
mod stream;
mod summary;
#[cfg(test)]
mod testing;
pub mod transport;
mod undo;
mod versions;
mod wipe;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, OnceLock},
};

use schemas::SchemaSet;

pub use attachments::Attachment;
pub use commit::{Committed, Place};
pub use contact::Contact;
pub use enrol::Identity;
pub use error::{Fault, FieldbookError, Result};
pub use facts::{EntryFacts, Facts, Layout};
pub use host::Host;
pub use locked::LockedBook;
pub use read::{Filter, Listed, RecordView, Returned, Setback};
pub use store::{DataKey, Location};
pub use summary::Summary;
pub use versions::Announced;

use crate::{
    ids::{DeviceId, RecordId, Sha256},
    record::View,
};
use facts::Layouts;
use round::Round;
use search::Index;
use store::Store;

/// A phone's book, open.
pub struct Fieldbook {
    store: Store,
    /// The schemas that came with the app.
    own: Arc<SchemaSet>,
    /// Those that the book works with.
    schemas: Arc<SchemaSet>,
    /// Their digest where the server served them.
    using: Option<Sha256>,
    identity: Option<Identity>,
    /// Which fields of each kind are facts.
    layouts: Layouts,
    /// Summaries of every record in the book.
    list: BTreeMap<RecordId, Listed>,
    search: Index,
    /// What lists and tallies are made of; empty where something changed since.
    round: OnceLock<Round>,
    /// Shops in the order of their doors; empty where a shop changed since.
    doors: OnceLock<Vec<RecordId>>,
    /// Records whose summary changed in the transaction at hand.
    touched: BTreeSet<RecordId>,
    /// Outbox files of other phones in the request at hand.
    carrying: Vec<Vec<u8>>,
    /// The last server bundle given back in the request at hand.
    returning: Option<(DeviceId, u64)>,
}

impl Fieldbook {
    /// Opens or creates a book. The first key given is the book's; `schemas` are those that came
    /// with the app, in whose place the book has what its server announced since.
    pub fn open(
        location: Location<'_>,
        key: DataKey,
        schemas: Arc<SchemaSet>,
        host: Arc<dyn Host + Send + Sync>,
    ) -> Result<Self> {
        let store = Store::open(location, host)?;
        let identity = Identity::load(&store)?;
        Self::unlock(store, identity, key, schemas)
    }

    /// Opens a store with its key.
    fn unlock(
        mut store: Store,
        identity: Option<Identity>,
        key: DataKey,
        schemas: Arc<SchemaSet>,
    ) -> Result<Self> {
        store.unlock(key)?;
        let own = schemas;
        let (schemas, using) = versions::opened(&store, &own)?;
        let mut book = Self {
            store,
            own,
            layouts: Layouts::of(&schemas),
            schemas,
            using,
            identity,
            list: BTreeMap::new(),
            search: Index::new(),
            round: OnceLock::new(),
            doors: OnceLock::new(),
            touched: BTreeSet::new(),
            carrying: Vec::new(),
            returning: None,
        };
        book.summarise_if_needed()?;
        book.reload()?;
        Ok(book)
    }

    /// Writes every summary again if they were made by another version of the schemas or of the
    /// program. Lists and search are to be read anew then.
    fn summarise_if_needed(&mut self) -> Result<()> {
        let made_by = (self.schemas.version(), self.schema_tag(), summary::FORMAT);
        if self.store.meta_cbor::<(u32, u32, u32)>("summarised")? == made_by {
            return Ok(());
        }
        self.store.transaction(|| {
            for record in self.store.record_ids()? {
                if let Some(row) = self.store.record(&record)? {
                    let view = View::of(&row.registers);
                    let summary = Summary::of(&row.header, &view, &self.schemas, &self.layouts);
                    self.store.put_summary(&record, &summary)?;
                }
            }
            self.store.set_meta_cbor("summarised", &made_by)
        })
    }

    /// Bytes of the store.
    pub fn store_bytes(&self) -> Result<u64> {
        self.store.size()
    }

    /// Reads all summaries into memory.
    fn reload(&mut self) -> Result<()> {
        self.list.clear();
        self.search.clear();
        self.touched.clear();
        self.round.take();
        self.doors.take();
        let (list, search, layouts) = (&mut self.list, &mut self.search, &self.layouts);
        self.store.summaries(|id, summary| {
            read::enter(list, search, layouts, id, summary);
        })
    }

    /// Runs `work` in one durable transaction, then brings lists and search up to what it touched.
    /// If it fails nothing of it stays.
    fn transaction<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        self.store.begin()?;
        let result = work(self).and_then(|value| {
            self.store.commit()?;
            Ok(value)
        });
        match result {
            Ok(value) => {
                self.refresh()?;
                Ok(value)
            }
            Err(error) => {
                self.touched.clear();
                self.store.roll_back();
                Err(error)
            }
        }
    }
}

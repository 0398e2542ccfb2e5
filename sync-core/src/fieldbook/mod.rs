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
mod edits;
mod enrol;
mod error;
mod host;
mod index;
mod locked;
mod outbox;
mod place;
mod read;
pub mod search;
mod settle;
pub mod store;
mod summary;
pub mod transport;
mod wipe;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use schemas::SchemaSet;

pub use attachments::Attachment;
pub use commit::{Committed, Place};
pub use enrol::Identity;
pub use error::{Fault, FieldbookError, Result};
pub use host::Host;
pub use locked::LockedBook;
pub use read::{Filter, Listed, RecordView, Returned, Setback};
pub use store::{DataKey, Location};
pub use summary::Summary;

use crate::{
    ids::{DeviceId, RecordId},
    record::View,
};
use search::Index;
use store::Store;

/// A phone's book, open.
pub struct Fieldbook {
    store: Store,
    schemas: Arc<SchemaSet>,
    identity: Option<Identity>,
    /// Summaries of every record in the book.
    list: BTreeMap<RecordId, Listed>,
    search: Index,
    /// Records whose summary changed in the transaction at hand.
    touched: BTreeSet<RecordId>,
    /// Outbox files of other phones in the request at hand.
    carrying: Vec<Vec<u8>>,
    /// The last server bundle given back in the request at hand.
    returning: Option<(DeviceId, u64)>,
}

impl Fieldbook {
    /// Opens or creates a book. The first key given is the book's.
    pub fn open(
        location: Location<'_>,
        key: DataKey,
        schemas: Arc<SchemaSet>,
        host: Arc<dyn Host + Send + Sync>,
    ) -> Result<Self> {
        let mut store = Store::open(location, host)?;
        store.unlock(key)?;
        let identity = Identity::load(&store)?;
        let mut book = Self {
            store,
            schemas,
            identity,
            list: BTreeMap::new(),
            search: Index::new(),
            touched: BTreeSet::new(),
            carrying: Vec::new(),
            returning: None,
        };
        book.reload()?;
        book.summarise_if_needed()?;
        Ok(book)
    }

    /// The schemas that this book works with.
    pub fn schemas(&self) -> &SchemaSet {
        &self.schemas
    }

    /// Takes another version of the schemas, which the server announced: lists and search are made
    /// of what it names.
    pub fn set_schemas(&mut self, schemas: Arc<SchemaSet>) -> Result<()> {
        self.schemas = schemas;
        self.summarise_if_needed()
    }

    /// The schema version that the server announced last, and whether it is a draft.
    pub fn announced_schema(&self) -> Result<Option<(u32, bool)>> {
        let announced: (u32, bool) = self.store.meta_cbor("announced_schema")?;
        Ok((announced.0 > 0).then_some(announced))
    }

    /// Writes every summary again if they were made by another version of the schemas.
    fn summarise_if_needed(&mut self) -> Result<()> {
        let version = self.schemas.version();
        let made_by: u32 = self.store.meta_cbor("summary_schema")?;
        if made_by == version {
            return Ok(());
        }
        let records: Vec<RecordId> = self.list.keys().copied().collect();
        self.transaction(|book| {
            for record in records {
                if let Some(row) = book.store.record(&record)? {
                    let view = View::of(&row.registers);
                    let summary = Summary::of(&row.header, &view, &book.schemas);
                    book.store.put_summary(&record, &summary)?;
                    book.touched.insert(record);
                }
            }
            book.store.set_meta_cbor("summary_schema", &version)
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
        let (list, search) = (&mut self.list, &mut self.search);
        self.store.summaries(|id, summary| {
            read::enter(list, search, id, summary);
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

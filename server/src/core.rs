//! What every part of the server needs at hand: schemas, keys, clock, epoch.

use std::sync::{
    Arc, PoisonError, RwLock,
    atomic::{AtomicU64, Ordering},
};

use rusqlite::Connection;
use schemas::SchemaSet;
use tokio::sync::broadcast;

use crate::{
    app::News,
    clock::Clock,
    devices::Registry,
    error::Result,
    keys::{Keys, MasterKey},
    metrics::Metrics,
    records::{Opened, Spans, visits::Visit},
    store::{MAIN, Place, marks, migrate, open},
    versions,
};

/// News that a slow listener may be behind.
const NEWS: usize = 256;

/// Shared by all threads.
pub struct Core {
    schemas: RwLock<Arc<SchemaSet>>,
    keys: Keys,
    clock: Arc<dyn Clock>,
    epoch: AtomicU64,
    devices: Registry,
    news: broadcast::Sender<News>,
    metrics: Metrics,
    visits: Opened<Visit>,
    presences: Opened<Spans>,
}

impl Core {
    /// Opens keys.db and main.db, which are made if they are not there: the core, and main.db to
    /// write to.
    pub(crate) fn open(
        place: &Place,
        master: MasterKey,
        schemas: SchemaSet,
        clock: Arc<dyn Clock>,
    ) -> Result<(Arc<Self>, Connection)> {
        let keys = Keys::open(place, master)?;
        let mut main = open(place, "main.db", false)?;
        migrate(&mut main, MAIN)?;
        let epoch = marks::epoch(&main)?;
        let published = versions::newest(&main, &schemas)?;
        let schemas = Arc::new(published.unwrap_or(schemas));
        let core = Self::new(schemas, keys, clock, epoch);
        Ok((Arc::new(core), main))
    }

    /// A core with schemas, keys and a clock; the epoch is main.db's.
    pub fn new(schemas: Arc<SchemaSet>, keys: Keys, clock: Arc<dyn Clock>, epoch: u64) -> Self {
        Self {
            schemas: RwLock::new(schemas),
            keys,
            clock,
            epoch: AtomicU64::new(epoch),
            devices: Registry::default(),
            news: broadcast::channel(NEWS).0,
            metrics: Metrics::default(),
            visits: Opened::default(),
            presences: Opened::default(),
        }
    }

    /// What was opened of visits.
    pub(crate) const fn visits(&self) -> &Opened<Visit> {
        &self.visits
    }

    /// Since when records were there, or not, as far as their changes were read.
    pub(crate) const fn presences(&self) -> &Opened<Spans> {
        &self.presences
    }

    /// The schemas in force.
    pub fn schemas(&self) -> Arc<SchemaSet> {
        self.schemas
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Puts another version of the schemas in force.
    pub fn set_schemas(&self, schemas: Arc<SchemaSet>) {
        *self.schemas.write().unwrap_or_else(PoisonError::into_inner) = schemas;
    }

    /// Record keys and the server's own.
    pub const fn keys(&self) -> &Keys {
        &self.keys
    }

    /// What is kept of devices in memory.
    pub const fn devices(&self) -> &Registry {
        &self.devices
    }

    /// Where news are told.
    pub const fn news(&self) -> &broadcast::Sender<News> {
        &self.news
    }

    /// Counters for operators.
    pub const fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// The clock.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    /// Server time, ms.
    pub fn now_ms(&self) -> i64 {
        self.clock.now_ms()
    }

    /// The server's epoch: raised by a restore.
    pub fn epoch(&self) -> u64 {
        self.epoch.load(Ordering::Relaxed)
    }

    /// The server was restored: it goes on under another epoch.
    pub(crate) fn set_epoch(&self, epoch: u64) {
        self.epoch.store(epoch, Ordering::Relaxed);
    }

    /// Whether records of this kind are sealed. A kind that no schema names is: who knows what it
    /// holds.
    pub fn is_personal(&self, kind: &str) -> bool {
        self.schemas()
            .kind(kind)
            .is_none_or(schemas::Kind::personal)
    }
}

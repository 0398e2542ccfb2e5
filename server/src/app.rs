//! The running server: what its HTTP handlers reach.

use std::sync::{Arc, MutexGuard, PoisonError};

use schemas::SchemaSet;
use sync_core::DeviceId;
use tokio::sync::{Mutex, broadcast};

use crate::{
    clock::Clock,
    config::Config,
    core::Core,
    devices::{self, Device},
    error::{Error, Result},
    feed::PackCache,
    intake::{Backlog, work_of},
    journal::{self, Journal},
    keys::MasterKey,
    metrics::Metrics,
    ops,
    store::{FolderLock, Place, Readers, Tx, Writer, marks},
    verify::Worker,
    versions,
};

/// Reading connections at most.
const READERS: usize = 8;
/// Lanes in which devices' requests go one after the other.
const LANES: usize = 256;
/// Entries of the journal that are read at once after a start.
const REPLAY: usize = 256;

/// Something that a phone or a console page may want to fetch.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum News {
    /// A grid's feed went on.
    Grid(String),
    /// A device's own stream went on.
    Device(sync_core::DeviceId),
    /// An office's inbox changed.
    Office(String),
    /// The queue of conflicts or held changes of a grid changed.
    Review(String),
}

/// Cheap to clone; every handler has one.
#[derive(Clone)]
pub struct App(Arc<Parts>);

struct Parts {
    config: Config,
    core: Arc<Core>,
    readers: Readers,
    writer: Writer,
    journal: Journal,
    backlog: Arc<Backlog>,
    lanes: Vec<Arc<Mutex<()>>>,
    packs: PackCache,
    folder: std::sync::Mutex<Option<FolderLock>>,
}

impl App {
    /// Opens the data folder and starts the threads that work on it.
    pub fn open(config: Config, schemas: SchemaSet, clock: Arc<dyn Clock>) -> Result<Self> {
        ops::folder::prepare(&config.data)?;
        let place = Place::folder(&config.data);
        let lock = FolderLock::take(&config.data)?;
        let app = Self::open_at(config, &place, schemas, clock)?;
        *app.folder() = Some(lock);
        Ok(app)
    }

    fn folder(&self) -> MutexGuard<'_, Option<FolderLock>> {
        self.0.folder.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The same with the files elsewhere than on the system's disk.
    pub fn open_at(
        config: Config,
        place: &Place,
        schemas: SchemaSet,
        clock: Arc<dyn Clock>,
    ) -> Result<Self> {
        let master = MasterKey::load_or_make(&config.master_key)?;
        let (core, mut main) = Core::open(place, master, schemas, clock)?;
        let journal = Journal::open(place, core.clone())?;
        let backlog = Arc::new(Backlog::default());
        catch_up(&mut main, &core, &journal, &backlog)?;
        versions::at_start(&mut main, &core)?;
        let mut worker = Worker::new(core.clone(), backlog.clone(), journal.clone());
        worker.hand_over(&mut main)?;
        let writer = Writer::spawn(main, core.clone(), worker)?;
        writer.wake();
        let lanes = std::iter::repeat_with(Arc::default).take(LANES).collect();
        Ok(Self(Arc::new(Parts {
            config,
            core,
            readers: Readers::new(place.clone(), "main.db", READERS),
            writer,
            journal,
            backlog,
            lanes,
            packs: PackCache::default(),
            folder: std::sync::Mutex::default(),
        })))
    }

    /// Ends the threads after what waits; everything acknowledged is on disk already.
    pub fn close(&self) {
        self.0.writer.stop();
        self.0.journal.stop();
        drop(self.folder().take());
    }

    /// A device, if it is known.
    pub async fn device(&self, id: DeviceId) -> Result<Device> {
        let core = self.0.core.clone();
        self.read(move |conn| devices::find(conn, &core, id))
            .await?
            .ok_or(Error::Unauthenticated("the device is not known"))
    }

    /// The lane of a device: its bundles come one after the other.
    pub(crate) fn lane(&self, device: DeviceId) -> Arc<Mutex<()>> {
        let DeviceId([.., high, low]) = device;
        let at = usize::from(u16::from_be_bytes([high, low])) % LANES;
        self.0.lanes.get(at).cloned().unwrap_or_default()
    }

    /// Parts of packs that were made.
    pub fn packs(&self) -> &PackCache {
        &self.0.packs
    }

    /// The journal.
    pub fn journal(&self) -> &Journal {
        &self.0.journal
    }

    /// What is acknowledged and not yet verified.
    pub fn backlog(&self) -> &Backlog {
        &self.0.backlog
    }

    /// Listens for what happens from now on.
    pub fn news(&self) -> broadcast::Receiver<News> {
        self.0.core.news().subscribe()
    }

    /// Counters for operators.
    pub fn metrics(&self) -> &Metrics {
        self.0.core.metrics()
    }

    /// Settings.
    pub fn config(&self) -> &Config {
        &self.0.config
    }

    /// Schemas, keys, clock, epoch.
    pub fn core(&self) -> &Arc<Core> {
        &self.0.core
    }

    /// Reads main.db, at one moment of it.
    pub async fn read<T, F>(&self, job: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&rusqlite::Connection) -> Result<T> + Send + 'static,
    {
        self.0.readers.read(job).await
    }

    /// Writes main.db in one transaction; returns once it is on disk.
    pub async fn write<T, F>(&self, job: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        self.0.writer.write(job).await
    }

    /// The writer.
    pub fn writer(&self) -> &Writer {
        &self.0.writer
    }
}

/// What the journal has and main.db has not: after a crash, the bundles that were acknowledged and
/// not verified; after a restore, everything since main.db's copy was made.
fn catch_up(
    main: &mut rusqlite::Connection,
    core: &Arc<Core>,
    journal: &Journal,
    backlog: &Backlog,
) -> Result<()> {
    let behind = journal.source_at_start() > marks::last_outgoing(main)?;
    if behind {
        journal
            .readers()
            .read_now(|conn| ops::replay_rest(main, core, conn))?;
    }
    let mut after = marks::verified_through(main)?;
    loop {
        let entries = journal
            .readers()
            .read_now(|conn| journal::replay_after(conn, after, REPLAY))?;
        let Some(last) = entries.last().map(|entry| entry.position) else {
            return Ok(());
        };
        for entry in &entries {
            let ahead: bool = main.query_row(
                "SELECT EXISTS (SELECT 1 FROM verified_ahead WHERE position = ?1)",
                [entry.position],
                |row| row.get(0),
            )?;
            if !ahead && let Some(work) = work_of(core, entry)? {
                backlog.push(vec![work]);
            }
        }
        after = last;
    }
}

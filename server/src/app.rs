//! The running server: what its HTTP handlers reach.

use std::sync::Arc;

use schemas::SchemaSet;
use tokio::sync::broadcast;

use crate::{
    clock::Clock,
    config::Config,
    core::Core,
    error::{Error, Result},
    keys::{Keys, MasterKey},
    store::{Background, MAIN, Place, Readers, Tx, Writer, migrate, open},
};

/// Reading connections at most.
const READERS: usize = 8;
/// News that a slow listener may be behind.
const NEWS: usize = 256;

/// Something that a phone or a console page may want to fetch.
#[derive(Clone, Debug, PartialEq, Eq)]
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
    news: broadcast::Sender<News>,
}

struct Nothing;

impl Background for Nothing {
    fn step(&mut self, _: &mut rusqlite::Connection) -> Result<bool> {
        Ok(false)
    }

    fn journalled(&mut self, _: &mut rusqlite::Connection) -> Result<()> {
        Ok(())
    }
}

impl App {
    /// Opens the data folder and starts the threads that work on it.
    pub fn open(config: Config, schemas: SchemaSet, clock: Arc<dyn Clock>) -> Result<Self> {
        std::fs::create_dir_all(&config.data)?;
        let place = Place::folder(&config.data);
        Self::open_at(config, &place, schemas, clock)
    }

    /// The same with the files elsewhere than on the system's disk.
    pub fn open_at(
        config: Config,
        place: &Place,
        schemas: SchemaSet,
        clock: Arc<dyn Clock>,
    ) -> Result<Self> {
        let master = MasterKey::load_or_make(&config.master_key)?;
        let keys = Keys::open(place, master)?;
        let mut main = open(place, "main.db", false)?;
        migrate(&mut main, MAIN)?;
        let epoch = epoch(&main)?;
        let core = Arc::new(Core::new(Arc::new(schemas), keys, clock, epoch));
        let writer = Writer::spawn(main, core.clone(), Nothing)?;
        Ok(Self(Arc::new(Parts {
            config,
            core,
            readers: Readers::new(place.clone(), "main.db", READERS),
            writer,
            news: broadcast::channel(NEWS).0,
        })))
    }

    /// Listens for what happens from now on.
    pub fn news(&self) -> broadcast::Receiver<News> {
        self.0.news.subscribe()
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

fn epoch(main: &rusqlite::Connection) -> Result<u64> {
    main.execute(
        "INSERT INTO meta (name, value) VALUES ('epoch', 1) ON CONFLICT DO NOTHING",
        [],
    )?;
    let epoch = main.query_row("SELECT value FROM meta WHERE name = 'epoch'", [], |row| {
        row.get(0)
    });
    epoch.map_err(Error::from)
}

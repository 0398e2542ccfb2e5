//! The server's own pieces in this process, without HTTP: on any disk, at any time.

use std::{path::Path, sync::Arc};

use gridbook_server::{
    App, Error, Result, clock::ManualClock, config::Config, devices, intake, store::Place,
    store::Tx,
};
use rusqlite::{Connection, params};
use schemas::SchemaSet;
use sync_core::{
    DeviceId,
    sync::{EnrolReply, EnrolRequest},
};
use tokio::runtime::Runtime;

use crate::world::{Upstream, schemas};

/// A tempting number for a ticket's life: a day, ms.
const DAY_MS: i64 = 86_400_000;

/// A running server.
pub struct Central {
    /// Its parts.
    pub app: App,
    /// Its clock.
    pub clock: Arc<ManualClock>,
    runtime: Arc<Runtime>,
}

impl Central {
    /// Starts on a folder.
    pub fn start(dir: &Path, now_ms: i64) -> Result<Self> {
        std::fs::create_dir_all(dir)?;
        Self::start_at(&Place::folder(dir), dir, now_ms)
    }

    /// Starts with the files on another disk; the master key lies in the folder.
    pub fn start_at(place: &Place, dir: &Path, now_ms: i64) -> Result<Self> {
        Self::start_with(Config::in_folder(dir), place, now_ms)
    }

    /// Starts with other settings than the usual ones.
    pub fn start_with(config: Config, place: &Place, now_ms: i64) -> Result<Self> {
        Self::start_as(config, place, (*schemas()).clone(), now_ms)
    }

    /// Starts as a program that came with other schemas.
    pub fn start_as(
        config: Config,
        place: &Place,
        schemas: SchemaSet,
        now_ms: i64,
    ) -> Result<Self> {
        let clock = Arc::new(ManualClock::new(now_ms));
        let app = App::open_at(config, place, schemas, clock.clone())?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()?;
        Ok(Self {
            app,
            clock,
            runtime: Arc::new(runtime),
        })
    }

    /// Writes main.db.
    pub fn write<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Tx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.runtime.block_on(self.app.write(job))
    }

    /// Reads main.db.
    pub fn read<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.runtime.block_on(self.app.read(job))
    }

    /// Answers a request as `POST /v1/sync` does.
    pub fn sync(&self, device: DeviceId, request: &[u8]) -> Result<Vec<u8>> {
        let answer = intake::answer(&self.app, device, request.to_vec());
        self.runtime.block_on(answer)
    }

    /// Waits until everything acknowledged is verified.
    pub fn settle(&self) {
        let waits = async {
            while !self.app.backlog().is_empty() {
                tokio::time::sleep(std::time::Duration::from_millis(1)).await;
            }
        };
        self.runtime.block_on(waits);
    }

    /// Waits until what stands beside records is as the schemas in force say.
    pub fn reprojected(&self) -> Result<()> {
        let left = "SELECT EXISTS (SELECT 1 FROM projection WHERE done < through)";
        while self.read(|conn| Ok(conn.query_row(left, [], |row| row.get::<_, bool>(0))?))? {
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
        Ok(())
    }

    /// An inspector with grids, and a ticket for him.
    pub fn ticket(&self, name: &str, grids: &[&str]) -> Result<String> {
        let name = name.to_owned();
        let grids: Vec<String> = grids.iter().map(|grid| (*grid).to_owned()).collect();
        self.write(move |tx| {
            tx.conn().execute(
                "INSERT INTO inspector (code, name) VALUES
                 ((SELECT 'i-' || (count(*) + 1) FROM inspector), ?1)",
                params![name],
            )?;
            let inspector = tx.conn().last_insert_rowid();
            for grid in grids {
                tx.conn().execute(
                    "INSERT INTO duty (inspector, grid) VALUES (?1, ?2)",
                    params![inspector, grid],
                )?;
            }
            devices::ticket(tx, inspector, DAY_MS, "supervisor")
        })
    }

    /// A ticket for another phone of whoever has this one.
    pub fn another_ticket(&self, device: DeviceId) -> Result<String> {
        self.write(move |tx| {
            let inspector = devices::roster::inspector_of(tx.conn(), device)?;
            devices::ticket(tx, inspector, DAY_MS, "supervisor")
        })
    }

    /// Enrols a phone and confirms it.
    pub fn enrol(&self, request: &EnrolRequest) -> Result<EnrolReply> {
        let request = request.clone();
        self.write(move |tx| {
            let reply = devices::enrol(tx, &request)?;
            let key = tx.core().keys().server_key();
            let certificate = sync_core::bundle::Certificate::verify(&reply.certificate, &key)
                .map_err(|_| Error::Internal("a certificate that does not verify"))?;
            devices::confirm(tx, certificate.device, "supervisor")?;
            Ok(reply)
        })
    }

    /// The same server once more, for another thread.
    #[must_use]
    pub fn share(&self) -> Self {
        Self {
            app: self.app.clone(),
            clock: self.clock.clone(),
            runtime: self.runtime.clone(),
        }
    }

    /// Ends its threads, as a shutdown does.
    pub fn stop(self) {
        self.app.close();
    }
}

impl Upstream for Central {
    fn now_ms(&self) -> i64 {
        self.app.core().now_ms()
    }

    fn answer(&mut self, device: DeviceId, request: &[u8]) -> Option<Vec<u8>> {
        self.sync(device, request).ok()
    }

    fn issue(&mut self, inspector: &str, grids: &[&str]) -> String {
        self.ticket(inspector, grids).unwrap_or_default()
    }

    fn enrol_phone(&mut self, request: &EnrolRequest) -> Option<EnrolReply> {
        self.enrol(request).ok()
    }
}

//! A county: phones and the server's own pieces on a disk, which is lost and restored, rebuilt,
//! and ended in the middle. At the end all is made good, and nothing may be lost or differ.

mod disaster;
mod rest;
mod step;

use std::path::{Path, PathBuf};

use gridbook_server::config::Config;
use schemas::Scalar;
use sync_core::RecordId;

use crate::{
    central::Central,
    props::Checked,
    world::{Link, Phone, Storage},
};

pub use disaster::{forge_older_main, scratch};
pub use step::{Form, Step};

/// The grids of the county.
pub const GRIDS: [&str; 2] = ["310112901001001", "310112901001002"];
/// When it begins.
const NOW: i64 = 1_790_000_000_000;

/// An edit that a phone committed: where its own value must be found again.
#[derive(Clone, Debug)]
pub struct Commit {
    /// The phone.
    pub phone: usize,
    /// The record.
    pub record: RecordId,
    /// The value that nobody else writes.
    pub mark: Scalar,
}

/// A backup.
#[derive(Clone, Debug)]
struct Kept {
    folder: PathBuf,
    /// Restores before it was made: two of one number are of one journal.
    line: u64,
    /// Commits that phones had made by then.
    commits: usize,
}

/// The county.
pub struct County {
    /// The server; none while it is down.
    central: Option<Central>,
    /// The phones.
    pub phones: Vec<Phone>,
    /// Everything that was committed on a phone.
    pub commits: Vec<Commit>,
    /// How many of them may be lost: they were made when phones could forget what they had sent,
    /// and a backup older than that was restored since.
    pub lost: usize,
    /// Restores of the server.
    pub restores: u64,
    /// Restores of a backup older than what phones keep.
    pub too_old: u64,
    /// Rebuilds that were compared.
    pub rebuilds: u64,
    /// Entries that a main.db older than its journal was caught up with.
    pub caught_up: u64,
    folder: PathBuf,
    backups: Vec<Kept>,
    /// Backups of which each can be restored without loss.
    keep: u32,
    marks: u64,
    now_ms: i64,
}

impl County {
    /// So many phones, each with both grids, and a record that all of them have. They keep what is
    /// in fewer than `keep` backups.
    pub fn new(phones: usize, seed: u64, keep: u32) -> Checked<Self> {
        let folder = scratch("county");
        let mut county = Self {
            central: None,
            phones: Vec::new(),
            commits: Vec::new(),
            lost: 0,
            restores: 0,
            too_old: 0,
            rebuilds: 0,
            caught_up: 0,
            folder,
            backups: Vec::new(),
            keep,
            marks: 0,
            now_ms: NOW,
        };
        county.start()?;
        for number in 0..phones {
            let seed = seed.wrapping_mul(31).wrapping_add(number as u64);
            let name = format!("员{number}");
            let phone = Phone::enrolled(county.server()?, Storage::Memory, seed, &name, &GRIDS);
            county
                .phones
                .push(phone.map_err(|error| error.to_string())?);
        }
        county.step(&Step::Create(0, 0))?;
        for phone in 0..phones {
            county.step(&Step::Sync(phone, Link::default()))?;
        }
        county.step(&Step::BackUp)?;
        Ok(county)
    }

    /// The server.
    pub fn server(&mut self) -> Checked<&mut Central> {
        self.central
            .as_mut()
            .ok_or_else(|| "the server is down".to_owned())
    }

    /// The data folder.
    pub fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn config(&self) -> Config {
        Config::in_folder(self.data())
    }

    fn start(&mut self) -> Checked {
        let central = Central::start(&self.data(), self.now_ms);
        self.central = Some(central.map_err(|error| format!("it does not start: {error}"))?);
        Ok(())
    }

    fn stop(&mut self) {
        if let Some(central) = self.central.take() {
            central.stop();
        }
    }

    fn tick(&mut self, ms: i64) {
        self.now_ms += ms;
        if let Some(central) = &self.central {
            central.clock.set(self.now_ms);
        }
    }
}

impl Drop for County {
    fn drop(&mut self) {
        self.stop();
        // What a failed case leaves is in the way of nobody.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn said<T, E: std::fmt::Display>(result: Result<T, E>, what: &str) -> Checked<T> {
    result.map_err(|error| format!("{what}: {error}"))
}

fn exists(path: &Path) -> bool {
    path.exists()
}

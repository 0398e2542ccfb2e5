//! A disk that forgets what was not synced.
//!
//! [`Disk`] registers a VFS with `SQLite`, so that any code that uses `SQLite` can be run on it
//! until power goes, and be asked afterwards what it still knows. [`for_each_sync_point`] does so
//! at every sync the code makes:
//!
//! ```
//! use gridbook_tests::powercut::for_each_sync_point;
//!
//! let sweep = for_each_sync_point(
//!     |disk| {
//!         let mut saved = 0; // what was promised to be durable
//!         let _power_went: rusqlite::Result<()> = (|| {
//!             let book = disk.open("book.db")?;
//!             book.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;")?;
//!             book.execute_batch("CREATE TABLE IF NOT EXISTS visit (number INTEGER)")?;
//!             for number in 0..3 {
//!                 book.execute("INSERT INTO visit VALUES (?1)", [number])?;
//!                 saved = number + 1;
//!             }
//!             Ok(())
//!         })();
//!         saved
//!     },
//!     |disk, outage, saved| {
//!         let book = disk.open("book.db").unwrap();
//!         let found = book.query_row("SELECT count(*) FROM visit", [], |row| row.get(0));
//!         assert!(found.unwrap_or(0) >= *saved, "{outage}");
//!     },
//! )
//! .unwrap();
//! assert!(sweep.points > 3);
//! ```
//!
//! # What an outage leaves
//! - The bytes of a file as of its last sync, and, with [`Survivors::Random`], for each sector of
//!   512 bytes one of the contents it had since: unsynced writes get lost, reordered and torn. An
//!   area by which a file grew can hold rubbish.
//! - Names as of the last sync of their directory. Syncing a file does not keep its name, and a
//!   deleted file can be back; that is all POSIX promises. As on unix, `SQLite` syncs the
//!   directory at the first sync of a new journal or write-ahead log (which also keeps the name of
//!   a new database), and after a deletion when it is told to. Each of these is a sync point.
//! - No locks and no shared memory. A connection from before the outage only gets I/O errors.
//!
//! # What this shows about `SQLite`
//! With `journal_mode = DELETE` and `synchronous = FULL` the deletion of the journal, which is the
//! commit, is not synced: an outage soon after can undo the last transaction whose `COMMIT` had
//! returned. `synchronous = EXTRA`, or one of the modes `TRUNCATE`, `PERSIST` and `WAL`, keeps it.
//!
//! # What repeats
//! A workload that runs in one thread meets the same points each time, and a seed picks the same
//! survivors. Random numbers inside files do not repeat: `SQLite` draws its journals' nonces and
//! salts from a generator of the process.

mod file;
mod files;
mod handle;
mod io;
mod locks;
mod machine;
mod power;
mod random;
mod shm;
mod survive;
mod sweep;
mod vfs;

use std::ffi::CString;
use std::sync::atomic::{AtomicU64, Ordering};

use rusqlite::{Connection, OpenFlags};

use files::Files;
use machine::Shared;
pub use power::Cut;
pub use sweep::{Outage, Points, Sweep, for_each_point, for_each_sync_point};
use vfs::Registration;

/// What an outage leaves of the changes that were not synced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Survivors {
    /// Nothing: only what was synced.
    None,
    /// Some of them, out of order and torn, chosen by a seed.
    Random(u64),
}

/// A copy of a disk at one moment, to try several outages of that moment.
#[derive(Clone, Debug)]
pub struct Image(Files);

/// A disk in memory, its power supply, and the name by which `SQLite` knows it.
#[derive(Debug)]
pub struct Disk {
    vfs_name: String,
    shared: &'static Shared,
    #[allow(dead_code, reason = "held until the disk is dropped")]
    registration: Registration,
}

impl Disk {
    /// An empty disk with power on. `seed` is for the randomness that the disk offers to `SQLite`.
    pub fn new(seed: u64) -> rusqlite::Result<Self> {
        static DISKS: AtomicU64 = AtomicU64::new(0);
        let vfs_name = format!("powercut-{}", DISKS.fetch_add(1, Ordering::Relaxed));
        let shared: &'static Shared = Box::leak(Box::new(Shared::new(seed)));
        let registration = Registration::new(CString::new(vfs_name.as_str())?, shared)?;
        Ok(Self {
            vfs_name,
            shared,
            registration,
        })
    }

    /// The name for [`Connection::open_with_flags_and_vfs`]; no other disk of the process has it.
    pub fn vfs_name(&self) -> &str {
        &self.vfs_name
    }

    /// A name that opens the file on this disk for code that takes only a path, as rusqlite's
    /// default flags allow.
    pub fn uri(&self, path: &str) -> String {
        format!(
            "file:/{}?vfs={}",
            path.trim_start_matches('/'),
            self.vfs_name
        )
    }

    /// Opens or creates a database on this disk, with rusqlite's default flags.
    pub fn open(&self, path: &str) -> rusqlite::Result<Connection> {
        Connection::open_with_flags_and_vfs(path, OpenFlags::default(), self.vfs_name())
    }

    /// Arms a cut, in place of an earlier one; its point counts from when power came on.
    pub fn cut(&self, cut: Cut) {
        self.shared.machine().power.arm(cut);
    }

    /// [`Self::cut`] at [`Cut::AtSync`].
    pub fn cut_at_sync(&self, sync: u64) {
        self.cut(Cut::AtSync(sync));
    }

    /// Cuts power now.
    pub fn power_off(&self) {
        self.shared.machine().power.switch_off();
    }

    /// Ends the outage (and begins it now, if power was on) with what `survivors` leaves.
    /// Counters start again and no cut is armed, so one can be armed for the recovery.
    pub fn power_on(&self, survivors: Survivors) {
        self.shared.machine().power_on(survivors);
    }

    /// A copy of the disk as it is, unsynced changes included.
    pub fn image(&self) -> Image {
        Image(self.shared.machine().files.clone())
    }

    /// Goes back to an image, with power off: [`Self::power_on`] then decides what survived.
    pub fn restore(&self, image: &Image) {
        self.shared.machine().replace_files(image.0.clone());
    }

    /// Whether power is on.
    pub fn is_on(&self) -> bool {
        self.shared.machine().power.is_on()
    }

    /// How many sync points there were since power came on, one that was cut included.
    pub fn syncs(&self) -> u64 {
        self.shared.machine().power.syncs()
    }

    /// How many writes, truncations, creations and deletions there were since power came on;
    /// those of temporary files do not count.
    pub fn writes(&self) -> u64 {
        self.shared.machine().power.writes()
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        self.shared.machine().replace_files(Files::default());
    }
}

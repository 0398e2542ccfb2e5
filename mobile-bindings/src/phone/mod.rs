//! One open book, asked in JSON, answering while it syncs.
//!
//! `{"op": "today", …}` is answered by `{"ok": …}` or `{"error": Problem}`; the operations are
//! those that the app's `Calls` name. The book is locked for each step of a sync alone, never for
//! its length, so that lists, forms and saves work meanwhile.

mod call;
mod form;
mod line;
mod lists;
mod locked;
mod problem;
mod record;
mod recovery;
mod schema;
mod shared;
mod standing;
mod stop;
mod versions;
mod work;

use std::sync::{
    Arc, Mutex, MutexGuard,
    atomic::{AtomicBool, Ordering},
};

use schemas::SchemaSet;
use sync_core::fieldbook::{DataKey, Fieldbook, Host, Location};

pub use line::{Line, PhotoReport, SyncPhase, SyncProgress, SyncReport};
pub use locked::LockedPhone;
pub use problem::{Code, Fault, Problem};
pub use recovery::Recovery;
pub use sync_core::fieldbook::round::Words;
pub use versions::FormsReport;

use stop::Stop;

/// A phone's book, open and shared.
pub struct Phone {
    book: Mutex<Fieldbook>,
    host: Arc<dyn Host + Send + Sync>,
    /// Whether a sync is under way: two would send everything twice.
    syncing: AtomicBool,
    stop: Stop,
}

impl Phone {
    /// Opens or creates a book. The first key given is the book's.
    pub fn open(
        location: Location<'_>,
        key: &[u8; 32],
        host: Arc<dyn Host + Send + Sync>,
    ) -> Result<Self, Problem> {
        let book = Fieldbook::open(location, DataKey::new(key), builtin()?, host.clone())?;
        Ok(Self::around(book, host))
    }

    fn around(book: Fieldbook, host: Arc<dyn Host + Send + Sync>) -> Self {
        Self {
            book: Mutex::new(book),
            host,
            syncing: AtomicBool::new(false),
            stop: Stop::default(),
        }
    }

    /// Ends a sync that is under way, with the problem `cancelled`. What was sent stays sent.
    pub fn stop(&self) {
        self.stop.ask();
    }

    /// Keeps a file for a record, durably, and says its SHA-256 in hex, which the form sets as
    /// the value of a photo field.
    pub fn attach(&self, record: &str, media: &str, bytes: &[u8]) -> Result<String, Problem> {
        let record = call::record_id(record)?;
        Ok(self.book()?.attach(&record, media, bytes)?.to_string())
    }

    /// Everything that is in no backup, sealed to the server, as a file.
    pub fn export_outbox(&self) -> Result<Vec<u8>, Problem> {
        Ok(self.book()?.export_outbox()?)
    }

    /// Forgets everything pulled; what is unsent stays, sealed to the server.
    pub fn wipe(&self) -> Result<(), Problem> {
        Ok(self.book()?.wipe()?)
    }

    /// Sets a record aside with which the core fell over: still listed, not edited any more.
    pub fn set_aside(&self, record: &str) -> Result<(), Problem> {
        let record = call::record_id(record)?;
        Ok(self.book()?.set_aside(&record)?)
    }

    /// The book, for one step.
    fn book(&self) -> Result<MutexGuard<'_, Fieldbook>, Problem> {
        self.book.lock().map_err(|_| fell_over())
    }

    /// Claims the one sync that may be under way; it is given up when the claim is dropped.
    fn claim(&self) -> Result<Claim<'_>, Problem> {
        if self.syncing.swap(true, Ordering::AcqRel) {
            return Err(busy());
        }
        Ok(Claim(&self.syncing))
    }
}

/// The schemas that come with the program.
fn builtin() -> Result<Arc<SchemaSet>, Problem> {
    // They were parsed by its tests.
    let schemas = SchemaSet::builtin().map_err(|_| Problem::call())?;
    Ok(Arc::new(schemas))
}

/// Only one sync may be under way.
pub(crate) fn busy() -> Problem {
    Problem::new(
        Code::Busy,
        "正在同步，请稍候。",
        "A sync is under way; wait a moment.",
    )
}

/// A step of the book panicked, and what it left half done is unknown: open it again.
pub(crate) fn fell_over() -> Problem {
    Problem::new(
        Code::Panic,
        "应用出错，已存的都在。请重新打开应用。",
        "The app made a mistake; what was saved is safe. Open the app again.",
    )
}

struct Claim<'a>(&'a AtomicBool);

impl Drop for Claim<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}

//! Who the phone is, what waits, what a sync did.

use serde::{Deserialize, Serialize};

use super::Words;

/// Who and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, uniffi::Record)]
pub struct Standing {
    /// Whether the phone has a name.
    pub enrolled: bool,
    /// Whose it is.
    pub inspector: Option<Inspector>,
    /// Its device id.
    pub device: Option<String>,
    /// Six syllables of its key, to be read to the supervisor.
    pub words: Vec<String>,
    /// Whether a grid was served, that is, whether the supervisor has confirmed.
    pub confirmed: bool,
    /// When its certificate expires, ms.
    pub expires_ms: Option<i64>,
    /// Its grids.
    pub grids: Vec<Grant>,
    /// The version of the schemas that it works with.
    pub schema: Forms,
    /// The server has ordered this book wiped; what was pulled is gone once nothing is unsent.
    pub wiped: bool,
    /// Bytes on the disk.
    pub store_bytes: u64,
}

/// Whose a phone is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, uniffi::Record)]
pub struct Inspector {
    /// Their id.
    pub id: String,
    /// As people know them.
    pub name: String,
}

/// A grid of this phone's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, uniffi::Record)]
pub struct Grant {
    /// The grid.
    pub grid: String,
    /// What people call it.
    pub label: Words,
    /// Until when it covers for somebody, ms.
    pub until_ms: Option<i64>,
    /// Its records in the book.
    pub records: u64,
}

/// The version of the schemas in use, and the one to come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, uniffi::Record)]
pub struct Forms {
    /// Its number.
    pub version: u32,
    /// Whether it is a draft on trial.
    pub draft: bool,
    /// One that is here and waits for `take_schema`.
    pub ready: Option<SchemaVersion>,
    /// Why the one that was announced is not used.
    pub refused: Option<Words>,
}

/// What a sync made of another version of the schemas.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, uniffi::Enum)]
#[serde(rename_all = "kebab-case")]
pub enum FormsReport {
    /// None was announced.
    None,
    /// It is here, and waits for `take_schema`.
    Fetched,
    /// It is to be fetched another time.
    Later,
    /// It is not used.
    Refused,
}

/// A version of the schemas.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, uniffi::Record)]
pub struct SchemaVersion {
    /// Its number.
    pub version: u32,
    /// Whether it is a draft on trial.
    pub draft: bool,
}

/// What the status line says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, uniffi::Record)]
pub struct Counts {
    /// Changes not yet acknowledged.
    pub waiting: u64,
    /// Photos not yet uploaded whole.
    pub photos: u64,
    /// Records of which the server holds something.
    pub held: u64,
    /// Edits to correct.
    pub refused: u64,
    /// When it was last in step, by the server's clock, ms.
    pub last_sync_ms: Option<i64>,
    /// The server's clock less the phone's, ms.
    pub offset_ms: i64,
}

/// What waits to be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, uniffi::Record)]
pub struct Waiting {
    /// Changes not yet acknowledged.
    pub waiting: u64,
    /// Photos not yet uploaded whole.
    pub photos: u64,
}

/// Which part of a sync is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, uniffi::Enum)]
#[serde(rename_all = "kebab-case")]
pub enum SyncPhase {
    /// Records, both ways.
    Text,
    /// Photos, up.
    Photos,
}

/// Said while a sync goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, uniffi::Record)]
pub struct SyncProgress {
    /// Which part.
    pub phase: SyncPhase,
    /// Changes sent, or photos.
    pub done: u64,
    /// Of so many.
    pub of: u64,
    /// Records in the book so far.
    pub records: u64,
    /// Of so many, while grids come in whole; else 0.
    pub expected: u64,
}

/// What became of photos.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, uniffi::Record)]
pub struct PhotoReport {
    /// Whole at the server.
    pub done: u32,
    /// To be sent another time.
    pub later: u32,
    /// Not taken.
    pub refused: u32,
}

/// What a sync did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, uniffi::Record)]
pub struct SyncReport {
    /// Whether everything was sent and received.
    pub complete: bool,
    /// Bundles sent.
    pub sent_bundles: u64,
    /// Bytes sent.
    pub sent_bytes: u64,
    /// Bytes received.
    pub received_bytes: u64,
    /// Records in the book now.
    pub records: u64,
    /// Photos.
    pub photos: PhotoReport,
    /// What became of another version of the schemas.
    pub forms: FormsReport,
    /// Whether what was pulled was wiped on the server's order.
    pub wiped: bool,
}

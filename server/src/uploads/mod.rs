//! Files of records (photos): taken in resumably, checked, kept sealed where the kind is personal.
//!
//! A file counts once all of it has come, its SHA-256 and its type are what was announced, and it
//! is on disk. Until then it is an upload, which a device resumes or which expires.

mod container;
mod folder;
mod kind;
mod receive;
mod rows;
mod whole;

use std::{
    hash::{DefaultHasher, Hash as _, Hasher as _},
    sync::Arc,
};

use rusqlite::Connection;
use sync_core::{DeviceId, RecordId, Sha256};
use tokio::sync::Mutex;

use crate::{
    app::App,
    core::Core,
    error::{Error, Result},
    keys::RecordKey,
    records,
};

pub use folder::{expire_beside, reindex};
pub use receive::{Begun, append, begin, cancel, expire, offset};
pub use rows::{Announced, Reuse, StoredFile, count_of, find_file, forget, reuses, totals};
pub use whole::{keep_whole, read_whole};

/// How long an upload waits for its next piece, ms.
pub const LIFE_MS: i64 = 7 * 24 * 60 * 60 * 1_000;
/// Bytes of one piece at most.
pub const MAX_PIECE_BYTES: usize = sync_core::limits::MAX_REQUEST_BYTES;

/// Lanes in which the pieces of an upload come one after the other.
const LANES: usize = 64;

/// Keeps two pieces of one upload apart.
pub struct Lanes(Vec<Arc<Mutex<()>>>);

impl Default for Lanes {
    fn default() -> Self {
        Self(std::iter::repeat_with(Arc::default).take(LANES).collect())
    }
}

impl Lanes {
    /// The lane of a file of a device.
    pub fn of(&self, upload: &Address) -> Arc<Mutex<()>> {
        let mut hasher = DefaultHasher::new();
        (upload.device.0, upload.sha256.0).hash(&mut hasher);
        let at = usize::try_from(hasher.finish() % LANES as u64).unwrap_or(0);
        self.0.get(at).cloned().unwrap_or_default()
    }
}

/// What an upload is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Address {
    /// Who sends it.
    pub device: DeviceId,
    /// The record.
    pub record: RecordId,
    /// The file.
    pub sha256: Sha256,
}

/// The key of a file's record, if it is sealed. An error unless the device holds its grid.
pub(crate) fn record_of(
    app: &App,
    conn: &Connection,
    core: &Core,
    device: DeviceId,
    record: &RecordId,
) -> Result<Option<RecordKey>> {
    let known = crate::devices::find(conn, core, device)?
        .ok_or(Error::Unauthenticated("the device is not known"))?;
    let Some(stored) = records::find(conn, core.keys(), record)? else {
        // Its text came a moment ago and is not verified yet.
        return Err(match app.backlog().header(record) {
            Some(_) => Error::Busy {
                retry_after_ms: 1_000,
            },
            None => Error::NotFound("record"),
        });
    };
    // Whether a cover has ended or a certificate expired: what was photographed before may come.
    if known.certificate.opens(&stored.header.grid, i64::MIN) {
        Ok(stored.key)
    } else {
        Err(Error::NotFound("record"))
    }
}

/// The bytes of a file, for whoever may see its record.
pub async fn read(app: &App, record: RecordId, sha256: Sha256) -> Result<(StoredFile, Vec<u8>)> {
    let core = app.core().clone();
    let stored = app.read(move |conn| records::find(conn, core.keys(), &record));
    let stored = stored.await?.ok_or(Error::NotFound("file"))?;
    read_under(app, record, sha256, stored.key).await
}

/// The bytes of a file that lies under a key, or open.
async fn read_under(
    app: &App,
    record: RecordId,
    sha256: Sha256,
    key: Option<RecordKey>,
) -> Result<(StoredFile, Vec<u8>)> {
    let core = app.core().clone();
    let dir = app.config().data.clone();
    app.read(move |conn| {
        let file = find_file(conn, &record, &sha256)?.ok_or(Error::NotFound("file"))?;
        let path = folder::Place::new(&dir).whole(&core, &record, &sha256);
        let bytes = container::read(&path, key.as_ref())?.1;
        if Sha256::of(&bytes) != sha256 {
            return Err(Error::Internal("a stored file is damaged"));
        }
        Ok((file, bytes))
    })
    .await
}

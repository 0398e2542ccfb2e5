//! Opening a file, always with the same durability.

use std::{path::PathBuf, time::Duration};

use rusqlite::{Connection, OpenFlags, config::DbConfig};

use crate::error::Result;

/// Pages of 4 kB in the log at which it is brought into the file: a page that many commits wrote is
/// then copied, and waited for, once.
const LOG_PAGES: u32 = 8_192;

/// Where the files lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The folder.
    pub dir: PathBuf,
    /// A SQLite VFS other than the system's: for tests that cut the power.
    pub vfs: Option<String>,
}

impl Place {
    /// A folder on the system's disk.
    pub fn folder(dir: impl Into<PathBuf>) -> Self {
        Self {
            dir: dir.into(),
            vfs: None,
        }
    }
}

/// Opens a file: write-ahead log, every commit on disk when it returns.
pub fn open(place: &Place, name: &str, read_only: bool) -> Result<Connection> {
    let access = if read_only {
        OpenFlags::SQLITE_OPEN_READ_ONLY
    } else {
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE
    };
    let flags = access | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = match &place.vfs {
        None => Connection::open_with_flags(place.dir.join(name), flags)?,
        Some(vfs) => Connection::open_with_flags_and_vfs(name, flags, vfs.as_str())?,
    };
    conn.busy_timeout(Duration::from_secs(10))?;
    if !read_only {
        conn.pragma_update(None, "journal_mode", "WAL")?;
    }
    conn.pragma_update(None, "synchronous", "FULL")?;
    conn.pragma_update(None, "temp_store", "MEMORY")?;
    conn.pragma_update(None, "cache_size", -32_768)?;
    conn.pragma_update(None, "wal_autocheckpoint", LOG_PAGES)?;
    // Planning anew for every bound value would cost more than most statements here.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    conn.set_prepared_statement_cache_capacity(256);
    Ok(conn)
}

//! A backup: main.db first, then journal.db, then keys.db, so that the journal has all that
//! main.db knows of and the keys open all that stands in the journal. The server may be running.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    time::Duration,
};

use rusqlite::{Connection, OpenFlags, TransactionBehavior, params};
use sync_core::DeviceId;

use super::{epoch, kept, manifest::Manifest};
use crate::{
    config::Config,
    error::{Error, Result},
    journal::last_position,
    store::marks,
};

/// Subfolder of the data folder with files that never change once they are there.
pub(super) const FILES: &str = "files";
/// The databases, in the order in which they are copied.
pub(super) const DATABASES: [&str; 3] = ["main.db", "journal.db", "keys.db"];
/// The master key's name in a backup that has it.
pub(super) const MASTER_KEY: &str = "master.key";
/// How long a database that is being written to is waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// How a backup is to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backup {
    /// Puts the master key into it.
    pub with_master_key: bool,
    /// Of so many of the newest backups each can be restored without loss: phones keep what is not
    /// in all of them.
    pub keep: u32,
}

impl Default for Backup {
    fn default() -> Self {
        Self {
            with_master_key: false,
            keep: 2,
        }
    }
}

/// What a backup holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BackedUp {
    /// Files in it.
    pub files: usize,
    /// Their bytes.
    pub bytes: u64,
    /// The last entry of the journal in it.
    pub journal_position: u64,
    /// Devices whose bundles are in it.
    pub devices: usize,
}

/// Backs the data folder up to `to`, which must not exist: it appears whole or not at all. Then
/// phones may forget what is in it and in as many before it as operators keep.
pub fn backup(config: &Config, to: &Path, now_ms: i64, how: Backup) -> Result<BackedUp> {
    if to.exists() {
        return Err(Error::Conflict(
            "there is something where the backup is to go",
        ));
    }
    let part = beside(to, "part")?;
    if part.exists() {
        fs::remove_dir_all(&part)?;
    }
    fs::create_dir_all(&part)?;
    let mut manifest = Manifest::new(now_ms);
    for name in DATABASES {
        copy_database(&config.data.join(name), &part.join(name))?;
        manifest.add(&part, name)?;
    }
    let mut files = Vec::new();
    list(&config.data.join(FILES), FILES, &mut files)?;
    let partial = format!("{FILES}/partial/");
    // Uploads that are not finished still grow; their phones begin them again.
    for path in files.into_iter().filter(|path| !path.starts_with(&partial)) {
        link(&config.data.join(&path), &part.join(&path))?;
        manifest.add(&part, &path)?;
    }
    if how.with_master_key {
        link(&config.master_key, &part.join(MASTER_KEY))?;
        manifest.add(&part, MASTER_KEY)?;
        manifest.master_key = true;
    }
    let known = Known::of(&part)?;
    manifest.epoch = known.epoch;
    manifest.journal_position = known.position;
    manifest.verified_through = known.verified_through;
    manifest.write(&part)?;
    sync_folders(&part)?;
    fs::rename(&part, to)?;
    sync_parent(to)?;
    // Only now: what phones forget must be in a backup that is whole and on disk.
    known.tell(&config.data, how.keep)?;
    Ok(BackedUp {
        files: manifest.files.len(),
        bytes: manifest.files.iter().map(|file| file.bytes).sum(),
        journal_position: known.position,
        devices: known.chains.len(),
    })
}

/// What stands in the copies.
struct Known {
    epoch: u64,
    position: u64,
    verified_through: u64,
    /// Each device's last bundle in the copied journal.
    chains: Vec<(DeviceId, u64)>,
    /// Each own device's last bundle in the copied main.db before which none is missing.
    own: Vec<(DeviceId, u64)>,
}

impl Known {
    fn of(folder: &Path) -> Result<Self> {
        let main = read_only(&folder.join("main.db"))?;
        let journal = read_only(&folder.join("journal.db"))?;
        Ok(Self {
            epoch: marks::epoch(&main)?,
            position: last_position(&journal)?,
            verified_through: marks::verified_through(&main)?,
            chains: chains(&journal)?,
            own: epoch::own_through(&main)?,
        })
    }

    /// Tells the server, which may be running: from now on it tells the phones.
    fn tell(&self, data: &Path, keep: u32) -> Result<()> {
        let mut main = Connection::open(data.join("main.db"))?;
        main.busy_timeout(PATIENCE)?;
        main.pragma_update(None, "synchronous", "FULL")?;
        let tx = main.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let has: Vec<kept::Last> = self.chains.iter().chain(&self.own).copied().collect();
        let newest = kept::note(&tx, &has)?;
        kept::tell(&tx, newest, keep)?;
        tx.commit()?;
        Ok(())
    }
}

/// Each device's last bundle in a journal.
pub(super) fn chains(journal: &Connection) -> Result<Vec<(DeviceId, u64)>> {
    let sql = "SELECT device, max(number) FROM chain GROUP BY device";
    let mut select = journal.prepare(sql)?;
    let rows = select.query_map([], |row| Ok((DeviceId(row.get(0)?), row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Copies a database as it is at one moment, while it may be written to; on disk when this returns.
fn copy_database(from: &Path, to: &Path) -> Result<()> {
    if !from.exists() {
        return Err(Error::NotFound("database in the data folder"));
    }
    let conn = Connection::open(from)?;
    conn.busy_timeout(PATIENCE)?;
    let target = to.to_str().ok_or(Error::Malformed("the folder's name"))?;
    conn.execute("VACUUM INTO ?1", params![target])?;
    File::open(to)?.sync_all()?;
    Ok(())
}

fn read_only(path: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Ok(Connection::open_with_flags(path, flags)?)
}

/// Every file below a folder, by paths with slashes.
pub(super) fn list(folder: &Path, name: &str, found: &mut Vec<String>) -> Result<()> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry?;
        let text = entry.file_name().into_string();
        let text = text.map_err(|_| Error::Malformed("a file's name in the data folder"))?;
        names.push((text, entry.file_type()?));
    }
    names.sort_by(|left, right| left.0.cmp(&right.0));
    for (text, kind) in names {
        let path = format!("{name}/{text}");
        if kind.is_dir() {
            list(&folder.join(text), &path, found)?;
        } else if kind.is_file() {
            found.push(path);
        }
    }
    Ok(())
}

/// Links a file that never changes, or copies it where the disk is another one.
pub(super) fn link(from: &Path, to: &Path) -> Result<()> {
    if let Some(parent) = to.parent() {
        fs::create_dir_all(parent)?;
    }
    if fs::hard_link(from, to).is_err() {
        fs::copy(from, to)?;
        File::open(to)?.sync_all()?;
    }
    Ok(())
}

/// A path beside another one, for what is not whole yet.
pub(super) fn beside(path: &Path, word: &str) -> Result<PathBuf> {
    let name = path.file_name().and_then(|name| name.to_str());
    let name = name.ok_or(Error::Malformed("the folder has no name"))?;
    Ok(path.with_file_name(format!("{name}.{word}")))
}

/// Puts the names in a folder and those below it on disk.
pub(super) fn sync_folders(folder: &Path) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            sync_folders(&entry.path())?;
        }
    }
    File::open(folder)?.sync_all()?;
    Ok(())
}

/// Puts a folder's own name on disk.
pub(super) fn sync_parent(path: &Path) -> Result<()> {
    let parent = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty());
    File::open(parent.unwrap_or(Path::new(".")))?.sync_all()?;
    Ok(())
}

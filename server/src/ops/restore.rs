//! A restore: the backup is checked, made whole in a folder of its own and put in the data
//! folder's place. The server then goes on under a new epoch (ADR 16).

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use rusqlite::{Connection, OpenFlags};
use schemas::SchemaSet;

use super::{
    Replay,
    backup::{self, DATABASES, FILES, MASTER_KEY, beside},
    epoch, erase, folder, kept,
    manifest::Manifest,
    replay_rest,
};
use crate::{
    clock::Clock,
    config::Config,
    core::Core,
    error::{Error, Result},
    intake,
    journal::last_source,
    keys::MasterKey,
    store::{FolderLock, JOURNAL, Place, marks, migrate, open, transact},
};

/// The epoch under which a backup was restored last, written beside its manifest.
const RESTORED: &str = "restored-epoch";

/// How a restore is to be done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Restore {
    /// Puts a data folder aside that is not empty.
    pub force: bool,
    /// The last epoch that a server of this county is known to have had.
    pub after_epoch: Option<u64>,
}

/// What a restore did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// The epoch under which the server goes on.
    pub epoch: u64,
    /// The last entry of the journal.
    pub journal_position: u64,
    /// What the journal had and main.db had not.
    pub replay: Replay,
    /// Erased records whose keys the backup still had.
    pub erased: usize,
    /// Where the data that was there went.
    pub aside: Option<PathBuf>,
}

/// Restores a backup into the data folder of `config`.
pub fn restore(
    from: &Path,
    config: &Config,
    schemas: SchemaSet,
    clock: Arc<dyn Clock>,
    how: Restore,
) -> Result<Restored> {
    let manifest = Manifest::read(from)?;
    manifest.check(from)?;
    folder::finish(&config.data)?;
    let old = occupied(&config.data)?;
    if old && !how.force {
        return Err(Error::Conflict("the data folder is not empty: see --force"));
    }
    let lock = if old {
        Some(FolderLock::take(&config.data)?)
    } else {
        None
    };
    folder::clear(&config.data)?;
    let part = beside(&config.data, folder::PART)?;
    copy(&manifest, from, &part)?;
    let key = master_key(&manifest, config, from)?;
    let master = MasterKey::load(&key)?;
    let (core, mut main) = Core::open(&Place::folder(&part), master, schemas, clock)?;
    let last = last_epoch(&manifest, from, &config.data, how);
    let erased = forget_keys(&core, &config.data, old)?;
    let (replay, epoch) = make_whole(&core, &mut main, &part, last)?;
    let master_inside = config.master_key.strip_prefix(&config.data);
    if let Ok(name) = master_inside {
        place_key(&key, &part.join(name))?;
    } else if !config.master_key.exists() {
        place_key(&key, &config.master_key)?;
    }
    drop((core, main));
    backup::sync_folders(&part)?;
    // Where the backup can be written to: the next restore from it counts on from here.
    let _ = fs::write(from.join(RESTORED), epoch.to_string());
    let aside = folder::swap(&config.data, old)?;
    drop(lock);
    Ok(Restored {
        epoch,
        journal_position: manifest.journal_position,
        replay,
        erased,
        aside,
    })
}

fn occupied(data: &Path) -> Result<bool> {
    match fs::read_dir(data) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
        entries => Ok(entries?.next().is_some()),
    }
}

fn copy(manifest: &Manifest, from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in &manifest.files {
        let path = entry.inside()?;
        if path.starts_with(FILES) {
            backup::link(&from.join(&path), &to.join(&path))?;
        } else if path != Path::new(MASTER_KEY) {
            fs::copy(from.join(&path), to.join(&path))?;
            fs::File::open(to.join(&path))?.sync_all()?;
        }
    }
    for name in DATABASES {
        if !to.join(name).exists() {
            return Err(Error::invalid(name, "the backup does not have it"));
        }
    }
    Ok(())
}

/// The file of the master key: the one that is set, or the backup's.
fn master_key(manifest: &Manifest, config: &Config, from: &Path) -> Result<PathBuf> {
    if config.master_key.exists() {
        return Ok(config.master_key.clone());
    }
    if manifest.master_key {
        return Ok(from.join(MASTER_KEY));
    }
    Err(Error::NotFound("master key: put its file in place first"))
}

fn place_key(from: &Path, to: &Path) -> Result<()> {
    if from != to {
        fs::copy(from, to)?;
    }
    Ok(())
}

/// The latest epoch that anything at hand knows of: two restores must not bear one epoch.
fn last_epoch(manifest: &Manifest, from: &Path, data: &Path, how: Restore) -> u64 {
    let mut last = manifest.epoch.max(how.after_epoch.unwrap_or(0));
    let beside = match from.parent().map(fs::read_dir) {
        Some(Ok(entries)) => entries.filter_map(Result::ok).map(|e| e.path()).collect(),
        _ => Vec::new(),
    };
    for folder in beside.iter().map(PathBuf::as_path).chain([from]) {
        if let Ok(other) = Manifest::read(folder) {
            last = last.max(other.epoch);
        }
        let restored = fs::read_to_string(folder.join(RESTORED)).unwrap_or_default();
        last = last.max(restored.trim().parse().unwrap_or(0));
    }
    if let Some(main) = existing(&data.join("main.db")) {
        last = last.max(marks::epoch(&main).unwrap_or(0));
    }
    last
}

fn existing(path: &Path) -> Option<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Connection::open_with_flags(path, flags).ok()
}

/// Records that were erased since the backup stay erased, as far as the data that is replaced can
/// say so.
fn forget_keys(core: &Core, data: &Path, old: bool) -> Result<usize> {
    let Some(keys) = existing(&data.join("keys.db")).filter(|_| old) else {
        return Ok(0);
    };
    let mut select = keys.prepare("SELECT record FROM record_key WHERE wrapped IS NULL")?;
    let rows = select.query_map([], |row| Ok(sync_core::RecordId(row.get(0)?)))?;
    let mut erased = 0;
    for record in rows {
        let record = record?;
        if !matches!(core.keys().get(&record), Err(Error::Gone(_))) {
            core.keys().erase(&record)?;
            erased += 1;
        }
    }
    Ok(erased)
}

/// Does again what main.db does not have, then raises the epoch.
fn make_whole(
    core: &Arc<Core>,
    main: &mut Connection,
    part: &Path,
    last: u64,
) -> Result<(Replay, u64)> {
    let place = Place::folder(part);
    let mut journal = open(&place, "journal.db", false)?;
    migrate(&mut journal, JOURNAL)?;
    // Under the old epoch, under which it happened.
    let replay = if last_source(&journal)? > marks::last_outgoing(main)? {
        replay_rest(main, core, &journal)?
    } else {
        Replay::default()
    };
    let mut has = backup::chains(&journal)?;
    let epoch = last.max(core.epoch()) + 1;
    let ((), _) = transact(main, core, |tx| {
        erase::clear_erased(tx)?;
        epoch::raise(tx, epoch)?;
        // This one is a backup too, and its main.db was copied before it could say so.
        has.extend(epoch::own_through(tx.conn())?);
        kept::note(tx.conn(), &has)?;
        Ok(())
    })?;
    intake::mark_restored(&journal)?;
    for conn in [&*main, &journal] {
        conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    }
    Ok((replay, epoch))
}

//! main.db made anew from journal.db and keys.db by replay.
//!
//! What never stood in the journal is taken over from the main.db that there is: accounts and
//! sessions, inspectors and their grids, tickets, the audit's rows, what phones said of
//! themselves. Without it devices stand under inspectors without names, and nobody can sign in
//! until an account is made.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use rusqlite::{Connection, OptionalExtension as _, params};
use schemas::SchemaSet;

use super::{Compared, Replay, backup::beside, compare, epoch, journal_rest, replay_rest};
use crate::{
    clock::Clock,
    config::Config,
    core::Core,
    error::{Error, Result},
    keys::{Keys, MasterKey},
    records,
    store::{FolderLock, JOURNAL, MAIN, Place, marks, migrate, open, transact},
    uploads,
};

/// Folder in the data folder in which main.db is made anew.
const FOLDER: &str = "rebuild";
/// Tables that do not stand in the journal.
const TAKEN_OVER: &str = include_str!("taken_over.sql");

/// What a rebuild did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rebuilt {
    /// What was done again.
    pub replay: Replay,
    /// How it compares with the main.db that there was; none if there was none.
    pub compared: Option<Compared>,
    /// The epoch under which the server goes on.
    pub epoch: u64,
    /// Where the old main.db went, if it was replaced.
    pub aside: Option<PathBuf>,
}

/// Rebuilds main.db; with `compare_only` nothing is replaced. The server must not be running.
pub fn rebuild(
    config: &Config,
    schemas: SchemaSet,
    clock: Arc<dyn Clock>,
    compare_only: bool,
) -> Result<Rebuilt> {
    let _lock = FolderLock::take(&config.data)?;
    let place = Place::folder(&config.data);
    if !config.data.join("journal.db").exists() {
        return Err(Error::NotFound("journal in the data folder"));
    }
    let folder = config.data.join(FOLDER);
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    let mut journal = open(&place, "journal.db", false)?;
    migrate(&mut journal, JOURNAL)?;
    let mut old = old(&place, &config.data, &mut journal)?;
    let keys = Keys::open(&place, MasterKey::load(&config.master_key)?)?;
    let core = Arc::new(Core::new(Arc::new(schemas), keys, clock, 1));
    let mut main = open(&Place::folder(&folder), "main.db", false)?;
    migrate(&mut main, MAIN)?;
    marks::set_epoch(&main, 1)?;
    if old.is_some() {
        take_over(&main, &config.data.join("main.db"), "before")?;
    }
    let replay = replay_rest(&mut main, &core, &journal)?;
    if old.is_some() {
        take_over(&main, &config.data.join("main.db"), "after")?;
    }
    // The old one may have been stopped in the middle of it.
    for conn in std::iter::once(&mut main).chain(&mut old) {
        records::reproject::finish(conn, &core)?;
    }
    let ((), _) = transact(&mut main, &core, |tx| {
        uploads::reindex(tx, &config.data).map(|_| ())
    })?;
    let compared = match &old {
        Some(old) => Some(compare(old, &main, core.keys())?),
        None => None,
    };
    let mut rebuilt = Rebuilt {
        replay,
        compared,
        epoch: core.epoch(),
        aside: None,
    };
    if !compare_only {
        rebuilt.epoch = settle(&mut main, &core, rebuilt.compared.as_ref())?;
        close(main)?;
        old.map(close).transpose()?;
        rebuilt.aside = swap(&config.data, &folder)?;
    }
    fs::remove_dir_all(&folder)?;
    Ok(rebuilt)
}

/// The main.db that there is, if it can be read; what it has for the journal is journalled first.
fn old(place: &Place, data: &Path, journal: &mut Connection) -> Result<Option<Connection>> {
    if !data.join("main.db").exists() {
        return Ok(None);
    }
    let opened = open(place, "main.db", false).and_then(|mut main| {
        migrate(&mut main, MAIN)?;
        main.query_row("SELECT count(*) FROM record", [], |_| Ok(()))?;
        Ok(main)
    });
    match opened {
        Ok(main) => {
            journal_rest(&main, journal)?;
            Ok(Some(main))
        }
        Err(error) => {
            tracing::warn!(%error, "the old main.db cannot be read: nothing is taken over from it");
            Ok(None)
        }
    }
}

/// Takes tables over, those of the part named in `taken_over.sql`.
fn take_over(main: &Connection, old: &Path, part: &str) -> Result<()> {
    let path = old.to_str().ok_or(Error::Malformed("the folder's name"))?;
    main.execute("ATTACH ?1 AS old", params![path])?;
    let mut parts = TAKEN_OVER.split("-- ");
    let statements = parts.find_map(|text| text.strip_prefix(part));
    let statements = statements.and_then(|text| text.split_once('\n'));
    let done = match statements {
        Some((_, sql)) => main.execute_batch(sql).map_err(Error::from),
        None => Err(Error::Internal("no such part")),
    };
    main.execute("DETACH old", [])?;
    done
}

/// Where phones' cursors would lead elsewhere than before, or where it is not known, they are told
/// to begin anew: the server's epoch rises, as after a restore.
fn settle(main: &mut Connection, core: &Arc<Core>, compared: Option<&Compared>) -> Result<u64> {
    if compared.is_some_and(Compared::is_equal) {
        return Ok(core.epoch());
    }
    let ((), _) = transact(main, core, |tx| epoch::raise(tx, core.epoch() + 1))?;
    Ok(core.epoch())
}

/// Closes a database with nothing left in its log.
fn close(conn: Connection) -> Result<()> {
    conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
        .optional()?;
    conn.close().map_err(|(_, error)| error)?;
    Ok(())
}

/// Puts the new main.db in the old one's place in one step; the old one stays beside it.
fn swap(data: &Path, folder: &Path) -> Result<Option<PathBuf>> {
    let main = data.join("main.db");
    let mut aside = None;
    if main.exists() {
        let mut free = (1..100_000).map(|n| beside(&main, &format!("before-rebuild-{n}")));
        let to = free
            .find(|path| path.as_ref().is_ok_and(|path| !path.exists()))
            .ok_or(Error::Conflict("too many databases of earlier rebuilds"))??;
        fs::hard_link(&main, &to)?;
        aside = Some(to);
    }
    // A log of the old one must not be read as the new one's.
    for log in ["main.db-wal", "main.db-shm"] {
        match fs::remove_file(data.join(log)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    fs::rename(folder.join("main.db"), &main)?;
    fs::File::open(data)?.sync_all()?;
    Ok(aside)
}

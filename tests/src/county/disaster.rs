//! What befalls a server's disk.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use gridbook_server::{clock::ManualClock, ops};

use super::{County, Kept, exists, said};
use crate::{
    props::{Checked, holds},
    world::schemas,
};

/// A new folder, in memory where there is such a place: worlds write a lot.
pub fn scratch(name: &str) -> PathBuf {
    static FOLDERS: AtomicU64 = AtomicU64::new(0);
    let number = FOLDERS.fetch_add(1, Ordering::Relaxed);
    let memory = Path::new("/dev/shm");
    let base = if memory.is_dir() {
        memory.to_path_buf()
    } else {
        std::env::temp_dir()
    };
    let folder = base.join(format!("gridbook-{name}-{}-{number}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    folder
}

/// Puts the main.db of an older backup into a newer one of the same journal, as if the newer had
/// been taken while the server wrote for long between the two files.
pub fn forge_older_main(older: &Path, newer: &Path) -> Checked {
    let read = |folder: &Path| -> Checked<serde_json::Value> {
        let bytes = said(fs::read(folder.join("backup.json")), "manifest")?;
        said(serde_json::from_slice(&bytes), "manifest")
    };
    let (old, mut new) = (read(older)?, read(newer)?);
    let entry = |manifest: &serde_json::Value| -> Option<serde_json::Value> {
        let mut files = manifest.get("files")?.as_array()?.iter();
        files
            .find(|file| file.get("path").is_some_and(|path| path == "main.db"))
            .cloned()
    };
    let main = entry(&old).ok_or("no main.db")?;
    let files = new.get_mut("files").and_then(|files| files.as_array_mut());
    for file in files.ok_or("no files")? {
        if file.get("path").is_some_and(|path| path == "main.db") {
            *file = main.clone();
        }
    }
    said(
        fs::copy(older.join("main.db"), newer.join("main.db")),
        "copy",
    )?;
    let bytes = said(serde_json::to_vec(&new), "manifest")?;
    said(fs::write(newer.join("backup.json"), bytes), "manifest")
}

impl County {
    /// A backup, while the server runs.
    pub(super) fn back_up(&mut self) -> Checked {
        let folder = self.folder.join(format!("backup-{}", self.backups.len()));
        let how = ops::Backup {
            keep: self.keep,
            ..ops::Backup::default()
        };
        let made = ops::backup(&self.config(), &folder, self.now_ms, how);
        said(made, "backup")?;
        let (line, commits) = (self.restores, self.commits.len());
        self.backups.push(Kept {
            folder,
            line,
            commits,
        });
        Ok(())
    }

    /// The server is lost, and restored from one of its backups; `torn` where that backup's
    /// main.db is older than its journal.
    pub(super) fn restore(&mut self, which: usize, torn: bool) -> Checked {
        if torn {
            // What happened since the last backup is in this one's journal, and not in its main.db.
            self.back_up()?;
        }
        let count = self.backups.len();
        let at = count.saturating_sub(1 + which % count.max(1));
        let kept = self.backups.get(at).cloned().ok_or("no backup")?;
        self.count_lost(at, &kept);
        let older = self.backups.get(..at).unwrap_or_default();
        let older = older.iter().rev().find(|other| other.line == kept.line);
        let mut from = kept.folder.clone();
        if let Some(older) = older.filter(|_| torn) {
            from = self.folder.join("torn");
            let _ = fs::remove_dir_all(&from);
            copy_folder(&kept.folder, &from)?;
            forge_older_main(&older.folder, &from)?;
        }
        self.stop();
        let clock = Arc::new(ManualClock::new(self.now_ms));
        let how = ops::Restore {
            force: true,
            after_epoch: None,
        };
        let schemas = (*schemas()).clone();
        let done = ops::restore(&from, &self.config(), schemas, clock, how);
        let done = said(done, "restore")?;
        holds("a restore does all again", done.replay.failed == 0)?;
        self.caught_up += done.replay.entries;
        if let Some(aside) = done.aside {
            said(fs::remove_dir_all(aside), "aside")?;
        }
        self.restores += 1;
        // Backups of the lost line can still be restored; those to come are of another.
        self.start()
    }

    /// The newest backup can be restored without loss, and as many as phones keep of those that
    /// are of the journal at hand.
    fn count_lost(&mut self, at: usize, kept: &Kept) {
        let after = self.backups.len() - 1 - at;
        let keep = usize::try_from(self.keep).unwrap_or(usize::MAX);
        let of_this_line = kept.line == self.restores;
        if after > 0 && !(of_this_line && after < keep) {
            self.too_old += 1;
            self.lost = self.backups.last().map_or(0, |newest| newest.commits);
        }
    }

    /// The server ends in the middle of what it does, and starts again.
    pub(super) fn restart(&mut self) -> Checked {
        self.stop();
        self.start()
    }

    /// main.db is made anew from the journal: everything is as it was.
    pub fn rebuild(&mut self, keep_old: bool) -> Checked {
        self.server()?.settle();
        self.stop();
        let clock = Arc::new(ManualClock::new(self.now_ms));
        let schemas = (*schemas()).clone();
        let done = ops::rebuild(&self.config(), schemas, clock, keep_old);
        let done = said(done, "rebuild")?;
        let told = format!("a rebuild gives the same: {done:?}");
        let compared = done.compared.ok_or("nothing was compared")?;
        holds(&told, done.replay.failed == 0 && compared.is_equal())?;
        if let Some(aside) = done.aside {
            said(fs::remove_file(aside), "aside")?;
        }
        self.rebuilds += 1;
        self.start()
    }

    /// Everything that can be checked in the data folder is right.
    pub fn check(&mut self) -> Checked {
        self.server()?.settle();
        let clock = Arc::new(ManualClock::new(self.now_ms));
        let found = ops::check(&self.config(), (*schemas()).clone(), clock);
        let found = said(found, "verify")?;
        holds(&format!("no faults: {:?}", found.faults), found.faulty == 0)
    }
}

fn copy_folder(from: &Path, to: &Path) -> Checked {
    said(fs::create_dir_all(to), "folder")?;
    for entry in said(fs::read_dir(from), "folder")? {
        let entry = said(entry, "folder")?;
        let target = to.join(entry.file_name());
        if exists(&target) {
            continue;
        }
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            said(fs::copy(entry.path(), target), "copy")?;
        }
    }
    Ok(())
}

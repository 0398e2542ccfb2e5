//! Where files lie: `files/ab/cd/…` by a name that tells nothing, unfinished ones in
//! `files/partial`.

use std::{
    fs::File,
    path::{Path, PathBuf},
};

use sync_core::{RecordId, Sha256};

use super::{Address, container, rows};
use crate::{core::Core, error::Result, hex::hex, store::Tx};

/// The folder of files.
pub(super) struct Place(PathBuf);

impl Place {
    pub(super) fn new(data: &Path) -> Self {
        Self(data.join("files"))
    }

    /// Where a whole file lies.
    pub(super) fn whole(&self, core: &Core, record: &RecordId, sha256: &Sha256) -> PathBuf {
        let name = name(core, record, sha256);
        let (first, rest) = name.split_at(2);
        let (second, _) = rest.split_at(2);
        self.0.join(first).join(second).join(&name)
    }

    /// Where an upload gathers.
    pub(super) fn partial(&self, core: &Core, upload: &Address) -> PathBuf {
        let name = name(core, &upload.record, &upload.sha256);
        self.0
            .join("partial")
            .join(format!("{name}-{}", upload.device))
    }
}

/// An HMAC, so that neither record nor content can be told or tried from a name.
fn name(core: &Core, record: &RecordId, sha256: &Sha256) -> String {
    let mac = core.keys().blind("file", &format!("{record}/{sha256}"));
    hex(&mac)
}

/// Makes the folder of a path, durably.
pub(super) fn make_parent(path: &Path) -> Result<()> {
    if let Some(parent) = path.parent()
        && !parent.is_dir()
    {
        std::fs::create_dir_all(parent)?;
        // The entries of as many folders as may be new.
        for above in parent.ancestors().skip(1).take(3) {
            File::open(above)?.sync_all()?;
        }
    }
    Ok(())
}

/// Moves a file to its place, durably.
pub(super) fn settle(from: &Path, to: &Path) -> Result<()> {
    make_parent(to)?;
    std::fs::rename(from, to)?;
    if let Some(parent) = to.parent() {
        File::open(parent)?.sync_all()?;
    }
    Ok(())
}

/// Makes the rows of all whole files again from the folder: after main.db was rebuilt. How many
/// were found, and how many could not be read (those of erased records among them).
pub fn reindex(tx: &mut Tx<'_>, data: &Path) -> Result<(u64, u64)> {
    let (mut found, mut unread) = (0, 0);
    let mut folders = vec![data.join("files")];
    let partial = data.join("files").join("partial");
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else {
            continue;
        };
        for entry in entries {
            let path = entry?.path();
            if path.is_dir() {
                if path != partial {
                    folders.push(path);
                }
                continue;
            }
            let keys = tx.core().keys();
            match container::identify(&path, |record| keys.get(record)) {
                Ok((record, about)) => {
                    rows::insert_file(tx, &record, &about)?;
                    found += 1;
                }
                Err(_) => unread += 1,
            }
        }
    }
    Ok((found, unread))
}

/// Takes away uploads that waited too long, from beside a server that may be running; how many, at
/// most `limit`. Whoever sends another piece of one is told to begin again.
pub fn expire_beside(tx: &mut Tx<'_>, data: &Path, limit: usize) -> Result<usize> {
    let over = rows::expired(tx.conn(), tx.now_ms(), limit)?;
    for upload in &over {
        rows::drop_upload(tx, upload)?;
        let path = Place::new(data).partial(tx.core(), upload);
        match std::fs::remove_file(path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    Ok(over.len())
}

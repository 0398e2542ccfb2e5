//! What a backup consists of: each file with its length and SHA-256, in `backup.json`.

use std::{
    fs::File,
    io::Read as _,
    path::{Component, Path, PathBuf},
};

use ring::digest::{Context, SHA256};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::hex::hex;

/// The manifest's file.
pub(super) const NAME: &str = "backup.json";
/// The form of manifests and folders that this program writes.
const FORMAT: u32 = 1;

/// A backup's manifest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Manifest {
    /// The form.
    pub(super) format: u32,
    /// When it was made, ms.
    pub(super) made_ms: i64,
    /// The server's epoch.
    pub(super) epoch: u64,
    /// The last entry of the journal in it.
    pub(super) journal_position: u64,
    /// Up to where main.db has verified the journal.
    pub(super) verified_through: u64,
    /// Whether the master key is in it.
    pub(super) master_key: bool,
    /// Its files.
    pub(super) files: Vec<Entry>,
}

/// One file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    /// Its path in the folder, with slashes.
    pub(super) path: String,
    /// Its length.
    pub(super) bytes: u64,
    /// SHA-256 of its content, in hex.
    pub(super) sha256: String,
}

impl Manifest {
    /// One without files.
    pub(super) const fn new(made_ms: i64) -> Self {
        Self {
            format: FORMAT,
            made_ms,
            epoch: 0,
            journal_position: 0,
            verified_through: 0,
            master_key: false,
            files: Vec::new(),
        }
    }

    /// Reads a backup's manifest.
    pub(super) fn read(folder: &Path) -> Result<Self> {
        let bytes = std::fs::read(folder.join(NAME)).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => Error::NotFound("backup here: backup.json is missing"),
            _ => error.into(),
        })?;
        let manifest: Self = serde_json::from_slice(&bytes)
            .map_err(|_| Error::Malformed("backup.json is damaged"))?;
        if manifest.format != FORMAT {
            return Err(Error::Unsupported("a backup of another version"));
        }
        Ok(manifest)
    }

    /// Writes it, on disk when this returns.
    pub(super) fn write(&self, folder: &Path) -> Result<()> {
        let bytes = serde_json::to_vec_pretty(self)
            .map_err(|_| Error::Internal("a manifest cannot be written"))?;
        let path = folder.join(NAME);
        std::fs::write(&path, bytes)?;
        File::open(path)?.sync_all()?;
        Ok(())
    }

    /// Notes a file of the folder, as it is.
    pub(super) fn add(&mut self, folder: &Path, path: &str) -> Result<()> {
        let (bytes, sha256) = digest(&folder.join(path))?;
        self.files.push(Entry {
            path: path.to_owned(),
            bytes,
            sha256,
        });
        Ok(())
    }

    /// Every file is there as it was.
    pub(super) fn check(&self, folder: &Path) -> Result<()> {
        for entry in &self.files {
            let path = folder.join(entry.inside()?);
            let found = digest(&path).map_err(|error| match error {
                Error::Io(error) if error.kind() == std::io::ErrorKind::NotFound => {
                    Error::invalid(entry.path.clone(), "the file is missing in the backup")
                }
                other => other,
            })?;
            if found != (entry.bytes, entry.sha256.clone()) {
                let reason = "the file is not as it was backed up";
                return Err(Error::invalid(entry.path.clone(), reason));
            }
        }
        Ok(())
    }
}

impl Entry {
    /// The path, which must stay inside the folder.
    pub(super) fn inside(&self) -> Result<PathBuf> {
        let path = PathBuf::from(&self.path);
        let plain = |part| matches!(part, Component::Normal(_));
        if path.components().all(plain) && path.components().next().is_some() {
            Ok(path)
        } else {
            Err(Error::Malformed("backup.json names a path outside"))
        }
    }
}

/// Length and SHA-256 of a file.
fn digest(path: &Path) -> Result<(u64, String)> {
    let mut file = File::open(path)?;
    let mut context = Context::new(&SHA256);
    let mut piece = vec![0; 256 * 1024];
    let mut length = 0;
    loop {
        let read = file.read(&mut piece)?;
        let Some(read) = piece.get(..read).filter(|read| !read.is_empty()) else {
            break;
        };
        context.update(read);
        length += read.len() as u64;
    }
    Ok((length, hex(context.finish().as_ref())))
}

//! Settings: from a file, the environment and flags, the later ones first.

use std::{net::SocketAddr, path::PathBuf};

/// How a server runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Folder of keys.db, journal.db, main.db and files.
    pub data: PathBuf,
    /// Where it listens.
    pub listen: SocketAddr,
    /// File of the master key.
    pub master_key: PathBuf,
    /// Bytes that the files of the whole server may take.
    pub max_files_bytes: u64,
}

impl Config {
    /// The defaults, with data in this folder.
    pub fn in_folder(data: impl Into<PathBuf>) -> Self {
        let data = data.into();
        Self {
            master_key: data.join("master.key"),
            data,
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            max_files_bytes: 200 * 1024 * 1024 * 1024,
        }
    }
}

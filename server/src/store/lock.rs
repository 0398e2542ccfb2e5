//! One server a data folder.

use std::{fs::File, path::Path};

use crate::error::{Error, Result};

/// The lock's file in the data folder.
const NAME: &str = "lock";

/// Holds a data folder against another server, a restore and a rebuild; the system lets it go with
/// the process, however that ends. Commands that share main.db with a running server do not take
/// it.
#[derive(Debug)]
pub struct FolderLock {
    #[expect(dead_code, reason = "held until it is dropped")]
    file: File,
}

impl FolderLock {
    /// Takes it, or says that someone else works there.
    pub fn take(data: &Path) -> Result<Self> {
        let mut options = File::options();
        options.create(true).truncate(false).write(true);
        let file = options.open(data.join(NAME))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { file }),
            Err(std::fs::TryLockError::WouldBlock) => Err(Error::Conflict(
                "a server works on this data folder: stop it first",
            )),
            Err(std::fs::TryLockError::Error(error)) => Err(error.into()),
        }
    }
}

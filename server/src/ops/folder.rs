//! The data folder, and what puts a restored one in its place.
//!
//! A folder cannot be exchanged for another one in one step. So the new one is first named as whole,
//! then the old one goes aside, then the new one takes its name; whoever opens the data folder in
//! between, after a power cut, takes the last step.

use std::{fs, path::Path};

use super::backup::{beside, sync_parent};
use crate::error::{Error, Result};

/// A folder that a restore works on.
pub(super) const PART: &str = "restoring";
/// One that is whole and waits to take the data folder's place.
const WHOLE: &str = "restored";

/// The data folder: made if it is not there, or put in place if a restore was cut short.
pub(crate) fn prepare(data: &Path) -> Result<()> {
    finish(data)?;
    Ok(fs::create_dir_all(data)?)
}

/// Takes the last step of a restore that was cut short before it.
pub(super) fn finish(data: &Path) -> Result<()> {
    let whole = beside(data, WHOLE)?;
    if data.exists() || !whole.exists() {
        return Ok(());
    }
    tracing::warn!("a restore was cut short: its data folder is put in place");
    fs::rename(&whole, data)?;
    sync_parent(data)
}

/// Takes away what a restore that was cut short left.
pub(super) fn clear(data: &Path) -> Result<()> {
    for word in [PART, WHOLE] {
        let left = beside(data, word)?;
        if left.exists() {
            fs::remove_dir_all(&left)?;
        }
    }
    Ok(())
}

/// Puts the folder that a restore made in the data folder's place; `old` goes aside whole.
pub(super) fn swap(data: &Path, old: bool) -> Result<Option<std::path::PathBuf>> {
    let (part, whole) = (beside(data, PART)?, beside(data, WHOLE)?);
    fs::rename(&part, &whole)?;
    sync_parent(data)?;
    let mut aside = None;
    if old {
        let free = (1..).map(|number| beside(data, &format!("before-restore-{number}")));
        let to = free
            .take(100_000)
            .find(|path| path.as_ref().is_ok_and(|path| !path.exists()))
            .ok_or(Error::Conflict("too many folders of earlier restores"))??;
        fs::rename(data, &to)?;
        aside = Some(to);
    } else if data.exists() {
        fs::remove_dir(data)?;
    }
    fs::rename(&whole, data)?;
    sync_parent(data)?;
    Ok(aside)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scratch(name: &str) -> std::path::PathBuf {
        let dir = std::env::temp_dir().join(format!("gridbook-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&dir);
        fs::create_dir_all(&dir).unwrap();
        dir
    }

    fn made(dir: &Path, name: &str) {
        let folder = dir.join(name);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("main.db"), name).unwrap();
    }

    fn told(data: &Path) -> String {
        fs::read_to_string(data.join("main.db")).unwrap()
    }

    #[test]
    fn a_restore_cut_short_before_its_last_step_is_finished() {
        let dir = scratch("cut-short");
        let data = dir.join("data");
        made(&dir, "data.restored");
        prepare(&data).unwrap();
        assert_eq!(told(&data), "data.restored");
        // What is not known to be whole is not taken, and nothing replaces what is there.
        fs::remove_dir_all(&data).unwrap();
        made(&dir, "data.restoring");
        prepare(&data).unwrap();
        assert!(!data.join("main.db").exists());
        made(&dir, "data.restored");
        made(&dir, "data");
        prepare(&data).unwrap();
        assert_eq!(told(&data), "data");
        clear(&data).unwrap();
        assert!(!dir.join("data.restored").exists() && !dir.join("data.restoring").exists());
        fs::remove_dir_all(dir).unwrap();
    }

    #[test]
    fn the_old_folder_goes_aside_whole() {
        let dir = scratch("aside");
        let data = dir.join("data");
        made(&dir, "data");
        made(&dir, "data.restoring");
        let aside = swap(&data, true).unwrap().unwrap();
        assert_eq!(
            (told(&data), told(&aside)),
            ("data.restoring".to_owned(), "data".to_owned())
        );
        fs::remove_dir_all(dir).unwrap();
    }
}

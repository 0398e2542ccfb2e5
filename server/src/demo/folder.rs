//! The demo's folder: it is made once and used again.

use std::path::{Path, PathBuf};

use super::DemoError;

/// Marks a folder as a demo's, so that nothing else is ever emptied.
const MARK: &str = "demo.txt";
const MAKING: &str = "A demo is being made here.\n";
const MADE: &str = "A demo of Gridbook: everything in this folder may be deleted.\n";

/// The folder of a demo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder(PathBuf);

/// What is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// Nothing, or what was left of one that was not finished.
    Nothing,
    /// A whole demo.
    Demo,
}

impl Folder {
    /// This folder.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// What is in it; what is left of an unfinished demo, and with `fresh` a whole one, is emptied.
    pub fn open(&self, fresh: bool) -> Result<Found, DemoError> {
        std::fs::create_dir_all(&self.0)?;
        match std::fs::read_to_string(self.mark()) {
            Ok(text) if text == MADE && !fresh => Ok(Found::Demo),
            Ok(text) if text == MADE || text == MAKING => {
                self.empty()?;
                self.begin()
            }
            _ if std::fs::read_dir(&self.0)?.next().is_none() => self.begin(),
            _ => Err(DemoError::NotADemo(self.0.display().to_string())),
        }
    }

    /// Says that the demo is whole.
    pub fn finish(&self) -> Result<(), DemoError> {
        Ok(std::fs::write(self.mark(), MADE)?)
    }

    fn begin(&self) -> Result<Found, DemoError> {
        std::fs::write(self.mark(), MAKING)?;
        Ok(Found::Nothing)
    }

    fn empty(&self) -> Result<(), DemoError> {
        for entry in std::fs::read_dir(&self.0)? {
            let path = entry?.path();
            if path.is_dir() {
                std::fs::remove_dir_all(path)?;
            } else {
                std::fs::remove_file(path)?;
            }
        }
        Ok(())
    }

    fn mark(&self) -> PathBuf {
        self.0.join(MARK)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_emptied_only_if_it_is_a_demos() {
        let path = std::env::temp_dir().join(format!("gridbook-folder-{}", std::process::id()));
        let folder = Folder::new(&path);
        assert_eq!(folder.open(false).unwrap(), Found::Nothing);
        std::fs::write(path.join("main.db"), "half").unwrap();
        assert_eq!(folder.open(false).unwrap(), Found::Nothing);
        assert!(!path.join("main.db").exists(), "half a demo is none");
        std::fs::write(path.join("main.db"), "whole").unwrap();
        folder.finish().unwrap();
        assert_eq!(folder.open(false).unwrap(), Found::Demo);
        assert!(path.join("main.db").exists());
        assert_eq!(folder.open(true).unwrap(), Found::Nothing);
        assert!(!path.join("main.db").exists());
        std::fs::write(path.join(MARK), "something else").unwrap();
        assert!(matches!(folder.open(true), Err(DemoError::NotADemo(_))));
        std::fs::remove_dir_all(path).unwrap();
    }
}

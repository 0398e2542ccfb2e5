//! The disk's files and directories, with what of both is durable.
//!
//! A directory entry is as forgetful as a byte. Creating and deleting files becomes durable only
//! when their directory is synced: syncing a file does not keep its name. POSIX promises no more,
//! and `SQLite` on unix syncs the directory where it relies on it.

use std::collections::BTreeMap;

use super::file::{Change, File};
use super::survive::Luck;

pub(super) type Inode = u64;

/// A name that was given to a file or taken away, not durable yet.
#[derive(Clone, Debug)]
struct Entry {
    path: String,
    file: Option<Inode>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Files {
    contents: BTreeMap<Inode, File>,
    live: BTreeMap<String, Inode>,
    durable: BTreeMap<String, Inode>,
    pending: Vec<Entry>,
    last: Inode,
}

impl Files {
    pub(super) fn find(&self, path: &str) -> Option<Inode> {
        self.live.get(path).copied()
    }

    pub(super) fn get(&self, file: Inode) -> Option<&File> {
        self.contents.get(&file)
    }

    /// A file without a name, for temporary data; no outage leaves anything of it.
    pub(super) fn create_nameless(&mut self) -> Inode {
        self.last += 1;
        self.contents.insert(self.last, File::default());
        self.last
    }

    pub(super) fn create(&mut self, path: &str) -> Inode {
        let file = self.create_nameless();
        self.name(path, Some(file));
        file
    }

    /// Takes the name away; whoever has the file open keeps the bytes.
    pub(super) fn delete(&mut self, path: &str) {
        self.name(path, None);
    }

    pub(super) fn forget_nameless(&mut self, file: Inode) {
        self.contents.remove(&file);
    }

    pub(super) fn change(&mut self, file: Inode, change: Change) {
        if let Some(file) = self.contents.get_mut(&file) {
            file.change(change);
        }
    }

    pub(super) fn sync_file(&mut self, file: Inode) {
        if let Some(file) = self.contents.get_mut(&file) {
            file.sync();
        }
    }

    /// Makes every creation and deletion in the directory of `path` durable.
    pub(super) fn sync_directory_of(&mut self, path: &str) {
        let directory = directory(path);
        let (synced, rest) = std::mem::take(&mut self.pending)
            .into_iter()
            .partition(|entry| self::directory(&entry.path) == directory);
        self.pending = rest;
        for entry in synced {
            set(&mut self.durable, entry);
        }
    }

    /// What is found when power returns. Each name holds one of the files it named since its
    /// directory was synced, chosen on its own, as each sector does.
    pub(super) fn after_outage(&self, mut luck: Option<Luck>) -> Self {
        let mut names = self.durable.clone();
        let mut changes: BTreeMap<&str, Vec<&Entry>> = BTreeMap::new();
        for entry in &self.pending {
            changes.entry(&entry.path).or_default().push(entry);
        }
        for entries in changes.into_values() {
            let kept = luck.as_mut().map_or(0, |luck| luck.kept(entries.len()));
            for entry in entries.into_iter().take(kept) {
                set(&mut names, entry.clone());
            }
        }
        let contents = names
            .values()
            .filter_map(|inode| Some((*inode, self.contents.get(inode)?)))
            .map(|(inode, file)| (inode, file.after_outage(luck.as_mut())))
            .collect();
        Self {
            contents,
            live: names.clone(),
            durable: names,
            pending: Vec::new(),
            last: self.last,
        }
    }

    fn name(&mut self, path: &str, file: Option<Inode>) {
        let entry = Entry {
            path: path.to_owned(),
            file,
        };
        set(&mut self.live, entry.clone());
        self.pending.push(entry);
    }
}

fn set(names: &mut BTreeMap<String, Inode>, entry: Entry) {
    match entry.file {
        Some(file) => names.insert(entry.path, file),
        None => names.remove(&entry.path),
    };
}

fn directory(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(directory, _)| directory)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_synced_file_whose_directory_was_not_synced_is_gone() {
        let mut files = Files::default();
        let file = files.create("/a");
        files.sync_file(file);
        assert_eq!(files.find("/a"), Some(file));
        assert_eq!(files.after_outage(None).find("/a"), None);
        files.sync_directory_of("/other");
        assert_eq!(files.after_outage(None).find("/a"), Some(file));
    }

    #[test]
    fn a_deleted_file_is_back_unless_its_directory_was_synced() {
        let mut files = Files::default();
        files.create("/a");
        files.sync_directory_of("/a");
        files.delete("/a");
        assert_eq!(files.find("/a"), None);
        assert!(files.after_outage(None).find("/a").is_some());
        files.sync_directory_of("/a");
        assert_eq!(files.after_outage(None).find("/a"), None);
    }

    #[test]
    fn syncing_one_directory_leaves_another_pending() {
        let mut files = Files::default();
        files.create("/x/a");
        files.create("/y/a");
        files.sync_directory_of("/x/b");
        let found = files.after_outage(None);
        assert!(found.find("/x/a").is_some() && found.find("/y/a").is_none());
    }

    #[test]
    fn an_unsynced_deletion_survives_some_outages_and_not_others() {
        let mut files = Files::default();
        files.create("/a");
        files.sync_directory_of("/a");
        files.delete("/a");
        let gone = |seed| {
            files
                .after_outage(Some(Luck::new(seed)))
                .find("/a")
                .is_none()
        };
        assert!((0..50).any(gone) && !(0..50).all(gone));
    }

    #[test]
    fn a_deleted_file_keeps_its_bytes_for_whoever_has_it_open() {
        let mut files = Files::default();
        let file = files.create("/a");
        files.change(file, Change::Truncate(10));
        files.delete("/a");
        assert_eq!(files.get(file).map(File::len), Some(10));
    }
}

//! An open file, as `SQLite` uses it; nothing here touches a raw pointer, save to pass one on.

use std::ffi::c_void;
use std::sync::{Arc, MutexGuard};

use super::file::{Change, File};
use super::files::Inode;
use super::locks::{Busy, HandleId, Level};
use super::machine::{Machine, Shared};
use super::power::PowerIsOff;
use super::shm::Shm;

/// Why an operation failed; `vfs` turns it into a result code.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fault {
    PowerIsOff,
    Busy,
    /// There is no such file.
    Missing,
    /// The arguments make no sense, such as a negative offset.
    Misuse,
}

impl From<PowerIsOff> for Fault {
    fn from(_: PowerIsOff) -> Self {
        Self::PowerIsOff
    }
}

impl From<Busy> for Fault {
    fn from(_: Busy) -> Self {
        Self::Busy
    }
}

/// Whether a file has to exist, may, or must not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Creation {
    Never,
    IfMissing,
    Always,
}

/// What an opener asks for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Opening {
    pub(super) creation: Creation,
    /// A rollback journal or write-ahead log: its first sync also syncs its directory.
    pub(super) journal: bool,
    pub(super) delete_on_close: bool,
}

#[derive(Debug)]
pub(super) struct Handle {
    shared: &'static Shared,
    id: HandleId,
    life: u64,
    file: Inode,
    path: Option<String>,
    directory_sync_owed: bool,
    delete_on_close: bool,
    shm: Option<Arc<Shm>>,
}

impl Handle {
    /// Opens `path`, or a temporary file when there is none.
    pub(super) fn open(
        shared: &'static Shared,
        path: Option<String>,
        opening: Opening,
    ) -> Result<Self, Fault> {
        let mut machine = shared.machine();
        if !machine.power.is_on() {
            return Err(Fault::PowerIsOff);
        }
        let file = match &path {
            None => machine.files.create_nameless(),
            Some(path) => find_or_create(&mut machine, path, opening)?,
        };
        Ok(Self {
            shared,
            id: machine.next_handle(),
            life: machine.life,
            file,
            directory_sync_owed: path.is_some()
                && opening.journal
                && opening.creation != Creation::Never,
            path,
            delete_on_close: opening.delete_on_close,
            shm: None,
        })
    }

    fn machine(&self) -> Result<MutexGuard<'static, Machine>, Fault> {
        let machine = self.shared.machine();
        let alive = machine.power.is_on() && machine.life == self.life;
        if alive {
            Ok(machine)
        } else {
            Err(Fault::PowerIsOff)
        }
    }

    /// Copies bytes into `into` and says how many there were.
    pub(super) fn read(&self, at: usize, into: &mut [u8]) -> Result<usize, Fault> {
        let machine = self.machine()?;
        Ok(machine
            .files
            .get(self.file)
            .map_or(0, |file| file.read(at, into)))
    }

    pub(super) fn write(&self, at: usize, bytes: &[u8]) -> Result<(), Fault> {
        self.change(Change::Write {
            at,
            bytes: bytes.to_vec(),
        })
    }

    pub(super) fn truncate(&self, size: usize) -> Result<(), Fault> {
        self.change(Change::Truncate(size))
    }

    /// Temporary files are no points of an outage: nothing of them outlives it anyway.
    fn change(&self, change: Change) -> Result<(), Fault> {
        let mut machine = self.machine()?;
        if self.path.is_none() {
            machine.files.change(self.file, change);
            return Ok(());
        }
        Ok(machine.write(|files| files.change(self.file, change))?)
    }

    /// Two sync points for a new journal, the file's and its directory's; one for other files.
    pub(super) fn sync(&mut self) -> Result<(), Fault> {
        let mut machine = self.machine()?;
        let Some(path) = &self.path else {
            return Ok(());
        };
        machine.sync(|files| files.sync_file(self.file))?;
        if self.directory_sync_owed {
            machine.sync(|files| files.sync_directory_of(path))?;
            self.directory_sync_owed = false;
        }
        Ok(())
    }

    pub(super) fn size(&self) -> Result<usize, Fault> {
        Ok(self.machine()?.files.get(self.file).map_or(0, File::len))
    }

    pub(super) fn lock(&self, level: Level) -> Result<(), Fault> {
        Ok(self.machine()?.locks(self.file).lock(self.id, level)?)
    }

    /// Letting go always works: a dead connection holds nothing.
    pub(super) fn unlock(&self, keep_shared: bool) {
        if let Ok(mut machine) = self.machine() {
            let locks = machine.locks(self.file);
            if keep_shared {
                locks.downgrade_to_shared(self.id);
            } else {
                locks.release(self.id);
            }
        }
    }

    pub(super) fn is_reserved(&self) -> Result<bool, Fault> {
        Ok(self.machine()?.locks(self.file).is_reserved())
    }

    pub(super) fn shm_region(
        &mut self,
        index: usize,
        size: usize,
        extend: bool,
    ) -> Result<Option<*mut c_void>, Fault> {
        let mut machine = self.machine()?;
        let file = self.file;
        Ok(self
            .shm
            .get_or_insert_with(|| machine.shm(file))
            .region(index, size, extend))
    }

    pub(super) fn shm_lock(&self, mask: u8, exclusive: bool) -> Result<(), Fault> {
        let _powered = self.machine()?;
        let shm = self.shm.as_ref().ok_or(Fault::Misuse)?;
        let taken = if exclusive {
            shm.exclude(self.id, mask)
        } else {
            shm.share(self.id, mask)
        };
        Ok(taken?)
    }

    pub(super) fn shm_unlock(&self, mask: u8) {
        if let Some(shm) = &self.shm {
            shm.release(self.id, mask);
        }
    }

    pub(super) fn shm_unmap(&mut self) {
        if let Some(shm) = self.shm.take() {
            shm.leave(self.id);
        }
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.shm_unmap();
        self.unlock(false);
        let Ok(mut machine) = self.machine() else {
            return;
        };
        match &self.path {
            None => machine.files.forget_nameless(self.file),
            // An outage at this very write leaves the file behind, as it would on a real disk.
            Some(path) if self.delete_on_close => drop(machine.write(|files| files.delete(path))),
            Some(_) => {}
        }
    }
}

fn find_or_create(machine: &mut Machine, path: &str, opening: Opening) -> Result<Inode, Fault> {
    match (machine.files.find(path), opening.creation) {
        (Some(_), Creation::Always) => Err(Fault::Misuse),
        (Some(file), _) => Ok(file),
        (None, Creation::Never) => Err(Fault::Missing),
        (None, _) => {
            let mut created = 0;
            machine.write(|files| created = files.create(path))?;
            Ok(created)
        }
    }
}

/// Takes a file's name away, durably if asked: a second step, which can fail by itself.
pub(super) fn delete(shared: &Shared, path: &str, sync_directory: bool) -> Result<(), Fault> {
    let mut machine = shared.machine();
    if !machine.power.is_on() {
        return Err(Fault::PowerIsOff);
    }
    if machine.files.find(path).is_none() {
        return Err(Fault::Missing);
    }
    machine.write(|files| files.delete(path))?;
    if sync_directory {
        machine.sync(|files| files.sync_directory_of(path))?;
    }
    Ok(())
}

/// The length of the file of that name, if there is one.
pub(super) fn length(shared: &Shared, path: &str) -> Result<Option<usize>, Fault> {
    let machine = shared.machine();
    if !machine.power.is_on() {
        return Err(Fault::PowerIsOff);
    }
    Ok(machine
        .files
        .find(path)
        .and_then(|file| machine.files.get(file))
        .map(File::len))
}

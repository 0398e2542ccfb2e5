//! The machine around the disk: power, files, and the locks and shared memory that die with it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use super::Survivors;
use super::files::{Files, Inode};
use super::locks::{FileLocks, HandleId};
use super::power::{Power, PowerIsOff, Step};
use super::random::Random;
use super::shm::Shm;
use super::survive::Luck;

/// Milliseconds of the Julian calendar at which a disk's clock starts: 2024-01-01, midnight UTC.
const CLOCK_START: i64 = 212_570_827_200_000;

/// One machine, shared by every connection to its disk.
#[derive(Debug)]
pub(super) struct Shared(Mutex<Machine>);

#[derive(Debug)]
pub(super) struct Machine {
    pub(super) power: Power,
    pub(super) files: Files,
    /// Files opened before an outage belong to a life that is over.
    pub(super) life: u64,
    pub(super) random: Random,
    locks: BTreeMap<Inode, FileLocks>,
    shm: BTreeMap<Inode, Weak<Shm>>,
    last_handle: HandleId,
    clock: i64,
}

impl Shared {
    pub(super) fn new(seed: u64) -> Self {
        Self(Mutex::new(Machine {
            power: Power::on(),
            files: Files::default(),
            life: 0,
            random: Random::new(seed),
            locks: BTreeMap::new(),
            shm: BTreeMap::new(),
            last_handle: 0,
            clock: CLOCK_START,
        }))
    }

    pub(super) fn machine(&self) -> MutexGuard<'_, Machine> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Machine {
    pub(super) fn power_on(&mut self, survivors: Survivors) {
        let luck = match survivors {
            Survivors::None => None,
            Survivors::Random(seed) => Some(Luck::new(seed)),
        };
        self.files = self.files.after_outage(luck);
        self.power = Power::on();
        self.locks.clear();
        self.shm.clear();
        self.life += 1;
    }

    /// Has other files in the disk, with power off, and ends the life of those that are open.
    pub(super) fn replace_files(&mut self, files: Files) {
        self.power.switch_off();
        self.files = files;
        self.life += 1;
    }

    pub(super) fn sync(&mut self, effect: impl FnOnce(&mut Files)) -> Result<(), PowerIsOff> {
        let step = self.power.sync();
        self.take(&step, effect)
    }

    pub(super) fn write(&mut self, effect: impl FnOnce(&mut Files)) -> Result<(), PowerIsOff> {
        let step = self.power.write();
        self.take(&step, effect)
    }

    fn take(&mut self, step: &Step, effect: impl FnOnce(&mut Files)) -> Result<(), PowerIsOff> {
        if *step != Step::DoesNotHappen {
            effect(&mut self.files);
        }
        if *step == Step::Happens {
            Ok(())
        } else {
            Err(PowerIsOff)
        }
    }

    pub(super) fn locks(&mut self, file: Inode) -> &mut FileLocks {
        self.locks.entry(file).or_default()
    }

    /// The wal-index of a database; an empty one when nobody has it mapped.
    pub(super) fn shm(&mut self, file: Inode) -> Arc<Shm> {
        if let Some(shm) = self.shm.get(&file).and_then(Weak::upgrade) {
            return shm;
        }
        let shm = Arc::new(Shm::default());
        self.shm.insert(file, Arc::downgrade(&shm));
        shm
    }

    pub(super) fn next_handle(&mut self) -> HandleId {
        self.last_handle += 1;
        self.last_handle
    }

    /// A clock that moves on by a millisecond whenever it is read.
    pub(super) fn tick(&mut self) -> i64 {
        self.clock += 1;
        self.clock
    }
}

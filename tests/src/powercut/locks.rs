//! Locks between connections: on the database file, and on the slots of a wal-index.

use std::collections::BTreeMap;

pub(super) type HandleId = u64;

/// How firmly a connection holds a database file, in `SQLite`'s order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    Shared,
    Reserved,
    Pending,
    Exclusive,
}

/// Another connection stands in the way.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Busy;

/// Who holds one database file.
#[derive(Debug, Default)]
pub(super) struct FileLocks {
    held: BTreeMap<HandleId, Level>,
}

impl FileLocks {
    /// A writer that waits for readers to leave stays `Pending`, so that no new ones come.
    pub(super) fn lock(&mut self, who: HandleId, wanted: Level) -> Result<(), Busy> {
        let own = self.held.get(&who).copied();
        if own >= Some(wanted) {
            return Ok(());
        }
        let others = self
            .held
            .iter()
            .filter(|(id, _)| **id != who)
            .map(|(_, level)| *level)
            .max();
        let refused = match wanted {
            Level::Shared => others >= Some(Level::Pending),
            Level::Reserved | Level::Pending => others >= Some(Level::Reserved),
            Level::Exclusive => others.is_some(),
        };
        if !refused {
            self.held.insert(who, wanted);
            return Ok(());
        }
        if wanted == Level::Exclusive && own == Some(Level::Reserved) {
            self.held.insert(who, Level::Pending);
        }
        Err(Busy)
    }

    pub(super) fn downgrade_to_shared(&mut self, who: HandleId) {
        self.held
            .entry(who)
            .and_modify(|level| *level = Level::Shared);
    }

    pub(super) fn release(&mut self, who: HandleId) {
        self.held.remove(&who);
    }

    pub(super) fn is_reserved(&self) -> bool {
        self.held.values().any(|level| *level >= Level::Reserved)
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Slots {
    shared: u8,
    exclusive: u8,
}

/// Who holds which of the eight slots of one wal-index; a set of slots is a bit mask.
#[derive(Debug, Default)]
pub(super) struct SlotLocks {
    held: BTreeMap<HandleId, Slots>,
}

impl SlotLocks {
    pub(super) fn share(&mut self, who: HandleId, mask: u8) -> Result<(), Busy> {
        if self.others(who).any(|slots| slots.exclusive & mask != 0) {
            return Err(Busy);
        }
        self.held.entry(who).or_default().shared |= mask;
        Ok(())
    }

    pub(super) fn exclude(&mut self, who: HandleId, mask: u8) -> Result<(), Busy> {
        if self
            .others(who)
            .any(|slots| (slots.exclusive | slots.shared) & mask != 0)
        {
            return Err(Busy);
        }
        self.held.entry(who).or_default().exclusive |= mask;
        Ok(())
    }

    pub(super) fn release(&mut self, who: HandleId, mask: u8) {
        if let Some(slots) = self.held.get_mut(&who) {
            slots.shared &= !mask;
            slots.exclusive &= !mask;
        }
    }

    pub(super) fn leave(&mut self, who: HandleId) {
        self.held.remove(&who);
    }

    fn others(&self, who: HandleId) -> impl Iterator<Item = &Slots> {
        self.held
            .iter()
            .filter(move |(id, _)| **id != who)
            .map(|(_, slots)| slots)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readers_share_and_one_of_them_may_prepare_to_write() {
        let mut locks = FileLocks::default();
        assert_eq!(locks.lock(1, Level::Shared), Ok(()));
        assert_eq!(locks.lock(2, Level::Shared), Ok(()));
        assert!(!locks.is_reserved());
        assert_eq!(locks.lock(1, Level::Reserved), Ok(()));
        assert!(locks.is_reserved());
        assert_eq!(locks.lock(2, Level::Reserved), Err(Busy));
        assert_eq!(locks.lock(3, Level::Shared), Ok(()));
    }

    #[test]
    fn a_writer_waits_for_readers_and_lets_no_new_one_in() {
        let mut locks = FileLocks::default();
        locks.lock(1, Level::Shared).unwrap();
        locks.lock(2, Level::Shared).unwrap();
        locks.lock(1, Level::Reserved).unwrap();
        assert_eq!(locks.lock(1, Level::Exclusive), Err(Busy));
        assert_eq!(locks.lock(3, Level::Shared), Err(Busy));
        locks.release(2);
        assert_eq!(locks.lock(1, Level::Exclusive), Ok(()));
        locks.downgrade_to_shared(1);
        assert_eq!(locks.lock(3, Level::Shared), Ok(()));
    }

    #[test]
    fn a_reader_that_fails_to_recover_a_journal_shuts_nobody_out() {
        let mut locks = FileLocks::default();
        locks.lock(1, Level::Shared).unwrap();
        locks.lock(2, Level::Shared).unwrap();
        assert_eq!(locks.lock(1, Level::Exclusive), Err(Busy));
        assert_eq!(locks.lock(3, Level::Shared), Ok(()));
    }

    #[test]
    fn slots_are_shared_by_many_or_held_by_one() {
        let mut slots = SlotLocks::default();
        assert_eq!(slots.share(1, 0b1000), Ok(()));
        assert_eq!(slots.share(2, 0b1000), Ok(()));
        assert_eq!(slots.exclude(3, 0b1100), Err(Busy));
        assert_eq!(slots.exclude(3, 0b0110), Ok(()));
        assert_eq!(slots.share(1, 0b0010), Err(Busy));
        slots.release(1, 0b1000);
        assert_eq!(
            slots.exclude(2, 0b1000),
            Ok(()),
            "its own share does not stand in its way"
        );
        slots.leave(3);
        assert_eq!(slots.share(1, 0b0010), Ok(()));
    }
}

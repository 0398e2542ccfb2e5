//! A wal-index: memory shared by the connections of one database, which no outage leaves behind.

use std::ffi::c_void;
use std::sync::atomic::AtomicU64;
use std::sync::{Mutex, PoisonError};

use super::locks::{Busy, HandleId, SlotLocks};

/// Lives as long as any connection has it mapped, also beyond the outage that made it worthless.
#[derive(Debug, Default)]
pub(super) struct Shm {
    slots: Mutex<SlotLocks>,
    regions: Mutex<Vec<Box<[AtomicU64]>>>,
}

impl Shm {
    /// The address of a region of `size` zeroed bytes; it stays put while this value lives.
    pub(super) fn region(&self, index: usize, size: usize, extend: bool) -> Option<*mut c_void> {
        let mut regions = self.regions.lock().unwrap_or_else(PoisonError::into_inner);
        while extend && regions.len() <= index {
            let words = size.div_ceil(size_of::<AtomicU64>());
            regions.push((0..words).map(|_| AtomicU64::new(0)).collect());
        }
        // Atomics may be written through a shared reference, which makes the pointer good for it.
        regions
            .get(index)
            .map(|region| region.as_ptr().cast_mut().cast())
    }

    pub(super) fn share(&self, who: HandleId, mask: u8) -> Result<(), Busy> {
        self.slots().share(who, mask)
    }

    pub(super) fn exclude(&self, who: HandleId, mask: u8) -> Result<(), Busy> {
        self.slots().exclude(who, mask)
    }

    pub(super) fn release(&self, who: HandleId, mask: u8) {
        self.slots().release(who, mask);
    }

    pub(super) fn leave(&self, who: HandleId) {
        self.slots().leave(who);
    }

    fn slots(&self) -> std::sync::MutexGuard<'_, SlotLocks> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_appears_on_request_only_and_stays_where_it_is() {
        let shm = Shm::default();
        assert_eq!(shm.region(1, 32_768, false), None);
        let first = shm.region(0, 32_768, true);
        assert!(first.is_some());
        assert!(shm.region(40, 32_768, true).is_some());
        assert_eq!(shm.region(0, 32_768, false), first);
    }
}

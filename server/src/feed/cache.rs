//! Parts of packs that were made, for the next phone that asks: a street's phones install in the
//! same minutes. A cache is a cache: one state of each grid, and bounded bytes.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use sync_core::RecordId;

/// Bytes of all parts that are kept at most.
const MAX_BYTES: usize = 64 * 1024 * 1024;

/// A part: its last record, whether it is the last part, its body.
pub(super) type Part = (Option<RecordId>, bool, Arc<Vec<u8>>);

/// Parts of packs by grid, as of one state of its feed.
#[derive(Default)]
pub struct PackCache {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    grids: HashMap<String, (u64, HashMap<Option<RecordId>, Part>)>,
    bytes: usize,
}

impl PackCache {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The part behind `after`, if it was made when the feed stood at `head`.
    pub(super) fn get(&self, grid: &str, head: u64, after: Option<RecordId>) -> Option<Part> {
        let inner = self.inner();
        let (at, parts) = inner.grids.get(grid)?;
        (*at == head).then(|| parts.get(&after).cloned()).flatten()
    }

    /// Keeps a part. What was made of an earlier state of the feed goes: it may hold what is
    /// erased.
    pub(super) fn put(&self, grid: &str, head: u64, after: Option<RecordId>, part: Part) {
        let mut inner = self.inner();
        let size = part.2.len();
        let stale = inner.grids.get(grid).is_some_and(|(at, _)| *at != head);
        if stale && let Some((_, parts)) = inner.grids.remove(grid) {
            let freed: usize = parts.values().map(|part| part.2.len()).sum();
            inner.bytes = inner.bytes.saturating_sub(freed);
        }
        if inner.bytes + size > MAX_BYTES {
            *inner = Inner::default();
        }
        let entry = inner.grids.entry(grid.to_owned());
        let (_, parts) = entry.or_insert_with(|| (head, HashMap::new()));
        if parts.insert(after, part).is_none() {
            inner.bytes += size;
        }
    }

    /// Forgets everything.
    pub fn clear(&self) {
        *self.inner() = Inner::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(size: usize) -> Part {
        (None, true, Arc::new(vec![0; size]))
    }

    #[test]
    fn a_part_is_found_until_its_feed_goes_on() {
        let cache = PackCache::default();
        cache.put("g", 7, None, part(10));
        assert!(cache.get("g", 7, None).is_some());
        assert!(cache.get("g", 8, None).is_none());
        cache.put("g", 8, None, part(10));
        assert!(cache.get("g", 7, None).is_none(), "what was before is gone");
        assert_eq!(cache.inner().bytes, 10);
    }

    #[test]
    fn it_never_holds_more_than_its_bytes() {
        let cache = PackCache::default();
        for grid in 0..10_u64 {
            cache.put(&grid.to_string(), 1, None, part(MAX_BYTES / 4));
            assert!(cache.inner().bytes <= MAX_BYTES);
        }
    }
}

//! Bytes that may be personal: kept in one block, overwritten before the block is given back.

use std::{hint::black_box, ops::Range};

/// An append-only block of bytes.
#[derive(Default)]
pub(super) struct Arena(Vec<u8>);

impl Arena {
    /// Bytes in use.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Bytes allocated.
    pub(super) fn capacity(&self) -> usize {
        self.0.capacity()
    }

    /// The bytes at `range`; none if it lies outside.
    pub(super) fn get(&self, range: Range<usize>) -> &[u8] {
        self.0.get(range).unwrap_or_default()
    }

    /// Appends bytes. What the block outgrows is overwritten, which a vector that grows by
    /// itself does not do.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        let needed = self.0.len() + bytes.len();
        if needed > self.0.capacity() {
            // A quarter more, not twice as much: a phone's memory counts, and growing is rare.
            let mut larger = Vec::with_capacity((needed + needed / 4).max(1024));
            larger.extend_from_slice(&self.0);
            wipe(&mut self.0);
            self.0 = larger;
        }
        self.0.extend_from_slice(bytes);
    }

    /// Overwrites the bytes at `range`; the block keeps its length.
    pub(super) fn erase(&mut self, range: Range<usize>) {
        if let Some(bytes) = self.0.get_mut(range) {
            bytes.fill(0);
        }
    }

    /// Overwrites everything and gives the memory back.
    pub(super) fn clear(&mut self) {
        wipe(&mut self.0);
        self.0 = Vec::new();
    }
}

impl Drop for Arena {
    fn drop(&mut self) {
        self.clear();
    }
}

/// Overwrites a buffer with zeroes. Best effort: without `unsafe` nothing forbids the compiler to
/// leave out writes that nobody reads, so the buffer is shown to a reader it cannot see through.
pub(super) fn wipe(bytes: &mut Vec<u8>) {
    bytes.fill(0);
    black_box(bytes.as_slice());
    bytes.clear();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_holds_what_was_appended_until_it_is_erased() {
        let mut arena = Arena::default();
        for _ in 0..1_000 {
            arena.push("张三".as_bytes());
        }
        assert_eq!(arena.len(), 6_000);
        assert_eq!(arena.get(5_994..6_000), "张三".as_bytes());
        arena.erase(5_994..6_000);
        assert_eq!(arena.get(5_994..6_000), [0; 6]);
        assert_eq!(arena.get(5_999..6_001), [0; 0], "outside");
        arena.clear();
        assert_eq!((arena.len(), arena.capacity()), (0, 0));
    }

    #[test]
    fn a_wiped_buffer_is_zero_and_empty() {
        let mut bytes = b"secret".to_vec();
        wipe(&mut bytes);
        assert!(bytes.is_empty());
        bytes.resize(6, 1);
        assert_eq!(bytes, [1; 6]);
    }
}

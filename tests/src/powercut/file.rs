//! One file: what programs see, what the platter holds, and the changes between the two.

use super::survive::{self, Luck};

/// The unit a disk writes whole; a longer write can be torn between two of these.
pub(super) const SECTOR: usize = 512;

/// A change that no sync has made durable yet.
#[derive(Clone, Debug)]
pub(super) enum Change {
    Write { at: usize, bytes: Vec<u8> },
    Truncate(usize),
}

#[derive(Clone, Debug, Default)]
pub(super) struct File {
    live: Vec<u8>,
    durable: Vec<u8>,
    pending: Vec<Change>,
}

impl File {
    pub(super) fn len(&self) -> usize {
        self.live.len()
    }

    /// Copies what there is from `at` on into `into`; says how many bytes that was.
    pub(super) fn read(&self, at: usize, into: &mut [u8]) -> usize {
        let stored = self.live.get(at..).unwrap_or_default();
        let count = stored.len().min(into.len());
        for (to, from) in into.iter_mut().zip(stored) {
            *to = *from;
        }
        count
    }

    pub(super) fn change(&mut self, change: Change) {
        apply(&mut self.live, &change);
        self.pending.push(change);
    }

    pub(super) fn sync(&mut self) {
        for change in self.pending.drain(..) {
            apply(&mut self.durable, &change);
        }
    }

    /// The file as it is found after power went: durable bytes, and what luck kept of the rest.
    pub(super) fn after_outage(&self, luck: Option<&mut Luck>) -> Self {
        let bytes = match luck {
            None => self.durable.clone(),
            Some(luck) => survive::bytes(&self.durable, &self.pending, luck),
        };
        Self {
            live: bytes.clone(),
            durable: bytes,
            pending: Vec::new(),
        }
    }
}

/// A write past the end leaves a hole of zeros; a truncation past the end lengthens, as POSIX has it.
fn apply(bytes: &mut Vec<u8>, change: &Change) {
    match change {
        Change::Truncate(size) => bytes.resize(*size, 0),
        Change::Write { at, bytes: new } => {
            let end = at.saturating_add(new.len());
            if bytes.len() < end {
                bytes.resize(end, 0);
            }
            if let Some(target) = bytes.get_mut(*at..end) {
                target.copy_from_slice(new);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(at: usize, bytes: &[u8]) -> Change {
        Change::Write {
            at,
            bytes: bytes.to_vec(),
        }
    }

    #[test]
    fn a_read_sees_writes_at_once_and_an_outage_forgets_them() {
        let mut file = File::default();
        file.change(write(0, b"abc"));
        let mut seen = [0; 3];
        assert_eq!(file.read(0, &mut seen), 3);
        assert_eq!(&seen, b"abc");
        assert_eq!(file.after_outage(None).len(), 0);
    }

    #[test]
    fn a_synced_write_survives_and_a_later_one_does_not() {
        let mut file = File::default();
        file.change(write(0, b"abc"));
        file.sync();
        file.change(write(1, b"X"));
        file.change(Change::Truncate(2));
        assert_eq!(file.len(), 2);
        assert_eq!(file.after_outage(None).live, b"abc");
    }

    #[test]
    fn a_write_past_the_end_leaves_zeros_and_a_read_past_it_is_short() {
        let mut file = File::default();
        file.change(write(2, b"c"));
        let mut seen = [9; 5];
        assert_eq!(file.read(0, &mut seen), 3);
        assert_eq!(seen, [0, 0, b'c', 9, 9]);
        assert_eq!(file.read(7, &mut seen), 0);
    }
}

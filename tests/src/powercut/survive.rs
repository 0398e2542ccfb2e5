//! Which unsynced changes a disk happens to have kept.
//!
//! Each sector holds one of the contents it had since the last sync, chosen on its own: so writes
//! are lost, reordered, and torn between sectors. The file's length is chosen apart from the data,
//! so an area can have grown without its bytes; it then holds zeros or rubbish. A truncation only
//! changes the length: no file system wipes the sectors it gives up.

use super::file::{Change, SECTOR};
use super::random::Random;

/// A seeded choice of survivors; one outage is unlucky with nearly everything, the next with little.
#[derive(Clone, Debug)]
pub(super) struct Luck {
    random: Random,
    /// Of 8 choices, how many keep everything.
    kind: usize,
}

impl Luck {
    pub(super) fn new(seed: u64) -> Self {
        let mut random = Random::new(seed);
        let kind = [1, 4, 7].get(random.up_to(2)).copied().unwrap_or(4);
        Self { random, kind }
    }

    /// How many of `changes` successive changes of one thing took place.
    pub(super) fn kept(&mut self, changes: usize) -> usize {
        if self.random.up_to(7) < self.kind {
            changes
        } else {
            self.random.up_to(changes)
        }
    }

    fn background(&mut self) -> [u8; SECTOR] {
        let mut sector = [0; SECTOR];
        if self.random.up_to(1) == 0 {
            self.random.fill(&mut sector);
        }
        sector
    }
}

/// The bytes found after an outage.
pub(super) fn bytes(durable: &[u8], pending: &[Change], luck: &mut Luck) -> Vec<u8> {
    if pending.is_empty() {
        return durable.to_vec();
    }
    let lengths = lengths(durable.len(), pending);
    let kept = luck.kept(lengths.len().saturating_sub(1));
    let mut found = vec![0; lengths.get(kept).copied().unwrap_or(durable.len())];
    for (index, target) in found.chunks_mut(SECTOR).enumerate() {
        let sector = sector(index * SECTOR, durable, pending, luck);
        for (to, from) in target.iter_mut().zip(sector) {
            *to = from;
        }
    }
    found
}

/// Every length the file had, the durable one first.
fn lengths(durable: usize, pending: &[Change]) -> Vec<usize> {
    let mut lengths = vec![durable];
    let mut current = durable;
    for change in pending {
        let next = match change {
            Change::Truncate(size) => *size,
            Change::Write { at, bytes } => current.max(at + bytes.len()),
        };
        if next != current {
            lengths.push(next);
            current = next;
        }
    }
    lengths
}

fn sector(start: usize, durable: &[u8], pending: &[Change], luck: &mut Luck) -> [u8; SECTOR] {
    let stored = durable.get(start..).unwrap_or_default();
    let mut sector = if stored.len() < SECTOR {
        luck.background()
    } else {
        [0; SECTOR]
    };
    for (to, from) in sector.iter_mut().zip(stored) {
        *to = *from;
    }
    let touching: Vec<&Change> = pending
        .iter()
        .filter(|change| touches(change, start))
        .collect();
    let kept = luck.kept(touching.len());
    for change in touching.into_iter().take(kept) {
        apply(&mut sector, start, change);
    }
    sector
}

fn touches(change: &Change, start: usize) -> bool {
    match change {
        Change::Write { at, bytes } => *at < start + SECTOR && start < at + bytes.len(),
        Change::Truncate(size) => start < *size && *size < start + SECTOR,
    }
}

fn apply(sector: &mut [u8; SECTOR], start: usize, change: &Change) {
    match change {
        Change::Truncate(size) => {
            for byte in sector.iter_mut().skip(size - start) {
                *byte = 0;
            }
        }
        Change::Write { at, bytes } => {
            let target = sector.iter_mut().skip(at.saturating_sub(start));
            for (to, from) in target.zip(bytes.iter().skip(start.saturating_sub(*at))) {
                *to = *from;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    const SEEDS: u64 = 200;

    fn write(at: usize, byte: u8, count: usize) -> Change {
        Change::Write {
            at,
            bytes: vec![byte; count],
        }
    }

    fn outcomes(durable: &[u8], pending: &[Change]) -> BTreeSet<Vec<u8>> {
        (0..SEEDS)
            .map(|seed| bytes(durable, pending, &mut Luck::new(seed)))
            .collect()
    }

    #[test]
    fn the_same_seed_finds_the_same_bytes() {
        let pending = [
            write(0, 1, 3000),
            write(700, 2, 600),
            Change::Truncate(1500),
        ];
        let once = bytes(&[9; 1000], &pending, &mut Luck::new(7));
        assert_eq!(once, bytes(&[9; 1000], &pending, &mut Luck::new(7)));
    }

    #[test]
    fn a_long_write_is_torn_between_sectors_but_never_within_one() {
        let found = outcomes(&[0; 2 * SECTOR], &[write(0, 1, 2 * SECTOR)]);
        assert_eq!(found.len(), 4, "each sector on its own, old or new");
        assert!(
            found
                .iter()
                .flat_map(|f| f.chunks(SECTOR))
                .all(|s| s.iter().all(|b| *b == s[0]))
        );
    }

    #[test]
    fn a_later_write_can_survive_an_earlier_one_elsewhere() {
        let found = outcomes(&[0; 2 * SECTOR], &[write(0, 1, 8), write(SECTOR, 2, 8)]);
        assert!(found.iter().any(|f| f[0] == 0 && f[SECTOR] == 2));
    }

    #[test]
    fn within_a_sector_a_later_write_never_survives_without_the_earlier() {
        let found = outcomes(&[0; SECTOR], &[write(0, 1, 8), write(8, 2, 8)]);
        assert_eq!(found.len(), 3);
        assert!(!found.iter().any(|f| f[0] == 0 && f[8] == 2));
    }

    #[test]
    fn a_file_can_have_grown_without_its_bytes_or_not_have_grown() {
        let found = outcomes(&[7; SECTOR], &[write(SECTOR, 1, SECTOR)]);
        assert!(found.iter().any(|f| f.len() == SECTOR));
        assert!(
            found
                .iter()
                .any(|f| f.len() == 2 * SECTOR && f[SECTOR..] == [1; SECTOR])
        );
        assert!(
            found
                .iter()
                .any(|f| f.len() == 2 * SECTOR && f[SECTOR..] == [0; SECTOR])
        );
        assert!(
            found
                .iter()
                .any(|f| f.len() == 2 * SECTOR && f[SECTOR] != f[SECTOR + 1])
        );
        assert!(found.iter().all(|f| f[..SECTOR] == [7; SECTOR]));
    }

    #[test]
    fn a_truncation_happened_or_not_and_wipes_nothing() {
        let found = outcomes(&[7; 4 * SECTOR], &[Change::Truncate(SECTOR)]);
        let whole = vec![7; 4 * SECTOR];
        assert_eq!(found, BTreeSet::from([whole[..SECTOR].to_vec(), whole]));
    }

    #[test]
    fn what_was_cut_off_within_a_sector_comes_back_as_zeros() {
        let found = outcomes(
            &[7; SECTOR],
            &[Change::Truncate(8), Change::Truncate(SECTOR)],
        );
        assert!(found.iter().any(|f| f.len() == SECTOR && f[8] == 0));
        assert!(found.iter().all(|f| f[..8] == [7; 8]));
    }
}

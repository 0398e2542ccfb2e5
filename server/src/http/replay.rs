//! Signatures that were taken, so that none is taken twice.
//!
//! Kept in memory: after a restart a request of the last minutes could be sent again, which does
//! nothing that it had not done (sync and uploads are idempotent) and needs a broken TLS first.

use std::{
    collections::{HashSet, VecDeque},
    sync::{Mutex, PoisonError},
};

use sync_core::DeviceId;

/// Signatures remembered at most: past it the oldest are forgotten, those outside the window first.
const REMEMBERED: usize = 262_144;

type Mark = (DeviceId, [u8; 16]);

/// The signatures of the last minutes.
#[derive(Default)]
pub struct Replays(Mutex<Seen>);

#[derive(Default)]
struct Seen {
    marks: HashSet<Mark>,
    /// In the order in which they came, with the time after which the clock refuses them anyway.
    order: VecDeque<(i64, Mark)>,
}

impl Replays {
    /// Takes a device's nonce; whether it is the first time. `until_ms` is when it may be
    /// forgotten.
    pub fn first(&self, device: DeviceId, nonce: [u8; 16], until_ms: i64, now_ms: i64) -> bool {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        while let Some((until, mark)) = seen.order.front().copied() {
            if until >= now_ms && seen.order.len() < REMEMBERED {
                break;
            }
            seen.order.pop_front();
            seen.marks.remove(&mark);
        }
        let mark = (device, nonce);
        let first = seen.marks.insert(mark);
        if first {
            seen.order.push_back((until_ms, mark));
        }
        first
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEVICE: DeviceId = DeviceId([1; 6]);

    fn nonce(n: u64) -> [u8; 16] {
        let mut nonce = [0; 16];
        nonce[..8].copy_from_slice(&n.to_be_bytes());
        nonce
    }

    #[test]
    fn a_nonce_is_good_once_a_device_until_its_time_is_over() {
        let replays = Replays::default();
        assert!(replays.first(DEVICE, nonce(1), 100, 0));
        assert!(!replays.first(DEVICE, nonce(1), 100, 100));
        assert!(replays.first(DeviceId([2; 6]), nonce(1), 100, 100));
        assert!(replays.first(DEVICE, nonce(1), 300, 101));
    }

    #[test]
    fn the_memory_is_bounded() {
        let replays = Replays::default();
        for n in 0..=REMEMBERED as u64 {
            assert!(replays.first(DEVICE, nonce(n), 100, 0));
        }
        assert!(replays.first(DEVICE, nonce(0), 100, 0), "forgotten");
        assert!(!replays.first(DEVICE, nonce(5), 100, 0), "remembered");
        assert!(replays.0.lock().unwrap().marks.len() <= REMEMBERED);
    }
}

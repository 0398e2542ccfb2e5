//! A phone's clock and randomness, from the world.

use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicI64, Ordering},
};

use sync_core::{fieldbook::Host, sync::Clock};

use super::Rng;

/// A host whose clocks the world moves and whose randomness has a seed.
pub struct SimHost {
    wall_ms: AtomicI64,
    rng: Mutex<Rng>,
}

impl SimHost {
    /// A host at a time.
    pub fn new(wall_ms: i64, seed: u64) -> Self {
        Self {
            wall_ms: AtomicI64::new(wall_ms),
            rng: Mutex::new(Rng::new(seed)),
        }
    }

    /// Moves the clock; it may go back, as a person may set it.
    pub fn set(&self, wall_ms: i64) {
        self.wall_ms.store(wall_ms, Ordering::Relaxed);
    }
}

impl Host for SimHost {
    fn clock(&self) -> Clock {
        let wall_ms = self.wall_ms.load(Ordering::Relaxed);
        Clock {
            wall_ms,
            monotonic_ms: wall_ms.max(0).cast_unsigned(),
        }
    }

    fn random(&self, to: &mut [u8]) {
        let mut rng = self.rng.lock().unwrap_or_else(PoisonError::into_inner);
        for piece in to.chunks_mut(8) {
            piece
                .iter_mut()
                .zip(rng.next().to_be_bytes())
                .for_each(|(to, from)| *to = from);
        }
    }
}

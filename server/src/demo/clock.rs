//! A clock in the past: so that the street has weeks behind it when it is made.

use std::sync::atomic::{AtomicI64, Ordering};

use crate::clock::{Clock, SystemClock};

/// The system's clock, so many ms behind. It is put forward and never back.
#[derive(Debug, Default)]
pub(super) struct PastClock(AtomicI64);

impl PastClock {
    /// Puts it forward to a time, ms; a time that it has passed changes nothing.
    pub(super) fn put(&self, at_ms: i64) {
        let behind = SystemClock.now_ms().saturating_sub(at_ms).max(0);
        self.0.fetch_min(behind, Ordering::Relaxed);
    }

    /// Sets it back before anything is made.
    pub(super) fn begin(&self, at_ms: i64) {
        let behind = SystemClock.now_ms().saturating_sub(at_ms).max(0);
        self.0.store(behind, Ordering::Relaxed);
    }
}

impl Clock for PastClock {
    fn now_ms(&self) -> i64 {
        SystemClock
            .now_ms()
            .saturating_sub(self.0.load(Ordering::Relaxed))
    }
}

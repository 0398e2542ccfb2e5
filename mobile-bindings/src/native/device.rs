//! The device's clocks and randomness, and time that passes.

use std::{
    sync::LazyLock,
    time::{Duration, Instant, SystemTime},
};

use ring::rand::{SecureRandom as _, SystemRandom};
use sync_core::{
    fieldbook::{Host, transport::Waiter},
    sync::Clock,
};

/// When this process first looked. What passed since is told by a clock that nobody sets.
static BEGUN: LazyLock<Instant> = LazyLock::new(Instant::now);

/// The system's clocks and randomness.
pub(super) struct Device;

impl Host for Device {
    fn clock(&self) -> Clock {
        let wall = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        let wall = wall.unwrap_or_default().as_millis();
        Clock {
            wall_ms: i64::try_from(wall).unwrap_or(i64::MAX),
            monotonic_ms: u64::try_from(BEGUN.elapsed().as_millis()).unwrap_or(u64::MAX),
        }
    }

    fn random(&self, to: &mut [u8]) {
        // Every system that runs this has it; without it no key could have been made.
        let _ = SystemRandom::new().fill(to);
    }
}

/// Waits by the runtime's timer.
pub(super) struct Timer;

impl Waiter for Timer {
    async fn wait(&self, ms: u64) {
        tokio::time::sleep(Duration::from_millis(ms)).await;
    }
}

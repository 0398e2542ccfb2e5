//! Failed attempts at secrets (tickets, passwords), counted by what they were made at and from.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use crate::error::{Error, Result};

/// How long a failure counts, ms.
const WINDOW_MS: i64 = 60_000;
/// Failures of one key within that time.
const ONE: u32 = 30;
/// Failures of all keys within that time.
const ALL: u32 = 1_000;

/// Failures of the present minute.
#[derive(Default)]
pub struct Attempts(Mutex<Window>);

#[derive(Default)]
struct Window {
    began_ms: i64,
    all: u32,
    failed: HashMap<String, u32>,
}

impl Window {
    fn at(&mut self, now_ms: i64) -> &mut Self {
        if now_ms.saturating_sub(self.began_ms) >= WINDOW_MS || now_ms < self.began_ms {
            self.began_ms = now_ms;
            self.all = 0;
            self.failed.clear();
        }
        self
    }
}

impl Attempts {
    /// An error while there were too many failures of one of these keys, or of all.
    pub fn allow(&self, keys: &[&str], now_ms: i64) -> Result<()> {
        let mut window = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let window = window.at(now_ms);
        let of = |key: &&str| window.failed.get(*key).copied().unwrap_or(0);
        if window.all < ALL && keys.iter().all(|key| of(key) < ONE) {
            return Ok(());
        }
        let left = WINDOW_MS - now_ms.saturating_sub(window.began_ms);
        Err(Error::TooMany {
            retry_after_ms: u32::try_from(left).unwrap_or(60_000),
        })
    }

    /// Counts a failure under each of these keys.
    pub fn failed(&self, keys: &[&str], now_ms: i64) {
        let mut window = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let window = window.at(now_ms);
        window.all = window.all.saturating_add(1);
        // At most a few keys for each of `ALL` failures: past that nothing is let through anyway.
        if window.all <= ALL {
            for key in keys {
                *window.failed.entry((*key).to_owned()).or_default() += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guesser_waits_and_others_do_not() {
        let attempts = Attempts::default();
        for _ in 0..ONE {
            assert!(attempts.allow(&["a", "x"], 1_000).is_ok());
            attempts.failed(&["a", "x"], 1_000);
        }
        assert!(attempts.allow(&["a"], 1_000).is_err());
        assert!(attempts.allow(&["b", "x"], 1_000).is_err());
        assert!(attempts.allow(&["b"], 1_000).is_ok());
        assert!(attempts.allow(&["a"], 1_000 + WINDOW_MS).is_ok());
    }

    #[test]
    fn guesses_at_many_things_are_bounded_too() {
        let attempts = Attempts::default();
        for n in 0..ALL {
            attempts.failed(&[&n.to_string()], 0);
        }
        assert!(attempts.allow(&["new"], 0).is_err());
    }
}

//! How long to wait before trying again.

/// Longest time that a server's Retry-After is honoured, ms: a faulty server cannot silence a
/// phone for a day.
pub const MAX_RETRY_AFTER_MS: u64 = 60 * 60 * 1000;

/// Waiting times that double with each attempt, half of each random: phones that lost the server
/// at the same moment do not come back at the same moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    /// Longest wait before the second attempt, ms.
    pub first_ms: u64,
    /// Longest wait before any attempt, ms.
    pub max_ms: u64,
}

impl Default for Backoff {
    fn default() -> Self {
        Self {
            first_ms: 2_000,
            max_ms: 5 * 60 * 1000,
        }
    }
}

impl Backoff {
    /// How long to wait after `failed` attempts in a row (from 1), ms.
    ///
    /// `random` is any 64 random bits. What the server asked for by Retry-After is the least,
    /// up to [`MAX_RETRY_AFTER_MS`], and the random half comes on top.
    pub fn delay_ms(&self, failed: u32, random: u64, retry_after_ms: Option<u64>) -> u64 {
        let doublings = failed.saturating_sub(1).min(63);
        let longest = self
            .first_ms
            .saturating_mul(1 << doublings)
            .min(self.max_ms);
        let asked = retry_after_ms.unwrap_or(0).min(MAX_RETRY_AFTER_MS);
        let half = longest / 2;
        asked
            .max(half)
            .saturating_add(share(longest - half, random))
    }
}

/// A number from 0 up to `range`, in proportion to `random` among all 64-bit numbers.
fn share(range: u64, random: u64) -> u64 {
    u64::try_from((u128::from(range) * u128::from(random)) >> 64).unwrap_or(range)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const BACKOFF: Backoff = Backoff {
        first_ms: 1_000,
        max_ms: 60_000,
    };

    #[test]
    fn waiting_times_double_until_the_longest() {
        let waits: Vec<_> = (1..=8)
            .map(|failed| {
                BACKOFF
                    .delay_ms(failed, u64::MAX, None)
                    .next_multiple_of(10)
            })
            .collect();
        assert_eq!(
            waits,
            [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]
        );
        assert_eq!(BACKOFF.delay_ms(1, 0, None), 500);
        assert_eq!(
            BACKOFF.delay_ms(0, 0, None),
            500,
            "no failure yet counts as one"
        );
    }

    #[test]
    fn phones_that_were_sent_away_together_come_back_apart() {
        assert_eq!(BACKOFF.delay_ms(1, 0, Some(30_000)), 30_000);
        assert_eq!(BACKOFF.delay_ms(1, 1 << 63, Some(30_000)), 30_250);
    }

    #[test]
    fn a_server_cannot_send_a_phone_away_for_ever() {
        assert_eq!(BACKOFF.delay_ms(1, 0, Some(u64::MAX)), MAX_RETRY_AFTER_MS);
    }

    proptest! {
        #[test]
        fn a_wait_is_never_shorter_than_asked_nor_longer_than_allowed(
            failed: u32, random: u64, asked in 0..MAX_RETRY_AFTER_MS, first_ms: u64, max_ms: u64,
        ) {
            let wait = Backoff { first_ms, max_ms }.delay_ms(failed, random, Some(asked));
            prop_assert!(wait >= asked);
            prop_assert!(wait <= max_ms.saturating_add(asked));
        }
    }
}

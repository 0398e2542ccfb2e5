//! What time it is, by the server's clock as far as the book knows it.

use jiff::civil::Date;

use super::day;
use crate::fieldbook::{Fieldbook, error::Result, outbox::ServerTime};

/// Visits dated further ahead than this are of a wrong clock and count for nothing.
const AHEAD_MS: i64 = 24 * 60 * 60 * 1_000;

/// A moment, and what follows from it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Now {
    /// The day.
    pub(super) today: Date,
    /// When it began, ms.
    pub(super) day_ms: i64,
    /// When its month began: the interval in which every shop is to be visited.
    pub(super) month_ms: i64,
    /// When the month before began.
    pub(super) last_month_ms: i64,
    /// What is dated later is of a wrong clock.
    pub(super) horizon_ms: i64,
}

impl Now {
    pub(super) fn at(ms: i64) -> Self {
        let today = day::of(ms);
        Self {
            today,
            day_ms: day::start_ms(today),
            month_ms: day::start_ms(today.first_of_month()),
            last_month_ms: day::start_ms(day::month_before(today)),
            horizon_ms: ms.saturating_add(AHEAD_MS),
        }
    }
}

impl Fieldbook {
    /// The present moment, ms: this phone's clock, put right by what the server last said. A phone
    /// whose clock is a day off would otherwise show yesterday's round.
    pub fn now_ms(&self) -> Result<i64> {
        let heard: ServerTime = self.store.meta_cbor("server_time")?;
        let wall = self.store.host.clock().wall_ms;
        Ok(wall.saturating_add(heard.offset.unwrap_or(0)))
    }

    /// When the server was last heard, by its own clock, and its clock less this phone's; ms.
    pub fn server_heard(&self) -> Result<Option<(i64, i64)>> {
        let heard: ServerTime = self.store.meta_cbor("server_time")?;
        Ok((heard.at_ms > 0).then(|| (heard.at_ms, heard.offset.unwrap_or(0))))
    }

    pub(super) fn now(&self) -> Result<Now> {
        Ok(Now::at(self.now_ms()?))
    }
}

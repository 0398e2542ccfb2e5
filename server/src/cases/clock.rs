//! The three clocks of cases: natural hours, working hours, working days (时限).
//!
//! Pure functions of a calendar, the area's working hours and the times given.
//!
//! - Natural hours run always.
//! - Working hours run from `from` to `to` o'clock on working days. Time that ends with the day
//!   ends then, at `to`, not with the next morning.
//! - Working days are counted at their ends: the day of the start does not count, whatever the
//!   hour, and N working days end at `to` o'clock of the N-th working day after it.
//!
//! While a pause lasts, hours do not run, and a working day whose end falls into it does not
//! count. A year that the calendar does not know is never guessed: [`UnknownYear`].

use jiff::{
    Timestamp,
    civil::{Date, time},
    tz::{Offset, offset},
};
use schemas::{
    area::Settings,
    calendar::Calendar,
    class::{Clock, Limit},
};

/// The time zone of every area: China has one, without summer time.
pub const ZONE: Offset = offset(8);

const HOUR_MS: i64 = 3_600_000;

/// The way leads through a year of which no holidays are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownYear;

/// When an area works.
#[derive(Clone, Copy, Debug)]
pub struct WorkTime<'a> {
    /// Holidays and swapped days.
    pub calendar: &'a Calendar,
    /// First working hour.
    pub from: u8,
    /// Hour at which the working day ends.
    pub to: u8,
}

impl<'a> WorkTime<'a> {
    /// The working time that an area has set.
    pub const fn of(calendar: &'a Calendar, settings: &Settings) -> Self {
        Self {
            calendar,
            from: settings.work_from,
            to: settings.work_to,
        }
    }

    fn works(&self, date: Date) -> Result<bool, UnknownYear> {
        self.calendar.is_working_day(date).ok_or(UnknownYear)
    }
}

/// A time in which a clock stands still.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pause {
    /// From when.
    pub from_ms: i64,
    /// Until when; none while nobody knows.
    pub to_ms: Option<i64>,
}

impl Pause {
    fn end(&self) -> i64 {
        self.to_ms.unwrap_or(i64::MAX)
    }
}

/// A clock that was started.
#[derive(Clone, Copy, Debug)]
pub struct Timer<'a> {
    /// When.
    pub start_ms: i64,
    /// How the time runs and how much there is, granted extensions included.
    pub limit: Limit,
    /// When it stands still: in order, not overlapping.
    pub pauses: &'a [Pause],
}

/// When a timer ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// At this time, ms.
    At(i64),
    /// It stands still, and nobody knows until when.
    Paused,
}

/// What is left of a timer; below zero where it is past.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    /// Of a clock of hours: ms on that clock.
    Ms(i64),
    /// Working days whose end is still to come.
    Days(i64),
}

/// When the timer ends.
pub fn due(timer: &Timer<'_>, work: &WorkTime<'_>) -> Result<Due, UnknownYear> {
    if timer.limit.within == 0 {
        return Ok(Due::At(timer.start_ms));
    }
    let stop = stop_ms(timer);
    match timer.limit.clock {
        Clock::NaturalHours => {
            let mut need = hours_ms(timer);
            let end = spend(timer, (timer.start_ms, stop), &mut need);
            Ok(end.map_or(Due::Paused, Due::At))
        }
        Clock::WorkingHours => {
            let mut need = hours_ms(timer);
            let mut date = date_of(timer.start_ms)?;
            loop {
                let (from, to) = (at(date, work.from)?, at(date, work.to)?);
                if from.max(timer.start_ms) >= stop {
                    return Ok(Due::Paused);
                }
                let open = (from.max(timer.start_ms), to.min(stop));
                if work.works(date)?
                    && let Some(end) = spend(timer, open, &mut need)
                {
                    return Ok(Due::At(end));
                }
                date = date.tomorrow().map_err(|_| UnknownYear)?;
            }
        }
        Clock::WorkingDays => {
            let mut need = timer.limit.within;
            let mut date = date_of(timer.start_ms)?;
            loop {
                date = date.tomorrow().map_err(|_| UnknownYear)?;
                let end = at(date, work.to)?;
                if end > stop {
                    return Ok(Due::Paused);
                }
                need -= u32::from(work.works(date)? && !stands_at(timer, end));
                if need == 0 {
                    return Ok(Due::At(end));
                }
            }
        }
    }
}

/// What is left of the timer at `now_ms`.
pub fn left(timer: &Timer<'_>, work: &WorkTime<'_>, now_ms: i64) -> Result<Left, UnknownYear> {
    // More than ever runs, so that nothing ends before `now_ms`.
    let mut spare = i64::MAX;
    match timer.limit.clock {
        Clock::NaturalHours => {
            spend(timer, (timer.start_ms, now_ms), &mut spare);
        }
        Clock::WorkingHours => {
            let mut date = date_of(timer.start_ms)?;
            let last = date_of(now_ms)?;
            while date <= last {
                let from = at(date, work.from)?.max(timer.start_ms);
                if work.works(date)? {
                    spend(timer, (from, at(date, work.to)?.min(now_ms)), &mut spare);
                }
                date = date.tomorrow().map_err(|_| UnknownYear)?;
            }
        }
        Clock::WorkingDays => {
            let mut days = i64::from(timer.limit.within);
            let mut date = date_of(timer.start_ms)?
                .tomorrow()
                .map_err(|_| UnknownYear)?;
            while at(date, work.to)? <= now_ms {
                let end = at(date, work.to)?;
                days -= i64::from(work.works(date)? && !stands_at(timer, end));
                date = date.tomorrow().map_err(|_| UnknownYear)?;
            }
            return Ok(Left::Days(days));
        }
    }
    Ok(Left::Ms(hours_ms(timer) - (i64::MAX - spare)))
}

/// The day on which a time falls in [`ZONE`].
pub fn date_of(ms: i64) -> Result<Date, UnknownYear> {
    let at = Timestamp::from_millisecond(ms).map_err(|_| UnknownYear)?;
    Ok(ZONE.to_datetime(at).date())
}

fn at(date: Date, hour: u8) -> Result<i64, UnknownYear> {
    let midnight = date.to_datetime(time(0, 0, 0, 0));
    let midnight = ZONE.to_timestamp(midnight).map_err(|_| UnknownYear)?;
    Ok(midnight.as_millisecond() + i64::from(hour) * HOUR_MS)
}

fn hours_ms(timer: &Timer<'_>) -> i64 {
    i64::from(timer.limit.within) * HOUR_MS
}

/// From when on it stands still without a known end.
fn stop_ms(timer: &Timer<'_>) -> i64 {
    let open = timer.pauses.iter().filter(|pause| pause.to_ms.is_none());
    open.map(|pause| pause.from_ms).min().unwrap_or(i64::MAX)
}

fn stands_at(timer: &Timer<'_>, ms: i64) -> bool {
    let mut pauses = timer.pauses.iter();
    pauses.any(|pause| pause.from_ms < ms && ms <= pause.end())
}

/// Lets the clock run through an open time, its pauses aside; when `need` was used up, if it was.
fn spend(timer: &Timer<'_>, (from, to): (i64, i64), need: &mut i64) -> Option<i64> {
    let mut from = from;
    let past = Pause {
        from_ms: to,
        to_ms: None,
    };
    for pause in timer.pauses.iter().chain([&past]) {
        let run = pause.from_ms.min(to).saturating_sub(from).max(0);
        if run >= *need {
            return Some(from + *need);
        }
        *need -= run;
        from = from.max(pause.end());
    }
    None
}

#[cfg(test)]
mod tests;

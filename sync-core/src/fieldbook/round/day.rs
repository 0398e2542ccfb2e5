//! Days and months, as they are counted where the product is used: UTC+8, without summer time.

use jiff::{
    Timestamp,
    civil::{Date, Time},
    tz::{self, Offset},
};

const HERE: Offset = tz::offset(8);

/// The day of a moment, ms since 1970.
pub(super) fn of(ms: i64) -> Date {
    let moment = Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH);
    HERE.to_datetime(moment).date()
}

/// When a day begins, ms since 1970.
pub(super) fn start_ms(day: Date) -> i64 {
    let midnight = HERE.to_timestamp(day.to_datetime(Time::midnight()));
    midnight.map_or(0, Timestamp::as_millisecond)
}

/// A date as it stands in a register.
pub(super) fn parse(text: &str) -> Option<Date> {
    schemas::checks::date::check(text).ok()
}

/// Days from one day to another; negative if the other is earlier.
pub(super) fn between(from: Date, to: Date) -> i32 {
    from.until(to).map_or(0, |span| span.get_days())
}

/// The first day of the month before.
pub(super) fn month_before(day: Date) -> Date {
    let last = day.first_of_month().yesterday().unwrap_or(day);
    last.first_of_month()
}

/// The first day of the month after.
pub(super) fn month_after(day: Date) -> Date {
    day.last_of_month().tomorrow().unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_day_begins_at_sixteen_hours_utc() {
        // 2026-11-30 16:00 UTC is the first of December here.
        let midnight = 1_796_054_400_000;
        assert_eq!(of(midnight), date(2026, 12, 1));
        assert_eq!(of(midnight - 1), date(2026, 11, 30));
        assert_eq!(start_ms(date(2026, 12, 1)), midnight);
    }

    #[test]
    fn months_have_neighbours_over_the_year_s_end() {
        assert_eq!(month_before(date(2026, 1, 31)), date(2025, 12, 1));
        assert_eq!(month_after(date(2026, 12, 31)), date(2027, 1, 1));
        assert_eq!(month_after(date(2026, 1, 31)), date(2026, 2, 1));
    }

    #[test]
    fn days_between_dates_count_across_months() {
        assert_eq!(between(date(2026, 11, 22), date(2026, 12, 2)), 10);
        assert_eq!(between(date(2026, 3, 1), date(2026, 2, 28)), -1);
        assert_eq!(between(date(2026, 1, 1), date(2027, 1, 1)), 365);
    }

    #[test]
    fn a_clock_out_of_range_gives_some_day() {
        assert_eq!(of(i64::MAX), date(1970, 1, 1));
    }
}

//! The working calendar: public holidays and swapped working days, as dates only.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, Weekday};

/// Public holidays and the weekend days that are worked in exchange, by year.
///
/// A year without data is not guessed: every answer about it is `None`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Calendar {
    years: BTreeMap<i16, Year>,
}

#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Year {
    pub(crate) holidays: BTreeSet<Date>,
    pub(crate) workdays: BTreeSet<Date>,
}

impl Calendar {
    pub(crate) fn insert(&mut self, year: i16, days: Year) -> bool {
        self.years.insert(year, days).is_none()
    }

    /// The years that the calendar knows.
    pub fn years(&self) -> impl Iterator<Item = i16> + '_ {
        self.years.keys().copied()
    }

    /// Whether `date` is a working day; `None` if the calendar does not know its year.
    pub fn is_working_day(&self, date: Date) -> Option<bool> {
        let year = self.years.get(&date.year())?;
        let weekend = matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
        let works = if weekend {
            year.workdays.contains(&date)
        } else {
            true
        };
        Some(works && !year.holidays.contains(&date))
    }

    /// The `days`-th working day after `date`, which itself does not count; `date` for 0.
    ///
    /// `None` if the way leads through a year that the calendar does not know.
    pub fn add_working_days(&self, date: Date, days: u32) -> Option<Date> {
        let mut at = date;
        let mut left = days;
        while left > 0 {
            at = at.tomorrow().ok()?;
            left -= u32::from(self.is_working_day(at)?);
        }
        Some(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn calendar() -> Calendar {
        let mut calendar = Calendar::default();
        let holidays = (1..=7)
            .map(|day| Date::new(2026, 10, day).unwrap())
            .collect();
        let workdays = [date("2026-10-10")].into();
        assert!(calendar.insert(2026, Year { holidays, workdays }));
        calendar
    }

    #[test]
    fn a_swapped_saturday_is_worked_and_a_holiday_is_not() {
        for (day, works) in [
            ("2026-09-30", true),
            ("2026-10-01", false),
            ("2026-10-08", true),
            ("2026-10-10", true),
            ("2026-10-11", false),
            ("2026-10-17", false),
        ] {
            assert_eq!(calendar().is_working_day(date(day)), Some(works), "{day}");
        }
    }

    #[test]
    fn working_days_step_over_holidays_and_onto_swapped_days() {
        let add = |days| calendar().add_working_days(date("2026-09-30"), days);
        assert_eq!(add(0), Some(date("2026-09-30")));
        assert_eq!(add(1), Some(date("2026-10-08")));
        assert_eq!(add(3), Some(date("2026-10-10")));
        assert_eq!(add(4), Some(date("2026-10-12")));
    }

    #[test]
    fn a_year_without_data_is_not_guessed() {
        assert_eq!(calendar().is_working_day(date("2027-01-01")), None);
        assert_eq!(calendar().add_working_days(date("2026-12-31"), 1), None);
    }
}

//! Which cases were due to be closed in a month.

use jiff::{Timestamp, ToSpan as _, civil::Date};

use crate::{
    cases::clock::ZONE,
    error::{Error, Result},
    lists::Where,
};

/// When a case is to be closed: its last milestone says so.
pub(super) const LAST_DUE: &str = "(SELECT m.due_ms FROM case_milestone AS m
    WHERE m.case_id = case_file.id ORDER BY m.at DESC LIMIT 1)";

const FAR: Error = Error::Internal("a month is out of reach");

/// A month of the street's calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Month(Date);

impl Month {
    /// That of a moment.
    pub(crate) fn of(ms: i64) -> Self {
        let moment = Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH);
        Self(ZONE.to_datetime(moment).date().first_of_month())
    }

    /// Reads `YYYY-MM`, which stands in `at`.
    pub(crate) fn parse(at: &'static str, text: &str) -> Result<Self> {
        let wrong = || Error::invalid(at, "a month, YYYY-MM");
        let whole = text.len() == "2026-11".len();
        let first: Option<Date> = whole.then(|| format!("{text}-01").parse().ok()).flatten();
        first.map(Self).ok_or_else(wrong)
    }

    /// So many months later.
    pub(super) fn later(self, months: i32) -> Result<Self> {
        let first = self.0.checked_add(months.months());
        first.map(Self).map_err(|_| FAR)
    }

    /// Its first moment, and that of the next.
    pub(crate) fn span(self) -> Result<(i64, i64)> {
        Ok((self.begin()?, self.later(1)?.begin()?))
    }

    fn begin(self) -> Result<i64> {
        begin(self.0)
    }

    /// Leaves the cases that were due to be closed in it; of the present month, until now.
    pub(super) fn narrow(self, list: &mut Where, now_ms: i64) -> Result<()> {
        let (from, to) = self.span()?;
        list.fixed("state NOT IN ('void', 'joined')");
        list.with(&format!("{LAST_DUE} >= ?"), from);
        list.with(&format!("{LAST_DUE} < ?"), to.min(now_ms));
        Ok(())
    }
}

/// When a day begins and ends, ms.
pub(crate) fn day_span(day: Date) -> Result<(i64, i64)> {
    Ok((begin(day)?, begin(day.tomorrow().map_err(|_| FAR)?)?))
}

fn begin(day: Date) -> Result<i64> {
    let midnight = day.to_datetime(jiff::civil::Time::midnight());
    let moment = ZONE.to_timestamp(midnight).map_err(|_| FAR)?;
    Ok(moment.as_millisecond())
}

impl std::fmt::Display for Month {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(to, "{}", self.0.strftime("%Y-%m"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_read_as_it_is_written_and_nothing_else() {
        let month = Month::parse("month", "2026-11").unwrap();
        assert_eq!(month.to_string(), "2026-11");
        assert_eq!(month.later(2).unwrap().to_string(), "2027-01");
        for wrong in ["2026-13", "2026-1", "2026-11-01", "-11", "", "2026/11"] {
            assert!(Month::parse("month", wrong).is_err(), "{wrong}");
        }
    }
}

//! Figures of cases: what is open, and what was closed in time.

use std::collections::BTreeMap;

use jiff::{Timestamp, ToSpan as _, civil::Date};
use rusqlite::params_from_iter;
use serde::Serialize;
use utoipa::ToSchema;

use super::filter::scope;
use crate::{
    cases::clock::ZONE,
    error::{Error, Result},
    lists::Age,
    records::detail::Reader,
};

/// Open cases that are looked at, at most.
const LOOKED_AT: usize = 200_000;

/// Open cases of an office that came in so long ago.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct OpenCases {
    /// The office that has them.
    pub office: String,
    /// How long ago.
    pub age: Age,
    /// How many.
    pub count: u64,
    /// Of these, past their time.
    pub overdue: u64,
    /// The list that shows them.
    pub list: String,
}

/// What was due in a month, and what became of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct Closure {
    /// The month, `YYYY-MM`.
    pub month: String,
    /// 受理: came in.
    pub received: u64,
    /// 立案: filed.
    pub filed: u64,
    /// 应结案: due to be closed; of the present month, until now.
    pub due: u64,
    /// 缓办: of these, put off.
    pub postponed: u64,
    /// 结案: of these, closed.
    pub closed: u64,
    /// 按期结案: of these, closed in time.
    pub on_time: u64,
    /// 结案率: closed ÷ (due − postponed), unrounded; null where nothing was due.
    pub closed_rate: Option<f64>,
    /// 按期结案率: closed in time ÷ (due − postponed).
    pub on_time_rate: Option<f64>,
}

impl Closure {
    fn rated(mut self) -> Self {
        let whole = self.due.saturating_sub(self.postponed);
        self.closed_rate = rate(self.closed, whole);
        self.on_time_rate = rate(self.on_time, whole);
        self
    }
}

/// A share; none of nothing.
fn rate(part: u64, whole: u64) -> Option<f64> {
    let number = |count: u64| u32::try_from(count).ok().map(f64::from);
    let (part, whole) = (number(part)?, number(whole)?);
    (whole > 0.0).then(|| part / whole)
}

/// Open cases that the person may know of, by office and age.
pub fn open_cases(reader: &Reader<'_>) -> Result<Vec<OpenCases>> {
    let now_ms = reader.core.now_ms();
    let mut list = scope(reader.who);
    list.fixed("state NOT IN ('closed', 'void', 'joined')");
    let sql = format!(
        "SELECT office, received_ms, coalesce(due_ms < {now_ms}, 0) FROM case_file WHERE {}
         LIMIT {LOOKED_AT}",
        list.sql()
    );
    let mut select = reader.conn.prepare(&sql)?;
    let mut rows = select.query(params_from_iter(&list.values))?;
    let mut counts: BTreeMap<(String, Age), (u64, u64)> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let age = Age::of(row.get(1)?, now_ms);
        let (count, overdue) = counts.entry((row.get(0)?, age)).or_default();
        *count += 1;
        *overdue += u64::from(row.get::<_, bool>(2)?);
    }
    let figures = counts
        .into_iter()
        .map(|((office, age), (count, overdue))| OpenCases {
            list: format!("/cases?open=true&office={office}&age={}", age.as_str()),
            office,
            age,
            count,
            overdue,
        });
    Ok(figures.collect())
}

/// What was due in the last months, the present one last.
pub fn closures(reader: &Reader<'_>, months: i32) -> Result<Vec<Closure>> {
    let now_ms = reader.core.now_ms();
    let this = first_of_month(now_ms);
    let mut all = Vec::new();
    for back in (0..months).rev() {
        let from = month_from(this, -back)?;
        let to = month_from(this, 1 - back)?;
        all.push(closure(reader, from, (begin(from)?, begin(to)?), now_ms)?);
    }
    Ok(all)
}

fn closure(
    reader: &Reader<'_>,
    month: Date,
    (from, to): (i64, i64),
    now_ms: i64,
) -> Result<Closure> {
    let list = scope(reader.who);
    let came = format!(
        "SELECT coalesce(sum(received_ms >= {from} AND received_ms < {to}), 0),
                coalesce(sum(filed_ms >= {from} AND filed_ms < {to}), 0)
         FROM case_file WHERE {}",
        list.sql()
    );
    let values = || params_from_iter(&list.values);
    let came = reader
        .conn
        .query_row(&came, values(), |row| Ok((row.get(0)?, row.get(1)?)))?;
    // The last milestone is that by which a case is to be closed.
    let until = to.min(now_ms);
    let was_due = format!(
        "SELECT count(*), coalesce(sum(state = 'postponed'), 0),
                coalesce(sum(state = 'closed'), 0),
                coalesce(sum(state = 'closed' AND closed_ms <= last.due_ms), 0)
         FROM case_file JOIN case_milestone AS last ON last.case_id = case_file.id
              AND last.at = (SELECT max(m.at) FROM case_milestone m WHERE m.case_id = case_file.id)
         WHERE state NOT IN ('void', 'joined') AND last.due_ms >= {from} AND last.due_ms < {until}
           AND {}",
        list.sql()
    );
    let (received, filed) = came;
    let closure = reader.conn.query_row(&was_due, values(), |row| {
        Ok(Closure {
            month: month.strftime("%Y-%m").to_string(),
            received,
            filed,
            due: row.get(0)?,
            postponed: row.get(1)?,
            closed: row.get(2)?,
            on_time: row.get(3)?,
            closed_rate: None,
            on_time_rate: None,
        })
    })?;
    Ok(closure.rated())
}

fn first_of_month(ms: i64) -> Date {
    let moment = Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH);
    ZONE.to_datetime(moment).date().first_of_month()
}

const FAR: Error = Error::Internal("a month is out of reach");

fn month_from(first: Date, months: i32) -> Result<Date> {
    first.checked_add(months.months()).map_err(|_| FAR)
}

fn begin(day: Date) -> Result<i64> {
    let midnight = day.to_datetime(jiff::civil::Time::midnight());
    let moment = ZONE.to_timestamp(midnight).map_err(|_| FAR)?;
    Ok(moment.as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A published bulletin of such a centre.
    #[test]
    fn rates_are_those_of_a_known_bulletin() {
        let bulletin = Closure {
            received: 1_054,
            filed: 996,
            due: 972,
            closed: 911,
            on_time: 737,
            ..Closure::default()
        };
        let rated = bulletin.rated();
        let percent = |rate: Option<f64>| format!("{:.2}", rate.unwrap() * 100.0);
        assert_eq!(percent(rated.closed_rate), "93.72");
        assert_eq!(percent(rated.on_time_rate), "75.82");
        assert_eq!(Closure::default().rated().on_time_rate, None);
    }
}

//! Figures of cases: what is open, and what was closed in time.

use std::collections::BTreeMap;

use rusqlite::params_from_iter;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    filter::scope,
    month::{LAST_DUE, Month},
};
use crate::{error::Result, lists::Age, records::detail::Reader};

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
    /// The list of those that were due.
    pub list: String,
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
    let this = Month::of(now_ms);
    let mut all = Vec::new();
    for back in (0..months).rev() {
        all.push(closure(reader, this.later(-back)?, now_ms)?);
    }
    Ok(all)
}

fn closure(reader: &Reader<'_>, month: Month, now_ms: i64) -> Result<Closure> {
    let list = scope(reader.who);
    let (from, to) = month.span()?;
    let came = format!(
        "SELECT coalesce(sum(received_ms >= {from} AND received_ms < {to}), 0),
                coalesce(sum(filed_ms >= {from} AND filed_ms < {to}), 0)
         FROM case_file WHERE {}",
        list.sql()
    );
    let (received, filed) =
        reader
            .conn
            .query_row(&came, params_from_iter(&list.values), |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?;
    let mut due = list;
    month.narrow(&mut due, now_ms)?;
    let was_due = format!(
        "SELECT count(*), coalesce(sum(state = 'postponed'), 0),
                coalesce(sum(state = 'closed'), 0),
                coalesce(sum(state = 'closed' AND closed_ms <= {LAST_DUE}), 0)
         FROM case_file WHERE {}",
        due.sql()
    );
    let values = params_from_iter(&due.values);
    let closure = reader.conn.query_row(&was_due, values, |row| {
        Ok(Closure {
            month: month.to_string(),
            received,
            filed,
            due: row.get(0)?,
            postponed: row.get(1)?,
            closed: row.get(2)?,
            on_time: row.get(3)?,
            closed_rate: None,
            on_time_rate: None,
            list: format!("/cases?due_month={month}"),
        })
    })?;
    Ok(closure.rated())
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

//! What this month's visits say of shops. Visits are sealed; what was opened once is kept in memory
//! until the record changes, so that a street's round is not opened again for every figure.

use std::collections::HashMap;

use jiff::Timestamp;
use rusqlite::params_from_iter;
use schemas::Scalar;
use serde::{Deserialize, Serialize};
use sync_core::{RecordId, fieldbook::round::SETTLING, record::View};
use utoipa::ToSchema;

use super::{detail::Reader, presence};
use crate::{
    cases::clock::ZONE,
    error::{Error, Result},
    lists::Where,
};

/// Visits of one month that are looked at, at most: the latest.
const LOOKED_AT: usize = 200_000;
/// A visit that is dated further ahead is of a wrong clock and counts for nothing, ms.
const AHEAD_MS: i64 = 24 * 60 * 60 * 1_000;

/// Whether a shop is there.
const THERE: &str = "(alive = 1 AND merged_into IS NULL)";

/// Where a shop stands in this month's round.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Visited {
    /// 未巡: not visited.
    Due,
    /// 待回访: shut or refused the last time.
    Revisit,
    /// 已巡: visited.
    Visited,
}

/// A visit that was opened.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Visit {
    at_ms: i64,
    settles: bool,
}

/// When the month of a moment began, ms.
pub fn month_start(now_ms: i64) -> i64 {
    let now = Timestamp::from_millisecond(now_ms).unwrap_or(Timestamp::UNIX_EPOCH);
    let first = ZONE.to_datetime(now).date().first_of_month();
    let begun = ZONE.to_timestamp(first.to_datetime(jiff::civil::Time::midnight()));
    begun.map_or(0, Timestamp::as_millisecond)
}

/// Whether the person may know of visits.
pub fn may_know(reader: &Reader<'_>) -> bool {
    let kind = reader.schemas.kind("visit");
    kind.is_some_and(|kind| kind.may_read_kind(&reader.who.author()))
}

/// Of every shop in the person's areas, and in `grid` of them, that was visited this month: whether
/// its last visit settles it.
pub fn this_month(reader: &Reader<'_>, grid: Option<&str>) -> Result<HashMap<RecordId, bool>> {
    let now_ms = reader.core.now_ms();
    within(reader, grid, month_start(now_ms), now_ms + AHEAD_MS)
}

/// The same of the visits from one moment until another.
fn within(
    reader: &Reader<'_>,
    grid: Option<&str>,
    begun: i64,
    end: i64,
) -> Result<HashMap<RecordId, bool>> {
    let mut list = Where::default();
    list.fixed("kind = 'visit' AND placed = 1 AND alive = 1 AND follows IS NOT NULL");
    list.with("touched_ms >= ?", begun);
    list.areas("grid", &reader.who.areas);
    list.grid("grid", grid)?;
    let sql = format!(
        "SELECT n, id, changes, follows FROM record WHERE {}
         ORDER BY touched_ms DESC LIMIT {LOOKED_AT}",
        list.sql()
    );
    let mut select = reader.conn.prepare(&sql)?;
    let mut rows = select.query(params_from_iter(&list.values))?;
    let mut latest: HashMap<RecordId, Visit> = HashMap::new();
    while let Some(row) = rows.next()? {
        let (n, changes): (i64, u64) = (row.get(0)?, row.get(2)?);
        let (id, shop) = (RecordId(row.get(1)?), RecordId(row.get(3)?));
        let known = reader.core.visits().of(n, changes, || visit(reader, &id))?;
        let Some(visit) = known else { continue };
        if visit.at_ms < begun || visit.at_ms > end {
            continue;
        }
        let known = latest.entry(shop).or_insert(visit);
        if visit.at_ms > known.at_ms {
            *known = visit;
        }
    }
    let settled = latest
        .into_iter()
        .map(|(shop, visit)| (shop, visit.settles));
    Ok(settled.collect())
}

/// How far this month's round is in a grid.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Coverage {
    /// The grid.
    pub grid: String,
    /// Shops to be visited.
    pub shops: u64,
    /// Of these, visited.
    pub visited: u64,
    /// Of these, to be visited again.
    pub revisit: u64,
    /// Of these, not visited.
    pub due: u64,
    /// The list of those not visited; `visited=` says which others.
    pub list: String,
}

/// How far this month's round is, by grid of the person's areas.
pub fn coverage(reader: &Reader<'_>) -> Result<Vec<Coverage>> {
    by_grid(reader, &this_month(reader, None)?, None)
}

/// How far a month's round came: of the shops that there were at its end, by the grids in which they
/// stand now; of the running month, of those that there are.
pub fn coverage_of(reader: &Reader<'_>, from: i64, to: i64) -> Result<Vec<Coverage>> {
    let now_ms = reader.core.now_ms();
    let last = to - 1;
    let settled = within(reader, None, from, last.min(now_ms + AHEAD_MS))?;
    by_grid(reader, &settled, (last < now_ms).then_some(last))
}

/// Of the shops that there are, or that there were `then`.
fn by_grid(
    reader: &Reader<'_>,
    settled: &HashMap<RecordId, bool>,
    then: Option<i64>,
) -> Result<Vec<Coverage>> {
    let mut list = Where::default();
    list.fixed("kind = 'shop' AND placed = 1");
    if then.is_none() {
        list.fixed(THERE);
    }
    list.areas("grid", &reader.who.areas);
    let sql = format!(
        "SELECT grid, id, n, changes, touched_ms, {THERE} FROM record WHERE {} ORDER BY grid",
        list.sql()
    );
    let mut select = reader.conn.prepare(&sql)?;
    let mut rows = select.query(params_from_iter(&list.values))?;
    let mut grids: Vec<Coverage> = Vec::new();
    while let Some(row) = rows.next()? {
        let (grid, shop): (String, RecordId) = (row.get(0)?, RecordId(row.get(1)?));
        // What did not change since was then as it is.
        let touched_ms: i64 = row.get(4)?;
        let there = match then.filter(|then| touched_ms > *then) {
            Some(then) => presence::was_there(reader, row.get(2)?, row.get(3)?, &shop, then)?,
            None => row.get(5)?,
        };
        if !there {
            continue;
        }
        if grids.last().is_none_or(|last| last.grid != grid) {
            grids.push(Coverage {
                list: format!("/records?kind=shop&grid={grid}&visited=due"),
                grid,
                ..Coverage::default()
            });
        }
        let Some(current) = grids.last_mut() else {
            continue;
        };
        current.shops += 1;
        match settled.get(&shop) {
            Some(true) => current.visited += 1,
            Some(false) => current.revisit += 1,
            None => current.due += 1,
        }
    }
    Ok(grids)
}

/// A visit, as far as rounds care.
fn visit(reader: &Reader<'_>, id: &RecordId) -> Result<Option<Visit>> {
    let found = read(reader, id)?;
    Ok(found.map(|(at_ms, outcome)| Visit {
        at_ms,
        settles: SETTLING.contains(&outcome.as_str()),
    }))
}

/// When a visit was made, and its outcome. None of what is gone.
pub(super) fn read(reader: &Reader<'_>, id: &RecordId) -> Result<Option<(i64, String)>> {
    let stored = match reader.find(id) {
        Ok(stored) => stored,
        Err(Error::Gone(_) | Error::NotFound(_)) => return Ok(None),
        Err(error) => return Err(error),
    };
    let view = View::of(&stored.registers);
    let shown = |key: &str| view.fields.get(key).map(|field| field.shown().clone());
    let outcome = shown("outcome").and_then(|value| value.as_text().map(str::to_owned));
    let at_ms = match shown("visited_at") {
        Some(Scalar::Int(ms)) => Some(ms),
        _ => None,
    };
    Ok(at_ms.zip(outcome))
}

#[cfg(test)]
mod tests {
    use super::month_start;

    #[test]
    fn a_month_begins_where_the_street_is() {
        // 2026-11-01 00:30 in Shanghai is still October in UTC.
        let then = 1_793_464_200_000;
        assert_eq!(month_start(then), 1_793_462_400_000);
        assert_eq!(month_start(1_793_462_400_000), 1_793_462_400_000);
        assert!(month_start(1_793_462_399_999) < 1_793_462_400_000);
    }
}

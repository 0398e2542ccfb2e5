//! Figures of a batch by grid: a rate, how many it stands on, and its 95 % interval.

use std::collections::BTreeMap;

use rusqlite::{Connection, params, params_from_iter};
use serde::Serialize;
use sync_core::{
    RecordId,
    sync::{ENOUGH, wilson},
};
use utoipa::ToSchema;

use super::{
    batch,
    held::Held,
    query::{may_read, open_seen},
};
use crate::{
    core::Core, error::Result, identity::Principal, lists::Where, records::detail::Reader,
};

/// Batches of one month at most.
const BATCHES: usize = 200;

/// A rate with its Wilson interval.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct Rate {
    /// How many of them.
    pub hits: u32,
    /// Of how many.
    pub n: u32,
    /// The rate, 0 to 1; null of nothing.
    pub rate: Option<f64>,
    /// The interval's lower end.
    pub low: Option<f64>,
    /// The interval's upper end.
    pub high: Option<f64>,
    /// Whether there are at least 10; else print 样本不足.
    pub enough: bool,
}

impl Rate {
    /// A rate.
    pub fn of(hits: u32, n: u32) -> Self {
        let Some((rate, low, high)) = wilson(hits, n) else {
            return Self::default();
        };
        Self {
            hits,
            n,
            rate: Some(rate),
            low: Some(low),
            high: Some(high),
            enough: n >= ENOUGH,
        }
    }
}

/// What a batch says of a grid.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct GridFigures {
    /// The grid's code; null for all of them together.
    pub grid: Option<String>,
    /// Doors drawn.
    pub drawn: u32,
    /// Doors that were judged.
    pub judged: u32,
    /// Doors that do not count.
    pub not_counted: u32,
    /// 房屋发现率: shops that the register has, of those seen.
    pub shops: Rate,
    /// Doors that agree in everything, of those that count.
    pub consistent: Rate,
    /// 人口: residents that the register has, of those seen. Days of grace are not taken off here.
    pub residents: Rate,
    /// 从业人员: the same of workers.
    pub workers: Rate,
}

/// Figures of a batch.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Figures {
    /// Whether nothing changes them any more.
    pub locked: bool,
    /// All grids together.
    pub total: GridFigures,
    /// Each grid, by number.
    pub grids: Vec<GridFigures>,
}

/// Counts of a grid.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sums {
    pub(super) drawn: u32,
    pub(super) judged: u32,
    pub(super) not_counted: u32,
    pub(super) consistent: u32,
    pub(super) found: u32,
    pub(super) registered: u32,
    pub(super) residents: (u32, u32),
    pub(super) workers: (u32, u32),
}

/// What a door says for the figures.
pub(super) struct Counted {
    pub(super) judgement: Option<String>,
    pub(super) seen: Option<Vec<u8>>,
    pub(super) held: Option<String>,
    pub(super) record: Option<RecordId>,
}

impl Sums {
    fn add(&mut self, other: &Self) {
        self.drawn += other.drawn;
        self.judged += other.judged;
        self.not_counted += other.not_counted;
        self.consistent += other.consistent;
        self.found += other.found;
        self.registered += other.registered;
        self.residents.0 += other.residents.0;
        self.residents.1 += other.residents.1;
        self.workers.0 += other.workers.0;
        self.workers.1 += other.workers.1;
    }

    /// Counts a door that was drawn.
    pub(super) fn count(&mut self, conn: &Connection, core: &Core, door: Counted) -> Result<()> {
        self.drawn += 1;
        let Some(judgement) = door.judgement else {
            return Ok(());
        };
        self.judged += 1;
        if judgement == "not-counted" {
            self.not_counted += 1;
            return Ok(());
        }
        self.consistent += u32::from(judgement == "consistent");
        let seen = match door.seen {
            Some(sealed) => open_seen(conn, core, door.record.as_ref(), &sealed)?,
            None => None,
        };
        let Some(seen) = seen.filter(|seen| seen.shop) else {
            return Ok(());
        };
        let held = door.held.and_then(|held| serde_json::from_str(&held).ok());
        self.found += 1;
        self.registered += u32::from(held.is_some() && judgement != "missed");
        let held: Held = held.unwrap_or_default();
        let (residents, workers) = (seen.residents.unwrap_or(0), seen.workers.unwrap_or(0));
        self.residents.0 += residents.min(held.residents);
        self.residents.1 += residents;
        self.workers.0 += workers.min(held.workers);
        self.workers.1 += workers;
        Ok(())
    }

    fn out(&self, grid: Option<String>) -> GridFigures {
        GridFigures {
            grid,
            drawn: self.drawn,
            judged: self.judged,
            not_counted: self.not_counted,
            shops: Rate::of(self.registered, self.found),
            consistent: Rate::of(self.consistent, self.judged - self.not_counted),
            residents: Rate::of(self.residents.0, self.residents.1),
            workers: Rate::of(self.workers.0, self.workers.1),
        }
    }
}

/// The figures of a batch: of what is judged so far.
pub fn figures(conn: &Connection, core: &Core, id: i64, who: &Principal) -> Result<Figures> {
    let batch = batch::visible(conn, id, who)?;
    may_read(core, who)?;
    let mut select = conn.prepare_cached(
        "SELECT grid, judgement, seen, held, record FROM check_door
         WHERE batch = ?1 AND rank IS NOT NULL",
    )?;
    let mut rows = select.query(params![id])?;
    let mut grids: BTreeMap<String, Sums> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let sums = grids.entry(row.get(0)?).or_default();
        let door = Counted {
            judgement: row.get(1)?,
            seen: row.get(2)?,
            held: row.get(3)?,
            record: row.get::<_, Option<[u8; 16]>>(4)?.map(RecordId),
        };
        sums.count(conn, core, door)?;
    }
    let mut total = Sums::default();
    for sums in grids.values() {
        total.add(sums);
    }
    Ok(Figures {
        locked: batch.state == "locked",
        total: total.out(None),
        grids: grids
            .into_iter()
            .map(|(grid, sums)| sums.out(Some(grid)))
            .collect(),
    })
}

/// An error unless the reader may read spot checks.
pub fn need_reader(reader: &Reader<'_>) -> Result<()> {
    may_read(reader.core, reader.who)
}

/// Figures of the batches of one's areas that were drawn in a time, by grid.
pub fn of_month(reader: &Reader<'_>, from: i64, to: i64) -> Result<Vec<GridFigures>> {
    let mut list = Where::default();
    list.areas("area", &reader.who.areas);
    list.with("drawn_ms >= ?", from);
    list.with("drawn_ms < ?", to);
    let sql = format!(
        "SELECT id FROM check_batch WHERE {} ORDER BY id LIMIT {BATCHES}",
        list.sql()
    );
    let mut select = reader.conn.prepare(&sql)?;
    let ids = select.query_map(params_from_iter(&list.values), |row| row.get(0))?;
    let mut all = Vec::new();
    for id in ids {
        all.extend(figures(reader.conn, reader.core, id?, reader.who)?.grids);
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 19 of 20, whose interval is 76.4 % to 99.1 % (Wilson 1927, without continuity correction).
    #[test]
    fn a_rate_has_its_wilson_interval_and_few_samples_say_so() {
        let rate = Rate::of(19, 20);
        let near = |value: Option<f64>, wanted: f64| (value.unwrap() - wanted).abs() < 5e-4;
        assert!(near(rate.rate, 0.95) && rate.enough);
        assert!(
            near(rate.low, 0.7639) && near(rate.high, 0.9911),
            "{rate:?}"
        );
        let all = Rate::of(9, 9);
        assert!(
            !all.enough && near(all.high, 1.0) && near(all.low, 0.7008),
            "{all:?}"
        );
        assert_eq!(Rate::of(0, 0), Rate::default());
    }
}

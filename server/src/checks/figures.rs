//! Figures of a batch by grid: a rate, how many it stands on, and its 95 % interval.

use std::collections::BTreeMap;

use rusqlite::{Connection, params, params_from_iter};
use serde::Serialize;
use sync_core::RecordId;
use utoipa::ToSchema;

use super::{
    batch,
    held::Held,
    query::{may_read, open_seen},
};
use crate::{
    core::Core, error::Result, identity::Principal, lists::Where, records::detail::Reader,
};

/// Samples below which a rate says nothing.
const ENOUGH: u32 = 10;
/// Batches of one month at most.
const BATCHES: usize = 200;
/// The normal quantile of a 95 % interval.
const Z: f64 = 1.959_963_984_540_054;

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
        if n == 0 {
            return Self::default();
        }
        let (p, count) = (f64::from(hits) / f64::from(n), f64::from(n));
        let z2 = Z * Z;
        let centre = (p + z2 / (2.0 * count)) / (1.0 + z2 / count);
        let spread = p * (1.0 - p) / count + z2 / (4.0 * count * count);
        let half = Z * spread.sqrt() / (1.0 + z2 / count);
        Self {
            hits,
            n,
            rate: Some(p),
            low: Some((centre - half).max(0.0)),
            high: Some((centre + half).min(1.0)),
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
struct Sums {
    drawn: u32,
    judged: u32,
    not_counted: u32,
    consistent: u32,
    found: u32,
    registered: u32,
    residents: (u32, u32),
    workers: (u32, u32),
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
        sums.drawn += 1;
        let Some(judgement) = row.get::<_, Option<String>>(1)? else {
            continue;
        };
        sums.judged += 1;
        if judgement == "not-counted" {
            sums.not_counted += 1;
            continue;
        }
        sums.consistent += u32::from(judgement == "consistent");
        let record = row.get::<_, Option<[u8; 16]>>(4)?.map(RecordId);
        let sealed: Option<Vec<u8>> = row.get(2)?;
        let seen = match sealed {
            Some(sealed) => open_seen(conn, core, record.as_ref(), &sealed)?,
            None => None,
        };
        let held: Option<String> = row.get(3)?;
        let held: Option<Held> = held.and_then(|held| serde_json::from_str(&held).ok());
        if let Some(seen) = seen.filter(|seen| seen.shop) {
            sums.found += 1;
            sums.registered += u32::from(held.is_some() && judgement != "missed");
            let held = held.unwrap_or_default();
            let (residents, workers) = (seen.residents.unwrap_or(0), seen.workers.unwrap_or(0));
            sums.residents.0 += residents.min(held.residents);
            sums.residents.1 += residents;
            sums.workers.0 += workers.min(held.workers);
            sums.workers.1 += workers;
        }
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

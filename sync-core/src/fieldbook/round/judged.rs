//! What spot checks said of own grids, with rates and their intervals.

use serde::Serialize;

use crate::{
    fieldbook::{Fieldbook, error::Result},
    sync::{ENOUGH, GridFigures, wilson},
};

/// A rate with its 95 % interval.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Rate {
    /// How many of them.
    pub hits: u32,
    /// Of how many.
    pub n: u32,
    /// The rate, 0 to 1; none of nothing.
    pub rate: Option<f64>,
    /// The interval's lower end.
    pub low: Option<f64>,
    /// The interval's upper end.
    pub high: Option<f64>,
    /// Whether there are enough to say anything.
    pub enough: bool,
}

/// Figures of an own grid in a month, as the server said last.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Judged {
    /// The month, `YYYY-MM`.
    pub month: String,
    /// The grid.
    pub grid: String,
    /// Doors that are not judged yet.
    pub waiting: u32,
    /// Doors whose judgement is appealed against.
    pub appealed: u32,
    /// Doors that do not count.
    pub not_counted: u32,
    /// Shops that the register had, of those seen.
    pub shops: Rate,
    /// Doors that agree in everything, of those that count.
    pub consistent: Rate,
    /// Residents that the register had, of those seen.
    pub residents: Rate,
    /// Workers that the register had, of those seen.
    pub workers: Rate,
    /// Whether nothing of it changes any more.
    pub locked: bool,
    /// When the server said so, ms.
    pub told_ms: i64,
}

impl From<(u32, u32)> for Rate {
    fn from((hits, n): (u32, u32)) -> Self {
        let interval = wilson(hits, n);
        Self {
            hits,
            n,
            rate: interval.map(|(rate, ..)| rate),
            low: interval.map(|(_, low, _)| low),
            high: interval.map(|(.., high)| high),
            enough: n >= ENOUGH,
        }
    }
}

impl From<GridFigures> for Judged {
    fn from(told: GridFigures) -> Self {
        Self {
            month: told.month,
            grid: told.grid,
            waiting: told.waiting,
            appealed: told.appealed,
            not_counted: told.not_counted,
            shops: told.shops.into(),
            consistent: told.consistent.into(),
            residents: told.residents.into(),
            workers: told.workers.into(),
            locked: told.locked,
            told_ms: told.told_ms,
        }
    }
}

impl Fieldbook {
    /// What spot checks said of own grids, the latest month first.
    pub fn judged(&self) -> Result<Vec<Judged>> {
        let judged = self.store.judged()?;
        Ok(judged.into_iter().map(Judged::from).collect())
    }
}

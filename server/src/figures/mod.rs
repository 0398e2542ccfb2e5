//! The assessment 考核: rates by grid and month, each with how many it stands on and its interval;
//! and daily ledgers 台账. Nobody is ranked: grids come by number.

mod changes;
mod ledger;
mod month;
mod people;

pub use ledger::{ENTRIES_ORDER, Entry, LedgerFilter, STEPS_ORDER, Step, entries, steps};
pub use month::{FigureOut, GridRates, MonthFigures, of_month};

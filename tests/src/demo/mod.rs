//! A working day of a street that does not exist: phones, a hub in memory, and what became of
//! every change. A test runs it small.

mod count;
mod day;
mod evening;
mod town;

use std::{path::PathBuf, time::Instant};

use sync_core::fieldbook::FieldbookError;
use thiserror::Error;

pub use count::{Outcome, Step};

use town::Town;

/// What the demo is made of.
#[derive(Clone, Debug)]
pub struct Options {
    /// The street and the day follow from it.
    pub seed: u64,
    /// Phones, at least two.
    pub phones: usize,
    /// Shops, at least four a grid.
    pub shops: usize,
    /// Where the phones keep their books.
    pub folder: PathBuf,
}

/// Why a demo ended early.
#[derive(Debug, Error)]
pub enum DemoError {
    /// The options make no street.
    #[error("{0}")]
    Options(&'static str),
    /// A phone's own trouble.
    #[error("a phone: {0}")]
    Phone(#[from] FieldbookError),
    /// A phone never got through, though the line is not that bad.
    #[error("phone {0} did not get through in {1} attempts")]
    Line(usize, usize),
}

/// Runs the day; `say` hears what happens.
pub fn run(options: &Options, say: &mut dyn FnMut(&str)) -> Result<Outcome, DemoError> {
    let begun = Instant::now();
    let mut town = Town::open(options)?;
    say(&format!(
        "A street of {} grids; {} phones enrolled, each with a book in a file.",
        town.grids,
        town.phones.len()
    ));
    let step = town.survey(options.shops)?;
    say(&format!("Survey: {step}"));
    let step = town.hand_out()?;
    say(&format!("First packs to the other phones: {step}"));
    town.begin_day();
    let step = day::work(&mut town)?;
    say(&format!("A working day offline: {step}"));
    let step = evening::sync(&mut town)?;
    say(&format!("Evening, over a lossy line: {step}"));
    let step = evening::settle(&mut town)?;
    say(&format!("The supervisor: {step}"));
    let step = evening::newcomer(&mut town)?;
    say(&format!("A new phone: {step}"));
    town.outcome(begun.elapsed())
}

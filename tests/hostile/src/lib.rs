//! Hostile changes against the scanner, admission and the prover.
//!
//! `corpus` makes genuine records, `blind` damages the bytes of genuine changes, `aware` alters
//! what they say, `columns` writes them as no honest encoder would; each then gets a fresh length
//! and checksum. `case` puts one of them to a record and checks everything that must hold;
//! `run` does so many times and counts what became of them.

mod aware;
mod blind;
mod case;
mod columns;
mod corpus;
pub mod memory;
mod panics;
mod raw;
mod report;
mod rng;
mod run;

pub use aware::Alteration;
pub use blind::Damage;
pub use case::{Class, Fault, check_record};
pub use columns::Trick;
pub use corpus::{Corpus, History};
pub use raw::{body_of, seal};
pub use report::{Report, Slowest};
pub use rng::Rng;
pub use run::{Broken, Kind, run, slowest};

//! The main job on real input: a county's inspection record, replayed by phones that work offline
//! and sync in the evening with the real server over real HTTP and a bad line.
//!
//! ```text
//! data (three CSV files) ─ days ─┐
//! overlay (a seed) ──────────────┼─ crew: 24 phones ── HTTP ── gridbook serve
//! premises ── gridbook import ───┘                                │
//! check: every view, every edit, every rule ◄── main.db, read only┘
//! ```

mod act;
mod check;
mod classify;
mod crew;
mod data;
mod error;
mod overlay;
mod process;
mod register;
mod run;
mod table;

pub use classify::{finding_class, outcome, severity};
pub use data::{Data, Day, Finding, Visit};
pub use error::ReplayError;
pub use run::{Options, run};
pub use table::Outcome;

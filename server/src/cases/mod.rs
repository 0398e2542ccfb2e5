//! Cases 案件: what an office has to settle, step by step, by when, with a ledger of it.
//!
//! ```text
//! dispatch ─ items ─┬ marks, rosters
//!                   └ open ─ case ─ act ─ apply (table) ─ store (ledger, milestones, pauses)
//!                                    └ journal ─ replay
//! ```
//!
//! `apply` decides alone, from [`table::TABLE`]; `clock` counts the time. Everything else reads and
//! writes main.db. What people do is journalled with what it needs to be done again.

pub mod apply;
pub mod clock;
pub mod facts;
pub mod state;
pub mod table;

mod act;
mod due;
mod effects;
mod files;
mod gather;
mod items;
mod ledger;
mod licences;
mod object;
mod open;
mod query;
mod replay;
mod roster;
mod store;
mod tasks;
mod told;

pub use act::{FileRef, StepInput, step};
pub use due::{DueState, refresh_all};
pub use files::{may_add, may_see};
pub use gather::{GatherInput, Gathered, OpinionInput, gather, opinion};
pub use items::{Mark, MarkInput, entry_state, mark};
pub use licences::{LicenceHelp, LicenceInput, help};
pub use open::{IntakeInput, file, intake, on_items};
pub use query::{
    Attachment, Case, CaseFilter, CaseSummary, Closure, Entry, Item, ItemFilter, MilestoneView,
    OpenCases, Reporter, RosterFiling, RosterPage, Subject, case_of, cases, closures, item_of,
    items, open_cases, roster,
};
pub(crate) use query::{Month, day_span, scope};
pub use replay::replay;
pub use roster::accept;
pub use tasks::{TaskRequest, request};
pub(crate) use told::tell_phone;

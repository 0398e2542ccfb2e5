//! Reading items, rosters and cases, as far as the asker may.

mod cases;
mod detail;
mod filter;
mod items;

pub use cases::{CaseFilter, CaseSummary, cases};
pub use detail::{Attachment, Case, Entry, MilestoneView, Reporter, case_of};
pub use filter::Page;
pub use items::{Item, ItemFilter, RosterFiling, RosterPage, item_of, items, roster};

pub(super) use filter::need_case;

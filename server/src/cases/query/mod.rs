//! Reading items, rosters and cases, as far as the asker may.

mod cases;
mod detail;
mod figures;
mod filter;
mod items;
mod month;
mod subject;

pub use cases::{CaseFilter, CaseSummary, cases};
pub use detail::{Attachment, Case, Entry, MilestoneView, Reporter, case_of};
pub use figures::{Closure, OpenCases, closures, open_cases};
pub use items::{Item, ItemFilter, RosterFiling, RosterPage, item_of, items, roster};
pub use subject::Subject;

pub(super) use detail::facts;
pub(super) use filter::need_case;
pub(crate) use filter::scope;
pub(crate) use month::{Month, day_span};

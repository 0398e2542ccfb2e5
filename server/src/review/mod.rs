//! What supervisors do with what was merged: decide, release, refuse, revert, move, merge.

mod acts;
mod apart;
mod conflicts;
pub mod held;
mod moves;
pub mod queue;
pub mod reasons;
mod revert;

pub use acts::{By, decide, merge, office_edit, refuse, release, reopen, unmerge};
pub(crate) use acts::{REOPEN, reopen_again};
pub use apart::tell_apart;
pub(crate) use apart::{TELL_APART, tell_apart_again};
pub(crate) use conflicts::note_conflicts;
pub use moves::move_record;
pub(crate) use moves::move_to;
pub use revert::{Reverted, revert};

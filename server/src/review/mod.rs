//! What supervisors do with what was merged: decide, release, refuse, revert, move, merge.

mod acts;
mod apart;
mod conflicts;
mod decided;
pub mod held;
mod meaning;
mod merge;
mod moves;
pub mod queue;
pub mod reasons;
mod revert;
mod takeover;

pub use acts::{By, decide, edit_of, office_edit, refuse, release, reopen};
pub(crate) use acts::{REOPEN, reopen_again};
pub use apart::tell_apart;
pub(crate) use apart::{TELL_APART, tell_apart_again};
pub(crate) use conflicts::note_conflicts;
pub(crate) use decided::note_written;
pub(crate) use merge::{MERGE, UNMERGE, merge_again, unmerge_again};
pub use merge::{merge, unmerge};
pub use moves::move_record;
pub(crate) use moves::move_to;
pub use revert::{Reverted, preview, revert};
pub use takeover::take_over;
pub(crate) use takeover::{TAKE_OVER, take_over_again};

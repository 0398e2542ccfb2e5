//! What supervisors do with what was merged: decide, release, refuse, revert, move, merge.

mod acts;

pub use acts::{
    By, Reverted, decide, merge, move_record, office_edit, refuse, release, reopen, revert, unmerge,
};

//! Inspectors and their phones: tickets, enrolment, certificates, revocation.

mod acts;
mod known;
mod link;
pub mod lists;
pub mod recovery;
pub mod roster;
mod tasks;

pub(crate) use acts::again;
pub use acts::{confirm, end_cover, enrol, forked, renew, revoke, ticket};
pub(crate) use known::write_seen;
pub use known::{Device, Registry, find, seen};
pub use link::enrol_link;
pub(crate) use tasks::{TASK_GIVEN, answered, give, give_again, withdraw, withdraw_verify};

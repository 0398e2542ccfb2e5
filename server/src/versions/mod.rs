//! Versions of the schemas: uploaded as files, checked, tried on chosen phones, published to all.
//!
//! ```text
//! check ─ upload (draft) ─ trial ─ publish ─ in force: /v1/schemas, forms, rules, clocks
//!                             └ withdraw
//! ```
//!
//! The program brings a version of its own; what was published with a higher number is in force
//! before it. A version is journalled with all its files, so that a rebuild judges and dispatches
//! by what was in force then.

mod acts;
mod check;
mod files;
mod in_force;
mod query;
mod words;

pub(crate) use acts::{again, uploaded_again};
pub use acts::{publish, set_trial, upload, withdraw};
pub use check::{Checked, FileFault, check};
pub use files::{FileInput, Files};
pub(crate) use in_force::{at_start, tell_phone};
pub(crate) use query::newest;
pub use query::{VersionDetail, VersionFilter, VersionOut, find, list, listed, served};
pub use words::Said;

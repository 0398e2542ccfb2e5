//! The columns of each list.

mod field;
mod office;
mod review;

pub use field::{DEVICES, INSPECTORS, TRACE};
pub use office::{CASES, ITEMS};
pub use review::{CONFLICTS, HELD, PAIRS, RECORDS};

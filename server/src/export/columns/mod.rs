//! The columns of each list.

mod desk;
mod field;
mod ledger;
mod office;
mod review;

pub use desk::{
    ACCOUNTS, BATCHES, DOORS, FRAME, GRIDS, REGISTRATION_ROWS, REGISTRATIONS, VERSIONS,
};
pub use field::{DEVICES, INSPECTORS, TRACE};
pub use ledger::{ENTRIES, STEPS, figures};
pub use office::{CASES, ITEMS};
pub use review::{CONFLICTS, HELD, PAIRS, RECORDS};

//! Importing a register from another system: a CSV or XLSX file and a map of its columns.
//!
//! ```text
//! file ─ table ─ row (map, convert, check) ─ merge (base, theirs, ours) ─ apply (one Tx a batch)
//! ```
//!
//! Everything up to `apply` is a function of its arguments. `base` is what the last import of the
//! same source said of a record and field, `theirs` what the file says now, `ours` the present
//! view: a field that somebody changed since is never overwritten.

mod apply;
mod base;
mod convert;
mod desk;
mod error;
mod limits;
mod map;
mod map_file;
mod merge;
mod report;
mod row;
mod run;
mod sheet;
mod table;

pub use desk::Desk;
pub use error::{ImportError, Reason, Rejected};
pub use limits::{MAX_FILE_BYTES, MAX_ROWS};
pub use map::Map;
pub use merge::{Kept, Known, Merge, Outcome, merge};
pub use report::{Report, Why};
pub use row::{Rows, Wanted, read_rows};
pub use run::{Options, run};
pub use table::{Row, Table};

/// The journal's name for what an import said; [`replay`] does it again.
pub const ACT: &str = base::ACT;

/// Does again what an [`ACT`] of the journal says.
pub fn replay(conn: &rusqlite::Connection, object: &str) -> crate::Result<()> {
    base::replay(conn, object)
}

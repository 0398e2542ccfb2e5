//! Registration lists 登记名单: what another office has registered, matched by credit code with our
//! records, so that changes are known that nobody reported.
//!
//! ```text
//! file ─ import (sealed rows) ─ matching ─┬ equal
//!                                         ├ differs ──┐
//!                                         ├ unknown ──┼ worklist: marked, or a task 补采
//!                                         └ missing ──┘
//! ```
//!
//! A list holds names of people who trade alone: its rows lie sealed under a key of the list, in
//! the journal too, and go with that key.

mod act;
mod import;
mod matching;
mod query;
mod rows;
mod work;

pub(crate) use act::{again, rows_again};
pub use import::{Imported, MAX_FILE_BYTES, NewList, RejectedEntry, import};
pub use query::{Entry, ListFilter, ListOut, list_of, lists};
pub use rows::{RowFilter, RowOut, ShopOut, rows};
pub use work::{MarkInput, TaskInput, erase, give_task, mark};

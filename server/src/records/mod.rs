//! Records as the server keeps them: header, registers, snapshot, changes.

pub mod authors;
mod bytes;
pub mod detail;
pub mod dossier;
pub mod duplicates;
pub mod history;
mod load;
mod opened;
mod presence;
mod project;
pub mod query;
pub(crate) mod reproject;
mod save;
pub mod search;
mod select;
mod shop_row;
pub mod values;
pub mod visits;

pub use bytes::{chunks, in_order, prove_and_keep, snapshot};
pub use load::{Stored, find, find_n, load_state};
pub(crate) use opened::Opened;
pub(crate) use presence::Spans;
pub use project::Projection;
pub use save::{create, enter, relocate, save, save_new};
pub use shop_row::{CodeWords, LastVisit, ShopFacts};

//! Records as the server keeps them: header, registers, snapshot, changes.

mod bytes;
mod load;
mod project;
mod save;

pub use bytes::{chunks, prove_and_keep, snapshot};
pub use load::{Stored, find, find_n, load_state};
pub use save::{create, enter, relocate};

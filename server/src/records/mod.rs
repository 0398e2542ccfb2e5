//! Records as the server keeps them: header, registers, snapshot, changes.

mod load;

pub use load::{Stored, find, load_state};

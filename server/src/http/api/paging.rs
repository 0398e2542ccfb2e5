//! Pages of lists, as handlers know them.

pub use crate::lists::{Ask, Page, from_cursor, limit, to_cursor};

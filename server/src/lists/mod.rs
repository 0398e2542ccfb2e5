//! Lists: pages with a cursor, closed sets of sort keys, filters, bounded counts.
//!
//! A list is an SQL source with conditions ([`Where`]) and an [`Order`]; [`Source::page`] reads one
//! page of it. What no table holds is `Made` in memory and given by the same keys and cursors. The
//! console's lists, and the exports that show the same rows, all go through one of the two.

mod made;
mod order;
mod page;
mod source;
mod span;
mod wanted;

pub use order::{Ask, Key, Order};
pub use page::{COUNTED, MAX_ROWS, Page, from_cursor, limit, to_cursor};
pub use source::Source;
pub use span::{Age, DueFilter};
pub use wanted::Where;

pub(crate) use made::{Made, page as page_of};
pub(crate) use order::{Cursor, Mark};
pub(crate) use source::count;
pub(crate) use wanted::area_code;

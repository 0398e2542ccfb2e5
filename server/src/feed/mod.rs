//! What goes down: each grid's feed in order, each device's own stream, packs.

mod cache;
mod down;
mod grid;
mod own_stream;
mod pack;
mod write;

pub use cache::PackCache;
pub use down::{Down, downstream};
pub(crate) use write::{Entry, FeedWriter};

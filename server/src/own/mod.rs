//! What the server writes itself: decisions, office edits, imports, reverts. Changes by actors of
//! its own, in bundles that it signs, which phones keep until they are in a backup.

mod back;
mod write;

pub(crate) use back::enter_again;
pub use back::{backed_up, take_back, wants_returned};
pub(crate) use write::place;
pub use write::{OwnClass, OwnRecord, bundle, own_device, write};

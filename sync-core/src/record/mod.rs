//! A record: one flat root map of registers, and what can be said of it.
//!
//! `registers` is the state that admission and views need, `edit` turns what a person did into
//! puts, `author` turns puts into a change, `view` shows current values with every concurrent
//! one, `history` lists who changed what when.

mod author;
mod codec;
mod edit;
mod header;
mod history;
mod registers;
mod state;
mod view;

pub use author::{AuthorError, Authored, author};
pub use edit::{Edit, EditError, compile, entry_id};
pub use header::Header;
pub use history::{HistoryEntry, HistoryPut, field_history, history};
pub use registers::{Head, RegisterValue, Registers};
pub use state::{RecordState, StateError};
pub use view::{EntryView, FieldView, Presence, Provenance, ValueView, View};

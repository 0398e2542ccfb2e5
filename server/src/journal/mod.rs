//! journal.db: everything that was received or done, appended once and never changed.
//!
//! One thread writes it. Whoever appends waits until the entries are on disk; all that wait
//! together share one fsync. What main.db leaves in `outgoing` is appended too, exactly once, even
//! where the power fails between the two files.

mod read;
mod rows;
mod writer;

pub use read::{Replayed, chain_digest, chain_head, entry, last_position, replay_after};
pub(crate) use rows::{Outgoing, append_rest, last_source};
pub use writer::{Append, Journal};

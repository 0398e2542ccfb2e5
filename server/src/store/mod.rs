//! SQLite: files, migrations, one writer, many readers.
//!
//! main.db has one writing thread ([`Writer`]), to which everything that changes it is sent as a
//! closure, and a pool of reading connections ([`Readers`]). Between jobs the writer verifies.

mod lock;
pub(crate) mod marks;
mod migrate;
mod open;
mod readers;
mod tx;
mod writer;

pub use lock::FolderLock;
pub use migrate::{JOURNAL, KEYS, MAIN, Migration, migrate};
pub use open::{Place, open};
pub use readers::Readers;
pub(crate) use tx::Left;
pub use tx::Tx;
pub use writer::Writer;
pub(crate) use writer::{Background, transact};

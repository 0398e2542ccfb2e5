//! What can go wrong with a replay, beside what it is there to find.

use sync_core::fieldbook::FieldbookError;
use thiserror::Error;

use crate::server::{PhoneError, ServerError};

/// Why a replay did not come to its end.
#[derive(Debug, Error)]
pub enum ReplayError {
    /// The folder's files.
    #[error("{file}: {reason}")]
    Data {
        /// The file.
        file: &'static str,
        /// What is wrong.
        reason: String,
    },
    /// The server's process.
    #[error("{0}")]
    Server(#[from] ServerError),
    /// A phone, in something else than its line.
    #[error("phone {phone}: {error}")]
    Phone {
        /// Which.
        phone: usize,
        /// What.
        error: PhoneError,
    },
    /// A phone's book.
    #[error("{0}")]
    Book(#[from] FieldbookError),
    /// The server's files.
    #[error("{0}")]
    Store(#[from] gridbook_server::Error),
    /// SQL over them.
    #[error("{0}")]
    Sql(#[from] rusqlite::Error),
    /// Files.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// A thread of the replay panicked.
    #[error("a thread of the replay ended early")]
    Thread,
}

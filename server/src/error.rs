//! What can go wrong, as callers can act on it. `http/problem` turns it into RFC 9457.
//!
//! Texts are fixed words: no value of a record, no name of a person.

use thiserror::Error;

/// Why something was not done. Nothing was changed then.
#[derive(Debug, Error)]
pub enum Error {
    /// It is not there, or the asker may not know that it is.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// The asker's role, office or area does not allow it.
    #[error("not allowed: {0}")]
    Forbidden(&'static str),
    /// Nobody is signed in, or the signature is not good.
    #[error("not signed in: {0}")]
    Unauthenticated(&'static str),
    /// The state of things does not allow it.
    #[error("not possible now: {0}")]
    Conflict(&'static str),
    /// Somebody changed it meanwhile: read again (412).
    #[error("it was changed meanwhile")]
    Stale,
    /// A change needs the version it was made on (428).
    #[error("If-Match is needed")]
    NeedsVersion,
    /// A value is not acceptable; `at` names the field or row.
    #[error("{at}: {reason}")]
    Invalid {
        /// Field or row, by the name the asker used.
        at: String,
        /// What is wrong with it, in fixed words.
        reason: &'static str,
    },
    /// The request cannot be read.
    #[error("cannot be read: {0}")]
    Malformed(&'static str),
    /// Past a limit.
    #[error("larger than allowed: {0}")]
    TooLarge(&'static str),
    /// A type of content that is not taken.
    #[error("type not taken: {0}")]
    Unsupported(&'static str),
    /// It was there and is gone for good.
    #[error("gone: {0}")]
    Gone(&'static str),
    /// Too much at once: come again after this many ms.
    #[error("busy")]
    Busy {
        /// How long to wait, ms.
        retry_after_ms: u32,
    },
    /// Too many attempts by one asker: come again after this many ms.
    #[error("too many attempts")]
    TooMany {
        /// How long to wait, ms.
        retry_after_ms: u32,
    },
    /// There is no room for it.
    #[error("no room is left")]
    Full,
    /// SQLite.
    #[error("storage: {0}")]
    Storage(#[from] rusqlite::Error),
    /// Stored bytes cannot be read.
    #[error("stored bytes: {0}")]
    Format(#[from] sync_core::FormatError),
    /// A stored record cannot be read.
    #[error("stored record: {0}")]
    State(#[from] sync_core::record::StateError),
    /// Files.
    #[error("file: {0}")]
    Io(#[from] std::io::Error),
    /// A fault of the program.
    #[error("internal: {0}")]
    Internal(&'static str),
}

/// A result with [`enum@Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An [`Error::Invalid`].
    pub fn invalid(at: impl Into<String>, reason: &'static str) -> Self {
        Self::Invalid {
            at: at.into(),
            reason,
        }
    }

    /// Whether there is no room: by the server's own bound, or because the disk is full.
    pub fn is_full(&self) -> bool {
        match self {
            Self::Full => true,
            Self::Io(error) => matches!(
                error.kind(),
                std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded
            ),
            Self::Storage(error) => {
                error.sqlite_error_code() == Some(rusqlite::ErrorCode::DiskFull)
            }
            _ => false,
        }
    }
}

/// Turns "no row" into [`Error::NotFound`].
pub trait OrNotFound<T> {
    /// The row, or that there is no such thing.
    fn or_not_found(self, what: &'static str) -> Result<T>;
}

impl<T> OrNotFound<T> for rusqlite::Result<T> {
    fn or_not_found(self, what: &'static str) -> Result<T> {
        self.map_err(|error| match error {
            rusqlite::Error::QueryReturnedNoRows => Error::NotFound(what),
            other => other.into(),
        })
    }
}

impl<T> OrNotFound<T> for Option<T> {
    fn or_not_found(self, what: &'static str) -> Result<T> {
        self.ok_or(Error::NotFound(what))
    }
}

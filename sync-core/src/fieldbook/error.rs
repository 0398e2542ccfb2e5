//! Errors that an app can act on. None carries a value of a record.

use schemas::{RegisterKey, ValueError};
use thiserror::Error;

use crate::{
    bundle::{CoseError, SealError, WireError},
    change::ProofError,
    error::FormatError,
    ids::RecordId,
    record::{AuthorError, EditError, StateError},
};

/// What went wrong on the phone.
#[derive(Debug, Error)]
pub enum FieldbookError {
    /// The key does not open this book.
    #[error("wrong key")]
    WrongKey,
    /// The file was written by a newer version of the app: update the app. Nothing was touched.
    #[error("the book is of version {found}, this app knows {known}: update the app")]
    NewerFile {
        /// Version of the file.
        found: u32,
        /// Newest version known here.
        known: u32,
    },
    /// The file is something else.
    #[error("the file is not a fieldbook")]
    NotABook,
    /// Another process or tab has the book open.
    #[error("the book is open elsewhere")]
    Busy,
    /// The disk is full: nothing was saved, what is typed stays with the caller.
    #[error("the disk is full: free space and save again")]
    DiskFull,
    /// The store failed otherwise.
    #[error("the store failed: {0}")]
    Store(String),
    /// A sealed row does not open: the file was damaged or altered.
    #[error("a row of {0} is damaged")]
    Damaged(&'static str),
    /// The phone is not enrolled yet.
    #[error("not enrolled: get a code from the supervisor")]
    NotEnrolled,
    /// So many changes of a wiped book have to be sent before it takes another name.
    #[error("{0} change(s) have to be sent first")]
    Unsent(u64),
    /// No such record in this book.
    #[error("no such record: {0}")]
    NoRecord(RecordId),
    /// No such kind in the schemas.
    #[error("no such kind: {0}")]
    NoKind(String),
    /// The grid is not among this phone's.
    #[error("grid {0} is not among this phone's grids")]
    NoGrid(String),
    /// The server's version of the schemas cannot be used: the one before stays.
    #[error("version {0} of the schemas is not what was announced, or of a form unknown here")]
    Schema(u32),
    /// Values that do not pass their checks, or fields that this role may not write.
    #[error("{} field(s) need correcting", .0.len())]
    Invalid(Vec<Fault>),
    /// The edits do not fit the record.
    #[error(transparent)]
    Edit(#[from] EditError),
    /// The record's own bytes cannot be read: it is set aside.
    #[error(transparent)]
    State(#[from] StateError),
    /// The record cannot be saved and read back: its last good snapshot stays.
    #[error(transparent)]
    Proof(#[from] ProofError),
    /// A change is past a limit.
    #[error("the change is past a limit")]
    TooLarge,
    /// Something received or imported is malformed.
    #[error(transparent)]
    Format(#[from] FormatError),
    /// A part of an answer cannot be read.
    #[error(transparent)]
    Wire(#[from] WireError),
    /// A certificate or signature does not verify.
    #[error(transparent)]
    Signature(#[from] CoseError),
    /// Sealing to the server failed.
    #[error(transparent)]
    Seal(#[from] SealError),
}

/// One field that needs correcting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The value does not pass its check.
    Value(RegisterKey, ValueError),
    /// This role may not write the field, or the kind has none of that name.
    Forbidden(RegisterKey),
    /// The kind may not be created or deleted by this role.
    ForbiddenAct,
    /// A required field is missing.
    Missing(RegisterKey),
}

/// Result of the fieldbook's calls.
pub type Result<T> = std::result::Result<T, FieldbookError>;

impl From<rusqlite::Error> for FieldbookError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::DiskFull,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            Some(ErrorCode::NotADatabase) => Self::NotABook,
            // The extended code only: messages may hold statements.
            _ => Self::Store(match error.sqlite_error() {
                Some(inner) => format!("code {}", inner.extended_code),
                None => "unexpected row".to_owned(),
            }),
        }
    }
}

impl From<AuthorError> for FieldbookError {
    fn from(error: AuthorError) -> Self {
        match error {
            AuthorError::Edit(error) => Self::Edit(error),
            AuthorError::Scan(_) => Self::TooLarge,
        }
    }
}

//! Errors that a caller can act on. None carries a value of a record.

use thiserror::Error;

/// Bytes that do not have the documented form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("malformed: {what}")]
pub struct FormatError {
    /// What was wrong, in fixed words.
    pub what: &'static str,
}

impl FormatError {
    /// An error that says what was wrong, in fixed words.
    pub const fn new(what: &'static str) -> Self {
        Self { what }
    }
}

impl From<minicbor::decode::Error> for FormatError {
    fn from(_: minicbor::decode::Error) -> Self {
        Self::new("CBOR does not match protocol.cddl")
    }
}

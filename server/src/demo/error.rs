//! What can go wrong with the demo.

use sync_core::fieldbook::FieldbookError;
use thiserror::Error;

/// Why there is no demo.
#[derive(Debug, Error)]
pub enum DemoError {
    /// The server's parts.
    #[error(transparent)]
    Server(#[from] crate::Error),
    /// A simulated phone's book.
    #[error("a simulated phone: {0}")]
    Phone(#[from] FieldbookError),
    /// A simulated phone's session.
    #[error("a simulated phone: {0}")]
    Session(&'static str),
    /// The folder holds something else.
    #[error("{0} holds something that is no demo: give another folder")]
    NotADemo(String),
    /// Files.
    #[error("{0}")]
    Io(#[from] std::io::Error),
}

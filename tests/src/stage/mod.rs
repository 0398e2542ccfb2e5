//! One scenario played by phones of any language against the real server, and what each saw.
//!
//! The stage reads `tests/scenario/scenario.json`, starts the server behind a line that it can cut
//! or stall, does what people at desks do, and tells each phone what to do. A phone is an
//! [`Actor`]: this process, or a child that reads one JSON line and writes one. Every answer is
//! checked against what the scenario expects and kept in a canonical form, in which phones of all
//! languages must have seen the same.

mod actor;
mod canon;
mod office;
mod play;
mod script;
mod valve;

pub use actor::{Actor, Child, Reply};
pub use play::Stage;
pub use script::{Scenario, Step};

use thiserror::Error;

use crate::server::ServerError;

/// Why the play ended early.
#[derive(Debug, Error)]
pub enum StageError {
    /// The server did not start, or a command of it failed.
    #[error(transparent)]
    Server(#[from] ServerError),
    /// The system.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// The scenario or an answer is no JSON of its form.
    #[error("{0}")]
    Json(#[from] serde_json::Error),
    /// An answer is not what the scenario expects.
    #[error("step {0}, {1}: {2}")]
    Unexpected(usize, String, String),
    /// A step that the stage does not know, or a phone that nobody plays.
    #[error("{0}")]
    Script(String),
    /// The office was refused.
    #[error("the office: {0}")]
    Office(String),
}

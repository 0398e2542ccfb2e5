//! Why a call did nothing, and why the host could not help.

use std::fmt;

use super::types::{Fault, Words};
use crate::phone::{Code, Problem};

/// Why a call did nothing: `code` is for the program, `words` are for the person.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Error)]
pub enum BookError {
    /// Nothing was done; what was saved before is safe.
    Failed {
        /// What to act on.
        code: Code,
        /// What happened and what to do, in Chinese and English.
        words: Words,
        /// Fields that need correcting.
        faults: Vec<Fault>,
        /// HTTP status, where the server refused.
        status: Option<u16>,
        /// How long the server asked to be left alone, ms.
        retry_after_ms: Option<u64>,
    },
}

impl BookError {
    /// What to act on.
    pub const fn code(&self) -> Code {
        let Self::Failed { code, .. } = self;
        *code
    }
}

impl fmt::Display for BookError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::Failed { words, .. } = self;
        f.write_str(&words.en)
    }
}

impl std::error::Error for BookError {}

impl From<Problem> for BookError {
    fn from(problem: Problem) -> Self {
        let faults = problem.faults.into_iter().map(|fault| Fault {
            key: fault.key,
            words: fault.words.into(),
        });
        Self::Failed {
            code: problem.code,
            words: problem.words.into(),
            faults: faults.collect(),
            status: problem.status,
            retry_after_ms: problem.retry_after_ms,
        }
    }
}

/// Why the host's key store gave nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Error)]
pub enum KeyStoreError {
    /// The key is not to be had now: locked, or lost.
    Unavailable,
    /// The person did not allow it.
    Denied,
}

impl fmt::Display for KeyStoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unavailable => "the key is not to be had now",
            Self::Denied => "the person did not allow it",
        })
    }
}

impl std::error::Error for KeyStoreError {}

impl From<uniffi::UnexpectedUniFFICallbackError> for KeyStoreError {
    fn from(_: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Unavailable
    }
}

/// Why the host's own network brought no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Error)]
pub enum NetworkError {
    /// No connection.
    Offline,
    /// No complete answer in time.
    Timeout,
    /// The server's certificate is not trusted.
    Untrusted,
    /// Stopped by the person or the app.
    Cancelled,
    /// The exchange broke off.
    Broken,
}

impl fmt::Display for NetworkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Offline => "no connection",
            Self::Timeout => "no answer in time",
            Self::Untrusted => "the server's certificate is not trusted",
            Self::Cancelled => "stopped",
            Self::Broken => "the exchange broke off",
        })
    }
}

impl std::error::Error for NetworkError {}

impl From<uniffi::UnexpectedUniFFICallbackError> for NetworkError {
    fn from(_: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Broken
    }
}

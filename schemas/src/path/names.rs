//! Names and codes, checked when made.

use std::borrow::Borrow;
use std::fmt;

use super::PathError;
use crate::limits::{MAX_CODE_BYTES, MAX_NAME_BYTES};

/// A field's or group's name: `[a-z][a-z0-9_]{0,39}`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Name(String);

/// A code of a code list: `[A-Za-z0-9_-]{1,24}`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Code(String);

impl Name {
    /// Checks and takes a name.
    pub fn parse(text: &str) -> Result<Self, PathError> {
        let mut bytes = text.bytes();
        let starts = bytes.next().is_some_and(|b| b.is_ascii_lowercase());
        let goes_on = bytes.all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        if starts && goes_on && text.len() <= MAX_NAME_BYTES {
            Ok(Self(text.to_owned()))
        } else {
            Err(PathError::BadName)
        }
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Code {
    /// Checks and takes a code.
    pub fn parse(text: &str) -> Result<Self, PathError> {
        let all = text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
        if all && (1..=MAX_CODE_BYTES).contains(&text.len()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(PathError::BadCode)
        }
    }

    /// The code as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Borrow<str> for Name {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Code {
    fn borrow(&self) -> &str {
        &self.0
    }
}

//! Where in the schema files something stands.

use std::fmt;
use std::sync::Arc;

/// A place in a schema file. Lines and columns count from 1, columns in characters.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Place {
    /// The file's name, as in `kinds/shop.toml`.
    pub file: Arc<str>,
    /// Line; 0 if the error concerns the whole file.
    pub line: u32,
    /// Column; 0 if unknown.
    pub column: u32,
}

impl Place {
    /// A whole file.
    pub fn file(name: &str) -> Self {
        Self {
            file: name.into(),
            line: 0,
            column: 0,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}", self.file),
            line => write!(f, "{}:{line}:{}", self.file, self.column),
        }
    }
}

/// Where something is declared. It is no part of what is declared: two origins always compare
/// equal, so that moving a line in a file changes nothing.
#[derive(Clone, Debug, Default)]
pub struct Origin(pub Place);

impl PartialEq for Origin {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Origin {}

impl std::ops::Deref for Origin {
    type Target = Place;
    fn deref(&self) -> &Place {
        &self.0
    }
}

impl From<Place> for Origin {
    fn from(place: Place) -> Self {
        Self(place)
    }
}

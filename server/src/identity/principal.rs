//! The person behind a console request.

use rusqlite::types::Value;
use schemas::access::{Author, Role};

use crate::error::{Error, Result};

/// A signed-in person. Their role is scoped by area: codes of which every grid they may see begins
/// with one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    /// The account.
    pub account: i64,
    /// Sign-in name: what stands in the journal as the person behind an act.
    pub login: String,
    /// Name as people know it.
    pub name: String,
    /// Role.
    pub role: Role,
    /// The office, for the two office roles.
    pub office: Option<String>,
    /// Codes of areas.
    pub areas: Vec<String>,
}

impl Principal {
    /// The person as the schemas' access lists know them.
    pub fn author(&self) -> Author {
        Author {
            role: self.role,
            office: self.office.clone(),
        }
    }

    /// Whether the grid lies in one of the person's areas.
    pub fn covers(&self, grid: &str) -> bool {
        self.areas
            .iter()
            .any(|area| grid.starts_with(area.as_str()))
    }

    /// An error unless the grid lies in one of the person's areas: as if it were not there.
    pub fn need_area(&self, grid: &str, what: &'static str) -> Result<()> {
        if self.covers(grid) {
            Ok(())
        } else {
            Err(Error::NotFound(what))
        }
    }

    /// An SQL condition for "the grid in this column lies in one of the person's areas"; its
    /// values are appended.
    pub fn scope_sql(&self, column: &str, values: &mut Vec<Value>) -> String {
        if self.areas.is_empty() {
            return "0".to_owned();
        }
        let one = |area: &String| {
            // Codes are digits, and a colon comes after 9.
            values.push(area.clone().into());
            values.push(format!("{area}:").into());
            format!("({column} >= ? AND {column} < ?)")
        };
        let all: Vec<String> = self.areas.iter().map(one).collect();
        format!("({})", all.join(" OR "))
    }
}

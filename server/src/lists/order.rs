//! What a list is sorted by, and where a page of it ends.

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, Value, ValueRef};
use serde::{Deserialize, Serialize};

use super::page::{from_cursor, limit};
use crate::error::{Error, Result};

/// Something that a list can be sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// What the asker calls it.
    pub name: &'static str,
    /// The SQL expression; never null. Nothing of a list that is made in memory.
    pub sql: &'static str,
}

impl Key {
    /// Of a list that is made in memory.
    pub(crate) const fn made(name: &'static str) -> Self {
        Self { name, sql: "" }
    }
}

/// What a list can be sorted by: a closed set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    /// Its keys, the usual one first.
    pub keys: &'static [Key],
    /// The SQL expression that tells rows of one key apart; nothing of a list made in memory.
    pub id: &'static str,
    /// Whether the usual order is the latest first.
    pub down: bool,
}

/// What is asked of a list besides its filters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ask {
    /// Rows of the page.
    pub limit: usize,
    /// A key; `-key` for the other direction.
    pub sort: Option<String>,
    /// Cursor of the page before.
    pub after: Option<String>,
}

impl Ask {
    /// As it came in a query.
    pub fn of(rows: Option<usize>, sort: Option<String>, after: Option<String>) -> Result<Self> {
        Ok(Self {
            limit: limit(rows)?,
            sort,
            after,
        })
    }
}

/// A key and a direction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sort {
    pub(crate) key: Key,
    pub(crate) down: bool,
}

impl Sort {
    /// `key`, or `-key` downwards.
    pub(crate) fn name(&self) -> String {
        let minus = if self.down { "-" } else { "" };
        format!("{minus}{}", self.key.name)
    }
}

impl Order {
    /// What was asked for, or the usual order.
    pub(crate) fn sort(&self, asked: Option<&str>) -> Result<Sort> {
        let unknown = || Error::invalid("sort", "the list is not sorted by this");
        let Some(asked) = asked else {
            let key = self.keys.first().copied().ok_or_else(unknown)?;
            let down = self.down;
            return Ok(Sort { key, down });
        };
        let (name, down) = match asked.strip_prefix('-') {
            Some(name) => (name, true),
            None => (asked, false),
        };
        let found = self.keys.iter().find(|key| key.name == name);
        let key = found.copied().ok_or_else(unknown)?;
        Ok(Sort { key, down })
    }
}

/// A value of a key or an id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Mark {
    #[serde(rename = "i")]
    Int(i64),
    #[serde(rename = "t")]
    Text(String),
    #[serde(rename = "b")]
    Bytes(Vec<u8>),
}

impl FromSql for Mark {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        match value {
            ValueRef::Integer(value) => Ok(Self::Int(value)),
            ValueRef::Text(_) => value.as_str().map(|text| Self::Text(text.to_owned())),
            ValueRef::Blob(bytes) => Ok(Self::Bytes(bytes.to_vec())),
            ValueRef::Null | ValueRef::Real(_) => Err(FromSqlError::InvalidType),
        }
    }
}

impl ToSql for Mark {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::Int(value) => (*value).into(),
            Self::Text(text) => text.as_str().into(),
            Self::Bytes(bytes) => bytes.as_slice().into(),
        })
    }
}

impl From<Mark> for Value {
    fn from(mark: Mark) -> Self {
        match mark {
            Mark::Int(value) => value.into(),
            Mark::Text(text) => text.into(),
            Mark::Bytes(bytes) => bytes.into(),
        }
    }
}

/// Where a page ends: how the list was sorted, the key and the id of its last row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Cursor(pub(crate) String, pub(crate) Mark, pub(crate) Mark);

impl Cursor {
    /// The cursor that was given, of a list that is sorted so.
    pub(crate) fn read(after: Option<&str>, sort: &Sort) -> Result<Option<Self>> {
        let cursor: Option<Self> = from_cursor(after)?;
        match cursor {
            Some(cursor) if cursor.0 != sort.name() => {
                Err(Error::invalid("after", "this is no cursor of this list"))
            }
            cursor => Ok(cursor),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORDER: Order = Order {
        keys: &[
            Key {
                name: "id",
                sql: "id",
            },
            Key {
                name: "due",
                sql: "due_ms",
            },
        ],
        id: "id",
        down: false,
    };

    #[test]
    fn a_list_is_sorted_by_its_keys_alone_and_goes_on_as_it_began() {
        assert_eq!(ORDER.sort(None).unwrap().name(), "id");
        let sort = ORDER.sort(Some("-due")).unwrap();
        assert_eq!((sort.name().as_str(), sort.down), ("-due", true));
        for unknown in ["", "-", "--due", "grid", "due_ms; --"] {
            assert!(ORDER.sort(Some(unknown)).is_err(), "{unknown}");
        }
        let cursor = Cursor("-due".to_owned(), Mark::Int(7), Mark::Bytes(vec![1, 2]));
        let text = super::super::to_cursor(&cursor).unwrap();
        assert_eq!(Cursor::read(Some(&text), &sort).unwrap(), Some(cursor));
        let other = ORDER.sort(Some("due")).unwrap();
        assert!(Cursor::read(Some(&text), &other).is_err());
    }
}

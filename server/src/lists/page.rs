//! Pages of lists: at most so many rows, and a cursor to go on from.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Serialize, de::DeserializeOwned};
use utoipa::ToSchema;

use crate::error::{Error, Result};

/// Rows of a page at most.
pub const MAX_ROWS: usize = 200;
/// Rows of a page unless asked for another number.
const ROWS: usize = 50;
/// Bytes of a cursor at most.
const MAX_CURSOR: usize = 1_024;
/// Rows that are counted at most: a list that is longer says that it is.
pub const COUNTED: u64 = 10_000;

/// A part of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Page<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// What to ask for as `after` to go on; null at the end.
    pub next: Option<String>,
    /// How many there are in all, where that is known; said on the first page.
    pub total: Option<u64>,
    /// Whether there are more than `total`: counting stops at 10,000.
    pub over: bool,
}

impl<T> Page<T> {
    /// A page of up to `limit` rows out of `rows`, of which one more was read to know whether the
    /// list goes on; `cursor` of the last row is where to go on from.
    pub fn of<C: Serialize>(
        mut rows: Vec<T>,
        limit: usize,
        cursor: impl FnOnce(&T) -> C,
    ) -> Result<Self> {
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = match rows.last().filter(|_| more) {
            Some(last) => Some(to_cursor(&cursor(last))?),
            None => None,
        };
        Ok(Self {
            rows,
            next,
            total: None,
            over: false,
        })
    }

    /// A list that is always whole.
    pub fn whole(rows: Vec<T>) -> Self {
        Self {
            total: u64::try_from(rows.len()).ok(),
            over: false,
            rows,
            next: None,
        }
    }

    /// The same with how many there are: what was counted, of [`COUNTED`] and one more at most.
    #[must_use]
    pub fn counted(mut self, counted: Option<u64>) -> Self {
        self.over = counted.is_some_and(|count| count > COUNTED);
        self.total = counted.map(|count| count.min(COUNTED));
        self
    }

    /// The rows as something else; those that are not to be shown are left out.
    pub fn with<U>(self, mut show: impl FnMut(T) -> Result<Option<U>>) -> Result<Page<U>> {
        let mut rows = Vec::with_capacity(self.rows.len());
        for row in self.rows {
            rows.extend(show(row)?);
        }
        Ok(Page {
            rows,
            next: self.next,
            total: self.total,
            over: self.over,
        })
    }
}

/// How many rows are asked for.
pub fn limit(asked: Option<usize>) -> Result<usize> {
    let rows = asked.unwrap_or(ROWS);
    if (1..=MAX_ROWS).contains(&rows) {
        Ok(rows)
    } else {
        Err(Error::invalid("limit", "1 to 200 rows"))
    }
}

/// A cursor.
pub fn to_cursor<C: Serialize>(cursor: &C) -> Result<String> {
    let bytes = serde_json::to_vec(cursor).map_err(|_| Error::Internal("a cursor"))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// What a cursor says, if one was given.
pub fn from_cursor<C: DeserializeOwned>(after: Option<&str>) -> Result<Option<C>> {
    let read = |text: &str| {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        serde_json::from_slice(&bytes).ok()
    };
    after
        .map(|text| {
            let short = Some(text).filter(|text| text.len() <= MAX_CURSOR);
            let wrong = || Error::invalid("after", "this is no cursor of this list");
            short.and_then(read).ok_or_else(wrong)
        })
        .transpose()
}

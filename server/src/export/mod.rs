//! Lists as files: the rows that a list shows, all of them up to a bound, as CSV or XLSX.
//!
//! A list gives its pages and its [`Column`]s; nothing here knows what it is a list of. Values are
//! those that the list shows: masked where the list masks.

mod cell;
pub mod columns;
mod sheet;
mod text;

pub use cell::{Cell, Column, Lang, Names};

use crate::{
    error::{Error, Result},
    lists::{Ask, MAX_ROWS, Page},
};

/// Rows of a file at most.
pub const MOST: usize = 20_000;

/// What a file is made as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated values: UTF-8 with a byte order mark, as spreadsheets want it.
    Csv,
    /// A workbook.
    Xlsx,
}

impl Format {
    /// The one with this ending.
    pub fn parse(ending: &str) -> Option<Self> {
        match ending {
            "csv" => Some(Self::Csv),
            "xlsx" => Some(Self::Xlsx),
            _ => None,
        }
    }

    /// How a file's name ends.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        }
    }

    /// Its media type.
    pub const fn media(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

/// Rows under their headings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// The headings.
    pub heads: Vec<String>,
    /// The rows, each as long as the headings.
    pub rows: Vec<Vec<Cell>>,
}

/// Who took what out, for the sheet's foot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// The list.
    pub list: String,
    /// The person's login.
    pub by: String,
    /// When, ms.
    pub time_ms: i64,
}

impl Table {
    /// All rows of a list, page by page.
    pub fn gather<R>(
        names: &Names<'_>,
        columns: &[Column<R>],
        sort: Option<String>,
        mut page: impl FnMut(&Ask) -> Result<Page<R>>,
    ) -> Result<Self> {
        let mut ask = Ask {
            limit: MAX_ROWS,
            sort,
            after: None,
        };
        let mut rows = Vec::new();
        loop {
            let read = page(&ask)?;
            if rows.len() + read.rows.len() > MOST {
                return Err(Error::Conflict(
                    "a file holds 20,000 rows at most: narrow the list",
                ));
            }
            for row in &read.rows {
                rows.push(
                    columns
                        .iter()
                        .map(|column| (column.cell)(row, names))
                        .collect(),
                );
            }
            ask.after = read.next;
            if ask.after.is_none() {
                break;
            }
        }
        let heads = columns.iter().map(|column| names.head(column.head));
        Ok(Self {
            heads: heads.collect(),
            rows,
        })
    }

    /// The file.
    pub fn write(&self, format: Format, stamp: &Stamp) -> Result<Vec<u8>> {
        match format {
            Format::Csv => text::csv(self),
            Format::Xlsx => sheet::xlsx(self, stamp),
        }
    }
}

//! What is wrong with a file, a map or a row, in fixed words that repeat no value.

use schemas::ValueError;
use thiserror::Error;

/// Why nothing of a file was imported.
#[derive(Debug, Error)]
pub enum ImportError {
    /// The column map cannot be used.
    #[error("column map: {0}")]
    Map(String),
    /// The file cannot be used.
    #[error("file: {0}")]
    File(String),
    /// The file is not UTF-8.
    #[error(
        "file: not UTF-8 at byte {at}, near line {line}. Save it as \"CSV UTF-8\", or give the XLSX"
    )]
    Encoding {
        /// First byte that is not.
        at: usize,
        /// Its line.
        line: usize,
    },
    /// The server's store.
    #[error(transparent)]
    Server(#[from] crate::Error),
}

/// Why a row, or one cell of it, is not acceptable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Reason {
    /// The value does not pass the field's check.
    #[error("{0}")]
    Value(#[from] ValueError),
    /// The text is neither in the map's `codes` nor a code of the field's list.
    #[error("the map has no code for this text")]
    NoCode,
    /// Nothing there where something must be.
    #[error("empty, and the field is required")]
    Required,
    /// The record would lack a required field that the map does not fill.
    #[error("required, and the map does not fill it")]
    NotMapped,
    /// One of the row's key columns is empty.
    #[error("the key is empty")]
    NoKey,
    /// Another row above has the same key.
    #[error("the same key as in a row above")]
    Twice,
    /// No grid of the area has this code.
    #[error("no such grid")]
    NoGrid,
    /// Neither a number nor empty.
    #[error("not a number")]
    NotANumber,
    /// Neither a yes nor a no.
    #[error("neither yes nor no")]
    NotAFlag,
    /// None of the map's date formats fits.
    #[error("not a date in the map's format")]
    NotADate,
    /// Not 32 hexadecimal digits.
    #[error("not a record's id")]
    NotAnId,
    /// Only one of the two coordinates is there.
    #[error("one of two coordinates is missing")]
    HalfAPoint,
    /// More or fewer cells than the header.
    #[error("not as many cells as the header")]
    Cells,
    /// A cell that holds an error of the spreadsheet.
    #[error("the cell holds an error of the spreadsheet")]
    SheetError,
    /// A record of another kind has this id.
    #[error("a record of another kind stands there")]
    OtherKind,
}

/// A row that was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// Its number in the file; the header is row 1.
    pub row: u64,
    /// The column, or the field where it comes from no single column.
    pub column: String,
    /// What is wrong.
    pub reason: Reason,
}

/// An [`ImportError::Map`].
pub(super) fn map_error(at: &str, reason: &str) -> ImportError {
    ImportError::Map(format!("{at}: {reason}"))
}

//! A file as rows of texts. CSV here, workbooks in `sheet`.

use std::path::Path;

use super::{
    error::ImportError,
    limits::{MAX_COLUMNS, MAX_FILE_BYTES, MAX_ROWS},
    map::Map,
    sheet,
};

/// A cell that holds an error of the spreadsheet: no text that a file can hold.
pub(super) const CELL_ERROR: &str = "\u{0}";

/// A file's header and rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// The header's texts.
    pub headers: Vec<String>,
    /// The rows below it that are not empty.
    pub rows: Vec<Row>,
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its number: the line of a CSV file on which it begins, the row of a worksheet.
    pub number: u64,
    /// Its cells.
    pub cells: Vec<String>,
}

impl Table {
    /// Reads a CSV or XLSX file, by its name's ending.
    pub fn read(path: &Path, map: &Map) -> Result<Self, ImportError> {
        let wrong = |reason: &str| ImportError::File(reason.to_owned());
        let size = std::fs::metadata(path).map_err(|error| ImportError::File(error.to_string()))?;
        if size.len() > MAX_FILE_BYTES {
            return Err(wrong("larger than 256 MiB"));
        }
        let ending = path.extension().and_then(|ending| ending.to_str());
        let ending = ending.unwrap_or_default().to_ascii_lowercase();
        let bytes = std::fs::read(path).map_err(|error| ImportError::File(error.to_string()))?;
        let table = match ending.as_str() {
            "csv" | "tsv" | "txt" => Self::from_csv(&bytes, map.delimiter)?,
            "xlsx" | "xlsm" => sheet::read(&bytes, map.sheet.as_deref())?,
            _ => return Err(wrong("neither .csv nor .xlsx")),
        };
        table.checked(map)
    }

    /// Reads what somebody sent: an XLSX workbook's first sheet, known by its first bytes, or CSV.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ImportError> {
        if bytes.starts_with(b"PK\x03\x04") {
            sheet::read(bytes, None)
        } else {
            Self::from_csv(bytes, b',')
        }
    }

    /// Reads CSV: UTF-8, with or without a byte-order mark.
    pub fn from_csv(bytes: &[u8], delimiter: u8) -> Result<Self, ImportError> {
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        if let Err(error) = std::str::from_utf8(bytes) {
            let at = error.valid_up_to();
            let before = bytes.get(..at).unwrap_or_default();
            let line = before.split(|byte| *byte == b'\n').count();
            return Err(ImportError::Encoding { at, line });
        }
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .flexible(true)
            .from_reader(bytes);
        let file_error = |error: csv::Error| ImportError::File(error.to_string());
        let headers = reader.headers().map_err(file_error)?;
        let mut table = Self {
            headers: headers.iter().map(|name| name.trim().to_owned()).collect(),
            rows: Vec::new(),
        };
        let mut lines = Lines {
            bytes,
            at: 0,
            line: 1,
        };
        for record in reader.records() {
            let record = record.map_err(file_error)?;
            let line = lines.of(&record);
            table.push(line, record.iter().map(str::to_owned).collect())?;
        }
        Ok(table)
    }

    /// Adds a row, unless it is empty.
    pub(super) fn push(&mut self, number: u64, cells: Vec<String>) -> Result<(), ImportError> {
        if cells.iter().all(|cell| cell.trim().is_empty()) {
            return Ok(());
        }
        if self.rows.len() >= MAX_ROWS || cells.len() > MAX_COLUMNS {
            return Err(ImportError::File(
                "more rows or columns than allowed".to_owned(),
            ));
        }
        self.rows.push(Row { number, cells });
        Ok(())
    }

    /// Every column that the map names is there, once.
    fn checked(self, map: &Map) -> Result<Self, ImportError> {
        for column in map.columns() {
            let times = self.headers.iter().filter(|name| *name == column).count();
            if times != 1 {
                let how = if times == 0 { "no" } else { "more than one" };
                return Err(ImportError::File(format!("{how} column \"{column}\"")));
            }
        }
        Ok(self)
    }

    /// Where a column stands.
    pub(super) fn column(&self, name: &str) -> Option<usize> {
        self.headers.iter().position(|header| header == name)
    }
}

/// Counts lines as a text editor does. The reader's own count is one behind where lines end with
/// CR LF.
struct Lines<'a> {
    bytes: &'a [u8],
    at: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line on which a record begins; records come in the order of the file.
    fn of(&mut self, record: &csv::StringRecord) -> u64 {
        let byte = record.position().map_or(0, csv::Position::byte);
        let mut start = usize::try_from(byte).unwrap_or(usize::MAX);
        while matches!(self.bytes.get(start), Some(b'\r' | b'\n')) {
            start += 1;
        }
        let passed = self.bytes.get(self.at..start).unwrap_or_default();
        self.line += passed.split(|byte| *byte == b'\n').count() as u64 - 1;
        self.at = start;
        self.line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_cells_with_commas_and_line_breaks_are_one_cell() {
        let table = Table::from_csv(b"\xEF\xBB\xBFid,name\r\n1,\"A, B\nC\"\r\n\r\n2,D\r\n", b',');
        let table = table.unwrap();
        assert_eq!(table.headers, ["id", "name"]);
        let cells: Vec<_> = table.rows.iter().map(|row| row.cells.join("|")).collect();
        assert_eq!(cells, ["1|A, B\nC", "2|D"]);
    }

    #[test]
    fn another_encoding_is_named_with_its_place() {
        let gbk = b"id,name\n1,\xB5\xEA\n";
        let error = Table::from_csv(gbk, b',').unwrap_err();
        assert!(matches!(error, ImportError::Encoding { at: 10, line: 2 }));
        assert!(error.to_string().contains("CSV UTF-8"), "{error}");
    }

    #[test]
    fn rows_have_the_lines_of_a_text_editor_however_lines_end() {
        for end in ["\n", "\r\n"] {
            let text = ["id,name", "1,a", "2,\"b", "c\"", "", "3,d", ""].join(end);
            let table = Table::from_csv(text.as_bytes(), b',').unwrap();
            let numbers: Vec<u64> = table.rows.iter().map(|row| row.number).collect();
            assert_eq!(numbers, [2, 3, 6], "{end:?}");
        }
    }

    #[test]
    fn empty_rows_keep_the_numbers_of_those_below() {
        let table = Table::from_csv(b"id;name\n1;a\n;\n3;c\n", b';').unwrap();
        let numbers: Vec<u64> = table.rows.iter().map(|row| row.number).collect();
        assert_eq!(numbers, [2, 4]);
    }
}

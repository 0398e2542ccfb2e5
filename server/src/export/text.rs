//! CSV (RFC 4180).

use super::{Cell, Table};
use crate::error::{Error, Result};

/// Without it spreadsheets read UTF-8 as something else.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";
/// What a spreadsheet takes for the beginning of a formula.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// The table as CSV.
pub(super) fn csv(table: &Table) -> Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(BYTE_ORDER_MARK.to_vec());
    let failed = |_| Error::Internal("a file cannot be written");
    let heads = table.heads.iter().map(|head| guarded(head));
    writer.write_record(heads).map_err(failed)?;
    for row in &table.rows {
        writer.write_record(row.iter().map(words)).map_err(failed)?;
    }
    writer
        .into_inner()
        .map_err(|_| Error::Internal("a file cannot be written"))
}

fn words(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => guarded(text),
        Cell::Number(number) => number.to_string(),
        Cell::Time(time) => time.strftime("%Y-%m-%d %H:%M").to_string(),
    }
}

/// Words that no spreadsheet takes for a formula: an apostrophe before what looks like one.
fn guarded(text: &str) -> String {
    if text.trim_start().starts_with(FORMULA) || text.starts_with(FORMULA) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_no_formulas_and_quotes_come_out_as_they_went_in() {
        let cells = [
            "=1+1",
            "+86",
            "-3",
            "@SUM(A1)",
            "\tx",
            " =1",
            "张记\"小馆\"",
            "a,b",
            "两\n行",
        ];
        let table = Table {
            heads: vec!["店招".to_owned()],
            rows: cells
                .iter()
                .map(|cell| vec![Cell::Text((*cell).to_owned())])
                .chain([vec![Cell::Number(-3)]])
                .collect(),
        };
        let file = csv(&table).unwrap();
        let text = file.strip_prefix(BYTE_ORDER_MARK).unwrap();
        assert!(text.starts_with("店招\r\n".as_bytes()));
        let mut reader = csv::Reader::from_reader(text);
        let read: Vec<String> = reader
            .records()
            .map(|row| row.unwrap().get(0).unwrap().to_owned())
            .collect();
        let wanted = [
            "'=1+1",
            "'+86",
            "'-3",
            "'@SUM(A1)",
            "'\tx",
            "' =1",
            "张记\"小馆\"",
            "a,b",
            "两\n行",
            // A number that we counted is a number.
            "-3",
        ];
        assert_eq!(read, wanted);
    }
}

//! A worksheet as rows of texts: typed cells as one would type them.

use std::io::Cursor;

use calamine::{Data, Reader as _, Xlsx};

use super::{
    error::ImportError,
    table::{CELL_ERROR, Table},
};

/// Reads the named sheet, or the first.
pub(super) fn read(bytes: &[u8], sheet: Option<&str>) -> Result<Table, ImportError> {
    let wrong = |error: calamine::XlsxError| ImportError::File(error.to_string());
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(wrong)?;
    let name = match sheet {
        Some(name) => name.to_owned(),
        None => book.sheet_names().into_iter().next().unwrap_or_default(),
    };
    let range = book.worksheet_range(&name).map_err(wrong)?;
    let first = range.start().map_or(0, |(row, _)| row);
    let mut rows = range.rows();
    let headers = rows.next().unwrap_or_default();
    let mut table = Table {
        headers: headers
            .iter()
            .map(|cell| text(cell).trim().to_owned())
            .collect(),
        rows: Vec::new(),
    };
    for (index, cells) in rows.enumerate() {
        let number = u64::from(first) + index as u64 + 2;
        table.push(number, cells.iter().map(text).collect())?;
    }
    Ok(table)
}

fn text(cell: &Data) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        Data::Int(number) => number.to_string(),
        Data::Float(number) => number.to_string(),
        Data::Bool(flag) => flag.to_string(),
        Data::Error(_) => CELL_ERROR.to_owned(),
        Data::DateTime(time) => {
            let (year, month, day, hour, minute, second, _) = time.to_ymd_hms_milli();
            let date = format!("{year:04}-{month:02}-{day:02}");
            if (hour, minute, second) == (0, 0, 0) {
                date
            } else {
                format!("{date}T{hour:02}:{minute:02}:{second:02}Z")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

    use super::*;

    #[test]
    fn a_workbook_gives_the_texts_that_one_would_type() {
        let mut book = Workbook::new();
        book.add_worksheet().set_name("Notes").unwrap();
        let sheet = book.add_worksheet().set_name("Shops").unwrap();
        let day = Format::new().set_num_format("yyyy-mm-dd");
        let date = ExcelDateTime::from_ymd(2026, 11, 5).unwrap();
        for (column, name) in ["No.", "Name", "Lease end", "Open", "Lat"]
            .iter()
            .enumerate()
        {
            let column = u16::try_from(column).unwrap();
            sheet.write_string(0, column, *name).unwrap();
        }
        sheet.write_number(2, 0, 17.0).unwrap();
        sheet.write_string(2, 1, " 面馆 ").unwrap();
        sheet.write_datetime_with_format(2, 2, &date, &day).unwrap();
        sheet.write_boolean(2, 3, true).unwrap();
        sheet.write_number(2, 4, 31.140_012_5).unwrap();
        let bytes = book.save_to_buffer().unwrap();

        let table = read(&bytes, Some("Shops")).unwrap();
        assert_eq!(table.headers, ["No.", "Name", "Lease end", "Open", "Lat"]);
        assert_eq!(table.rows.len(), 1);
        let row = &table.rows[0];
        assert_eq!(row.number, 3, "as the spreadsheet numbers it");
        assert_eq!(
            row.cells,
            ["17", " 面馆 ", "2026-11-05", "true", "31.1400125"]
        );
        assert!(read(&bytes, Some("Missing")).is_err());
        assert!(read(b"not a workbook", None).is_err());
    }
}

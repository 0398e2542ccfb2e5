//! XLSX: words as words, times as times; who took it out, and when, at the foot of every printed
//! page and as a watermark across it.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, XlsxError};

use super::{Cell, Stamp, Table};
use crate::{
    error::{Error, Result},
    export::cell::time,
};

/// How the watermark is printed: its size, its colour, and lines above it.
const MARK_POINTS: u32 = 40;
const MARK_COLOUR: &str = "D9D9D9";
const MARK_LINES: usize = 5;
/// Characters of a column at most.
const WIDEST: usize = 40;

/// The table as a workbook of one sheet.
pub(super) fn xlsx(table: &Table, stamp: &Stamp) -> Result<Vec<u8>> {
    book(table, stamp).map_err(|_| Error::Internal("a file cannot be written"))
}

fn book(table: &Table, stamp: &Stamp) -> Result<Vec<u8>, XlsxError> {
    let when = match time(stamp.time_ms) {
        Cell::Time(time) => time.strftime("%Y-%m-%d %H:%M").to_string(),
        _ => String::new(),
    };
    let mut book = Workbook::new();
    let about = format!("{} · {} · {when}", stamp.list, stamp.by);
    book.set_properties(
        &DocProperties::new()
            .set_author(&stamp.by)
            .set_comment(&about),
    );
    let sheet = book.add_worksheet();
    let bold = Format::new().set_bold();
    let moment = Format::new().set_num_format("yyyy-mm-dd hh:mm");
    let mut widths = Vec::new();
    for (column, head) in (0_u16..).zip(&table.heads) {
        sheet.write_string_with_format(0, column, head, &bold)?;
        widths.push(width(head));
    }
    for (line, row) in (1_u32..).zip(&table.rows) {
        for ((column, cell), widest) in (0_u16..).zip(row).zip(&mut widths) {
            let wide = match cell {
                Cell::Empty => continue,
                // Never read as a formula, whatever it begins with.
                Cell::Text(text) => {
                    sheet.write_string(line, column, text)?;
                    width(text)
                }
                Cell::Number(number) => {
                    sheet.write_number(line, column, exact(*number))?;
                    8
                }
                Cell::Time(time) => {
                    let seconds = time.strftime("%Y-%m-%dT%H:%M:%S").to_string();
                    let at = ExcelDateTime::parse_from_str(&seconds)?;
                    sheet.write_datetime_with_format(line, column, &at, &moment)?;
                    16
                }
            };
            *widest = wide.max(*widest);
        }
    }
    for (column, wide) in (0_u16..).zip(widths) {
        let wide = u16::try_from(wide.min(WIDEST)).unwrap_or(u16::MAX);
        sheet.set_column_width(column, f64::from(wide) + 2.0)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    sheet.set_repeat_rows(0, 0)?;
    sheet.set_landscape();
    // An ampersand would begin a code of the foot's own.
    let plain = |text: &str| text.replace('&', "&&");
    sheet.set_footer(format!("&L{}&R&P/&N", plain(&about)));
    // A printed page bears who and when across it, large and grey: a head so far down that it
    // lies under the cells.
    let mark = plain(&format!("{} {when}", stamp.by));
    let down = "\n".repeat(MARK_LINES);
    sheet.set_header(format!("&C&{MARK_POINTS}&K{MARK_COLOUR}{down}{mark}"));
    book.save_to_buffer()
}

/// A count as a workbook holds it: exact up to 2⁵³.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2⁵³")]
const fn exact(number: i64) -> f64 {
    number as f64
}

/// Characters, those of Chinese twice as wide.
fn width(text: &str) -> usize {
    text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

//! Texts of a file as values of fields.

use jiff::civil::Date;
use schemas::{
    Field, FieldType, Scalar,
    checks::{phone, point::Point},
};
use sync_core::RecordId;

use super::error::Reason;

const YES: [&str; 9] = ["yes", "y", "true", "1", "是", "有", "√", "对", "在"];
const NO: [&str; 8] = ["no", "n", "false", "0", "否", "无", "×", "不"];

/// One line of text: outer blanks gone, inner ones single, wide blanks too.
pub(super) fn line(text: &str) -> String {
    let mut words = text.split(|c: char| c.is_whitespace() || c == '\u{FEFF}' || c == '\u{200B}');
    let mut line = String::with_capacity(text.len());
    for word in words.by_ref().filter(|word| !word.is_empty()) {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

/// A text, which is not empty, as a value that passes the field's check.
pub(super) fn scalar(field: &Field, text: &str, dates: &[String]) -> Result<Scalar, Reason> {
    let text = match field.ty {
        FieldType::Remark { .. } => text.trim().replace("\r\n", "\n"),
        _ => line(text),
    };
    let value = match &field.ty {
        FieldType::Text { .. } | FieldType::Remark { .. } | FieldType::Choice { .. } => {
            Scalar::Text(text)
        }
        FieldType::Phone => Scalar::Text(phone::normalise(&text)),
        FieldType::IdCard | FieldType::Uscc => {
            Scalar::Text(text.replace(' ', "").to_ascii_uppercase())
        }
        FieldType::Date => Scalar::Text(date(&text, dates)?),
        FieldType::Integer { .. } => Scalar::Int(scaled(&text, 0)?),
        FieldType::Decimal { scale } => Scalar::Int(scaled(&text, *scale)?),
        FieldType::Time => Scalar::Int(time(&text)?),
        FieldType::Flag => Scalar::Bool(flag(&text)?),
        FieldType::Choices { .. } if flag(&text)? => Scalar::Bool(true),
        FieldType::Choices { .. } | FieldType::Photo | FieldType::Point => Scalar::Null,
        FieldType::Ref { .. } => Scalar::Bytes(id(&text)?.0.to_vec()),
    };
    field.check(&value)?;
    Ok(value)
}

/// Two coordinates in degrees as a point's value.
pub(super) fn point(lat: &str, lon: &str, shift: [f64; 2]) -> Result<Scalar, Reason> {
    let [north, east] = shift;
    let point = Point {
        lat: degrees(lat, north)?,
        lon: degrees(lon, east)?,
    };
    Ok(Scalar::Bytes(point.to_bytes().to_vec()))
}

fn degrees(text: &str, shift: f64) -> Result<i32, Reason> {
    let degrees: f64 = text.trim().parse().map_err(|_| Reason::NotANumber)?;
    let fine = ((degrees + shift) * 1e7).round();
    if fine.abs() > 1.8e9 {
        return Err(schemas::ValueError::PointOutOfBounds.into());
    }
    #[expect(clippy::cast_possible_truncation, reason = "bounded above, and whole")]
    Ok(fine as i32)
}

fn date(text: &str, formats: &[String]) -> Result<String, Reason> {
    // A workbook's date cell arrives in ISO 8601, whatever the map says of typed ones.
    let iso = (text.len() == 10).then(|| Date::strptime("%Y-%m-%d", text).ok());
    formats
        .iter()
        .find_map(|format| Date::strptime(format, text).ok())
        .or(iso.flatten())
        .map(|date| date.to_string())
        .ok_or(Reason::NotADate)
}

fn time(text: &str) -> Result<i64, Reason> {
    let ms = text.parse().ok();
    ms.or_else(|| {
        let stamp: Option<jiff::Timestamp> = text.parse().ok();
        stamp.map(jiff::Timestamp::as_millisecond)
    })
    .ok_or(Reason::NotADate)
}

/// A decimal number times ten to the power `scale`, exactly. A spreadsheet's `12.0` is 12.
fn scaled(text: &str, scale: u8) -> Result<i64, Reason> {
    let dense: String = text.chars().filter(|c| *c != ',' && *c != ' ').collect();
    let (whole, fraction) = dense.split_once('.').unwrap_or((&dense, ""));
    let scale = usize::from(scale);
    let (fraction, beyond) = fraction.split_at_checked(scale).unwrap_or((fraction, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if !digits(fraction) || !beyond.bytes().all(|b| b == b'0') {
        return Err(Reason::NotANumber);
    }
    format!("{whole}{fraction:0<scale$}")
        .parse()
        .map_err(|_| Reason::NotANumber)
}

fn flag(text: &str) -> Result<bool, Reason> {
    let text = text.to_lowercase();
    if YES.contains(&text.as_str()) {
        Ok(true)
    } else if NO.contains(&text.as_str()) {
        Ok(false)
    } else {
        Err(Reason::NotAFlag)
    }
}

/// A record's id, 32 hexadecimal digits.
fn id(text: &str) -> Result<RecordId, Reason> {
    let digits = text.len() == 32 && text.bytes().all(|b| b.is_ascii_hexdigit());
    let number = digits.then(|| u128::from_str_radix(text, 16).ok());
    number
        .flatten()
        .map(|number| RecordId(number.to_be_bytes()))
        .ok_or(Reason::NotAnId)
}

#[cfg(test)]
#[path = "convert_tests.rs"]
mod tests;

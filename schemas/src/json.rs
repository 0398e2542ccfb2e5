//! Values as JSON, for the console and for the app on a phone: one form, checked in one place.

use serde_json::{Value, json};

use crate::{
    Field, FieldType, Kind, RegisterKey, Scalar,
    checks::{ValueError, point::Point},
    hex::{hex, unhex},
};

/// A value as JSON: texts, codes and dates as strings, numbers and times as numbers, references and
/// photos as hex, a point as `{lat, lon}` in 1e-7 degrees.
pub fn to_json(field: Option<&Field>, value: &Scalar) -> Value {
    match value {
        Scalar::Null => Value::Null,
        Scalar::Bool(value) => json!(value),
        Scalar::Int(value) => match field.map(|field| &field.ty) {
            Some(FieldType::Decimal { scale }) => json!(decimal(*value, *scale)),
            _ => json!(value),
        },
        Scalar::Text(text) => json!(text),
        Scalar::Bytes(bytes) => {
            let point = field
                .filter(|field| field.ty == FieldType::Point)
                .and_then(|_| Point::from_bytes(bytes));
            point.map_or_else(
                || json!(hex(bytes)),
                |point| json!({ "lat": point.lat, "lon": point.lon }),
            )
        }
    }
}

/// The value that JSON stands for in a register of a kind, checked.
pub fn from_json(kind: &Kind, key: &RegisterKey, json: &Value) -> Result<Scalar, ValueError> {
    let field = key.path().and_then(|path| kind.field(&path));
    let field = field.ok_or(ValueError::UnknownField)?;
    let value = scalar(field, json).ok_or(ValueError::WrongType)?;
    kind.check_register(key, &value)?;
    Ok(value)
}

fn scalar(field: &Field, json: &Value) -> Option<Scalar> {
    let text = |text: &str| match field.ty {
        FieldType::Ref { .. } => unhex::<16>(text).map(|id| Scalar::Bytes(id.to_vec())),
        FieldType::Photo => unhex::<32>(text).map(|id| Scalar::Bytes(id.to_vec())),
        _ => Some(Scalar::text(text)),
    };
    match json {
        Value::Null => Some(Scalar::Null),
        Value::Bool(value) => Some(Scalar::Bool(*value)),
        Value::Number(number) => match field.ty {
            FieldType::Decimal { scale } => scaled(number.as_f64()?, scale),
            _ => number.as_i64(),
        }
        .map(Scalar::Int),
        Value::String(value) => text(value),
        Value::Object(parts) if field.ty == FieldType::Point => {
            let part = |name| i32::try_from(parts.get(name)?.as_i64()?).ok();
            let point = Point {
                lat: part("lat")?,
                lon: part("lon")?,
            };
            (parts.len() == 2).then(|| Scalar::Bytes(point.to_bytes().to_vec()))
        }
        Value::Array(_) | Value::Object(_) => None,
    }
}

/// Digits that a number in JSON keeps: more than anyone types.
const EXACT: f64 = 9e15;

/// A scaled decimal as the number that people write.
#[expect(
    clippy::cast_precision_loss,
    reason = "what a person types has fewer digits"
)]
pub fn decimal(value: i64, scale: u8) -> f64 {
    value as f64 / 10_f64.powi(i32::from(scale))
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "checked against its bounds"
)]
fn scaled(number: f64, scale: u8) -> Option<i64> {
    let scaled = (number * 10_f64.powi(i32::from(scale))).round();
    (scaled.abs() < EXACT).then_some(scaled as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_written_as_people_write_them() {
        for (number, scale, value) in [(0.1, 2, 10), (-12.34, 2, -1234), (7.0, 0, 7), (0.29, 2, 29)]
        {
            assert_eq!(scaled(number, scale), Some(value));
            assert_eq!(scaled(decimal(value, scale), scale), Some(value));
        }
        assert_eq!(scaled(1e300, 2), None);
        assert_eq!(scaled(f64::NAN, 2), None);
    }
}

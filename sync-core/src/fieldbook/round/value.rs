//! Values as JSON.

use schemas::{Field, FieldType, Scalar, checks::point, hex::hex, json::decimal};
use serde::{Deserialize, Serialize};

/// A place, degrees times 10⁷ of WGS 84.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Point {
    /// Latitude, positive to the north.
    pub lat: i32,
    /// Longitude, positive to the east.
    pub lon: i32,
}

impl From<point::Point> for Point {
    fn from(point: point::Point) -> Self {
        Self {
            lat: point.lat,
            lon: point.lon,
        }
    }
}

/// A field's value: texts, codes and dates as strings, numbers and times as numbers, references
/// and photos as hex.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Value {
    /// Cleared, or never filled in.
    Null,
    /// A flag, or a chosen code.
    Flag(bool),
    /// An integer or a time.
    Number(i64),
    /// A decimal.
    Decimal(f64),
    /// A text.
    Text(String),
    /// A place.
    Point(Point),
}

impl Value {
    /// The value of a field; without the field, as well as can be told.
    pub fn of(field: Option<&Field>, value: &Scalar) -> Self {
        let ty = field.map(|field| &field.ty);
        match value {
            Scalar::Null => Self::Null,
            Scalar::Bool(value) => Self::Flag(*value),
            Scalar::Int(value) => match ty {
                Some(FieldType::Decimal { scale }) => Self::Decimal(decimal(*value, *scale)),
                _ => Self::Number(*value),
            },
            Scalar::Text(text) => Self::Text(text.clone()),
            Scalar::Bytes(bytes) => {
                let is_point = ty == Some(&FieldType::Point);
                let point = is_point.then(|| point::Point::from_bytes(bytes)).flatten();
                point.map_or_else(|| Self::Text(hex(bytes)), |point| Self::Point(point.into()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use schemas::{FieldPath, SchemaSet};

    use super::*;

    #[test]
    fn values_are_the_json_that_the_app_expects() {
        let schemas = SchemaSet::builtin().unwrap();
        let shop = schemas.kind("shop").unwrap();
        let json = |field: &str, value: Scalar| {
            let field = shop.field(&FieldPath::parse(field).unwrap());
            serde_json::to_string(&Value::of(field, &value)).unwrap()
        };
        let place = point::Point {
            lat: 311_400_000,
            lon: 1_213_900_000,
        };
        assert_eq!(json("sign_name", Scalar::text("面馆")), "\"面馆\"");
        assert_eq!(json("lived_in", Scalar::Bool(false)), "false");
        assert_eq!(json("lease_end", Scalar::Null), "null");
        assert_eq!(
            json("location", Scalar::Bytes(place.to_bytes().to_vec())),
            r#"{"lat":311400000,"lon":1213900000}"#
        );
        let tenant = json("tenant", Scalar::Bytes(vec![0xAB; 16]));
        assert_eq!(tenant, format!("\"{}\"", "ab".repeat(16)));
        // Eight bytes of a field that is no place are no place.
        assert_eq!(
            json("tenant", Scalar::Bytes(vec![1; 8])),
            "\"0101010101010101\""
        );
    }
}

//! Values of fields, and texts for people.

use serde::{Deserialize, Serialize};

/// A text in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, uniffi::Record)]
pub struct Words {
    /// Simplified Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl From<crate::phone::Words> for Words {
    fn from(words: crate::phone::Words) -> Self {
        Self {
            zh: words.zh,
            en: words.en,
        }
    }
}

/// A place, degrees times 10⁷ of WGS 84.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, uniffi::Record)]
#[serde(deny_unknown_fields)]
pub struct Point {
    /// Latitude, positive to the north.
    pub lat: i32,
    /// Longitude, positive to the east.
    pub lon: i32,
}

/// A field's value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, uniffi::Enum)]
#[serde(from = "Bare", into = "Bare")]
pub enum Value {
    /// Cleared, or never filled in.
    Null,
    /// A flag, or a chosen code.
    Flag {
        /// Yes or no.
        value: bool,
    },
    /// An integer or a time.
    Number {
        /// The integer.
        value: i64,
    },
    /// A decimal.
    Decimal {
        /// The number.
        value: f64,
    },
    /// A text, a code, a date; a reference or a photo in hex.
    Text {
        /// The text.
        value: String,
    },
    /// A place.
    Place {
        /// Where.
        value: Point,
    },
}

/// The value as JSON has it.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Bare {
    Null,
    Flag(bool),
    Number(i64),
    Decimal(f64),
    Text(String),
    Place(Point),
}

impl From<Bare> for Value {
    fn from(bare: Bare) -> Self {
        match bare {
            Bare::Null => Self::Null,
            Bare::Flag(value) => Self::Flag { value },
            Bare::Number(value) => Self::Number { value },
            Bare::Decimal(value) => Self::Decimal { value },
            Bare::Text(value) => Self::Text { value },
            Bare::Place(value) => Self::Place { value },
        }
    }
}

impl From<Value> for Bare {
    fn from(value: Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Flag { value } => Self::Flag(value),
            Value::Number { value } => Self::Number(value),
            Value::Decimal { value } => Self::Decimal(value),
            Value::Text { value } => Self::Text(value),
            Value::Place { value } => Self::Place(value),
        }
    }
}

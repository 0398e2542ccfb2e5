//! The only values that a register may hold.

use std::fmt;

/// A register's value. How each field type is encoded is said at [`crate::field::FieldType`].
///
/// `Debug` prints only the length of texts and bytes, never their content: a value may be a
/// person's name or identity number, and debug output ends up in logs.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Scalar {
    /// Cleared, or gone when it stands in a presence register.
    #[default]
    Null,
    /// A flag, or `true` for a chosen code of a choices field.
    Bool(bool),
    /// An integer, a scaled decimal, or a time in milliseconds since 1970-01-01 UTC.
    Int(i64),
    /// A text, a code, an ISO date.
    Text(String),
    /// A point (8 bytes), a record id (16 bytes) or a photo's SHA-256 (32 bytes).
    Bytes(Vec<u8>),
}

impl Scalar {
    /// A text value.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// Whether this is the cleared value.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The text, if this is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

impl fmt::Debug for Scalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("Null"),
            Self::Bool(value) => write!(f, "Bool({value})"),
            Self::Int(value) => write!(f, "Int({value})"),
            Self::Text(text) => write!(f, "Text({} bytes)", text.len()),
            Self::Bytes(bytes) => write!(f, "Bytes({} bytes)", bytes.len()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_shows_lengths_and_never_content() {
        let values = [
            Scalar::text("李小明"),
            Scalar::Bytes(vec![7; 16]),
            Scalar::Int(424_242),
        ];
        let printed = format!("{values:?}");
        assert_eq!(printed, "[Text(9 bytes), Bytes(16 bytes), Int(424242)]");
    }
}

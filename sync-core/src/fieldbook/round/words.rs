//! Words for people, in both languages of the product.

use schemas::{Field, FieldType, Labels, Lang, Scalar, ValueError};
use serde::Serialize;

/// A text in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Words {
    /// Simplified Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Words {
    /// Both texts.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            zh: zh.into(),
            en: en.into(),
        }
    }

    /// The same text in both: a name, a number.
    pub fn same(text: &str) -> Self {
        Self::new(text, text)
    }
}

impl From<&Labels> for Words {
    fn from(labels: &Labels) -> Self {
        Self::new(labels.label(Lang::Zh), labels.label(Lang::En))
    }
}

impl From<ValueError> for Words {
    fn from(error: ValueError) -> Self {
        Self::new(error.label(Lang::Zh), error.label(Lang::En))
    }
}

/// What people read for a field's value, where it is not the value itself.
pub(super) fn of_value(field: &Field, value: &Scalar) -> Option<Words> {
    match (&field.ty, value) {
        (FieldType::Flag, Scalar::Bool(true)) => Some(Words::new("是", "Yes")),
        (FieldType::Flag, Scalar::Bool(false)) => Some(Words::new("否", "No")),
        (_, Scalar::Text(code)) => {
            let entry = field.code_list()?.get(code)?;
            Some(Words::from(&entry.labels))
        }
        _ => None,
    }
}

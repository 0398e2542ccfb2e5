//! Words for people, in both languages of the product.

use schemas::{Labels, Lang};
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
}

impl From<&Labels> for Words {
    fn from(labels: &Labels) -> Self {
        Self::new(labels.label(Lang::Zh), labels.label(Lang::En))
    }
}

impl From<schemas::ValueError> for Words {
    fn from(error: schemas::ValueError) -> Self {
        Self::new(error.label(Lang::Zh), error.label(Lang::En))
    }
}

//! What someone typed into a search: words, or a whole number of a document or phone.

use schemas::{FieldType, Kind, RegisterKey, Scalar, checks};
use sync_core::{
    fieldbook::search::{fold, readings},
    record::View,
};

use super::query::folded;

/// Characters that are looked at; the rest is left out.
const MAX_CHARS: usize = 80;

/// A search.
#[derive(Clone, PartialEq, Eq)]
pub struct Words {
    words: Vec<String>,
    whole: String,
}

impl Words {
    /// Splits at white space and folds.
    pub fn parse(text: &str) -> Self {
        let text: String = text.chars().take(MAX_CHARS).collect();
        Self {
            words: folded(&text),
            whole: text.trim().to_owned(),
        }
    }

    /// Whether nothing is left to look for.
    pub const fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The words.
    pub fn words(&self) -> &[String] {
        &self.words
    }

    /// The fields of a kind that hold such a number, if the text is a whole number of a document,
    /// phone or organisation: these are found by equality and by nothing less, so that nobody
    /// guesses them digit by digit.
    pub fn number(&self, kind: &Kind) -> Option<(Vec<String>, String)> {
        let text = self.whole.to_uppercase();
        let fits = |ty: &FieldType| match ty {
            FieldType::Phone => checks::phone::check(&text).is_ok(),
            FieldType::IdCard => checks::id_card::check(&text).is_ok(),
            FieldType::Uscc => checks::uscc::check(&text).is_ok(),
            _ => false,
        };
        let fields: Vec<String> = kind
            .fields()
            .iter()
            .filter(|field| fits(&field.ty))
            .map(|field| field.path.to_string())
            .collect();
        (!fields.is_empty()).then_some((fields, text))
    }

    /// Whether every word stands in a text that the kind is searched by, or in its initials. All
    /// values of a conflict count, numbers do not.
    pub fn is_in(&self, kind: &Kind, view: &View) -> bool {
        let texts = kind.search().iter().filter(|path| {
            let ty = kind.field(path).map(|field| &field.ty);
            matches!(ty, Some(FieldType::Text { .. } | FieldType::Remark { .. }))
        });
        let texts: Vec<String> = texts
            .filter_map(|path| view.field(&RegisterKey::of(path, None, None)?))
            .flat_map(|field| &field.values)
            .filter_map(|value| match &value.value {
                Scalar::Text(text) => Some(fold(text)),
                _ => None,
            })
            .collect();
        let stands = |word: &String| {
            texts.iter().any(|text| {
                text.contains(word.as_str())
                    || readings(text)
                        .iter()
                        .any(|reading| reading.contains(word.as_str()))
            })
        };
        self.words.iter().all(stands)
    }
}

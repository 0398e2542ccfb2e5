//! What a form asks for: which fields are shown, and which are still missing.

use super::Kind;
use crate::access::Author;
use crate::field::{Field, FieldType};
use crate::path::{EntryId, FieldPath, RegisterKey};
use crate::values::Values;

impl Kind {
    /// Whether the form shows this field now. `entry` is the entry it stands in, if it is in a
    /// group. Retired and unknown fields are not shown.
    pub fn shown(&self, path: &FieldPath, entry: Option<EntryId>, values: &dyn Values) -> bool {
        self.field(path)
            .is_some_and(|field| is_shown(field, entry, values))
    }

    /// The required registers that are shown and hold nothing, in the order of the form.
    ///
    /// With `who`, only those that this person may write: an inspector is not asked for what a
    /// supervisor fills in. A choices field is reported as its key without a code.
    pub fn required_missing(&self, values: &dyn Values, who: Option<&Author>) -> Vec<RegisterKey> {
        let asked = |field: &&Field| {
            field.required && who.is_none_or(|who| self.may_write(&field.path, who))
        };
        let mut missing = Vec::new();
        for field in self.fields.iter().filter(asked) {
            for entry in entries_of(field, values) {
                if is_shown(field, entry, values) && !is_filled(field, entry, values) {
                    missing.extend(RegisterKey::of(&field.path, entry, None));
                }
            }
        }
        missing
    }
}

fn is_shown(field: &Field, entry: Option<EntryId>, values: &dyn Values) -> bool {
    !field.retired && field.shown_when.holds(values, entry)
}

/// The places where a field is asked: once in the record, or once in each present entry.
fn entries_of(field: &Field, values: &dyn Values) -> Vec<Option<EntryId>> {
    match &field.path.group {
        None => vec![None],
        Some(group) => values
            .entries(group.as_str())
            .into_iter()
            .map(Some)
            .collect(),
    }
}

fn is_filled(field: &Field, entry: Option<EntryId>, values: &dyn Values) -> bool {
    let holds = |key: Option<RegisterKey>| {
        key.is_some_and(|key| values.values(&key).iter().any(|value| !value.is_null()))
    };
    match (&field.ty, field.code_list()) {
        (FieldType::Choices { .. }, Some(list)) => list
            .entries()
            .iter()
            .any(|code| holds(RegisterKey::of(&field.path, entry, Some(code.code.clone())))),
        _ => holds(RegisterKey::of(&field.path, entry, None)),
    }
}

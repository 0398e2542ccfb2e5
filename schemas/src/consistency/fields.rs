//! Each field by itself: its list, its reference, its secrecy, its key's length.

use super::{Check, conditions};
use crate::field::{Field, FieldType};
use crate::kind::Kind;
use crate::limits::{ENTRY_ID_CHARS, MAX_KEY_BYTES};

pub(super) fn check(on: Check<'_>, kind: &Kind, field: &Field) {
    let place = &field.place;
    if let Some(list) = field.ty.codes().filter(|list| on.set.codes(list).is_none()) {
        on.unknown_list(place, list);
    }
    if let FieldType::Ref { kind: other } = &field.ty
        && on.set.kind(other).is_none()
    {
        on.unknown_kind(place, other);
    }
    if field.personal && !kind.personal() {
        let message = format!("field `{}` is personal and its kind is not", field.path);
        on.error(
            place,
            message,
            "write `personal = true` for the kind, or remove the field",
        );
    }
    if field.automatic && !field.shown_when.fields().is_empty() {
        let message = format!(
            "field `{}` is automatic and yet has `shown_when`",
            field.path
        );
        on.error(place, message, "remove one of the two");
    }
    if field.path.field.as_str() == "grid" {
        on.error(
            place,
            "`grid` is no field: it stands in the header".to_owned(),
            "remove it",
        );
    }
    for access in [&field.read, &field.write].into_iter().flatten() {
        on.access(place, access);
    }
    conditions::check(on, kind, &field.shown_when, place);
    if longest_key(field) > MAX_KEY_BYTES {
        let message = format!("keys of field `{}` pass {MAX_KEY_BYTES} bytes", field.path);
        on.error(place, message, "shorten its name, its group's or its codes");
    }
}

fn longest_key(field: &Field) -> usize {
    let group = field.path.group.as_ref();
    let group = group.map_or(0, |group| group.as_str().len() + 2 + ENTRY_ID_CHARS);
    let choices = matches!(field.ty, FieldType::Choices { .. });
    let codes = field.code_list().filter(|_| choices).map(|list| {
        list.entries()
            .iter()
            .map(|entry| entry.code.as_str().len() + 1)
            .max()
            .unwrap_or_default()
    });
    group + field.path.field.as_str().len() + codes.unwrap_or_default()
}

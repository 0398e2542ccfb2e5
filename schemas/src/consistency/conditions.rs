//! Conditions: their fields and codes exist, their tests fit the type, and they can hold.

use std::collections::BTreeSet;

use super::Check;
use crate::condition::{Condition, Test};
use crate::field::{Field, FieldType};
use crate::kind::Kind;
use crate::path::{Code, FieldPath};
use crate::place::Place;
use crate::value::Scalar;

/// Checks a condition on records of `kind`, declared at `place`.
pub(super) fn check(on: Check<'_>, kind: &Kind, condition: &Condition, place: &Place) {
    for (path, test) in condition.fields() {
        if let Some(field) = known(on, kind, path, place) {
            check_test(on, field, test, place);
        }
    }
    contradictions(on, condition, place);
}

/// The field of that path; reports an unknown or retired one.
pub(super) fn known<'k>(
    on: Check<'_>,
    kind: &'k Kind,
    path: &FieldPath,
    place: &Place,
) -> Option<&'k Field> {
    let field = kind.field(path);
    match field {
        None => {
            let names: Vec<String> = kind.fields().iter().map(|f| f.path.to_string()).collect();
            let what = format!("field of {}", kind.name());
            on.sink.unknown(
                place,
                &what,
                &path.to_string(),
                names.iter().map(String::as_str),
            );
        }
        Some(field) if field.retired => {
            on.error(
                place,
                format!("field `{path}` is retired"),
                "remove it here",
            );
        }
        Some(_) => {}
    }
    field
}

/// The codes that a condition or trigger names exist in the field's list and are still offered.
pub(super) fn check_codes(on: Check<'_>, field: &Field, codes: &BTreeSet<Code>, place: &Place) {
    let Some(list) = field.code_list() else {
        if field.ty.codes().is_none() {
            let message = format!("field `{}` is no choice and has no codes", field.path);
            on.error(place, message, "");
        }
        return;
    };
    for code in codes {
        match list.get(code.as_str()) {
            None => {
                let known = list.entries().iter().map(|entry| entry.code.as_str());
                let what = format!("code of {}", list.name());
                on.sink.unknown(place, &what, code.as_str(), known);
            }
            Some(entry) if entry.retired => {
                let message = format!(
                    "code `{code}` of {} is retired: never met again",
                    list.name()
                );
                on.error(place, message, "name its successor");
            }
            Some(_) => {}
        }
    }
}

fn check_test(on: Check<'_>, field: &Field, test: &Test, place: &Place) {
    let choices = matches!(field.ty, FieldType::Choices { .. });
    match test {
        Test::AnyOf(codes) | Test::NoneOf(codes) => check_codes(on, field, codes, place),
        Test::Equals(_) | Test::Set(_) if choices => {
            let message = format!("field `{}` holds several choices", field.path);
            on.error(place, message, "ask it with `any_of` or `none_of`");
        }
        Test::Equals(Scalar::Text(code)) if field.ty.codes().is_some() => {
            let codes = Code::parse(code).into_iter().collect::<BTreeSet<_>>();
            if codes.is_empty() {
                on.error(
                    place,
                    format!("field `{}` never equals this", field.path),
                    "write a code",
                );
            }
            check_codes(on, field, &codes, place);
        }
        Test::Equals(value) if field.check(value).is_err() => {
            let message = format!("field `{}` never equals this", field.path);
            on.error(
                place,
                message,
                &format!("write a value of type {}", field.ty.name()),
            );
        }
        Test::Equals(_) | Test::Set(_) => {}
    }
}

/// Two questions to a single-valued field that no value answers both.
fn contradictions(on: Check<'_>, condition: &Condition, place: &Place) {
    let parts = match condition {
        Condition::Field { .. } => return,
        Condition::Any(parts) => {
            if parts.is_empty() {
                on.error(
                    place,
                    "condition can never hold".to_owned(),
                    "fill its `any`",
                );
            }
            return parts
                .iter()
                .for_each(|part| contradictions(on, part, place));
        }
        Condition::All(parts) => parts,
    };
    for (at, part) in parts.iter().enumerate() {
        contradictions(on, part, place);
        for later in parts.iter().skip(at + 1) {
            if exclude(part, later) {
                on.error(
                    place,
                    "condition can never hold".to_owned(),
                    "two of its parts exclude each other",
                );
            }
        }
    }
}

fn exclude(one: &Condition, other: &Condition) -> bool {
    let (Condition::Field { path: a, test: x }, Condition::Field { path: b, test: y }) =
        (one, other)
    else {
        return false;
    };
    let empty = |test: &Test| *test == Test::Set(false);
    a == b
        && match (x, y) {
            // Under a conflict both sides of two `any_of` may hold, so those are left alone.
            (Test::AnyOf(yes), Test::NoneOf(no)) | (Test::NoneOf(no), Test::AnyOf(yes)) => {
                yes.is_subset(no)
            }
            (Test::AnyOf(_) | Test::Equals(_) | Test::Set(true), test)
            | (test, Test::AnyOf(_) | Test::Equals(_) | Test::Set(true)) => empty(test),
            _ => false,
        }
}

//! Conditions: `{ field = "…", any_of = […] }`, `none_of`, `equals`, `set`, and `all`, `any`.

use std::collections::BTreeSet;

use toml::Spanned;
use toml::de::DeValue;

use super::codes::code_of;
use super::file::clip;
use super::table::{At, Table, integer};
use crate::condition::{Condition, Test};
use crate::limits::MAX_CONDITION_DEPTH;
use crate::path::{Code, FieldPath, Name};
use crate::value::Scalar;

/// A list of conditions under `key`, all of which must hold.
///
/// In a group, fields are named without it and read from the same entry.
pub(crate) fn read(table: &Table<'_>, key: &'static str, group: Option<&Name>) -> Condition {
    Condition::All(list(table, key, group, MAX_CONDITION_DEPTH))
}

fn list(
    table: &Table<'_>,
    key: &'static str,
    group: Option<&Name>,
    depth: usize,
) -> Vec<Condition> {
    let tables = table.tables(key);
    let mut found = Vec::new();
    for part in tables {
        if depth == 0 {
            let message = format!("conditions nest deeper than {MAX_CONDITION_DEPTH}");
            part.file.sink.push(&part.place, message, None);
            return found;
        }
        found.extend(one(&part, group, depth - 1));
        part.finish();
    }
    found
}

fn one(part: &Table<'_>, group: Option<&Name>, depth: usize) -> Option<Condition> {
    let nested = [part.has("all"), part.has("any"), part.has("field")];
    if nested.iter().filter(|has| **has).count() != 1 {
        let help = Some("write one of `field`, `all`, `any`".to_owned());
        part.file
            .sink
            .push(&part.place, "condition has no single subject", help);
    }
    if part.has("all") {
        return Some(Condition::All(list(part, "all", group, depth)));
    }
    if part.has("any") {
        return Some(Condition::Any(list(part, "any", group, depth)));
    }
    let path = path_of(part, &part.text("field")?, group);
    let test = test(part);
    Some(Condition::Field {
        path: path?,
        test: test?,
    })
}

fn test(part: &Table<'_>) -> Option<Test> {
    let tests = [
        part.has("any_of")
            .then(|| Test::AnyOf(codes(part, "any_of"))),
        part.has("none_of")
            .then(|| Test::NoneOf(codes(part, "none_of"))),
        part.raw("equals").and_then(|value| equals(part, value)),
        part.maybe_flag("set").map(Test::Set),
    ];
    let mut tests = tests.into_iter().flatten();
    let first = tests.next();
    if first.is_none() || tests.next().is_some() {
        let help = Some("write one of `any_of`, `none_of`, `equals`, `set`".to_owned());
        part.file
            .sink
            .push(&part.place, "condition has no single test", help);
    }
    first
}

fn equals(part: &Table<'_>, value: &Spanned<DeValue<'_>>) -> Option<Test> {
    let scalar = match value.get_ref() {
        DeValue::String(text) => Some(Scalar::text(text.as_ref())),
        DeValue::Boolean(flag) => Some(Scalar::Bool(*flag)),
        number => integer(number).map(Scalar::Int),
    };
    if scalar.is_none() {
        part.wrong("equals", value, "a text, a whole number, true or false");
    }
    scalar.map(Test::Equals)
}

/// A list of codes that must not be empty.
pub(crate) fn codes(part: &Table<'_>, key: &'static str) -> BTreeSet<Code> {
    let found = part.texts(key);
    if found.is_empty() && part.has(key) {
        let message = format!("`{key}` names no code");
        part.file.sink.push(&part.place, message, None);
    }
    found
        .iter()
        .filter_map(|code| code_of(part.file, code))
        .collect()
}

/// A field's path as it stands in a file.
pub(crate) fn path_of(
    table: &Table<'_>,
    found: &At<String>,
    group: Option<&Name>,
) -> Option<FieldPath> {
    let parsed = match group {
        None => FieldPath::parse(&found.value),
        Some(group) => {
            Name::parse(&found.value).map(|field| FieldPath::in_group(group.clone(), field))
        }
    };
    if let Err(error) = &parsed {
        let message = format!("`{}` is no field: {error}", clip(&found.value));
        table.file.sink.push(&found.place, message, None);
    }
    parsed.ok()
}

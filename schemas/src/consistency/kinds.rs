//! Each kind as a whole: its grid, its title, its retention, how much it asks for.

use std::collections::BTreeMap;

use super::{Check, conditions, fields};
use crate::condition::{Condition, Test};
use crate::field::{Field, FieldType};
use crate::kind::{Kind, RetentionStart};
use crate::limits::required_limit;
use crate::path::{Code, FieldPath};

pub(super) fn check(on: Check<'_>, kind: &Kind) {
    for field in kind.fields() {
        fields::check(on, kind, field);
    }
    for (path, place) in &kind.named {
        conditions::known(on, kind, path, place);
    }
    if kind.title().is_empty() {
        on.error(
            kind.place(),
            "kind has no title".to_owned(),
            "write `title = [\"…\"]`",
        );
    }
    for access in [&kind.read, &kind.write, &kind.delete] {
        on.access(kind.place(), access);
    }
    if kind.read.0.is_empty() || kind.write.0.is_empty() {
        let message = "nobody may read or nobody may write this kind".to_owned();
        on.error(
            kind.place(),
            message,
            "fill `read` and `write` of its access",
        );
    }
    groups(on, kind);
    follows(on, kind);
    retention(on, kind);
    required(on, kind);
}

fn groups(on: Check<'_>, kind: &Kind) {
    for (at, group) in kind.groups().iter().enumerate() {
        let twice = kind
            .groups()
            .iter()
            .take(at)
            .any(|earlier| earlier.name == group.name);
        if twice || kind.field(&FieldPath::root(group.name.clone())).is_some() {
            on.error(
                &group.place,
                format!("`{}` is declared twice", group.name),
                "rename one",
            );
        }
        if !kind
            .fields()
            .iter()
            .any(|field| field.path.group.as_ref() == Some(&group.name))
        {
            on.error(
                &group.place,
                format!("group `{}` has no field", group.name),
                "",
            );
        }
    }
}

/// A followed kind exists, has a grid of its own, and is referred to by a field of its name.
fn follows(on: Check<'_>, kind: &Kind) {
    let Some(followed) = kind.follows() else {
        return;
    };
    match on.set.kind(followed) {
        None => on.unknown_kind(kind.place(), followed),
        Some(other) if other.follows().is_some() => {
            let message = format!("kind follows `{followed}`, which has no grid of its own");
            on.error(kind.place(), message, "follow a kind with `grid = \"own\"`");
        }
        Some(_) => {}
    }
    let refers = kind.follows_field().is_some_and(|field| {
        field.required
            && field.ty
                == FieldType::Ref {
                    kind: followed.to_owned(),
                }
    });
    if !refers {
        let message = format!("kind follows `{followed}` and does not refer to it");
        let help = format!("add a required field `{followed}` of type ref to kind {followed}");
        on.error(kind.place(), message, &help);
    }
}

fn retention(on: Check<'_>, kind: &Kind) {
    for rule in kind.retention() {
        let RetentionStart::Field(path) = &rule.after else {
            continue;
        };
        if kind
            .field(path)
            .is_some_and(|field| !matches!(field.ty, FieldType::Date | FieldType::Time))
        {
            let message = format!("retention after `{path}`, which is no date or time");
            on.error(kind.place(), message, "name a date, a time, or `deleted`");
        }
    }
    if kind.retention().is_empty() && kind.personal() {
        let message = "personal kind without retention".to_owned();
        on.error(
            kind.place(),
            message,
            "add `[[retention]]` with `after` and `days`",
        );
    }
}

fn required(on: Check<'_>, kind: &Kind) {
    let (asked, limit) = (most_asked(kind), required_limit(kind.name()));
    if asked > limit {
        let message = format!("kind asks for {asked} required fields at once, {limit} at most");
        on.error(kind.place(), message, "make some optional, or automatic");
    }
}

/// The most required fields that a person is asked for at once.
///
/// Fields that a choice shows or hides count with the worst code of the (first) choice they hang
/// on: a passport number and an identity number are never asked together.
fn most_asked(kind: &Kind) -> usize {
    let asked = kind
        .fields()
        .iter()
        .filter(|f| f.required && !f.automatic && !f.retired);
    let mut always = 0;
    let mut by_choice: BTreeMap<&FieldPath, BTreeMap<&str, usize>> = BTreeMap::new();
    for field in asked {
        match hangs_on(kind, field) {
            None => always += 1,
            Some((path, codes)) => {
                let counts = by_choice.entry(path).or_default();
                for code in codes {
                    *counts.entry(code).or_default() += 1;
                }
            }
        }
    }
    let worst = by_choice
        .values()
        .filter_map(|counts| counts.values().max());
    always + worst.sum::<usize>()
}

/// The choice that a field's visibility hangs on, and the codes that show it.
fn hangs_on<'k>(kind: &'k Kind, field: &'k Field) -> Option<(&'k FieldPath, Vec<&'k str>)> {
    let Condition::All(parts) = &field.shown_when else {
        return None;
    };
    parts.iter().find_map(|part| {
        let Condition::Field { path, test } = part else {
            return None;
        };
        let list = kind.field(path)?.code_list()?;
        let codes = list.entries().iter().map(|entry| entry.code.as_str());
        match test {
            Test::AnyOf(wanted) => Some((path, wanted.iter().map(Code::as_str).collect())),
            Test::NoneOf(no) => Some((path, codes.filter(|code| !no.contains(*code)).collect())),
            Test::Equals(_) | Test::Set(_) => None,
        }
    })
}

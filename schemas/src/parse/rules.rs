//! rules/*.toml: dispatch rules and proposals.
//!
//! After a reported mistake reading goes on with a stand-in, so that one round shows every mistake.

use std::collections::BTreeSet;

use super::classes::limit;
use super::codes::code_of;
use super::conditions::{self, codes, path_of};
use super::file::clip;
use super::table::Table;
use crate::limits::MAX_RULES;
use crate::rule::{Form, How, Proposal, Rule, Trigger};
use crate::set::SchemaSet;

pub(crate) fn read(table: &Table<'_>, set: &mut SchemaSet) {
    for entry in table.tables("rule") {
        if set.rules.all().len() == MAX_RULES {
            let message = format!("more than {MAX_RULES} rules");
            entry.file.sink.push(&entry.place, message, None);
            break;
        }
        if let Some(rule) = rule(&entry) {
            if set.rules.get(&rule.id).is_some() {
                let message = format!("rule `{}` is declared twice", clip(&rule.id));
                entry.file.sink.push(&entry.place, message, None);
            }
            set.rules.rules.push(rule);
        }
        entry.finish();
    }
    for entry in table.tables("proposal") {
        set.rules.proposals.extend(proposal(&entry));
        entry.finish();
    }
}

fn rule(entry: &Table<'_>) -> Option<Rule> {
    let id = entry.need_text("id");
    let labels = entry.labels();
    let (kind, to) = (entry.need_text("kind"), entry.need_text("to"));
    let on = triggers(entry);
    let when = conditions::read(entry, "when", None);
    let how = word(
        entry,
        "how",
        &[("at_once", How::AtOnce), ("monthly", How::Monthly)],
    );
    let forms = [
        ("item", Form::Item),
        ("case", Form::Case),
        ("item_then_case", Form::ItemThenCase),
    ];
    let form = word(entry, "as", &forms);
    let steps = entry.text("steps").map(|steps| steps.value);
    let limit = entry.table("limit").and_then(|table| {
        let found = limit(&table);
        table.finish();
        found
    });
    let retired = entry.flag("retired");
    Some(Rule {
        id: id?.value,
        labels: labels.unwrap_or_default(),
        kind: kind?.value,
        on,
        when,
        to: to?.value,
        how: how.unwrap_or(How::AtOnce),
        form: form.unwrap_or(Form::Item),
        steps,
        limit,
        retired,
        place: entry.place.clone().into(),
    })
}

/// One of a few words, each with its meaning.
fn word<T: Copy>(entry: &Table<'_>, key: &'static str, words: &[(&str, T)]) -> Option<T> {
    let found = entry.need_text(key)?;
    let meaning = words
        .iter()
        .find(|(word, _)| *word == found.value)
        .map(|(_, meaning)| *meaning);
    if meaning.is_none() {
        let all: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        let message = format!("`{key}` is `{}`", clip(&found.value));
        entry.file.sink.push(
            &found.place,
            message,
            Some(format!("write one of {}", all.join(", "))),
        );
    }
    meaning
}

fn triggers(entry: &Table<'_>) -> BTreeSet<Trigger> {
    let mut all = BTreeSet::new();
    for part in entry.tables("on") {
        all.extend(trigger(&part));
        part.finish();
    }
    if all.is_empty() && !entry.has("on") {
        entry.missing("on", "[{ created = true }]");
    }
    all
}

fn trigger(part: &Table<'_>) -> Option<Trigger> {
    let path = |key| part.text(key).and_then(|found| path_of(part, &found, None));
    let field = path("field");
    let coded = |key| {
        let codes = part.has(key).then(|| codes(part, key));
        field.clone().zip(codes)
    };
    let found = [
        part.flag("created").then_some(Trigger::Created),
        part.flag("deleted").then_some(Trigger::Deleted),
        path("changed").map(Trigger::Changed),
        path("entered").map(Trigger::Entered),
        coded("becomes").map(|(path, codes)| Trigger::Becomes(path, codes)),
        coded("ceases").map(|(path, codes)| Trigger::Ceases(path, codes)),
    ];
    let mut found = found.into_iter().flatten();
    let first = found.next();
    if first.is_none() || found.next().is_some() {
        let help = "write one of `created = true`, `deleted = true`, `changed = \"…\"`, \
                    `entered = \"…\"`, or `field` with `becomes = [\"…\"]` or `ceases`";
        part.file.sink.push(
            &part.place,
            "trigger is not a single one",
            Some(help.to_owned()),
        );
    }
    first
}

fn proposal(entry: &Table<'_>) -> Option<Proposal> {
    let (id, kind) = (entry.need_text("id"), entry.need_text("kind"));
    let when = conditions::read(entry, "when", None);
    let class = entry
        .need_text("class")
        .and_then(|found| code_of(entry.file, &found));
    let place = entry.place.clone().into();
    Some(Proposal {
        id: id?.value,
        kind: kind?.value,
        when,
        class: class?,
        place,
    })
}

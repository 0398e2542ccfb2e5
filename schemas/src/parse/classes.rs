//! codes/finding-class.toml: finding classes with their handlers and milestones. The file is the
//! code list `finding-class` as well.

use std::collections::BTreeSet;

use super::codes::{code_of, insert};
use super::file::clip;
use super::table::Table;
use crate::class::{Clock, FindingClass, Limit, Milestone};
use crate::code::{CodeEntry, CodeList};
use crate::set::SchemaSet;

/// Longest limit, in hours or days.
const LONGEST: i64 = 1000;

pub(crate) fn read(table: &Table<'_>, set: &mut SchemaSet) {
    let name = table.need_text("name");
    let labels = table.labels();
    let mut classes = Vec::new();
    for row in table.tables("class") {
        classes.extend(class(&row));
        row.finish();
    }
    let entries = classes.iter().map(|class: &FindingClass| CodeEntry {
        code: class.code.clone(),
        labels: class.labels.clone(),
        parent: None,
        retired: class.retired,
        heading: false,
        place: class.place.clone(),
    });
    if let (Some(name), Some(labels)) = (name, labels) {
        let list = CodeList::new(
            name.value,
            labels,
            entries.collect(),
            table.file.whole().into(),
        );
        insert(table.file, set, list);
    }
    set.classes = classes;
}

fn class(row: &Table<'_>) -> Option<FindingClass> {
    let code = row
        .need_text("code")
        .and_then(|found| code_of(row.file, &found));
    let labels = row.labels();
    let handlers: Vec<String> = row
        .texts("handlers")
        .into_iter()
        .map(|at| at.value)
        .collect();
    let mut milestones = Vec::new();
    let mut names = BTreeSet::new();
    for step in row.tables("milestone") {
        let found = milestone(&step);
        if let Some(twice) = found
            .as_ref()
            .filter(|found| !names.insert(found.name.clone()))
        {
            let message = format!("milestone `{}` stands twice", clip(&twice.name));
            step.file.sink.push(&step.place, message, None);
        }
        milestones.extend(found);
        step.finish();
    }
    if !row.has("handlers") {
        row.missing("handlers", "[\"fire-brigade\"]");
    }
    if !row.has("milestone") {
        row.missing("milestone", "[{ name = \"close\", … }]");
    }
    let (area_default, retired) = (row.flag("area_default"), row.flag("retired"));
    Some(FindingClass {
        code: code?,
        labels: labels.unwrap_or_default(),
        handlers,
        milestones,
        area_default,
        retired,
        place: row.place.clone().into(),
    })
}

fn milestone(step: &Table<'_>) -> Option<Milestone> {
    let name = step.need_text("name");
    let labels = step.labels();
    let limit = limit(step);
    let extension = step.int_in("extension", 1..=LONGEST);
    Some(Milestone {
        name: name?.value,
        labels: labels.unwrap_or_default(),
        limit: limit?,
        extension,
    })
}

/// `clock` and `within` of a table.
pub(crate) fn limit(table: &Table<'_>) -> Option<Limit> {
    let clock = table.need_text("clock");
    let within = table.need_int_in("within", 1..=LONGEST);
    let clock = clock.and_then(|found| {
        let clock = Clock::parse(&found.value);
        if clock.is_none() {
            let known = Clock::ALL.map(Clock::as_str);
            table
                .file
                .sink
                .unknown(&found.place, "clock", &found.value, known);
        }
        clock
    });
    Some(Limit {
        clock: clock?,
        within: within?,
    })
}

//! codes/*.toml: code lists, written out or taken from a CSV beside them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::csv;
use super::file::{File, clip};
use super::table::{At, Table, text_of};
use crate::code::{CodeEntry, CodeList};
use crate::limits::MAX_CODES;
use crate::path::Code;
use crate::set::SchemaSet;

pub(crate) fn read(table: &Table<'_>, tables: &BTreeMap<&str, &str>, set: &mut SchemaSet) {
    let name = table.need_text("name");
    let labels = table.labels();
    let mut entries = from_csv(table, tables);
    for row in table.tables("code") {
        entries.extend(entry(&row));
        row.finish();
    }
    english(table, &mut entries);
    let Some(name) = name else { return };
    if name.value != table.file.stem() {
        let help = Some(format!("write `name = \"{}\"`", table.file.stem()));
        table
            .file
            .sink
            .push(&name.place, "list is not named as its file", help);
    }
    insert(
        table.file,
        set,
        CodeList::new(
            name.value,
            labels.unwrap_or_default(),
            entries,
            table.file.whole().into(),
        ),
    );
}

/// Checks a list by itself and adds it to the set.
pub(crate) fn insert(file: &File<'_>, set: &mut SchemaSet, list: CodeList) {
    let mut seen = BTreeSet::new();
    for entry in list.entries() {
        let parent = entry.parent.as_ref().map(Code::as_str);
        // Parents first: so the list is a tree, without looking for cycles.
        if let Some(parent) = parent.filter(|parent| !seen.contains(parent)) {
            if list.get(parent).is_some() {
                let message = format!("code `{}` stands above its parent", entry.code);
                let help = Some(format!("move it below `{parent}`"));
                file.sink.push(&entry.place, message, help);
            } else {
                let known = list.entries().iter().map(|e| e.code.as_str());
                file.sink
                    .unknown(&entry.place, "parent code", parent, known);
            }
        }
        if !seen.insert(entry.code.as_str()) {
            let message = format!("code `{}` stands twice", entry.code);
            file.sink.push(&entry.place, message, None);
        }
    }
    if list.entries().len() > MAX_CODES {
        file.sink
            .push(list.place(), format!("more than {MAX_CODES} codes"), None);
    }
    if list.offered().next().is_none() {
        file.sink.push(
            list.place(),
            "list offers no code",
            Some("add `[[code]]`".to_owned()),
        );
    }
    if set
        .codes
        .insert(list.name().to_owned(), Arc::new(list))
        .is_some()
    {
        file.sink
            .push(&file.whole(), "code list is declared twice", None);
    }
}

fn from_csv(table: &Table<'_>, tables: &BTreeMap<&str, &str>) -> Vec<CodeEntry> {
    let Some(name) = table.text("csv") else {
        return Vec::new();
    };
    let path = format!("codes/{}", name.value);
    let Some((path, text)) = tables.get_key_value(path.as_str()) else {
        let known = tables.keys().filter_map(|name| name.strip_prefix("codes/"));
        table
            .file
            .sink
            .unknown(&name.place, "table", &name.value, known);
        return Vec::new();
    };
    csv::read(&File::new(path, text, table.file.sink))
}

fn entry(row: &Table<'_>) -> Option<CodeEntry> {
    let code = row
        .need_text("code")
        .and_then(|found| code_of(row.file, &found));
    let labels = row.labels();
    let parent = row
        .text("parent")
        .and_then(|found| code_of(row.file, &found));
    let (retired, heading) = (row.flag("retired"), row.flag("heading"));
    Some(CodeEntry {
        code: code?,
        labels: labels.unwrap_or_default(),
        parent,
        retired,
        heading,
        place: row.place.clone().into(),
    })
}

/// English labels for the codes of a CSV, which has none: `[english]` with a line per code.
fn english(table: &Table<'_>, entries: &mut [CodeEntry]) {
    let Some(labels) = table.table("english") else {
        return;
    };
    let mut by_code: BTreeMap<String, &mut CodeEntry> = entries
        .iter_mut()
        .map(|entry| (entry.code.as_str().to_owned(), entry))
        .collect();
    for (code, value) in labels.entries() {
        let label = text_of(table.file, &code.value, value);
        if let Some(entry) = by_code.get_mut(&code.value) {
            entry.labels.en = label.map(|label| label.value).unwrap_or_default();
        } else {
            let what = format!("unknown code `{}`", clip(&code.value));
            table
                .file
                .sink
                .push(&code.place, what, Some("remove this line".to_owned()));
        }
    }
}

/// A code as it stands in a file.
pub(crate) fn code_of(file: &File<'_>, found: &At<String>) -> Option<Code> {
    let code = Code::parse(&found.value);
    if code.is_err() {
        let help = Some("write 1 to 24 of A-Z, a-z, 0-9, _ and -".to_owned());
        file.sink.push(
            &found.place,
            format!("`{}` is no code", clip(&found.value)),
            help,
        );
    }
    code.ok()
}

//! From schema files to a checked [`SchemaSet`].

mod areas;
mod calendars;
mod classes;
mod codes;
mod conditions;
mod csv;
mod entries;
mod fields;
mod file;
mod kinds;
mod offices;
mod rules;
mod suggest;
mod table;

use std::collections::BTreeMap;
use std::sync::Arc;

use toml::de::DeTable;

pub(crate) use file::{File, Sink};
use table::Table;

use crate::consistency;
use crate::error::SchemaError;
use crate::limits::{MAX_FILE_BYTES, MAX_FILES, MAX_SET_BYTES};
use crate::place::Place;
use crate::rule::Rules;
use crate::set::{SchemaSet, SourceFile};

/// The file that holds the set's version.
const SCHEMA: &str = "schema.toml";

/// Parses and checks all files of a set; every error, sorted by place.
pub(crate) fn parse(files: &[SourceFile<'_>]) -> Result<SchemaSet, Vec<SchemaError>> {
    let sink = Sink::default();
    let mut set = SchemaSet {
        version: 0,
        draft: false,
        kinds: Vec::new(),
        codes: BTreeMap::new(),
        classes: Vec::new(),
        offices: Vec::new(),
        entries: Vec::new(),
        rules: Rules::default(),
        areas: Vec::new(),
        settings: Vec::new(),
        calendar: crate::calendar::Calendar::default(),
    };
    if within_limits(files, &sink) {
        let whole = read_all(files, &mut set, &sink);
        resolve_codes(&mut set);
        // Without what an unreadable file declares, every name of it would seem unknown.
        if whole {
            consistency::check(&set, &sink);
        }
    }
    let errors = sink.into_sorted();
    if errors.is_empty() {
        Ok(set)
    } else {
        Err(errors)
    }
}

fn within_limits(files: &[SourceFile<'_>], sink: &Sink) -> bool {
    let mut fine = true;
    let mut refuse = |name: &str, message: String| {
        sink.push(&Place::file(name), message, None);
        fine = false;
    };
    if files.len() > MAX_FILES {
        refuse(SCHEMA, format!("more than {MAX_FILES} files"));
    }
    if files.iter().map(|file| file.text.len()).sum::<usize>() > MAX_SET_BYTES {
        refuse(
            SCHEMA,
            format!("more than {MAX_SET_BYTES} bytes in all files"),
        );
    }
    for file in files.iter().filter(|file| file.text.len() > MAX_FILE_BYTES) {
        refuse(
            file.name,
            format!("file is longer than {MAX_FILE_BYTES} bytes"),
        );
    }
    fine
}

/// Reads every file; `false` if one of them is not TOML.
fn read_all(files: &[SourceFile<'_>], set: &mut SchemaSet, sink: &Sink) -> bool {
    let mut whole = true;
    let mut seen: Vec<&str> = Vec::new();
    let tables: BTreeMap<&str, &str> = files
        .iter()
        .filter(|file| is_csv(file.name))
        .map(|file| (file.name, file.text))
        .collect();
    for source in files {
        let file = File::new(source.name, source.text, sink);
        if seen.contains(&source.name) {
            sink.push(&file.whole(), "file is given twice", None);
        }
        seen.push(source.name);
        if !is_csv(source.name) {
            whole &= read_toml(&file, set, &tables);
        }
    }
    if !seen.contains(&SCHEMA) {
        let help = Some("add it with `version = 1`".to_owned());
        sink.push(&Place::file(SCHEMA), "file is missing", help);
    }
    whole
}

fn is_csv(name: &str) -> bool {
    name.starts_with("codes/") && name.strip_suffix(".csv").is_some()
}

fn read_toml(file: &File<'_>, set: &mut SchemaSet, tables: &BTreeMap<&str, &str>) -> bool {
    let (root, errors) = DeTable::parse_recoverable(file.text());
    for error in &errors {
        let span = error.span().unwrap_or_default();
        file.error(&span, format!("not TOML: {}", error.message()), None);
    }
    if !errors.is_empty() {
        return false;
    }
    let table = Table::new(file, root.get_ref(), &(0..0));
    let folder = file.name.split_once('/').map_or("", |(folder, _)| folder);
    match (folder, &*file.name) {
        (_, SCHEMA) => {
            set.version = table
                .need_int_in("version", 1..=i64::from(u32::MAX))
                .unwrap_or_default();
            set.draft = table.flag("draft");
        }
        (_, "offices.toml") => offices::read(&table, set),
        (_, "entries.toml") => entries::read(&table, set),
        (_, "codes/finding-class.toml") => classes::read(&table, set),
        ("codes", _) => codes::read(&table, tables, set),
        ("kinds", _) => kinds::read(&table, set),
        ("rules", _) => rules::read(&table, set),
        ("areas", _) => areas::read(&table, set),
        ("calendars", _) => calendars::read(&table, set),
        _ => {
            let help = "schema.toml, offices.toml, entries.toml, or a file in kinds/, codes/, rules/, areas/ or calendars/";
            file.sink.push(
                &file.whole(),
                "file has no place in a schema set",
                Some(format!("expected {help}")),
            );
            return true;
        }
    }
    table.finish();
    true
}

/// Gives every choice field its list, so that checking a value needs no look-up by name.
fn resolve_codes(set: &mut SchemaSet) {
    for field in set.kinds.iter_mut().flat_map(|kind| kind.fields.iter_mut()) {
        field.list = field
            .ty
            .codes()
            .and_then(|list| set.codes.get(list))
            .map(Arc::clone);
    }
}

//! entries.toml: the order in which offices type records into systems of their own.

use super::file::clip;
use super::table::Table;
use crate::entry::{EntryField, EntryForm};
use crate::path::FieldPath;
use crate::set::SchemaSet;

pub(crate) fn read(table: &Table<'_>, set: &mut SchemaSet) {
    for entry in table.tables("entry") {
        set.entries.extend(form(&entry, set));
        entry.finish();
    }
}

fn form(entry: &Table<'_>, set: &SchemaSet) -> Option<EntryForm> {
    let (office, kind) = (entry.need_text("office"), entry.need_text("kind"));
    let labels = entry.labels();
    let mut fields: Vec<EntryField> = Vec::new();
    if !entry.has("fields") {
        entry.missing("fields", "[{ field = \"…\", zh = \"…\", en = \"…\" }]");
    }
    for item in entry.tables("fields") {
        let path = item.need_text("field");
        let labels = item.labels();
        if let (Some(path), Some(labels)) = (path, labels) {
            match FieldPath::parse(&path.value) {
                Ok(found) if fields.iter().any(|known| known.path == found) => {
                    let message = format!("field `{found}` stands twice");
                    item.file.sink.push(&path.place, message, None);
                }
                Ok(path) => fields.push(EntryField { path, labels }),
                Err(error) => item.file.sink.push(&path.place, error.to_string(), None),
            }
        }
        item.finish();
    }
    let (office, kind) = (office?, kind?);
    if set.entry(&office.value, &kind.value).is_some() {
        let message = format!("kind `{}` stands twice for the office", clip(&kind.value));
        entry.file.sink.push(&kind.place, message, None);
    }
    Some(EntryForm {
        office: office.value,
        kind: kind.value,
        labels: labels?,
        fields,
        place: entry.place.clone().into(),
    })
}

//! kinds/*.toml: one kind of record each.

use std::collections::BTreeMap;

use super::conditions::path_of;
use super::fields::{self, access, name_of};
use super::file::clip;
use super::table::{At, Table};
use crate::access::Access;
use crate::field::Field;
use crate::kind::{GridSource, Group, Kind, Retention, RetentionStart};
use crate::limits::MAX_FIELDS;
use crate::path::FieldPath;
use crate::place::Origin;
use crate::set::SchemaSet;

/// Longest retention, in days: a hundred years.
const LONGEST_DAYS: i64 = 36_525;

pub(crate) fn read(table: &Table<'_>, set: &mut SchemaSet) {
    let name = table.need_text("name");
    let labels = table.labels();
    let version = table.need_int_in("version", 1..=i64::from(u32::MAX));
    let personal = table.flag("personal");
    let grid = grid(table);
    let mut named = Named::default();
    let title = paths(table, "title", &mut named);
    let search = paths(table, "search", &mut named);
    let retention = retention(table, &mut named);
    let (read, write, delete) = kind_access(table);
    let (groups, fields) = groups_and_fields(table);
    // After a reported mistake, stand-ins let the rest be checked in the same round.
    let whole = || At {
        value: table.file.stem().to_owned(),
        place: table.file.whole(),
    };
    let name = name.unwrap_or_else(whole);
    check_name(table, set, &name);
    let index = index(table, &fields);
    let place = name.place.into();
    let name = name.value;
    set.kinds.push(Kind {
        name,
        labels: labels.unwrap_or_default(),
        version: version.unwrap_or_default(),
        personal,
        grid: grid.unwrap_or(GridSource::Own),
        title,
        search,
        retention,
        read,
        write,
        delete,
        groups,
        fields,
        index,
        named,
        place,
    });
}

fn check_name(table: &Table<'_>, set: &SchemaSet, name: &At<String>) {
    if name.value != table.file.stem() {
        let help = Some(format!("write `name = \"{}\"`", table.file.stem()));
        table
            .file
            .sink
            .push(&name.place, "kind is not named as its file", help);
    }
    if set.kind(&name.value).is_some() {
        let message = format!("kind `{}` is declared twice", clip(&name.value));
        table.file.sink.push(&name.place, message, None);
    }
}

fn grid(table: &Table<'_>) -> Option<GridSource> {
    let (grid, follows) = (table.text("grid"), table.text("follows"));
    match (grid, follows) {
        (Some(grid), None) if grid.value == "own" => Some(GridSource::Own),
        (None, Some(follows)) => Some(GridSource::Follows(follows.value)),
        _ => {
            let help = Some("write `grid = \"own\"` or `follows = \"shop\"`".to_owned());
            table.file.sink.push(&table.place, "kind has no grid", help);
            None
        }
    }
}

/// Every field that a kind names outside its fields, with the place.
type Named = Vec<(FieldPath, Origin)>;

fn paths(table: &Table<'_>, key: &'static str, named: &mut Named) -> Vec<FieldPath> {
    let mut paths = Vec::new();
    for found in table.texts(key) {
        if let Some(path) = path_of(table, &found, None) {
            named.push((path.clone(), found.place.into()));
            paths.push(path);
        }
    }
    paths
}

fn retention(table: &Table<'_>, named: &mut Named) -> Vec<Retention> {
    let mut all = Vec::new();
    for entry in table.tables("retention") {
        let after = entry
            .need_text("after")
            .and_then(|after| match after.value.as_str() {
                "deleted" => Some(RetentionStart::Deleted),
                _ => path_of(&entry, &after, None).map(|path| {
                    named.push((path.clone(), after.place.clone().into()));
                    RetentionStart::Field(path)
                }),
            });
        let days = entry.need_int_in("days", 1..=LONGEST_DAYS);
        let area_default = entry.flag("area_default");
        if let (Some(after), Some(days)) = (after, days) {
            all.push(Retention {
                after,
                days,
                area_default,
            });
        }
        entry.finish();
    }
    all
}

/// Who reads, writes and deletes records.
fn kind_access(table: &Table<'_>) -> (Access, Access, Access) {
    let Some(lists) = table.table("access") else {
        if !table.has("access") {
            table.missing(
                "access",
                "{ read = [\"inspector\"], write = [\"inspector\"] }",
            );
        }
        return Default::default();
    };
    let list = |key| access(&lists, key).unwrap_or_default();
    let found = (list("read"), list("write"), list("delete"));
    lists.finish();
    found
}

fn groups_and_fields(table: &Table<'_>) -> (Vec<Group>, Vec<Field>) {
    let (mut groups, mut found) = (Vec::new(), Vec::new());
    for entry in table.tables("field") {
        found.extend(fields::read(&entry, None));
        entry.finish();
    }
    for entry in table.tables("group") {
        let (name, labels) = (name_of(&entry), entry.labels());
        for field in entry.tables("field") {
            found.extend(fields::read(&field, name.as_ref()));
            field.finish();
        }
        if let (Some(name), Some(labels)) = (name, labels) {
            groups.push(Group {
                name,
                labels,
                place: entry.place.clone().into(),
            });
        }
        entry.finish();
    }
    (groups, found)
}

fn index(table: &Table<'_>, fields: &[Field]) -> BTreeMap<FieldPath, usize> {
    let mut index = BTreeMap::new();
    for (at, field) in fields.iter().enumerate() {
        if index.insert(field.path.clone(), at).is_some() {
            let message = format!("field `{}` is declared twice", field.path);
            table.file.sink.push(&field.place, message, None);
        }
    }
    if fields.len() > MAX_FIELDS {
        table
            .file
            .sink
            .push(&table.place, format!("more than {MAX_FIELDS} fields"), None);
    }
    index
}

//! areas/*.toml: areas, and what each sets for itself.

use super::codes::code_of;
use super::table::{Table, integer};
use crate::area::{Area, Level, NeededLicences, Settings};
use crate::path::Code;
use crate::set::SchemaSet;

pub(crate) fn read(table: &Table<'_>, set: &mut SchemaSet) {
    for entry in table.tables("area") {
        set.areas.extend(area(&entry));
        entry.finish();
    }
    if let Some(entry) = table.table("settings") {
        set.settings.extend(settings(&entry));
        entry.finish();
    }
    set.areas
        .sort_by(|a, b| (a.level, &a.code).cmp(&(b.level, &b.code)));
}

fn area(entry: &Table<'_>) -> Option<Area> {
    let code = entry.need_text("code");
    let labels = entry.labels();
    let code = code?;
    let level = Level::of_code(&code.value);
    if level.is_none() {
        let help =
            "write 6 digits for a district, 9 for a street, 12 for a community, 15 for a grid";
        entry.file.sink.push(
            &code.place,
            "area code has a wrong length",
            Some(help.to_owned()),
        );
    }
    Some(Area {
        code: code.value,
        level: level?,
        labels: labels.unwrap_or_default(),
        place: code.place.into(),
    })
}

fn settings(entry: &Table<'_>) -> Option<Settings> {
    let area = entry
        .text("area")
        .map(|area| area.value)
        .unwrap_or_default();
    let work_from = entry.need_int_in("work_from", 0..=23);
    let work_to = entry.need_int_in("work_to", 1..=24);
    let grace_working_days = entry.need_int_in("grace_working_days", 0..=60);
    let licence_lead = lead(entry);
    let mut needed = Vec::new();
    for row in entry.tables("needs") {
        needed.extend(needs(&row));
        row.finish();
    }
    let (work_from, work_to) = (work_from?, work_to?);
    if work_from >= work_to {
        entry
            .file
            .sink
            .push(&entry.place, "`work_from` is not before `work_to`", None);
    }
    let grace_working_days = grace_working_days?;
    let place = entry.place.clone().into();
    Some(Settings {
        area,
        work_from,
        work_to,
        grace_working_days,
        licence_lead,
        needed,
        place,
    })
}

/// `licence_lead`: days by licence type.
fn lead(entry: &Table<'_>) -> Vec<(Code, u32)> {
    let Some(table) = entry.table("licence_lead") else {
        return Vec::new();
    };
    let mut all = Vec::new();
    for (key, value) in table.entries() {
        let days = integer(value.get_ref()).filter(|days| (1..=730).contains(days));
        if days.is_none() {
            table.wrong(&key.value, value, "1 to 730 days");
        }
        let days = days.and_then(|days| u32::try_from(days).ok());
        all.extend(code_of(table.file, &key).zip(days));
    }
    all
}

fn needs(row: &Table<'_>) -> Option<NeededLicences> {
    let business_type = row.need_text("business_type");
    let business_type = business_type.and_then(|found| code_of(row.file, &found));
    let licences = row.texts("licences");
    let licences = licences
        .iter()
        .filter_map(|found| code_of(row.file, found))
        .collect();
    let place = row.place.clone().into();
    Some(NeededLicences {
        business_type: business_type?,
        licences,
        place,
    })
}

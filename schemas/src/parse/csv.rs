//! The industry classification as a table: `level,section,code,name`.
//!
//! Where the source lists only a class and not the group above it, the group is derived from the
//! first three digits and bears the class's name; it is a heading, so that forms do not offer the
//! same thing twice.

use std::collections::BTreeSet;

use super::file::File;
use crate::code::CodeEntry;
use crate::path::Code;
use crate::text::Labels;

const HEADER: &str = "level,section,code,name";

/// Reads the table into entries, sections first above their divisions, in the file's order.
pub(crate) fn read(file: &File<'_>) -> Vec<CodeEntry> {
    let mut lines = file.text().lines().enumerate();
    if lines
        .next()
        .is_none_or(|(_, line)| line.trim_end() != HEADER)
    {
        let help = Some(format!("write `{HEADER}`"));
        file.sink
            .push(&file.line(1), "first line is not the header", help);
        return Vec::new();
    }
    let mut entries: Vec<CodeEntry> = Vec::new();
    let mut known: BTreeSet<String> = BTreeSet::new();
    for (at, line) in lines.filter(|(_, line)| !line.trim().is_empty()) {
        let Some(mut entry) = row(line) else {
            let help =
                Some("as in `4,H,8052,足浴服务`, its level saying the code's length".to_owned());
            file.sink.push(
                &file.line(at + 1),
                "row is not `level,section,code,name`",
                help,
            );
            continue;
        };
        entry.place = file.line(at + 1).into();
        let missing = entry
            .parent
            .clone()
            .filter(|parent| !known.contains(parent.as_str()));
        if let Some(above) = missing.and_then(|group| derived(&group, &entry)) {
            known.insert(above.code.as_str().to_owned());
            entries.push(above);
        }
        if !known.insert(entry.code.as_str().to_owned()) {
            let message = format!("code `{}` stands twice", entry.code);
            file.sink.push(&entry.place, message, None);
        }
        entries.push(entry);
    }
    entries
}

fn row(line: &str) -> Option<CodeEntry> {
    let mut cells = line.trim_end().splitn(4, ',');
    let (level, section) = (cells.next()?, cells.next()?);
    let (code, name) = (cells.next()?, cells.next()?);
    let letter = section.len() == 1 && section.bytes().all(|b| b.is_ascii_uppercase());
    let digits = code.bytes().all(|b| b.is_ascii_digit());
    let (fits, parent) = match level {
        "1" => (code == section, None),
        "2" => (code.len() == 2 && digits, Some(section)),
        "3" => (code.len() == 3 && digits, code.get(..2)),
        "4" => (code.len() == 4 && digits, code.get(..3)),
        _ => (false, None),
    };
    if !(letter && fits) || name.trim().is_empty() {
        return None;
    }
    Some(CodeEntry {
        code: Code::parse(code).ok()?,
        labels: Labels {
            zh: name.to_owned(),
            en: String::new(),
        },
        parent: parent.and_then(|parent| Code::parse(parent).ok()),
        retired: false,
        heading: level == "1",
        place: crate::place::Origin::default(),
    })
}

/// The group above a class that the source left out. Other parents must be in the source.
fn derived(group: &Code, class: &CodeEntry) -> Option<CodeEntry> {
    let division = Code::parse(group.as_str().get(..2)?).ok()?;
    let is_group = class.code.as_str().len() == 4;
    is_group.then(|| CodeEntry {
        heading: true,
        code: group.clone(),
        parent: Some(division),
        ..class.clone()
    })
}

#[cfg(test)]
mod tests {
    use super::super::file::Sink;
    use super::*;

    fn entries(text: &str) -> (Vec<CodeEntry>, usize) {
        let sink = Sink::default();
        let entries = read(&File::new("codes/x.csv", text, &sink));
        (entries, sink.into_sorted().len())
    }

    #[test]
    fn a_missing_group_is_derived_from_its_only_class() {
        let (list, errors) = entries(
            "level,section,code,name\n1,H,H,住宿和餐饮业\n2,H,62,餐饮业\n4,H,6210,正餐服务\n",
        );
        let shape: Vec<_> = list
            .iter()
            .map(|e| {
                (
                    e.code.as_str(),
                    e.parent.as_ref().map_or("", |p| p.as_str()),
                    e.heading,
                )
            })
            .collect();
        assert_eq!(errors, 0);
        assert_eq!(
            shape,
            [
                ("H", "", true),
                ("62", "H", false),
                ("621", "62", true),
                ("6210", "621", false)
            ]
        );
        assert_eq!(list[2].labels.zh, "正餐服务");
    }

    #[test]
    fn rows_of_another_shape_and_repeated_codes_are_reported() {
        let (_, errors) = entries(
            "level,section,code,name\n1,H,H,x\n2,H,62,x\n2,H,62,x\n4,H,62,x\n5,H,62101,x\n3,H,621\n3,h,621,x\n",
        );
        assert_eq!(errors, 5);
        assert_eq!(entries("code,name\n").1, 1);
    }
}

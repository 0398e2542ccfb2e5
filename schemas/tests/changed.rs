//! The built-in schema with something changed in it, as an area would change it.

#![allow(clippy::unwrap_used, reason = "helpers of tests may fail the test")]

use std::collections::BTreeMap;

use schemas::builtin::FILES;
use schemas::diff::Change;
use schemas::{FieldPath, RegisterKey, Scalar, SchemaSet, SourceFile, diff};

/// The built-in files with one text replaced, `version` risen, and perhaps one file more.
fn changed(name: &str, from: &str, to: &str, more: Option<SourceFile<'_>>) -> SchemaSet {
    let edit = |file: &SourceFile<'_>| {
        let risen = file.text.replacen("version = 1", "version = 2", 1);
        let (at, text) = (
            file.name == name,
            if file.name == "schema.toml" {
                &risen
            } else {
                file.text
            },
        );
        assert!(!at || file.text.contains(from));
        if at {
            risen.replacen(from, to, 1)
        } else {
            text.to_owned()
        }
    };
    let texts: Vec<String> = FILES.iter().map(edit).collect();
    let named = FILES.iter().zip(&texts);
    let mut files: Vec<_> = named
        .map(|(file, text)| SourceFile {
            name: file.name,
            text,
        })
        .collect();
    files.extend(more);
    SchemaSet::parse(&files).unwrap()
}

#[test]
fn a_retired_field_is_neither_shown_nor_asked_and_its_values_stay_valid() {
    let next = changed(
        "kinds/shop.toml",
        "codes = \"premises-use\", required = true",
        "codes = \"premises-use\", required = true, retired = true",
        None,
    );
    let (shop, path) = (
        next.kind("shop").unwrap(),
        FieldPath::parse("premises_use").unwrap(),
    );
    let empty: BTreeMap<RegisterKey, Vec<Scalar>> = BTreeMap::new();
    assert!(!shop.shown(&path, None, &empty));
    let asked = shop.required_missing(&empty, None);
    assert!(asked.iter().all(|key| key.to_string() != "premises_use"));
    assert!(shop.check_value(&path, &Scalar::text("office")).is_ok());
    let changes = diff(&SchemaSet::builtin().unwrap(), &next).unwrap();
    assert_eq!(
        changes,
        [Change::FieldRetired("shop.premises_use".to_owned())]
    );
}

#[test]
fn a_retired_code_is_no_longer_offered_and_old_records_that_hold_it_stay_valid() {
    let next = changed(
        "codes/gas.toml",
        "en = \"Bottled\"",
        "en = \"Bottled\", retired = true",
        None,
    );
    assert!(
        next.codes("gas")
            .unwrap()
            .offered()
            .all(|entry| entry.code.as_str() != "bottled")
    );
    let gas = FieldPath::parse("gas").unwrap();
    let shop = next.kind("shop").unwrap();
    assert!(shop.check_value(&gas, &Scalar::text("bottled")).is_ok());
    let changes = diff(&SchemaSet::builtin().unwrap(), &next).unwrap();
    assert_eq!(changes, [Change::CodeRetired("gas#bottled".to_owned())]);
}

#[test]
fn a_street_with_settings_of_its_own_does_not_change_its_neighbours() {
    let text =
        "[settings]\narea = \"310112901\"\nwork_from = 8\nwork_to = 16\ngrace_working_days = 5";
    let own = SourceFile {
        name: "areas/street.toml",
        text,
    };
    let set = changed("offices.toml", "人口办", "人口办", Some(own));
    let from = |area: &str| set.settings(area).unwrap().work_from;
    assert_eq!((from("310112901001001"), from("310112901")), (8, 8));
    assert_eq!((from("310112"), from("310112902001001")), (9, 9));
}

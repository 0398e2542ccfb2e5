use super::*;
use crate::set::SourceFile;

const KIND: &str = r#"
name = "shop"
zh = "商铺"
en = "Shop"
version = 1
personal = true
grid = "own"
title = ["door"]
access = { read = ["inspector"], write = ["inspector"] }
retention = [{ after = "deleted", days = 10 }]
[[field]]
name = "door"
zh = "门牌"
en = "Door"
type = "text"
max_len = 40
[[field]]
name = "gas"
zh = "用气"
en = "Gas"
type = "choice"
codes = "gas"
"#;

const CODES: &str = r#"
name = "gas"
zh = "用气"
en = "Gas"
[[code]]
code = "none"
zh = "无"
en = "None"
[[code]]
code = "pipe"
zh = "管道"
en = "Piped"
retired = true
"#;

/// The sample set with some text replaced in it.
fn set(version: u32, replace: &[(&str, &str)]) -> SchemaSet {
    let edit = |text: &str| {
        replace
            .iter()
            .fold(text.to_owned(), |t, (a, b)| t.replace(a, b))
    };
    let (kind, codes) = (edit(KIND), edit(CODES));
    let draft = replace.iter().any(|(a, _)| *a == "draft");
    let schema = format!("version = {version}\ndraft = {draft}");
    let file = |name, text| SourceFile { name, text };
    SchemaSet::parse(&[
        file("schema.toml", &schema),
        file("kinds/shop.toml", &kind),
        file("codes/gas.toml", &codes),
    ])
    .unwrap()
}

fn refused(replace: &[(&str, &str)]) -> Vec<Refusal> {
    let mut replace = replace.to_vec();
    replace.push(("version = 1", "version = 2"));
    diff(&set(1, &[]), &set(2, &replace)).unwrap_err()
}

fn allowed(replace: &[(&str, &str)]) -> Vec<Change> {
    let mut replace = replace.to_vec();
    replace.push(("version = 1", "version = 2"));
    diff(&set(1, &[]), &set(2, &replace)).unwrap()
}

#[test]
fn moving_a_line_is_no_change_and_the_version_must_rise() {
    assert_eq!(allowed(&[("max_len = 40\n", "\n\nmax_len = 40\n")]), []);
    assert_eq!(
        diff(&set(2, &[]), &set(2, &[])),
        Err(vec![Refusal::VersionNotRisen])
    );
    assert_eq!(
        diff(&set(3, &[]), &set(2, &[])),
        Err(vec![Refusal::VersionNotRisen])
    );
}

#[test]
fn fields_retire_and_are_neither_removed_nor_retyped() {
    let door = || "shop.door".to_owned();
    assert_eq!(
        allowed(&[
            ("title = [\"door\"]", "title = [\"gas\"]"),
            ("max_len = 40", "max_len = 40\nretired = true")
        ]),
        [
            Change::FieldRetired(door()),
            Change::KindChanged("shop".to_owned())
        ]
    );
    assert_eq!(
        refused(&[("\"door\"", "\"gate\"")]),
        [Refusal::FieldRemoved(door())]
    );
    assert_eq!(
        refused(&[("\"text\"\nmax_len = 40", "\"phone\"")]),
        [Refusal::FieldRetyped(door())]
    );
    assert_eq!(
        allowed(&[("max_len = 40", "max_len = 60")]),
        [Change::FieldChanged(door())]
    );
}

#[test]
fn a_changed_kind_must_have_a_higher_version() {
    let next = set(2, &[("max_len = 40", "max_len = 60")]);
    let refusals = diff(&set(1, &[]), &next).unwrap_err();
    assert_eq!(refusals, [Refusal::KindVersionNotRisen("shop".to_owned())]);
}

#[test]
fn codes_retire_and_are_neither_removed_nor_reused() {
    let code = |code: &str| format!("gas#{code}");
    assert_eq!(
        refused(&[("code = \"pipe\"", "code = \"tube\"")]),
        [Refusal::CodeRemoved(code("pipe"))]
    );
    assert_eq!(
        refused(&[("管道", "瓶装")]),
        [Refusal::CodeReused(code("pipe"))]
    );
    assert_eq!(
        refused(&[(
            "zh = \"无\"\nen = \"None\"",
            "zh = \"电\"\nen = \"Electric\""
        )]),
        [Refusal::CodeReused(code("none"))]
    );
    assert_eq!(
        allowed(&[("en = \"None\"", "en = \"No gas\"")]),
        [Change::CodeChanged(code("none"))]
    );
    assert_eq!(
        allowed(&[("retired = true", "")]),
        [Change::CodeChanged(code("pipe"))]
    );
}

#[test]
fn a_personal_kind_stays_personal_and_every_kind_stays() {
    let shop = || "shop".to_owned();
    assert_eq!(
        refused(&[("personal = true", "personal = false")]),
        [Refusal::NoLongerPersonal(shop())]
    );
    let empty = SchemaSet::parse(&[SourceFile {
        name: "schema.toml",
        text: "version = 2",
    }])
    .unwrap();
    let refusals = diff(&set(1, &[]), &empty).unwrap_err();
    assert_eq!(
        refusals,
        [
            Refusal::KindRemoved(shop()),
            Refusal::ListRemoved("gas".to_owned())
        ]
    );
}

#[test]
fn a_draft_may_be_replaced_by_anything_newer() {
    let draft = set(2, &[("draft", "draft")]);
    assert!(draft.is_draft());
    let next = set(3, &[("\"door\"", "\"gate\"")]);
    assert!(diff(&draft, &next).is_ok());
    assert_eq!(
        diff(&draft, &set(2, &[])),
        Err(vec![Refusal::VersionNotRisen])
    );
}

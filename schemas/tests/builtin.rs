//! The kinds that come with the program, against what the product asks of them.

mod common;

use std::collections::BTreeSet;

use common::{Record, builtin, clerk, key, path, record};
use schemas::access::{Author, Role};
use schemas::{Lang, Scalar, SchemaSet, ValueError};

#[test]
fn the_built_in_schema_has_no_errors() {
    if let Err(errors) = SchemaSet::builtin() {
        let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
        panic!("{}", lines.join("\n"));
    }
}

#[test]
fn the_kinds_are_those_of_the_plan_and_personal_where_people_stand() {
    let set = builtin();
    let kinds: Vec<_> = set
        .kinds()
        .iter()
        .map(|kind| (kind.name(), kind.personal(), kind.follows()))
        .collect();
    assert_eq!(
        kinds,
        [
            ("finding", true, Some("shop")),
            ("party", true, Some("shop")),
            ("resident", true, Some("shop")),
            ("shop", false, None),
            ("spot-check", true, None),
            ("task", true, None),
            ("visit", true, Some("shop")),
            ("worker", true, Some("shop")),
        ]
    );
}

#[test]
fn what_the_product_forbids_is_no_field_anywhere() {
    let forbidden = [
        "grid",
        "rent",
        "turnover",
        "tax",
        "bank",
        "ethnic",
        "marri",
        "politic",
        "health",
        "child",
        "education",
        "religio",
        "portrait",
        "face",
        "suspicio",
        "wage",
        "medical",
        "track",
        "duration",
        "entry_state",
        "system",
        "reporter",
        "appeal",
        "step",
        "seed",
        "score",
    ];
    for kind in builtin().kinds() {
        for field in kind.fields() {
            let name = field.path.to_string();
            assert!(
                !forbidden.iter().any(|part| name.contains(part)),
                "{}.{name}",
                kind.name()
            );
        }
    }
}

#[test]
fn every_field_may_be_settled_by_a_supervisor_and_none_by_who_reads_nothing() {
    for kind in builtin().kinds() {
        for field in kind.fields() {
            let may = |role| kind.may_write(&field.path, &Author::new(role));
            assert!(may(Role::Supervisor), "{}.{}", kind.name(), field.path);
            assert!(!may(Role::Administrator) && !may(Role::Auditor));
            assert!(!kind.may_read(&field.path, &Author::new(Role::Administrator)));
            assert!(!kind.may_read(&field.path, &Author::new(Role::Auditor)));
        }
    }
}

#[test]
fn offices_write_what_they_are_authorised_for_and_read_what_they_need() {
    let set = builtin();
    let (shop, resident) = (set.kind("shop").unwrap(), set.kind("resident").unwrap());
    assert!(shop.may_write(&path("business_type"), &clerk("economics-section")));
    assert!(!shop.may_write(&path("sign_name"), &clerk("economics-section")));
    assert!(shop.may_write(&path("licences.expires"), &clerk("licensing")));
    assert!(!shop.may_write(&path("merged_into"), &Author::new(Role::Inspector)));
    assert!(shop.may_write(&path("merged_into"), &Author::new(Role::Supervisor)));
    assert!(resident.may_read(&path("id_number"), &clerk("population-office")));
    assert!(!resident.may_read(&path("id_number"), &clerk("fire-brigade")));
    let finding = set.kind("finding").unwrap();
    assert!(!finding.may_read_kind(&clerk("fire-brigade")));
    assert!(finding.in_case(&path("remark")) && !resident.in_case(&path("name")));
}

#[test]
fn presence_is_written_by_whoever_edits_and_deletion_by_fewer() {
    let set = builtin();
    let (shop, inspector) = (set.kind("shop").unwrap(), Author::new(Role::Inspector));
    let may = |register: &str, value: &Scalar, who: &Author| {
        shop.may_write_register(&key(register), value, who)
    };
    assert!(may("_alive", &Scalar::Int(1), &inspector));
    assert!(!may("_alive", &Scalar::Null, &inspector));
    assert!(may("_alive", &Scalar::Null, &Author::new(Role::Supervisor)));
    assert!(may("_alive", &Scalar::Int(1), &clerk("economics-section")));
    assert!(!may("_alive", &Scalar::Int(1), &clerk("sanitation")));
    assert!(may("licences.AAAAAAAAAAA", &Scalar::Null, &inspector));
    assert!(may(
        "licences.AAAAAAAAAAA",
        &Scalar::Int(1),
        &clerk("licensing")
    ));
    assert!(!may(
        "licences.AAAAAAAAAAA",
        &Scalar::Null,
        &clerk("licensing")
    ));
    assert!(!may("photos.AAAAAAAAAAA", &Scalar::Int(1), &inspector));
    assert!(!may("unheard_of", &Scalar::Null, &inspector));
}

#[test]
fn a_form_asks_for_what_is_shown_and_missing_and_for_nothing_else() {
    let set = builtin();
    let inspector = Author::new(Role::Inspector);
    let missing = |kind: &str, record: &Record| -> BTreeSet<String> {
        let kind = set.kind(kind).unwrap();
        let keys = kind.required_missing(record, Some(&inspector));
        keys.iter().map(ToString::to_string).collect()
    };
    let mut resident = record(&[
        ("id_type", Scalar::text("passport")),
        ("name", Scalar::Null),
    ]);
    assert!(missing("resident", &resident).contains("other_id_number"));
    assert!(!missing("resident", &resident).contains("id_number"));
    assert!(missing("resident", &resident).contains("name"));
    resident.insert(key("name"), vec![Scalar::text("x")]);
    assert!(!missing("resident", &resident).contains("name"));
    // In a conflict over the document both numbers are asked for.
    resident.insert(
        key("id_type"),
        vec![Scalar::text("passport"), Scalar::text("resident-id")],
    );
    assert!(missing("resident", &resident).is_superset(&BTreeSet::from([
        "id_number".to_owned(),
        "other_id_number".to_owned()
    ])));
    let party = record(&[("roles#operator", Scalar::Bool(true))]);
    assert!(!missing("party", &party).contains("roles"));
    assert!(missing("party", &record(&[("roles#operator", Scalar::Null)])).contains("roles"));
    let shop = record(&[("licences.AAAAAAAAAAA", Scalar::Int(1))]);
    assert!(missing("shop", &shop).contains("licences.AAAAAAAAAAA.type"));
    assert!(!missing("spot-check", &Record::new()).contains("judgement"));
}

#[test]
fn a_licence_without_end_date_hides_the_date() {
    let set = builtin();
    let shop = set.kind("shop").unwrap();
    let entry = key("licences.AAAAAAAAAAA").entry().unwrap().1;
    let shown = |flag: Option<bool>| {
        let value = flag.map_or(Scalar::Null, Scalar::Bool);
        let mut record = record(&[("licences.AAAAAAAAAAA.long_term", value)]);
        if flag.is_none() {
            record.clear();
        }
        shop.shown(&path("licences.expires"), Some(entry), &record)
    };
    assert_eq!(
        (shown(None), shown(Some(false)), shown(Some(true))),
        (true, true, false)
    );
}

#[test]
fn values_are_checked_in_their_own_encoding() {
    let set = builtin();
    let check = |kind: &str, register: &str, value: Scalar| {
        set.kind(kind)
            .unwrap()
            .check_register(&key(register), &value)
    };
    assert_eq!(check("shop", "lived_in", Scalar::Bool(false)), Ok(()));
    assert_eq!(
        check("shop", "lived_in", Scalar::Int(0)),
        Err(ValueError::WrongType)
    );
    assert_eq!(
        check("shop", "operator", Scalar::Bytes(vec![0; 16])),
        Ok(())
    );
    assert_eq!(
        check("shop", "operator", Scalar::Bytes(vec![0; 15])),
        Err(ValueError::WrongType)
    );
    assert_eq!(
        check(
            "shop",
            "licences.AAAAAAAAAAA.photo",
            Scalar::Bytes(vec![0; 32])
        ),
        Ok(())
    );
    assert_eq!(
        check("shop", "lease_end", Scalar::text("2026-02-30")),
        Err(ValueError::NotADate)
    );
    assert_eq!(check("shop", "lease_end", Scalar::Null), Ok(()));
    assert_eq!(
        check("shop", "gas#piped", Scalar::Bool(true)),
        Err(ValueError::UnknownField)
    );
    assert_eq!(check("party", "roles#operator", Scalar::Bool(true)), Ok(()));
    assert_eq!(
        check("party", "roles#operator", Scalar::Bool(false)),
        Err(ValueError::WrongType)
    );
    assert_eq!(
        check("party", "roles#boss", Scalar::Bool(true)),
        Err(ValueError::UnknownCode)
    );
    assert_eq!(
        check("party", "roles", Scalar::Bool(true)),
        Err(ValueError::UnknownField)
    );
    assert_eq!(check("party", "_alive", Scalar::Int(1)), Ok(()));
    assert_eq!(
        check("party", "_alive", Scalar::Int(-1)),
        Err(ValueError::ImplausibleDate)
    );
    assert_eq!(
        check("party", "_alive", Scalar::Bool(true)),
        Err(ValueError::WrongType)
    );
    assert_eq!(
        check("party", "uscc", Scalar::text("92310112MA1GBX000K")),
        Ok(())
    );
}

#[test]
fn everything_has_a_label_in_both_languages() {
    let set = builtin();
    for list in set
        .code_lists()
        .filter(|list| list.name() != "business-type")
    {
        for entry in list.entries() {
            assert!(
                !entry.labels.zh.is_empty() && !entry.labels.en.is_empty(),
                "{}",
                entry.code
            );
        }
    }
    assert_eq!(
        set.code_label("business-type", "8052", Lang::En),
        Some("Foot bath")
    );
    assert_eq!(
        set.code_label("business-type", "0111", Lang::En),
        Some("稻谷种植")
    );
    assert_eq!(
        set.field_label("shop", &path("gas"), Lang::Zh),
        Some("用气")
    );
}

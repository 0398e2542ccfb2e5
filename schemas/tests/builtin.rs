//! The schema that comes with the program, against what the product asks of it.

#![allow(clippy::unwrap_used, reason = "helpers of tests may fail the test")]

use std::collections::{BTreeMap, BTreeSet};

use schemas::access::{Author, Role};
use schemas::class::Clock;
use schemas::path::{FieldPath, RegisterKey};
use schemas::{Lang, NewValue, Scalar, SchemaSet, ValueError};

type Record = BTreeMap<RegisterKey, Vec<Scalar>>;

fn builtin() -> SchemaSet {
    SchemaSet::builtin().unwrap()
}

fn path(text: &str) -> FieldPath {
    FieldPath::parse(text).unwrap()
}

fn key(text: &str) -> RegisterKey {
    RegisterKey::parse(text).unwrap()
}

fn record(values: &[(&str, Scalar)]) -> Record {
    values
        .iter()
        .map(|(register, value)| (key(register), vec![value.clone()]))
        .collect()
}

fn clerk(office: &str) -> Author {
    Author::of_office(Role::OfficeClerk, office)
}

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
fn person_in_the_loft_wrong_number_is_refused_and_the_right_one_dispatched() {
    let set = builtin();
    let kind = set.kind("resident").unwrap();
    let number = |text| kind.check_value(&path("id_number"), &Scalar::text(text));
    assert_eq!(number("310112199001011234"), Err(ValueError::IdCardCheck));
    assert_eq!(number("310112199001011233"), Ok(()));
    let resident = record(&[
        ("_alive", Scalar::Int(1)),
        ("living_part", Scalar::text("loft")),
        ("state", Scalar::text("living")),
    ]);
    let (alive, now) = (key("_alive"), Scalar::Int(1));
    let created = NewValue {
        key: &alive,
        value: &now,
        replaced: &[],
    };
    let fired: Vec<_> = set.rules().matching("resident", created, &resident);
    assert_eq!(
        fired
            .iter()
            .map(|rule| rule.to.as_str())
            .collect::<Vec<_>>(),
        ["population-office"]
    );
    let proposed: Vec<_> = set
        .rules()
        .proposals("resident", &resident)
        .iter()
        .map(|p| p.class.as_str())
        .collect();
    assert_eq!(proposed, ["illegal-living"]);
}

#[test]
fn a_new_trade_goes_to_the_economics_section_as_a_case_with_three_steps() {
    let set = builtin();
    let (register, new, old) = (
        key("business_type"),
        Scalar::text("8052"),
        [Scalar::text("62")],
    );
    let value = NewValue {
        key: &register,
        value: &new,
        replaced: &old,
    };
    let rules = set.rules().matching("shop", value, &Record::new());
    assert_eq!(rules.len(), 1);
    assert_eq!(rules[0].to, "economics-section");
    let steps = set.codes(rules[0].steps.as_deref().unwrap()).unwrap();
    let steps: Vec<_> = steps
        .offered()
        .map(|step| step.labels.label(Lang::Zh))
        .collect();
    assert_eq!(steps, ["引导", "调整", "明确"]);
    // The first entry of a trade is no change, and neither is another register.
    let first = NewValue {
        replaced: &[],
        ..value
    };
    assert!(
        set.rules()
            .matching("shop", first, &Record::new())
            .is_empty()
    );
}

#[test]
fn an_operator_stands_in_the_roster_and_a_landlord_does_not() {
    let set = builtin();
    let register = key("phone");
    let (new, old) = (Scalar::text("13800000000"), [Scalar::text("13800000001")]);
    let value = NewValue {
        key: &register,
        value: &new,
        replaced: &old,
    };
    let fired = |role: &str| {
        let party = record(&[(&format!("roles#{role}"), Scalar::Bool(true))]);
        set.rules().matching("party", value, &party).len()
    };
    assert_eq!((fired("operator"), fired("landlord")), (1, 0));
}

#[test]
fn a_finding_goes_to_the_linkage_centre_whatever_its_class() {
    let set = builtin();
    let (alive, now) = (key("_alive"), Scalar::Int(1));
    let created = NewValue {
        key: &alive,
        value: &now,
        replaced: &[],
    };
    let rules = set.rules().matching("finding", created, &Record::new());
    assert_eq!(
        rules.iter().map(|r| r.to.as_str()).collect::<Vec<_>>(),
        ["linkage-centre"]
    );
}

#[test]
fn limits_are_those_of_the_table_of_finding_classes() {
    use Clock::{NaturalHours, WorkingDays, WorkingHours};
    let set = builtin();
    assert_eq!(set.finding_classes().len(), 22);
    for (class, handler, limits) in [
        (
            "no-business-licence",
            "market-supervision",
            vec![(WorkingDays, 15)],
        ),
        ("blocked-exit", "fire-brigade", vec![(NaturalHours, 24)]),
        ("illegal-living", "fire-brigade", vec![(WorkingDays, 3)]),
        (
            "unpaid-wages",
            "labour-inspection",
            vec![(WorkingDays, 5), (WorkingDays, 60)],
        ),
        (
            "illegal-building",
            "urban-management",
            vec![(WorkingHours, 4), (WorkingDays, 7), (WorkingDays, 20)],
        ),
        ("construction-waste", "sanitation", vec![(WorkingDays, 2)]),
        ("group-letting", "housing", vec![(WorkingDays, 20)]),
    ] {
        let class = set.finding_class(class).unwrap();
        assert_eq!(class.handlers[0], handler);
        let found: Vec<_> = class
            .milestones
            .iter()
            .map(|m| (m.limit.clock, m.limit.within))
            .collect();
        assert_eq!(found, limits, "{}", class.code);
    }
    assert_eq!(
        set.finding_class("child-labour").unwrap().milestones[1].extension,
        Some(30)
    );
}

#[test]
fn the_industry_classification_is_a_whole_tree_with_its_derived_groups() {
    let set = builtin();
    let list = set.codes("business-type").unwrap();
    let of_length = |length| {
        let digits = |c: &&schemas::code::CodeEntry| c.code.as_str().len() == length;
        list.entries().iter().filter(digits).count()
    };
    // The numbers of the standard: 20 sections, 97 divisions, 473 groups.
    assert_eq!((of_length(1), of_length(2), of_length(3)), (20, 97, 473));
    let up: Vec<_> = list
        .ancestry("6210")
        .map(|entry| entry.code.as_str())
        .collect();
    assert_eq!(up, ["6210", "621", "62", "H"]);
    assert!(list.is_within("8052", "O") && !list.is_within("8052", "62"));
    let shop = set.kind("shop").unwrap();
    let trade = |code| shop.check_value(&path("business_type"), &Scalar::text(code));
    assert_eq!(trade("8052"), Ok(()));
    assert_eq!(trade("H"), Err(ValueError::HeadingCode));
    assert_eq!(trade("9999"), Err(ValueError::UnknownCode));
}

#[test]
fn a_restaurant_needs_a_food_permit_that_is_warned_about_90_days_ahead() {
    let set = builtin();
    let settings = set.settings("310112901001001").unwrap();
    let trades = set.codes("business-type").unwrap();
    let needs = |code| {
        let codes = settings.needed_licences(trades, code);
        codes.iter().map(schemas::Code::as_str).collect::<Vec<_>>()
    };
    assert_eq!(needs("6210"), ["business", "food", "drainage"]);
    assert_eq!(needs("8052"), ["business", "hygiene", "drainage"]);
    assert_eq!(needs("5211"), ["business"]);
    assert!(needs("A").is_empty());
    assert_eq!(settings.lead_days("food"), Some(90));
    assert_eq!((settings.work_from, settings.work_to), (9, 17));
}

#[test]
fn the_calendar_of_2026_knows_swapped_days() {
    let set = builtin();
    let works = |day: &str| set.calendar().is_working_day(day.parse().unwrap());
    assert_eq!(works("2026-02-14"), Some(true));
    assert_eq!(works("2026-02-17"), Some(false));
    assert_eq!(works("2026-02-28"), Some(true));
    assert_eq!(works("2026-10-10"), Some(true));
    assert_eq!(works("2026-11-22"), Some(false));
    assert_eq!(works("2026-11-23"), Some(true));
    let calendar = set.calendar();
    let count = |days: i16| (1..=days).count();
    let all = "2026-01-01"
        .parse::<jiff::civil::Date>()
        .unwrap()
        .series(jiff::Span::new().days(1));
    let worked = all
        .take(count(365))
        .filter(|day| calendar.is_working_day(*day) == Some(true));
    assert_eq!(worked.count(), 248);
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

#[test]
fn the_demo_street_has_eight_grids_under_a_whole_hierarchy() {
    let set = builtin();
    let grids: Vec<_> = set
        .areas()
        .iter()
        .filter(|area| area.code.len() == 15)
        .collect();
    assert_eq!(grids.len(), 8);
    assert!(
        grids
            .iter()
            .all(|grid| set.area(grid.parent().unwrap()).is_some())
    );
}

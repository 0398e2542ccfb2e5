//! The rules, classes, codes and areas that come with the program, against the days and tables of
//! the product page.

mod common;

use common::{Record, builtin, key, path, record};
use schemas::class::Clock;
use schemas::{Lang, NewValue, Scalar, ValueError};

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

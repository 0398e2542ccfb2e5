use proptest::prelude::*;

use super::*;

fn path(text: &str) -> FieldPath {
    FieldPath::parse(text).unwrap()
}

fn codes(list: &[&str]) -> BTreeSet<Code> {
    list.iter().map(|code| Code::parse(code).unwrap()).collect()
}

fn fires(trigger: &Trigger, key: &str, value: &Scalar, replaced: &[Scalar]) -> bool {
    let key = RegisterKey::parse(key).unwrap();
    trigger.fires(NewValue {
        key: &key,
        value,
        replaced,
    })
}

#[test]
fn a_record_is_created_once_and_later_edits_of_its_presence_are_not_creations() {
    let alive = Scalar::Int(1_000);
    assert!(fires(&Trigger::Created, "_alive", &alive, &[]));
    assert!(!fires(
        &Trigger::Created,
        "_alive",
        &alive,
        &[Scalar::Int(900)]
    ));
    assert!(!fires(&Trigger::Created, "_alive", &alive, &[Scalar::Null]));
    assert!(!fires(&Trigger::Created, "door_no", &alive, &[]));
    assert!(fires(&Trigger::Deleted, "_alive", &Scalar::Null, &[alive]));
}

#[test]
fn a_first_value_is_entered_and_a_second_one_is_a_change_too() {
    let (a, b) = (Scalar::text("62"), Scalar::text("8052"));
    let (changed, entered) = (
        Trigger::Changed(path("business_type")),
        Trigger::Entered(path("business_type")),
    );
    let cases: [(&Scalar, &[Scalar], bool, bool); 5] = [
        (&a, &[], false, true),
        (&a, &[Scalar::Null], false, true),
        (&b, std::slice::from_ref(&a), true, true),
        (&a, std::slice::from_ref(&a), false, false),
        (&Scalar::Null, std::slice::from_ref(&a), true, false),
    ];
    for (value, replaced, is_change, is_entry) in cases {
        assert_eq!(fires(&changed, "business_type", value, replaced), is_change);
        assert_eq!(fires(&entered, "business_type", value, replaced), is_entry);
        assert!(!fires(&changed, "sign_name", value, replaced));
    }
}

#[test]
fn becoming_a_code_needs_not_having_been_one_of_them() {
    let left = Trigger::Becomes(path("state"), codes(&["moved-out", "unclear"]));
    let out = Scalar::text("moved-out");
    assert!(fires(&left, "state", &out, &[Scalar::text("living")]));
    assert!(fires(&left, "state", &out, &[]));
    assert!(!fires(&left, "state", &out, &[Scalar::text("unclear")]));
    assert!(!fires(&left, "state", &Scalar::text("living"), &[out]));
    let operator = Trigger::Becomes(path("roles"), codes(&["operator"]));
    assert!(fires(
        &operator,
        "roles#operator",
        &Scalar::Bool(true),
        &[Scalar::Null]
    ));
    assert!(!fires(&operator, "roles#tenant", &Scalar::Bool(true), &[]));
    assert!(!fires(
        &operator,
        "roles#operator",
        &Scalar::Null,
        &[Scalar::Bool(true)]
    ));
}

#[test]
fn ceasing_to_be_a_code_needs_having_been_one_of_them() {
    let operator = Trigger::Ceases(path("roles"), codes(&["operator"]));
    let chosen = [Scalar::Bool(true)];
    assert!(fires(&operator, "roles#operator", &Scalar::Null, &chosen));
    assert!(!fires(&operator, "roles#tenant", &Scalar::Null, &chosen));
    assert!(!fires(&operator, "roles#operator", &Scalar::Null, &[]));
    let living = Trigger::Ceases(path("state"), codes(&["living"]));
    let before = [Scalar::text("living")];
    assert!(fires(&living, "state", &Scalar::text("unclear"), &before));
    assert!(!fires(&living, "state", &Scalar::text("living"), &before));
}

#[test]
fn a_value_that_loses_to_a_concurrent_one_fires_in_either_order() {
    // Two phones replace 62 at the same time: each change brings its own predecessor along.
    let changed = Trigger::Changed(path("business_type"));
    for value in ["8052", "5229"] {
        assert!(fires(
            &changed,
            "business_type",
            &Scalar::text(value),
            &[Scalar::text("62")]
        ));
    }
}

fn any_trigger() -> impl Strategy<Value = Trigger> {
    let sets = vec![codes(&["a"]), codes(&["b"]), codes(&["a", "b"])];
    let set = prop::sample::select(sets);
    prop_oneof![
        Just(Trigger::Created),
        Just(Trigger::Deleted),
        Just(Trigger::Changed(path("x"))),
        Just(Trigger::Entered(path("x"))),
        set.clone().prop_map(|set| Trigger::Becomes(path("x"), set)),
        set.prop_map(|set| Trigger::Ceases(path("x"), set)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn a_covering_trigger_fires_whenever_the_covered_one_does(
        wide in any_trigger(), narrow in any_trigger(), register in prop::sample::select(vec!["x", "_alive"]),
        value in prop::sample::select(vec!["", "a", "b", "c"]),
        replaced in prop::collection::vec(prop::sample::select(vec!["", "a", "b", "c"]), 0..3),
    ) {
        let scalar = |text: &str| if text.is_empty() { Scalar::Null } else { Scalar::text(text) };
        let replaced: Vec<_> = replaced.into_iter().map(scalar).collect();
        if wide.covers(&narrow) && fires(&narrow, register, &scalar(value), &replaced) {
            prop_assert!(fires(&wide, register, &scalar(value), &replaced));
        }
        prop_assert!(wide.covers(&wide));
    }
}

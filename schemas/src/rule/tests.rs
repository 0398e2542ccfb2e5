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

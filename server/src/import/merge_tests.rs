use std::collections::HashSet;

use sync_core::{
    AuthorClass, DeviceId, RecordId,
    record::{Registers, author},
};

use super::*;

const GRID: &str = "310112901001001";

fn key(text: &str) -> RegisterKey {
    RegisterKey::parse(text).unwrap()
}

fn values(pairs: &[(&str, &str)]) -> BTreeMap<RegisterKey, Scalar> {
    let value = |text: &str| match text {
        "" => Scalar::Null,
        text => Scalar::text(text),
    };
    pairs
        .iter()
        .map(|(name, text)| (key(name), value(text)))
        .collect()
}

fn wanted(pairs: &[(&str, &str)]) -> Wanted {
    Wanted {
        row: 2,
        id: RecordId::derived("county", "1"),
        grid: GRID.to_owned(),
        values: values(pairs),
        constant: HashSet::new(),
        lacks: Vec::new(),
    }
}

/// A record after these edits, each by a device of its own and having seen those before it.
fn record(commits: &[Vec<Edit>]) -> sync_core::record::RecordState {
    let mut state = sync_core::record::RecordState::default();
    for (number, edits) in commits.iter().enumerate() {
        let device = DeviceId([u8::try_from(number).unwrap(), 1, 2, 3, 4, 5]);
        let made = author(&state, device.actor(1), edits, 1_000).unwrap();
        state.push(&made.change, made.chunk);
    }
    state
}

fn here(registers: &Registers) -> Known {
    Known::Here {
        view: View::of(registers),
        grid: GRID.to_owned(),
    }
}

fn sets(pairs: &[(&str, &str)]) -> Vec<Edit> {
    edits(&filled(&values(pairs)), &BTreeSet::new())
}

fn kept(key: &str, both: bool) -> Kept {
    let key = key.to_owned();
    Kept { key, both }
}

#[test]
fn a_record_that_is_not_there_is_made_without_what_the_file_leaves_empty() {
    let plan = merge(
        &wanted(&[("sign_name", "面馆"), ("unit_no", "")]),
        &BTreeMap::new(),
        &Known::Absent,
    );
    assert_eq!(plan.outcome, Outcome::New);
    assert_eq!(plan.edits, sets(&[("sign_name", "面馆")]));
}

#[test]
fn the_same_file_again_writes_nothing() {
    let row = wanted(&[("sign_name", "面馆"), ("unit_no", "")]);
    let state = record(&[sets(&[("sign_name", "面馆")])]);
    let plan = merge(&row, &row.values, &here(&state.registers));
    assert_eq!(plan, Merge::none(Outcome::Unchanged));
}

#[test]
fn every_case_of_base_theirs_and_ours() {
    const UNTOUCHED: Option<bool> = None;
    // base, theirs, ours → what is written, whether something is kept
    let cases = [
        ("a", "a", "a", None, UNTOUCHED),
        ("a", "b", "a", Some("b"), UNTOUCHED),
        ("a", "a", "c", None, Some(false)),
        ("a", "b", "c", None, Some(true)),
        ("a", "b", "b", None, UNTOUCHED),
        ("a", "", "a", Some(""), UNTOUCHED),
        ("a", "", "c", None, Some(true)),
        ("", "b", "", Some("b"), UNTOUCHED),
        ("", "b", "c", None, Some(true)),
        ("a", "b", "", None, Some(true)),
        ("a", "a", "", None, Some(false)),
        ("", "", "c", None, Some(false)),
    ];
    for (base, theirs, ours, written, left) in cases {
        let said = format!("{base}/{theirs}/{ours}");
        let first = sets(&[("sign_name", "x"), ("unit_no", "u"), ("door_no", "d")]);
        let second = if ours.is_empty() {
            vec![Edit::Clear {
                key: key("unit_no"),
            }]
        } else {
            sets(&[("unit_no", ours)])
        };
        let state = record(&[first, second]);
        let plan = merge(
            &wanted(&[("unit_no", theirs)]),
            &values(&[("unit_no", base)]),
            &here(&state.registers),
        );
        let expected = match written {
            None => Vec::new(),
            Some("") => vec![Edit::Clear {
                key: key("unit_no"),
            }],
            Some(text) => sets(&[("unit_no", text)]),
        };
        assert_eq!(plan.edits, expected, "{said}");
        let left: Vec<Kept> = left.into_iter().map(|both| kept("unit_no", both)).collect();
        assert_eq!(plan.kept, left, "{said}");
    }
}

#[test]
fn a_field_in_conflict_waits_for_a_person() {
    let start = record(&[sets(&[("sign_name", "a"), ("unit_no", "u")])]);
    let mut state = start.clone();
    for (device, text) in [(8, "b"), (9, "c")] {
        let actor = DeviceId([device, 0, 0, 0, 0, 0]).actor(1);
        let made = author(&start, actor, &sets(&[("sign_name", text)]), 2_000).unwrap();
        state.push(&made.change, made.chunk);
    }
    let plan = merge(
        &wanted(&[("sign_name", "b"), ("unit_no", "v")]),
        &values(&[("sign_name", "a"), ("unit_no", "u")]),
        &here(&state.registers),
    );
    assert_eq!(
        plan.edits,
        sets(&[("unit_no", "v")]),
        "the other field goes on"
    );
    assert_eq!(plan.kept, [kept("sign_name", true)]);
}

#[test]
fn an_entry_begins_once_and_stays_away_when_it_was_removed_here() {
    let entry = "licences.AAAAAAAAAAE";
    let (kind, number) = (format!("{entry}.type"), format!("{entry}.number"));
    let file = [(kind.as_str(), "food"), (number.as_str(), "F-1")];
    let state = record(&[sets(&[("sign_name", "a")])]);
    let plan = merge(&wanted(&file), &BTreeMap::new(), &here(&state.registers));
    assert!(matches!(plan.edits.first(), Some(Edit::AddEntry { .. })));
    assert_eq!(plan.edits.len(), 3);

    let there = record(&[sets(&[("sign_name", "a")]), plan.edits]);
    let newer = [(kind.as_str(), "food"), (number.as_str(), "F-2")];
    let plan = merge(&wanted(&newer), &values(&file), &here(&there.registers));
    assert_eq!(
        plan.edits,
        vec![Edit::Set {
            key: key(&number),
            value: Scalar::text("F-2"),
        }]
    );

    let empty = [(kind.as_str(), ""), (number.as_str(), "")];
    let plan = merge(&wanted(&empty), &values(&file), &here(&there.registers));
    assert!(
        matches!(plan.edits[..], [Edit::RemoveEntry { .. }]),
        "what the file empties goes as a whole"
    );

    let (group, id) = key(entry).entry().map(|(g, id)| (g.clone(), id)).unwrap();
    let remove = vec![Edit::RemoveEntry { group, id }];
    let gone = record(&[sets(&[("sign_name", "a")]), sets(&file), remove]);
    let plan = merge(&wanted(&newer), &values(&file), &here(&gone.registers));
    assert_eq!(plan.outcome, Outcome::Unchanged);
    assert_eq!(plan.kept, [kept(&number, true), kept(&kind, false)]);
}

#[test]
fn what_was_deleted_stays_deleted_and_a_move_is_left_to_a_supervisor() {
    let row = wanted(&[("sign_name", "b")]);
    let base = values(&[("sign_name", "a")]);
    assert_eq!(
        merge(&row, &base, &Known::Gone),
        Merge::none(Outcome::Deleted)
    );
    let state = record(&[sets(&[("sign_name", "b")])]);
    let elsewhere = Known::Here {
        view: View::of(&state.registers),
        grid: "310112901001002".to_owned(),
    };
    let plan = merge(&row, &row.values, &elsewhere);
    assert_eq!((plan.outcome, plan.edits.len()), (Outcome::Unchanged, 0));
    assert_eq!(plan.kept, [kept("grid", false)]);
}

#[test]
fn nothing_is_told_of_constants_that_somebody_changed() {
    let mut row = wanted(&[("gas", "none"), ("sign_name", "b")]);
    row.constant.insert(key("gas"));
    let state = record(&[sets(&[("gas", "piped"), ("sign_name", "b")])]);
    let plan = merge(&row, &row.values, &here(&state.registers));
    assert_eq!(plan, Merge::none(Outcome::Unchanged));
}

#[test]
fn an_import_writes_as_an_import() {
    assert_eq!(DeviceId([0xFD, 0, 0, 0, 0, 0]).class(), AuthorClass::Import);
}

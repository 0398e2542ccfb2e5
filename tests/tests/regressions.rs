//! What the properties once found, each as the few steps that show it.

#![cfg(test)]

use gridbook_tests::{
    props::{
        rest::is_at_rest,
        town::{Form, Step, Town},
    },
    world::Link,
};

const FORM: Form = Form {
    field: 0,
    gas: None,
    licence: false,
};
/// What strict rules forbid.
const GAS: Form = Form {
    gas: Some(0),
    ..FORM
};
const SYNC_0: Step = Step::Sync(
    0,
    Link {
        lost: 0,
        cut: 0,
        doubled: 0,
    },
);
const EDIT_0: Step = Step::Edit(0, 0, FORM);

/// Two phones, these steps, then everything is made good: all must be alike and nothing lost.
fn ends_well(steps: &[Step]) -> Town {
    ends_well_for(2, steps)
}

/// The same with so many phones.
fn ends_well_for(phones: usize, steps: &[Step]) -> Town {
    let mut town = Town::new(phones, 0, None).unwrap();
    for step in steps {
        town.step(step).unwrap();
    }
    town.heal().unwrap();
    is_at_rest(&town).unwrap();
    town
}

#[test]
fn a_refusal_covers_what_was_written_under_an_epoch_granted_for_another_record() {
    // Both records wait. One is refused, which raises the epoch; the other goes on under the new
    // one, and is then refused from what it had under the old one on.
    let town = ends_well(&[
        Step::Certify(0, 0, false),
        EDIT_0,
        EDIT_0,
        Step::Create(0, 0),
        SYNC_0,
        Step::Resolve(1, false),
        SYNC_0,
        EDIT_0,
        Step::Resolve(0, false),
        EDIT_0,
        EDIT_0,
    ]);
    assert!(town.hub.tally.superseded > 0);
}

#[test]
fn what_a_restored_hub_lets_in_that_it_had_refused_is_in_its_authors_record_again() {
    ends_well(&[
        Step::Strict(true),
        Step::Edit(0, 0, GAS),
        SYNC_0,
        Step::Strict(false),
        Step::Restore,
    ]);
}

#[test]
fn a_hub_restored_twice_gets_its_own_bundles_back_twice() {
    let town = ends_well(&[
        Step::Create(0, 0),
        Step::Restore,
        SYNC_0,
        Step::Decide(1, FORM),
        SYNC_0,
        // It gives the decision back to the first restored hub, which has it.
        SYNC_0,
        Step::Edit(0, 1, FORM),
        Step::Restore,
    ]);
    assert_eq!(
        town.hub.tally.refused, 0,
        "what the edit builds on came back"
    );
}

#[test]
fn a_move_that_a_restored_hub_has_forgotten_is_undone_on_the_phones() {
    ends_well(&[Step::Move(0, 1), SYNC_0, Step::Restore]);
}

#[test]
fn what_was_made_again_before_two_restores_from_one_backup_is_still_taken() {
    ends_well(&[
        Step::Edit(0, 0, GAS),
        Step::Restore,
        Step::Strict(true),
        SYNC_0,
        EDIT_0,
        Step::Restore,
        EDIT_0,
    ]);
}

#[test]
fn a_decision_of_a_restored_hub_is_not_taken_for_the_one_it_has_forgotten() {
    let town = ends_well(&[
        Step::Decide(0, FORM),
        SYNC_0,
        EDIT_0,
        Step::Restore,
        Step::Decide(0, FORM),
        EDIT_0,
    ]);
    assert_eq!(
        town.hub.tally.refused, 0,
        "what the edit builds on came back"
    );
}

#[test]
fn a_record_that_moved_between_two_packs_of_one_answer_stays() {
    ends_well(&[
        Step::Create(0, 1),
        SYNC_0,
        Step::Certify(0, 0, false),
        Step::Edit(0, 1, FORM),
        Step::Certify(0, 3, true),
        Step::Move(1, 0),
        SYNC_0,
    ]);
}

#[test]
fn a_line_that_breaks_between_two_answers_does_not_part_an_epoch_from_its_refusal() {
    let mut town = Town::new(2, 0, None).unwrap();
    town.step(&Step::Strict(true)).unwrap();
    town.step(&Step::Edit(0, 0, GAS)).unwrap();
    town.step(&Step::Pages(1, 2, false)).unwrap();
    let link = Link {
        lost: 60,
        cut: 0,
        doubled: 0,
    };
    // Somewhere among these it breaks just there.
    for _ in 0..12 {
        town.step(&Step::Sync(0, link)).unwrap();
        town.step(&EDIT_0).unwrap();
        town.step(&Step::Edit(0, 0, GAS)).unwrap();
    }
    town.heal().unwrap();
    is_at_rest(&town).unwrap();
}

#[test]
fn what_was_made_again_is_made_again_once_more_where_a_restored_hub_refuses_the_same_again() {
    ends_well(&[
        Step::Strict(true),
        Step::Edit(0, 0, GAS),
        Step::BackUp,
        SYNC_0,
        EDIT_0,
        Step::Restore,
        SYNC_0,
    ]);
}

#[test]
fn what_was_made_again_is_not_lost_where_a_restored_hub_refuses_it_under_its_first_name() {
    ends_well(&[
        EDIT_0,
        Step::Certify(0, 0, false),
        Step::Edit(0, 0, GAS),
        SYNC_0,
        Step::Resolve(0, false),
        SYNC_0,
        Step::Restore,
        Step::Strict(true),
        EDIT_0,
        SYNC_0,
    ]);
}

#[test]
fn a_refusal_that_was_on_its_way_when_the_hub_was_lost_is_told_by_the_restored_one() {
    let cut = Link {
        lost: 0,
        cut: 100,
        doubled: 0,
    };
    ends_well(&[
        Step::Edit(0, 0, GAS),
        Step::Strict(true),
        Step::Sync(0, cut),
        Step::BackUp,
        Step::Restore,
        EDIT_0,
    ]);
}

#[test]
fn a_bundle_with_a_record_that_was_forgotten_since_can_be_verified_by_a_restored_hub() {
    let good = Link::default();
    ends_well(&[
        Step::Strict(true),
        Step::BackUp,
        Step::Create(1, 0),
        Step::Sync(1, good),
        SYNC_0,
        EDIT_0,
        Step::Edit(0, 1, GAS),
        SYNC_0,
        Step::Restore,
    ]);
}

#[test]
fn a_record_that_a_supervisor_refused_is_proposed_again_to_a_restored_hub() {
    let good = Link::default();
    ends_well(&[
        Step::Restore,
        Step::Edit(1, 0, FORM),
        Step::Create(1, 0),
        Step::Sync(1, good),
        Step::Restore,
        Step::Edit(1, 0, FORM),
        Step::Known(false),
        Step::Edit(1, 1, FORM),
        Step::Sync(1, good),
        Step::Resolve(1, false),
    ]);
}

#[test]
fn a_decision_that_comes_back_late_is_not_taken_for_one_that_is_in_a_backup() {
    ends_well(&[
        EDIT_0,
        Step::Known(false),
        SYNC_0,
        Step::Decide(0, FORM),
        SYNC_0,
        Step::Resolve(0, false),
        EDIT_0,
        SYNC_0,
        Step::Restore,
        SYNC_0,
        Step::Decide(0, FORM),
        Step::BackUp,
        EDIT_0,
    ]);
}

#[test]
fn a_record_is_not_set_aside_where_what_was_let_in_builds_on_what_has_no_verdict_yet() {
    // A restored hub lets in, bundle by bundle, so much at once that the phone folds what is
    // verified; some of it builds on a decision that has yet to come back.
    let gas = Step::Edit(0, 0, GAS);
    ends_well(&[
        Step::Certify(0, 2, false),
        EDIT_0,
        Step::Strict(true),
        gas,
        gas,
        gas,
        Step::Move(0, 1),
        EDIT_0,
        EDIT_0,
        EDIT_0,
        SYNC_0,
        Step::Decide(0, FORM),
        SYNC_0,
        EDIT_0,
        EDIT_0,
        EDIT_0,
        Step::Restore,
        EDIT_0,
        EDIT_0,
        EDIT_0,
    ]);
}

#[test]
fn a_record_is_settled_where_a_restored_hub_refuses_what_was_let_in_before() {
    let gas = Step::Edit(2, 0, GAS);
    let edit_2 = Step::Edit(2, 0, FORM);
    ends_well(&[
        Step::Certify(2, 2, false),
        edit_2,
        SYNC_0,
        Step::Strict(true),
        Step::Resolve(0, false),
        gas,
        gas,
        edit_2,
        gas,
        Step::BackUp,
        Step::Move(0, 1),
        edit_2,
        EDIT_0,
        SYNC_0,
        EDIT_0,
        EDIT_0,
        EDIT_0,
        EDIT_0,
        Step::Restore,
        EDIT_0,
    ]);
}

#[test]
fn a_record_begins_anew_where_a_restored_hub_places_it_before_its_old_grid_is_told() {
    // The decision came with the move, as part of a snapshot: nobody can give it back.
    let other = Step::Edit(3, 5, FORM);
    ends_well_for(
        3,
        &[
            Step::Create(0, 0),
            SYNC_0,
            Step::Move(5, 1),
            Step::Decide(5, FORM),
            EDIT_0,
            EDIT_0,
            EDIT_0,
            EDIT_0,
            EDIT_0,
            SYNC_0,
            EDIT_0,
            EDIT_0,
            EDIT_0,
            EDIT_0,
            EDIT_0,
            other,
            EDIT_0,
            Step::Restore,
            EDIT_0,
            EDIT_0,
        ],
    );
}

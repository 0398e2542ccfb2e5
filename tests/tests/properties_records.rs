//! The laws of a record, on random lives of it: whatever the order of delivery, everyone ends
//! with the same, and Automerge agrees.

#![allow(clippy::panic, clippy::print_stdout, reason = "helpers of tests")]

use std::{cell::RefCell, collections::BTreeSet};

use gridbook_tests::{
    props::{
        Checked,
        deliver::{Met, in_order, scattered},
        holds,
        life::{Act, DEVICES, Life, Touch},
        model, same, twin, wire,
    },
    world::Rng,
};
use proptest::{collection::vec, prelude::*};
use sync_core::{
    DeviceId,
    change::{Incoming, Outcome, Path, admit, encode, prove, scan},
    record::{RecordState, Registers, View, author, field_history, history},
};

mod laws;
mod runner;

use runner::{SOAK, run};

const CASES: u32 = 240;
const NOW: i64 = 1_790_000_000_000;

/// What a run met, counted.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    cases: u64,
    concurrent: u64,
    changes: u64,
    compared: u64,
    met: Met,
}

impl Count {
    /// A run that did not meet what it is for proves nothing.
    fn is_enough(&self, at_least: u64) {
        println!("{self:?}");
        assert!(
            self.concurrent * 10 >= self.cases * 3,
            "under 30 % concurrent: {self:?}"
        );
        let hits = [
            self.met.register_path,
            self.met.document_path,
            self.met.held,
        ];
        assert!(
            hits.iter().all(|hits| *hits >= at_least),
            "too few hits: {self:?}"
        );
    }
}

fn touches() -> impl Strategy<Value = Vec<Touch>> {
    let small = 0_usize..60;
    let touch = prop_oneof![
        6 => (0_usize..4, small.clone()).prop_map(|(field, value)| Touch::Set(field, value)),
        1 => (0_usize..4).prop_map(Touch::Clear),
        2 => (0_usize..2, any::<bool>()).prop_map(|(code, on)| Touch::Code(code, on)),
        2 => small.clone().prop_map(Touch::Add),
        1 => (0_usize..8).prop_map(Touch::Remove),
        4 => (0_usize..8, 0_usize..3, small).prop_map(|(e, f, value)| Touch::Inside(e, f, value)),
        1 => Just(Touch::Delete),
        2 => Just(Touch::Restore),
    ];
    vec(touch, 1..5)
}

fn clock() -> impl Strategy<Value = i64> {
    prop_oneof![
        9 => (0_i64..100_000_000).prop_map(|ms| NOW + ms),
        1 => prop_oneof![Just(i64::MIN), Just(0), Just(-1), Just(i64::MAX - 100_000)],
    ]
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let who = || prop_oneof![8 => 0..DEVICES, 2 => 0..DEVICES + 3];
    let act = prop_oneof![
        6 => (who(), touches(), clock()).prop_map(|(who, touches, at)| Act::Commit(who, touches, at)),
        3 => (who(), who(), 0_usize..40).prop_map(|(from, to, which)| Act::Tell(from, to, which)),
        2 => (who(), who()).prop_map(|(from, to)| Act::TellAll(from, to)),
        1 => who().prop_map(Act::Epoch),
    ];
    vec(act, 4..40)
}

fn lives() -> impl Strategy<Value = (usize, Vec<Act>, u64)> {
    (2..=DEVICES, acts(), any::<u64>())
}

/// Everything that is said of a record must be the same for the same changes.
fn same_everywhere(one: &RecordState, other: &RecordState) -> Checked {
    same("registers", &one.registers, &other.registers)?;
    same(
        "views",
        &View::of(&one.registers),
        &View::of(&other.registers),
    )?;
    let told = |state: &RecordState| history(state).map_err(|error| error.to_string());
    same("history", &told(one)?, &told(other)?)?;
    for (key, _) in one.registers.iter() {
        let told = |state: &RecordState| field_history(state, key).map_err(|e| e.to_string());
        same("history of a field", &told(one)?, &told(other)?)?;
    }
    Ok(())
}

fn delivery_order_does_not_matter(case: &(usize, Vec<Act>, u64), count: &mut Count) -> Checked {
    let (devices, acts, seed) = case;
    let life = Life::of(*devices, acts)?;
    let rng = &mut Rng::new(*seed);
    count.cases += 1;
    count.concurrent += u64::from(life.is_concurrent());
    count.changes += life.made.len() as u64;
    count.compared += life.compared;
    let met = &mut count.met;
    let expected = in_order(&life.made, rng, met)?;
    let of_all = Registers::of(life.made.iter().map(|incoming| &incoming.change));
    same(
        "registers follow from the changes",
        &expected.registers,
        &of_all,
    )?;
    for _ in 0..3 {
        same_everywhere(&expected, &scattered(&life.made, rng, met)?)?;
    }
    // Every author's own replica holds what anyone would who has the same part of the changes.
    for (replica, known) in life.replicas() {
        let changes = life.changes(known);
        let again = scattered(&changes, rng, met)?;
        same("a replica", &replica.registers, &again.registers)?;
        let visible = model::visible(&life, known);
        same(
            "visible values",
            &model::of_registers(&replica.registers),
            &visible,
        )?;
        model::view_keeps_the_laws(&View::of(&replica.registers), &visible)?;
    }
    // Automerge, given the changes in yet another order, has the same.
    let mut post = life.made.clone();
    gridbook_tests::props::shuffle(&mut post, rng);
    twin::agrees(&twin::document(&post)?, &expected.registers)?;
    survives_storage(&expected)
}

/// Proofs, snapshots, bytes of registers and of changes come back the same.
fn survives_storage(state: &RecordState) -> Checked {
    let snapshot = prove(state).map_err(|error| error.to_string())?;
    let again = RecordState::from_snapshot(snapshot).map_err(|error| error.to_string())?;
    same_everywhere(state, &again)?;
    let bytes = state.registers.to_bytes();
    let read = Registers::from_bytes(&bytes).map_err(|error| error.to_string())?;
    same("registers as bytes", &read, &state.registers)?;
    same("bytes of registers", &read.to_bytes(), &bytes)?;
    for (change, chunk) in state.changes().map_err(|error| error.to_string())? {
        let scanned = scan(&chunk).map_err(|error| error.to_string())?;
        same("a change", &scanned, &change)?;
        same("a change's bytes", &encode(&scanned).0, &chunk)?;
    }
    Ok(())
}

fn any_delivery(cases: u32, at_least: u64) {
    let count = RefCell::new(Count::default());
    run(cases, &lives(), |case| {
        delivery_order_does_not_matter(&case, &mut count.borrow_mut())
    });
    count.borrow().is_enough(at_least);
}

#[test]
fn any_delivery_order_duplication_and_splitting_ends_in_the_same_registers_view_and_history() {
    any_delivery(CASES, 1_000);
}

#[test]
#[ignore = "long"]
fn soak_any_delivery_order_duplication_and_splitting_ends_in_the_same() {
    any_delivery(CASES * SOAK, 1_000);
}

/// A change of a stranger who had seen nothing: beside it nothing is sequential any more.
fn wedge() -> Checked<Incoming> {
    let stranger = DeviceId([9; 6]).actor(1);
    let edits = sync_core::record::Edit::Set {
        key: schemas::RegisterKey::parse("wedge").map_err(|error| error.to_string())?,
        value: schemas::Scalar::Bool(true),
    };
    let made = author(&RecordState::default(), stranger, &[edits], NOW);
    let made = made.map_err(|error| error.to_string())?;
    Ok(Incoming {
        change: made.change,
        chunk: made.chunk,
    })
}

fn both_paths_agree(case: &(usize, Vec<Act>, u64)) -> Checked {
    let (devices, acts, _) = case;
    let life = Life::of(*devices, acts)?;
    let wedge = wedge()?;
    let mut plain = RecordState::default();
    let mut forced = RecordState::default();
    admit(&mut forced, std::slice::from_ref(&wedge), &());
    let mut registers = 0;
    for change in life.made.chunks(1) {
        let first = admit(&mut plain, change, &()).outcomes;
        registers += u64::from(first == [Outcome::Accepted(Path::Register)]);
        let second = admit(&mut forced, change, &()).outcomes;
        same(
            "the path",
            &second,
            &vec![Outcome::Accepted(Path::Document)],
        )?;
    }
    holds(
        "the first change needs no document",
        life.made.is_empty() || registers > 0,
    )?;
    admit(&mut plain, &[wedge], &());
    same_everywhere(&plain, &forced)
}

#[test]
fn the_register_path_and_the_document_path_end_in_the_same_state() {
    run(CASES / 4, &lives(), |case| both_paths_agree(&case));
}

fn a_release_is_never_too_late(case: &(usize, Vec<Act>, u64), held: &mut u64) -> Checked {
    let (devices, acts, seed) = case;
    let life = Life::of(*devices, acts)?;
    let rng = &mut Rng::new(*seed);
    let Some(first) = life.made.get(rng.below(life.made.len())) else {
        return Ok(());
    };
    let (author, from) = (first.change.actor, first.change.seq);
    let is_held = |one: &&Incoming| one.change.actor == author && one.change.seq >= from;
    let (late, in_time): (Vec<_>, Vec<_>) = life.made.iter().partition(is_held);
    let post: Vec<Incoming> = in_time.into_iter().chain(late).cloned().collect();
    let mut met = Met::default();
    let released = in_order(&post, rng, &mut met)?;
    *held += met.held;
    same_everywhere(&in_order(&life.made, rng, &mut Met::default())?, &released)
}

#[test]
fn a_held_change_released_later_ends_in_the_same_state_as_if_it_had_come_in_time() {
    let held = RefCell::new(0);
    run(CASES, &lives(), |case| {
        a_release_is_never_too_late(&case, &mut held.borrow_mut())
    });
    println!("{} changes waited for what was held", held.borrow());
    assert!(*held.borrow() >= 100);
}

#[test]
fn what_is_stripped_and_rebuilt_is_byte_exact_whatever_the_receiver_knows() {
    let strategy = (vec((2..=DEVICES, acts()), 1..4), any::<u64>());
    let travelled = RefCell::new((0, 0));
    run(CASES, &strategy, |(lives, seed)| {
        let rng = &mut Rng::new(seed);
        let lives = lives.iter().map(|(devices, acts)| Life::of(*devices, acts));
        let lives = lives.collect::<Checked<Vec<Life>>>()?;
        let (known, records) = wire::parcel(&lives, rng);
        let chunks = records
            .iter()
            .map(|record| record.chunks.len())
            .sum::<usize>();
        let made = lives.iter().map(|life| life.made.len()).sum::<usize>();
        let mut travelled = travelled.borrow_mut();
        *travelled = (travelled.0 + chunks, travelled.1 + made);
        wire::comes_back(&known, &records, rng)
    });
    let (chunks, made) = *travelled.borrow();
    println!("{chunks} of {made} changes travelled");
    assert!(chunks >= 1_000 && made - chunks >= 1_000);
}

#[test]
fn a_part_of_the_changes_is_a_record_as_good_as_the_whole() {
    run(CASES / 4, &lives(), |(devices, acts, seed)| {
        let life = Life::of(devices, &acts)?;
        let rng = &mut Rng::new(seed);
        let mut known = BTreeSet::new();
        for seen in &life.seen {
            if rng.chance(30) {
                known.extend(seen.iter().copied());
            }
        }
        let state = scattered(&life.changes(&known), rng, &mut Met::default())?;
        let visible = model::visible(&life, &known);
        same(
            "visible values",
            &model::of_registers(&state.registers),
            &visible,
        )?;
        survives_storage(&state)
    });
}

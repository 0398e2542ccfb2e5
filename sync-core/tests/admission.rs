//! Batches that end in the middle: what was admitted before stays, what comes after follows.

#![cfg(test)]

use schemas::value::Scalar;
use sync_core::{
    ActorId, ChangeHash, Sha256,
    change::{
        Change, HeldReason, Incoming, Outcome, Path, Put, RefusedReason, Stop, admit, encode, prove,
    },
    ids::DeviceId,
    limits::MAX_TEXT_BYTES,
    record::RecordState,
    sync::Scanned,
};

fn actor(number: u8) -> ActorId {
    DeviceId([1, 0, 0, 0, 0, number]).actor(1)
}

/// A change by `author` who saw `view`, of five long texts that nothing shortens.
fn long(view: &RecordState, author: ActorId) -> Incoming {
    let registers = &view.registers;
    let start_op = registers.max_op() + 1;
    let noise = |index: u64| Sha256::of(&(start_op * 1_000 + index).to_be_bytes()).to_string();
    let text: String = (0..(MAX_TEXT_BYTES / 64) as u64).map(noise).collect();
    let puts = (0..5).map(|index| {
        let key = format!("t{index}");
        let visible = registers.visible(&key);
        Put {
            preds: visible.iter().map(|one| one.op).collect(),
            value: Scalar::text(format!("{index}{}", &text[1..])),
            key,
        }
    });
    let change = Change {
        hash: ChangeHash::default(),
        actor: author,
        seq: registers.seq(author) + 1,
        start_op,
        time: 0,
        deps: registers.head_hashes().collect(),
        puts: puts.collect(),
    };
    Incoming::scan(&encode(&change).0).unwrap()
}

fn grow(state: &mut RecordState, author: ActorId, changes: usize) -> Vec<Incoming> {
    (0..changes)
        .map(|_| {
            let incoming = long(state, author);
            state.push(&incoming.change, incoming.chunk.clone());
            incoming
        })
        .collect()
}

/// Admits one at a time, as a batch of each, the later ones following the first that is stopped.
fn one_by_one(state: &mut RecordState, batch: &[Incoming]) -> Vec<Outcome> {
    let mut stopped = None;
    let each = batch.iter().map(|incoming| {
        let outcome = match stopped {
            Some(stop) => Outcome::Stopped(Stop::follow(stop), None),
            None => admit(state, std::slice::from_ref(incoming), &())
                .outcomes
                .remove(0),
        };
        if let Outcome::Stopped(stop, _) = outcome {
            stopped.get_or_insert(stop);
        }
        outcome
    });
    each.collect()
}

#[test]
fn a_batch_that_outgrows_the_record_enters_as_far_as_it_would_change_by_change() {
    let mut state = RecordState::default();
    grow(&mut state, actor(1), 97);
    state.snapshot = prove(&state).unwrap();
    state.chunks.clear();
    for concurrent in [false, true] {
        let mut view = state.clone();
        let batch = grow(&mut view, actor(2), 9);
        let mut together = state.clone();
        if concurrent {
            grow(&mut together, actor(1), 1);
        }
        let mut single = together.clone();
        let outcomes = one_by_one(&mut single, &batch);
        assert_eq!(outcomes[0], Outcome::Accepted(Path::Document));
        let too_large = Outcome::Stopped(Stop::Refused(RefusedReason::TooLarge), None);
        assert!(outcomes.contains(&too_large));
        assert_eq!(admit(&mut together, &batch, &()).outcomes, outcomes);
        assert_eq!(together, single);
        prove(&together).unwrap();
    }
}

#[test]
fn what_follows_a_gap_is_held_and_what_came_before_it_is_proven() {
    let mut state = RecordState::default();
    grow(&mut state, actor(1), 1);
    let mut view = state.clone();
    let mut batch = grow(&mut view, actor(2), 5);
    grow(&mut state, actor(1), 1);
    batch.remove(2);
    let admitted = admit(&mut state, &batch, &());
    let held = |reason| Outcome::Stopped(Stop::Held(reason), None);
    assert_eq!(
        admitted.outcomes,
        [
            Outcome::Accepted(Path::Document),
            Outcome::Accepted(Path::Document),
            held(HeldReason::MissingDependency),
            held(HeldReason::FollowsHeld),
        ]
    );
    let proven = RecordState::from_snapshot(admitted.proven.unwrap()).unwrap();
    assert_eq!(proven.registers, state.registers);
    assert_eq!(state.registers.seq(actor(2)), 2);
}

#[test]
fn changes_are_kept_scanned_within_the_memory_they_are_given_and_no_further() {
    let mut state = RecordState::default();
    let batch = grow(&mut state, actor(1), 3);
    let chunks: Vec<_> = batch.iter().map(|one| one.chunk.clone()).collect();
    let memory: usize = batch.iter().map(Incoming::memory).sum();
    assert!(memory > chunks.iter().map(Vec::len).sum());
    let all = Scanned::within(&chunks, memory);
    assert_eq!(all, Some(Scanned::of(&chunks)));
    assert_eq!(all.map(|scanned| scanned.batch), Some(batch));
    assert_eq!(Scanned::within(&chunks, memory - 1), None);
}

//! One past every limit on changes and records.

#![cfg(test)]

use automerge::{
    ActorId as AutomergeActor, Automerge, ROOT,
    transaction::{CommitOptions, Transactable},
};
use schemas::{
    path::{ALIVE, RegisterKey},
    value::Scalar,
};
use sync_core::{
    ActorId, ChangeHash, Sha256,
    change::{
        Change, Incoming, Outcome, Path, Put, RefusedReason, ScanError, Stop, admit, encode, prove,
        scan,
    },
    ids::{DeviceId, OpId},
    limits::{
        MAX_BLOB_BYTES, MAX_CHANGE_BYTES, MAX_CHANGES_PER_RECORD, MAX_DEPS, MAX_KEY_BYTES,
        MAX_MESSAGE_BYTES, MAX_OP_COUNTER, MAX_OPS_PER_CHANGE, MAX_OPS_PER_RECORD,
        MAX_OTHER_ACTORS, MAX_PREDS, MAX_REGISTERS_PER_RECORD, MAX_SNAPSHOT_BYTES, MAX_TEXT_BYTES,
        MAX_TIME_MS,
    },
    record::{Edit, RecordState, author},
};

const TOO_LARGE: Outcome = Outcome::Stopped(Stop::Refused(RefusedReason::TooLarge), None);

fn actor(number: u16) -> ActorId {
    let [high, low] = number.to_be_bytes();
    DeviceId([1, 0, 0, 0, high, low]).actor(1)
}

fn put(key: impl Into<String>, value: Scalar) -> Put {
    Put {
        key: key.into(),
        value,
        preds: Vec::new(),
    }
}

/// A first change of these puts.
fn first(puts: Vec<Put>) -> Change {
    Change {
        hash: ChangeHash::default(),
        actor: actor(1),
        seq: 1,
        start_op: 1,
        time: 0,
        deps: Vec::new(),
        puts,
    }
}

/// The change that follows everything in `state`.
fn next(state: &RecordState, author: ActorId, puts: Vec<Put>) -> Incoming {
    let registers = &state.registers;
    let mut change = first(puts);
    change.actor = author;
    change.seq = registers.seq(author) + 1;
    change.start_op = registers.max_op() + 1;
    change.deps = registers.head_hashes().collect();
    for put in &mut change.puts {
        put.preds = registers
            .visible(&put.key)
            .iter()
            .map(|value| value.op)
            .collect();
    }
    Incoming::scan(&encode(&change).0).unwrap()
}

fn scanned(change: &Change) -> Result<Change, ScanError> {
    scan(&encode(change).0)
}

fn enter(state: &mut RecordState, incoming: &Incoming) -> Outcome {
    admit(state, std::slice::from_ref(incoming), &())
        .outcomes
        .remove(0)
}

fn numbered(count: usize) -> Vec<Put> {
    (0..count)
        .map(|index| put(format!("f{index}"), Scalar::Null))
        .collect()
}

fn op(counter: u64, author: ActorId) -> OpId {
    OpId {
        counter,
        actor: author,
    }
}

#[test]
fn a_change_has_at_most_so_many_operations() {
    assert!(scanned(&first(numbered(MAX_OPS_PER_CHANGE))).is_ok());
    assert_eq!(
        scanned(&first(numbered(MAX_OPS_PER_CHANGE + 1))),
        Err(ScanError::TooManyOps)
    );
}

#[test]
fn a_change_has_at_most_so_many_bytes_inflated_or_not() {
    let texts = |last: usize| {
        let lengths = [
            MAX_TEXT_BYTES,
            MAX_TEXT_BYTES,
            MAX_TEXT_BYTES,
            MAX_TEXT_BYTES,
        ];
        let whole = lengths.into_iter().chain([MAX_TEXT_BYTES, last]);
        first(
            whole
                .enumerate()
                .map(|(index, length)| put(format!("t{index}"), Scalar::text("x".repeat(length))))
                .collect(),
        )
    };
    // Magic, checksum, type and a length of three bytes stand before the body.
    let around = encode(&texts(8_000)).0.len() - 8_000 - 12;
    let most = MAX_CHANGE_BYTES - around;
    assert!(scanned(&texts(most)).is_ok());
    let past = encode(&texts(most + 1)).0;
    assert_eq!(scan(&past), Err(ScanError::TooLarge));
    assert!(scan(&deflated(&encode(&texts(most)).0)).is_ok());
    assert_eq!(scan(&deflated(&past)), Err(ScanError::Deflate));
}

/// The same chunk with a deflated body.
fn deflated(plain: &[u8]) -> Vec<u8> {
    use std::io::Write as _;
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(&plain[12..]).unwrap();
    let body = encoder.finish().unwrap();
    let mut chunk = plain[..8].to_vec();
    chunk.push(2);
    let [low, high, ..] = body.len().to_le_bytes();
    // Two LEB128 bytes, for lengths from 128 to 16,383.
    chunk.extend([low | 0x80, (high << 1) | (low >> 7)]);
    chunk.extend(body);
    chunk
}

#[test]
fn a_change_names_at_most_so_many_dependencies() {
    let with = |count: usize| {
        let mut change = first(numbered(1));
        change.deps = (0..count)
            .map(|index| ChangeHash(Sha256::of(&index.to_be_bytes()).0))
            .collect();
        change.deps.sort_unstable();
        change
    };
    assert!(scanned(&with(MAX_DEPS)).is_ok());
    assert_eq!(scanned(&with(MAX_DEPS + 1)), Err(ScanError::TooLarge));
}

#[test]
fn a_change_names_at_most_so_many_other_actors() {
    let with = |count: u16| {
        let mut change = first(numbered(2));
        change.start_op = 10;
        for number in 0..count {
            let author = actor(100 + number);
            change.puts[usize::from(number) % 2]
                .preds
                .push(op(1, author));
        }
        change
    };
    let most = u16::try_from(MAX_OTHER_ACTORS).unwrap();
    assert!(scanned(&with(most)).is_ok());
    assert_eq!(scanned(&with(most + 1)), Err(ScanError::TooLarge));
}

#[test]
fn an_operation_replaces_at_most_so_many_values() {
    let with = |count: usize| {
        let mut change = first(numbered(1));
        change.start_op = 1_000;
        change.puts[0].preds = (1..=count as u64)
            .map(|counter| op(counter, actor(1)))
            .collect();
        change
    };
    assert!(scanned(&with(MAX_PREDS)).is_ok());
    assert_eq!(scanned(&with(MAX_PREDS + 1)), Err(ScanError::TooLarge));
}

#[test]
fn keys_and_values_have_at_most_so_many_bytes() {
    let one = |key: usize, value: Scalar| scanned(&first(vec![put("k".repeat(key), value)]));
    let text = |length: usize| Scalar::text("v".repeat(length));
    assert!(one(MAX_KEY_BYTES, Scalar::Null).is_ok());
    assert_eq!(
        one(MAX_KEY_BYTES + 1, Scalar::Null),
        Err(ScanError::TooLarge)
    );
    assert!(one(1, text(MAX_TEXT_BYTES)).is_ok());
    assert_eq!(one(1, text(MAX_TEXT_BYTES + 1)), Err(ScanError::TooLarge));
    assert!(one(1, Scalar::Bytes(vec![1; MAX_BLOB_BYTES])).is_ok());
    assert_eq!(
        one(1, Scalar::Bytes(vec![1; MAX_BLOB_BYTES + 1])),
        Err(ScanError::TooLarge)
    );
}

#[test]
fn a_change_has_no_message() {
    let with = |length: usize| {
        let mut document = Automerge::new();
        document.set_actor(AutomergeActor::from(&actor(1).0[..]));
        let mut transaction = document.transaction();
        transaction.put(ROOT, ALIVE, 1).unwrap();
        transaction.commit_with(CommitOptions::default().with_message("m".repeat(length)));
        scan(document.get_last_local_change().unwrap().raw_bytes()).err()
    };
    assert_eq!(with(MAX_MESSAGE_BYTES), None);
    assert_eq!(with(MAX_MESSAGE_BYTES + 1), Some(ScanError::TooLarge));
}

#[test]
fn operation_counters_end_at_their_limit() {
    let from = |start_op, count| {
        let mut change = first(numbered(count));
        change.start_op = start_op;
        scanned(&change).err()
    };
    assert_eq!(from(MAX_OP_COUNTER, 1), None);
    assert_eq!(from(MAX_OP_COUNTER, 2), Some(ScanError::Number));
    assert_eq!(from(MAX_OP_COUNTER + 1, 1), Some(ScanError::Number));
    assert_eq!(from(u64::MAX, 2), Some(ScanError::Number));
}

#[test]
fn a_wall_time_lies_between_1970_and_the_year_9999() {
    let at = |time| {
        let mut change = first(numbered(1));
        change.time = time;
        scanned(&change).err()
    };
    assert_eq!((at(0), at(MAX_TIME_MS)), (None, None));
    for time in [-1, MAX_TIME_MS + 1, i64::MIN, i64::MAX] {
        assert_eq!(at(time), Some(ScanError::Time));
    }
}

#[test]
fn a_record_has_at_most_so_many_changes() {
    let mut state = RecordState::default();
    for _ in 0..MAX_CHANGES_PER_RECORD {
        let incoming = next(&state, actor(1), vec![put(ALIVE, Scalar::Int(1))]);
        state.push(&incoming.change, Vec::new());
    }
    let past = next(&state, actor(1), vec![put(ALIVE, Scalar::Int(1))]);
    assert_eq!(enter(&mut state, &past), TOO_LARGE);
}

#[test]
fn a_record_has_at_most_so_many_operations() {
    let mut state = RecordState::default();
    let most = usize::try_from(MAX_OPS_PER_RECORD).unwrap();
    for _ in 0..most / 1_000 - 1 {
        let incoming = next(&state, actor(1), numbered(1_000));
        state.push(&incoming.change, Vec::new());
    }
    let past = next(&state, actor(1), numbered(1_001));
    assert_eq!(enter(&mut state.clone(), &past), TOO_LARGE);
    let fits = next(&state, actor(1), numbered(1_000));
    assert_eq!(enter(&mut state, &fits), Outcome::Accepted(Path::Register));
}

#[test]
fn a_record_has_at_most_so_many_registers() {
    let mut state = RecordState::default();
    let most = next(&state, actor(1), numbered(MAX_REGISTERS_PER_RECORD));
    assert_eq!(enter(&mut state, &most), Outcome::Accepted(Path::Register));
    let past = next(&state, actor(1), vec![put("one_more", Scalar::Null)]);
    assert_eq!(enter(&mut state, &past), TOO_LARGE);
    let known = next(&state, actor(1), vec![put("f7", Scalar::Bool(true))]);
    assert_eq!(enter(&mut state, &known), Outcome::Accepted(Path::Register));
    prove(&state).unwrap();
}

#[test]
fn a_record_that_could_not_be_loaded_again_for_its_size_is_never_made() {
    let mut state = RecordState::default();
    let mut refused = None;
    for round in 0..200_u64 {
        let texts = (0..5)
            .map(|index| put(format!("t{index}"), Scalar::text(noise(round * 5 + index))))
            .collect();
        let incoming = next(&state, actor(1), texts);
        let admitted = admit(&mut state, std::slice::from_ref(&incoming), &());
        if let Some(proven) = admitted.proven {
            state.snapshot = proven;
            state.chunks.clear();
        }
        if let [Outcome::Stopped(..)] = &admitted.outcomes[..] {
            refused = Some(admitted.outcomes);
            break;
        }
    }
    assert_eq!(refused, Some(vec![TOO_LARGE]));
    let snapshot = prove(&state).unwrap();
    assert!(snapshot.len() > MAX_SNAPSHOT_BYTES - MAX_CHANGE_BYTES);
    let small = next(&state, actor(2), vec![put("t0", Scalar::Null)]);
    assert!(matches!(enter(&mut state, &small), Outcome::Accepted(_)));
}

/// Eight kilobytes of text that no column coding shortens.
fn noise(seed: u64) -> String {
    let block = |index: u64| Sha256::of(&(seed * 1_000 + index).to_be_bytes()).to_string();
    (0..(MAX_TEXT_BYTES / 64) as u64).map(block).collect()
}

/// A record of one change, and changes by others who saw only that one.
fn concurrent(count: u16) -> (RecordState, Vec<Incoming>) {
    let mut base = RecordState::default();
    let begin = next(&base, actor(0), vec![put("door_no", Scalar::Null)]);
    enter(&mut base, &begin);
    let changes = (1..=count)
        .map(|number| {
            next(
                &base,
                actor(number),
                vec![put("door_no", Scalar::Int(number.into()))],
            )
        })
        .collect();
    (base, changes)
}

#[test]
fn a_record_has_at_most_as_many_heads_as_an_honest_change_can_name() {
    let heads = u16::try_from(MAX_DEPS).unwrap();
    let (mut state, changes) = concurrent(heads + 1);
    for incoming in &changes[..MAX_DEPS] {
        assert!(matches!(enter(&mut state, incoming), Outcome::Accepted(_)));
    }
    assert_eq!(enter(&mut state, &changes[MAX_DEPS]), TOO_LARGE);
    let merge = author(&state, actor(999), &[Edit::Restore], 1).unwrap();
    let merge = Incoming::scan(&merge.chunk).unwrap();
    assert_eq!(enter(&mut state, &merge), Outcome::Accepted(Path::Register));
    assert!(matches!(
        enter(&mut state, &changes[MAX_DEPS]),
        Outcome::Accepted(_)
    ));
}

#[test]
fn a_register_has_at_most_as_many_values_as_an_honest_change_can_replace() {
    let values = u16::try_from(MAX_PREDS).unwrap();
    let (mut state, changes) = concurrent(values + 1);
    for group in changes.chunks(MAX_DEPS / 2) {
        admit(&mut state, group, &());
        let merge = next(&state, actor(999), vec![put("other", Scalar::Null)]);
        assert_eq!(enter(&mut state, &merge), Outcome::Accepted(Path::Register));
    }
    assert_eq!(state.registers.visible("door_no").len(), MAX_PREDS);
    assert_eq!(enter(&mut state, &changes[MAX_PREDS]), TOO_LARGE);
    let key = RegisterKey::parse("door_no").unwrap();
    let settle = Edit::Set {
        key,
        value: Scalar::text("12"),
    };
    let made = author(&state, actor(998), &[Edit::Restore, settle], 1).unwrap();
    let made = Incoming::scan(&made.chunk).unwrap();
    assert_eq!(enter(&mut state, &made), Outcome::Accepted(Path::Register));
    prove(&state).unwrap();
}

#[test]
fn the_same_rows_written_in_other_runs_are_refused() {
    let chunk = encode(&first(vec![put(ALIVE, Scalar::Int(1))])).0;
    // Insert: once false. Action: a literal of one put; written as a run of one it says the same.
    let at = chunk
        .windows(3)
        .position(|bytes| bytes == [1, 0x7F, 1])
        .unwrap();
    let mut other = chunk.clone();
    other[at + 1] = 1;
    // Type, length and body are what is hashed.
    let checksum = Sha256::of(&other[8..]).0;
    other[4..8].copy_from_slice(&checksum[..4]);
    assert!(scan(&chunk).is_ok());
    assert_eq!(scan(&other), Err(ScanError::NotCanonical));
}

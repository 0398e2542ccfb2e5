//! Bodies of all versions: what goes in comes out byte for byte, and it is small.

#![cfg(test)]

use std::collections::BTreeMap;

use schemas::{path::RegisterKey, value::Scalar};
use sync_core::{
    ActorId, ChangeHash, DeviceId, RecordId,
    bundle::{
        ChangeIndex, NoIndex, RecordChanges, RecordRef, decode_raw, deflate, encode_raw, expand,
        strip,
    },
    change::{Incoming, admit},
    limits::{MAX_CHANGE_BYTES, MAX_TEXT_BYTES},
    record::{Edit, RecordState, author},
};

/// An index over whole records, as a phone or a server has one.
#[derive(Default)]
struct Book {
    changes: BTreeMap<(RecordId, ChangeHash), (ActorId, u64)>,
    numbers: BTreeMap<u32, RecordId>,
}

impl ChangeIndex for Book {
    fn locate(&self, record: &RecordId, hash: &ChangeHash) -> Option<(ActorId, u64)> {
        self.changes.get(&(*record, *hash)).copied()
    }
    fn hash(&self, record: &RecordId, actor: ActorId, seq: u64) -> Option<ChangeHash> {
        let found = |(at, place): &(&(RecordId, ChangeHash), &(ActorId, u64))| {
            at.0 == *record && **place == (actor, seq)
        };
        self.changes.iter().find(found).map(|((_, hash), _)| *hash)
    }
    fn reference(&self, record: &RecordId) -> RecordRef {
        match self.numbers.iter().find(|(_, known)| *known == record) {
            Some((number, _)) => RecordRef::Number {
                epoch: 1,
                grid: "310112001001001".into(),
                number: *number,
            },
            None => RecordRef::Id(*record),
        }
    }
    fn record(&self, epoch: u64, _: &str, number: u32) -> Option<RecordId> {
        (epoch == 1)
            .then(|| self.numbers.get(&number).copied())
            .flatten()
    }
}

fn device(first: u8) -> DeviceId {
    DeviceId([first, 0x42, 0x17, 0x99, 0xA0, 0x3C])
}

fn set(key: &str, value: Scalar) -> Edit {
    Edit::Set {
        key: RegisterKey::parse(key).unwrap(),
        value,
    }
}

fn commit(state: &mut RecordState, actor: ActorId, edits: &[Edit], now: i64) -> Vec<u8> {
    let made = author(state, actor, edits, now).unwrap();
    let incoming = Incoming {
        change: made.change,
        chunk: made.chunk.clone(),
    };
    admit(state, &[incoming], &());
    made.chunk
}

/// A hundred shops that the server knows, and three edits of each, as an afternoon's work.
fn afternoon() -> (Book, Vec<RecordChanges>) {
    let mut book = Book::default();
    let mut records = Vec::new();
    let mut now = 1_790_000_000_000;
    for number in 0..100_u32 {
        let record = RecordId::derived("test", &number.to_string());
        let mut state = RecordState::default();
        let door = format!("古美路{number}号");
        let new = [
            set("door_no", Scalar::text(door)),
            set("sign_name", Scalar::text("小店")),
        ];
        commit(&mut state, device(9).actor(1), &new, now - 86_400_000);
        for head in state.registers.heads() {
            book.changes
                .insert((record, head.hash), (head.actor, head.seq));
        }
        book.numbers.insert(number, record);
        let edits = [
            set(
                "operating_state",
                Scalar::text(["open", "closed"][number as usize % 2]),
            ),
            set(
                "business_type",
                Scalar::text(format!("52{:02}", number % 40)),
            ),
            set("sign_name", Scalar::text(format!("小店{}号", number * 7))),
        ];
        let chunks = edits
            .iter()
            .map(|edit| {
                now += 17_321 + i64::from(number) * 31;
                commit(
                    &mut state,
                    device(1).actor(1),
                    std::slice::from_ref(edit),
                    now,
                )
            })
            .collect();
        records.push(RecordChanges {
            record,
            header: None,
            proposed: false,
            chunks,
        });
    }
    (book, records)
}

#[test]
fn an_afternoon_of_300_edits_is_small_in_both_versions() {
    let (book, records) = afternoon();
    let raw = encode_raw(&records);
    let stripped = strip(&records, &book, 1_790_000_000_000);
    assert_eq!(decode_raw(&raw).unwrap(), records);
    assert_eq!(expand(&stripped, &book).unwrap(), records);
    let (first, second) = (deflate(&raw).len(), deflate(&stripped).len());
    println!("version 1: {first} B, version 2: {second} B for 300 edits");
    assert!(
        first <= 20_000 && second <= 7_000,
        "{first} and {second} bytes"
    );
}

#[test]
fn the_largest_change_travels_in_both_versions() {
    let made = |last: usize| {
        let text = |length| Scalar::text("x".repeat(length));
        let mut edits: Vec<Edit> = ["a", "b", "c", "d", "e"]
            .map(|key| set(key, text(MAX_TEXT_BYTES)))
            .into();
        edits.push(set("f", text(last)));
        author(&RecordState::default(), device(1).actor(1), &edits, 1)
    };
    // The longest text with which the scanner still takes the change.
    let last = (1..=MAX_TEXT_BYTES).rfind(|last| made(*last).is_ok());
    let chunk = made(last.unwrap()).unwrap().chunk;
    assert!(last.unwrap() < MAX_TEXT_BYTES && chunk.len() > MAX_CHANGE_BYTES);
    let records = [RecordChanges {
        record: RecordId([1; 16]),
        header: None,
        proposed: false,
        chunks: vec![chunk],
    }];
    assert_eq!(decode_raw(&encode_raw(&records)).unwrap(), records);
    assert_eq!(
        expand(&strip(&records, &NoIndex, 0), &NoIndex).unwrap(),
        records
    );
}

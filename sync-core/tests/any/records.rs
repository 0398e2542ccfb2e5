//! Random records: several devices edit one, seeing each other's changes or not.

use proptest::{collection::vec, prelude::*};
use schemas::{path::RegisterKey, value::Scalar};
use sync_core::{
    DeviceId, RecordId, Salt,
    bundle::{NoIndex, RecordChanges, decode_raw, encode_raw, expand, strip},
    change::{Incoming, admit},
    record::{Edit, Header, RecordState, Registers, author},
};

use super::Message;

/// Which device, which field, which value, and whether it first takes what the others made.
pub(crate) type Touch = (usize, usize, Scalar, bool);

/// A record's life.
pub(crate) fn edits() -> impl Strategy<Value = Vec<Touch>> {
    let value = prop_oneof![
        Just(Scalar::Null),
        any::<bool>().prop_map(Scalar::Bool),
        any::<i64>().prop_map(Scalar::Int),
        "[a-z店门]{0,20}".prop_map(Scalar::Text),
        vec(any::<u8>(), 0..40).prop_map(Scalar::Bytes),
    ];
    vec((0_usize..3, 0_usize..4, value, any::<bool>()), 1..12)
}

/// The record's registers, and a body of its changes in versions 1 and 2.
pub(crate) fn records(edits: &[Touch]) -> Vec<Message> {
    let (state, chunks) = live(edits);
    let header = Header {
        kind: "shop".into(),
        grid: "310112001001001".into(),
        move_number: 0,
        salt: Salt([1; 16]),
    };
    let records = vec![
        RecordChanges {
            record: RecordId([1; 16]),
            header: Some(header.clone()),
            proposed: true,
            chunks: chunks.clone(),
        },
        RecordChanges {
            record: RecordId([2; 16]),
            header: Some(header),
            proposed: false,
            chunks: chunks.into_iter().rev().collect(),
        },
    ];
    let registers = state.registers.to_bytes();
    let raw = encode_raw(&records);
    let stripped = strip(&records, &NoIndex, 1_790_000_000_000);
    vec![
        Message {
            rule: "registers",
            comes_back: Registers::from_bytes(&registers).as_ref() == Ok(&state.registers),
            bytes: registers,
        },
        Message {
            rule: "raw-body",
            comes_back: decode_raw(&raw).as_ref() == Ok(&records),
            bytes: raw,
        },
        Message {
            rule: "stripped-body",
            comes_back: expand(&stripped, &NoIndex).as_ref() == Ok(&records),
            bytes: stripped,
        },
    ]
}

/// The record once everyone has everything, and its changes in the order of their making.
fn live(edits: &[Touch]) -> (RecordState, Vec<Vec<u8>>) {
    let keys = ["door_no", "sign_name", "roles#operator", "area"];
    let mut states = vec![RecordState::default(); 3];
    let mut seen = [0; 3];
    let mut made: Vec<Incoming> = Vec::new();
    for (step, (device, key, value, pulls)) in edits.iter().enumerate() {
        if *pulls {
            admit(&mut states[*device], &made[seen[*device]..], &());
            seen[*device] = made.len();
        }
        let actor = DeviceId([u8::try_from(*device).unwrap(), 0, 0, 0, 0, 1]).actor(1);
        let edit = Edit::Set {
            key: RegisterKey::parse(keys[*key]).unwrap(),
            value: value.clone(),
        };
        let now = 1_790_000_000_000 + i64::try_from(step).unwrap() * 977;
        // A put that changes nothing makes no change.
        let Ok(change) = author(&states[*device], actor, &[edit], now) else {
            continue;
        };
        let incoming = Incoming {
            change: change.change,
            chunk: change.chunk,
        };
        admit(&mut states[*device], std::slice::from_ref(&incoming), &());
        made.push(incoming);
    }
    admit(&mut states[0], &made, &());
    let chunks = made.into_iter().map(|incoming| incoming.chunk).collect();
    (states.swap_remove(0), chunks)
}

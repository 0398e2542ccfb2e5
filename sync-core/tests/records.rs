//! Records edited on several devices, delivered in any order.

use proptest::prelude::*;
use schemas::{path::RegisterKey, value::Scalar};
use sync_core::{
    change::{Incoming, Outcome, Path, admit, encode, prove, scan},
    ids::DeviceId,
    record::{Edit, RecordState, Registers, View, author, history},
};

fn set(key: &str, value: &str) -> Edit {
    Edit::Set {
        key: RegisterKey::parse(key).unwrap(),
        value: Scalar::text(value),
    }
}

fn commit(state: &mut RecordState, device: u8, edits: &[Edit], now: i64) -> Incoming {
    let actor = DeviceId([device, 0, 0, 0, 0, 1]).actor(1);
    let made = author(state, actor, edits, now).unwrap();
    assert_eq!(encode(&made.change), (made.chunk.clone(), made.change.hash));
    let incoming = Incoming {
        change: made.change,
        chunk: made.chunk,
    };
    let admitted = admit(state, std::slice::from_ref(&incoming), &());
    assert_eq!(admitted.outcomes, [Outcome::Accepted(Path::Register)]);
    incoming
}

#[test]
fn two_devices_that_set_one_field_make_a_conflict_that_both_see() {
    let mut a = RecordState::default();
    let first = commit(&mut a, 1, &[set("door_no", "12"), Edit::Restore], 1_000);
    let mut b = RecordState::default();
    assert_eq!(
        admit(&mut b, &[first], &()).outcomes,
        [Outcome::Accepted(Path::Register)]
    );
    let from_a = commit(&mut a, 1, &[set("door_no", "12甲")], 2_000);
    let from_b = commit(&mut b, 2, &[set("door_no", "12乙")], 2_000);
    assert_eq!(
        admit(&mut a, &[from_b], &()).outcomes,
        [Outcome::Accepted(Path::Document)]
    );
    let admitted = admit(&mut b, &[from_a.clone(), from_a], &());
    assert_eq!(
        admitted.outcomes,
        [Outcome::Accepted(Path::Document), Outcome::Duplicate]
    );
    assert_eq!(a.registers, b.registers);
    let view = View::of(&a.registers);
    assert_eq!(view.conflicts, ["door_no"]);
    assert_eq!(view.fields["door_no"].values.len(), 2);
    assert_eq!(history(&a).unwrap(), history(&b).unwrap());
    let snapshot = prove(&a).unwrap();
    assert_eq!(
        RecordState::from_snapshot(snapshot).unwrap().registers,
        a.registers
    );
    let bytes = a.registers.to_bytes();
    assert_eq!(Registers::from_bytes(&bytes).unwrap(), a.registers);
    println!(
        "registers {} B, chunk {} B, snapshot {} B",
        bytes.len(),
        a.chunks[0].len(),
        prove(&a).unwrap().len()
    );
    let _ = scan(&[]);
}

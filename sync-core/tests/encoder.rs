//! Our encoder writes a change byte for byte as Automerge does.

#![cfg(test)]

mod peer;

use proptest::{collection::vec, prelude::*};
use schemas::{path::RegisterKey, value::Scalar};
use sync_core::{
    DeviceId,
    change::{Change, Incoming, admit},
    record::{Edit, RecordState, Registers, author},
};

const KEYS: [&str; 5] = ["door_no", "sign_name", "roles#operator", "area", "place"];

/// A commit: the device, whether it first takes what the others made, and what it sets.
type Commit = (usize, bool, Vec<(usize, Scalar)>);

fn values() -> impl Strategy<Value = Scalar> {
    prop_oneof![
        Just(Scalar::Null),
        any::<bool>().prop_map(Scalar::Bool),
        any::<i64>().prop_map(Scalar::Int),
        (-70_i64..70).prop_map(Scalar::Int),
        "[a-z店门]{0,60}".prop_map(Scalar::Text),
        vec(any::<u8>(), 0..200).prop_map(Scalar::Bytes),
    ]
}

fn commits() -> impl Strategy<Value = Vec<Commit>> {
    let sets = vec((0..KEYS.len(), values()), 1..6);
    vec((0_usize..4, any::<bool>(), sets), 1..16)
}

/// Automerge deletes the others where one of several visible values is put: docs/adr/0010.
fn chooses(registers: &Registers, key: &str, value: &Scalar) -> bool {
    let visible = registers.visible(key);
    visible.len() > 1 && visible.iter().any(|known| known.value == *value)
}

fn lived(commits: &[Commit]) -> Vec<(Change, Vec<u8>)> {
    let mut states = vec![RecordState::default(); 4];
    let mut seen = [0; 4];
    let mut made: Vec<Incoming> = Vec::new();
    for (step, (device, pulls, sets)) in commits.iter().enumerate() {
        if *pulls {
            admit(&mut states[*device], &made[seen[*device]..], &());
            seen[*device] = made.len();
        }
        let state = &mut states[*device];
        let edits: Vec<Edit> = sets
            .iter()
            .filter(|(key, value)| !chooses(&state.registers, KEYS[*key], value))
            .map(|(key, value)| Edit::Set {
                key: RegisterKey::parse(KEYS[*key]).unwrap(),
                value: value.clone(),
            })
            .collect();
        let first = u8::try_from(7 * *device).unwrap();
        let actor = DeviceId([first, 0, 0, 0, 0, 1]).actor(1);
        let now = 1_790_000_000_000 + i64::try_from(step).unwrap() * 977;
        // Edits that change nothing make no change.
        let Ok(written) = author(state, actor, &edits, now) else {
            continue;
        };
        let incoming = Incoming {
            change: written.change,
            chunk: written.chunk,
        };
        admit(state, std::slice::from_ref(&incoming), &());
        made.push(incoming);
    }
    made.into_iter()
        .map(|incoming| (incoming.change, incoming.chunk))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn random_changes_have_the_bytes_that_automerge_writes(commits in commits()) {
        let changes = lived(&commits);
        prop_assert_eq!(peer::compared(&changes), changes.len());
    }
}

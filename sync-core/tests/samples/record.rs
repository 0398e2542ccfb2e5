//! Changes, headers, registers, and the ids that are derived.

use sync_core::{
    RecordId, Sha256,
    change::{Change, encode, scan},
    record::{Authored, Registers, entry_id},
};

use super::{
    Sample, cbor, hex, read_by,
    story::{A, DECISIONS, NOW, Story, header, imported, licence, shop},
    text,
};

pub(crate) fn samples() -> Vec<Sample> {
    let story = Story::new();
    let registers = story.state.registers.clone();
    vec![
        change(
            "change-first",
            "a record begins: every type of value, an entry, no predecessors",
            &story.first,
        ),
        change(
            "change-second",
            "the same author goes on: predecessors of its own, a cleared field",
            &story.second,
        ),
        change(
            "change-concurrent",
            "a delete and an edit by someone who had seen the first change only",
            &story.by_c,
        ),
        change(
            "change-decision",
            "a decision over two concurrent values: two deps, predecessors of other actors",
            &story.decision,
        ),
        cbor(
            "header",
            "header",
            "a proposed header",
            header("shop", 0x5A),
        ),
        read_by(
            "registers",
            Some("registers"),
            "the shop after all changes: a decision contested by a later edit, presence contested",
            registers.to_bytes(),
            move |bytes| Ok(Registers::from_bytes(bytes).map_err(text)? == registers),
        ),
    ]
}

fn change(name: &'static str, note: &'static str, made: &Authored) -> Sample {
    let change: Change = made.change.clone();
    let bytes = made.chunk.clone();
    assert_eq!(encode(&change).0, bytes, "{name}: not what Automerge wrote");
    read_by(name, None, note, bytes, move |bytes| {
        Ok(scan(bytes).map_err(text)? == change)
    })
}

pub(crate) fn derivations() -> String {
    let story = Story::new();
    let key = [1; 32];
    let sha_of_key = Sha256::of(&key);
    let lines = [
        (
            "actor of device 01421799a03c in epoch 258".to_owned(),
            A.actor(258).to_string(),
        ),
        (
            format!("RecordId::new_v7({NOW}, 11 ten times)"),
            shop().to_string(),
        ),
        (
            "RecordId::derived(\"san-mateo\", \"PR0000114\")".to_owned(),
            imported().to_string(),
        ),
        (
            "RecordId::derived(\"\", \"\")".to_owned(),
            RecordId::derived("", "").to_string(),
        ),
        (
            "entry_id(0142 1799 a03c 0001, seq 1, index 0)".to_owned(),
            format!("{} = {}", hex(&licence().0), licence()),
        ),
        (
            "entry_id(ff00 0000 0001 ffff, seq 4294967296, index 65537)".to_owned(),
            hex(&entry_id(DECISIONS.actor(0xFFFF), 1 << 32, 65_537).0),
        ),
        (
            "hash of change-first".to_owned(),
            story.first.change.hash.to_string(),
        ),
        (
            "hash of change-decision".to_owned(),
            story.decision.change.hash.to_string(),
        ),
        (
            "SHA-256 of a key of 32 times 01".to_owned(),
            sha_of_key.to_string(),
        ),
        (
            "fingerprint words of that key".to_owned(),
            sync_core::bundle::fingerprint_words(&key).join(" "),
        ),
    ];
    lines
        .map(|(what, value)| format!("{what} = {value}\n"))
        .concat()
}

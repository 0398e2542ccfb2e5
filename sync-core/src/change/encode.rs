//! Writes a change chunk byte for byte as Automerge writes it, so that wire version 2 can leave
//! out whatever the receiver can rebuild.

use std::collections::BTreeSet;

use schemas::value::Scalar;

use super::{
    Change,
    column::{write_deltas, write_numbers, write_runs},
    columns::{ids, types},
    leb::{write_signed, write_unsigned},
    scan::{MAGIC, TYPE_CHANGE, hash_body},
};
use crate::ids::{ActorId, ChangeHash, OpId};

/// The plain chunk of a change and its hash. `change.hash` is not read.
pub fn encode(change: &Change) -> (Vec<u8>, ChangeHash) {
    let body = encode_body(change);
    let hash = hash_body(&body);
    let mut chunk = Vec::with_capacity(body.len() + 12);
    chunk.extend_from_slice(&MAGIC);
    chunk.extend_from_slice(hash.0.first_chunk::<4>().unwrap_or(&[0; 4]));
    chunk.push(TYPE_CHANGE);
    write_unsigned(&mut chunk, body.len() as u64);
    chunk.extend_from_slice(&body);
    (chunk, hash)
}

/// The body alone.
pub(super) fn encode_body(change: &Change) -> Vec<u8> {
    let others: Vec<ActorId> = preds(change)
        .map(|op| op.actor)
        .filter(|actor| *actor != change.actor)
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    let mut out = Vec::with_capacity(128);
    write_unsigned(&mut out, change.deps.len() as u64);
    for dep in &change.deps {
        out.extend_from_slice(dep.as_bytes());
    }
    write_actor(&mut out, change.actor);
    write_unsigned(&mut out, change.seq);
    write_unsigned(&mut out, change.start_op);
    write_signed(&mut out, change.time);
    write_unsigned(&mut out, 0);
    write_unsigned(&mut out, others.len() as u64);
    for actor in &others {
        write_actor(&mut out, *actor);
    }
    let columns = encode_columns(change, &others);
    write_unsigned(&mut out, columns.len() as u64);
    for (id, bytes) in &columns {
        write_unsigned(&mut out, *id);
        write_unsigned(&mut out, bytes.len() as u64);
    }
    for (_, bytes) in &columns {
        out.extend_from_slice(bytes);
    }
    out
}

fn preds(change: &Change) -> impl Iterator<Item = OpId> {
    change.puts.iter().flat_map(|put| put.preds.iter().copied())
}

fn write_actor(out: &mut Vec<u8>, actor: ActorId) {
    write_unsigned(out, ActorId::LEN as u64);
    out.extend_from_slice(actor.as_bytes());
}

fn encode_columns(change: &Change, others: &[ActorId]) -> Vec<(u64, Vec<u8>)> {
    let rows = change.puts.len();
    let column = |write: &dyn Fn(&mut Vec<u8>)| {
        let mut out = Vec::new();
        write(&mut out);
        out
    };
    let keys: Vec<&str> = change.puts.iter().map(|put| put.key.as_str()).collect();
    let metas: Vec<u64> = change
        .puts
        .iter()
        .map(|put| value_meta(&put.value))
        .collect();
    let counts: Vec<u64> = change
        .puts
        .iter()
        .map(|put| put.preds.len() as u64)
        .collect();
    let actors: Vec<u64> = preds(change)
        .map(|op| {
            others
                .binary_search(&op.actor)
                .map_or(0, |index| index as u64 + 1)
        })
        .collect();
    let counters: Vec<u64> = preds(change).map(|op| op.counter).collect();
    let mut all = vec![
        (
            ids::KEY,
            column(&|out| {
                write_runs(out, &keys, |out, key| {
                    write_unsigned(out, key.len() as u64);
                    out.extend_from_slice(key.as_bytes());
                });
            }),
        ),
        (ids::INSERT, column(&|out| write_unsigned(out, rows as u64))),
        (
            ids::ACTION,
            column(&|out| write_numbers(out, &vec![1; rows])),
        ),
        (ids::VALUE_META, column(&|out| write_numbers(out, &metas))),
        (
            ids::VALUE,
            column(&|out| {
                change
                    .puts
                    .iter()
                    .for_each(|put| write_value(out, &put.value));
            }),
        ),
        (ids::PRED_COUNT, column(&|out| write_numbers(out, &counts))),
        (ids::PRED_ACTOR, column(&|out| write_numbers(out, &actors))),
        (
            ids::PRED_COUNTER,
            column(&|out| write_deltas(out, &counters)),
        ),
    ];
    all.retain(|(_, bytes)| !bytes.is_empty());
    all
}

fn value_meta(value: &Scalar) -> u64 {
    match value {
        Scalar::Null => types::NULL,
        Scalar::Bool(false) => types::FALSE,
        Scalar::Bool(true) => types::TRUE,
        Scalar::Int(int) => {
            let mut out = Vec::with_capacity(10);
            write_signed(&mut out, *int);
            (out.len() as u64) << 4 | types::INT
        }
        Scalar::Text(text) => (text.len() as u64) << 4 | types::TEXT,
        Scalar::Bytes(bytes) => (bytes.len() as u64) << 4 | types::BYTES,
    }
}

fn write_value(out: &mut Vec<u8>, value: &Scalar) {
    match value {
        Scalar::Null | Scalar::Bool(_) => {}
        Scalar::Int(int) => write_signed(out, *int),
        Scalar::Text(text) => out.extend_from_slice(text.as_bytes()),
        Scalar::Bytes(bytes) => out.extend_from_slice(bytes),
    }
}

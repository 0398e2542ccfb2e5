//! An afternoon's work on the wire: 300 edits over 100 shops that the server knows.

use std::{collections::BTreeMap, hint::black_box};

use gridbook_tests::world::Rng;
use schemas::Scalar;
use sync_core::{
    ActorId, ChangeHash, RecordId,
    bundle::{
        ChangeIndex, RecordChanges, RecordRef, decode_raw, deflate, encode_raw, expand, inflate,
        strip,
    },
    change::{Incoming, scan},
    limits::MAX_BODY_BYTES,
};

use crate::{
    Result, Setting,
    book::{GRID, NOW},
    changes::{SECOND, changed, recorded},
    measure::time,
    table::{Figure, Row},
};

const SHOPS: usize = 100;
const EDITS: usize = 3;
const SAMPLES: usize = 100;

/// What both ends know.
#[derive(Default)]
struct Known {
    changes: BTreeMap<(RecordId, ChangeHash), (ActorId, u64)>,
    hashes: BTreeMap<(RecordId, ActorId, u64), ChangeHash>,
    numbers: BTreeMap<RecordId, u32>,
    records: BTreeMap<u32, RecordId>,
}

impl ChangeIndex for Known {
    fn locate(&self, record: &RecordId, hash: &ChangeHash) -> Option<(ActorId, u64)> {
        self.changes.get(&(*record, *hash)).copied()
    }
    fn hash(&self, record: &RecordId, actor: ActorId, seq: u64) -> Option<ChangeHash> {
        self.hashes.get(&(*record, actor, seq)).copied()
    }
    fn reference(&self, record: &RecordId) -> RecordRef {
        match self.numbers.get(record) {
            Some(number) => RecordRef::Number {
                epoch: 1,
                grid: GRID.into(),
                number: *number,
            },
            None => RecordRef::Id(*record),
        }
    }
    fn record(&self, epoch: u64, _: &str, number: u32) -> Option<RecordId> {
        self.records.get(&number).filter(|_| epoch == 1).copied()
    }
}

/// The work, and the same as JSON: what a plain form server would be sent.
fn afternoon(seed: u64) -> Result<(Known, Vec<RecordChanges>, String)> {
    let mut rng = Rng::new(seed);
    let (mut known, mut records, mut json) = (Known::default(), Vec::new(), String::new());
    let mut now = NOW;
    for number in 0..SHOPS {
        let record = RecordId::new_v7(
            u64::try_from(now)?,
            std::array::from_fn(|_| {
                let [byte, ..] = rng.next().to_be_bytes();
                byte
            }),
        );
        let mut state = recorded(&mut rng, number)?;
        for head in state.registers.heads() {
            known
                .changes
                .insert((record, head.hash), (head.actor, head.seq));
            known
                .hashes
                .insert((record, head.actor, head.seq), head.hash);
        }
        let place = u32::try_from(number * 7 + rng.below(7))?;
        known.numbers.insert(record, place);
        known.records.insert(place, record);
        let mut chunks = Vec::with_capacity(EDITS);
        for _ in 0..EDITS {
            now += 15_000 + i64::try_from(rng.below(80_000))?;
            let Incoming { change, chunk } = changed(&mut rng, &state, SECOND, now)?;
            for put in change.puts.iter().filter(|put| put.key != "_alive") {
                json += &line(record, &put.key, &put.value, now);
            }
            state.push(&change, chunk.clone());
            chunks.push(chunk);
        }
        records.push(RecordChanges {
            record,
            header: None,
            proposed: false,
            chunks,
        });
    }
    Ok((known, records, json))
}

fn line(record: RecordId, key: &str, value: &Scalar, now: i64) -> String {
    let value = match value {
        Scalar::Null => "null".to_owned(),
        Scalar::Bool(value) => value.to_string(),
        Scalar::Int(value) => value.to_string(),
        Scalar::Text(value) => format!("\"{value}\""),
        Scalar::Bytes(value) => format!("{value:?}"),
    };
    format!("{{\"id\":\"{record}\",\"field\":\"{key}\",\"value\":{value},\"at\":{now}}}\n")
}

pub(crate) fn rows(setting: &Setting) -> Result<Vec<Row>> {
    let (known, records, json) = afternoon(setting.seed)?;
    let (raw, stripped) = (encode_raw(&records), strip(&records, &known, NOW));
    if expand(&stripped, &known)? != records || decode_raw(&raw)? != records {
        return Err("what was stripped does not come back".into());
    }
    let (first, second) = (deflate(&raw), deflate(&stripped));
    let json = deflate(json.as_bytes()).len();
    let bytes = |name: &str, body: &[u8], target| {
        let row = Row::bytes(
            format!("300 edits of 100 shops, wire version {name}"),
            body.len(),
        );
        row.of(SHOPS * EDITS).target(Figure::Bytes(target))
    };
    let json = crate::measure::float(json);
    let out = time(SAMPLES, 1, || Ok(deflate(&strip(&records, &known, NOW))))?;
    let out_raw = time(SAMPLES, 1, || Ok(deflate(&encode_raw(&records))))?;
    let back = time(SAMPLES, 1, || {
        Ok(expand(&inflate(&second, MAX_BODY_BYTES)?, &known)?)
    })?;
    let back_raw = time(SAMPLES, 1, || {
        for record in decode_raw(&inflate(&first, MAX_BODY_BYTES)?)? {
            for chunk in &record.chunks {
                black_box(scan(chunk)?);
            }
        }
        Ok(())
    })?;
    Ok(vec![
        bytes("1", &first, 16_000.0).beside("the same as JSON, deflated", Figure::Bytes(json)),
        bytes("2", &second, 7_000.0).beside("the same as JSON, deflated", Figure::Bytes(json)),
        Row::time("strip and deflate them", &out).beside_time("version 1, deflated", &out_raw),
        Row::time("inflate and expand them", &back)
            .beside_time("version 1, inflated and scanned", &back_raw),
    ])
}

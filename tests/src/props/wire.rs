//! Bodies between two ends that know different things.

use std::collections::{BTreeMap, BTreeSet};

use sync_core::{
    ActorId, ChangeHash, RecordId, Salt,
    bundle::{
        ChangeIndex, RecordChanges, RecordRef, WireError, decode_raw, encode_raw, expand, strip,
    },
    record::Header,
};

use super::{Checked, holds, life::Life, same, shuffle};
use crate::world::Rng;

const GRID: &str = "310112001001001";
const EPOCH: u64 = 3;

/// What one end knows: changes of records, and numbers of records.
#[derive(Clone, Default)]
pub struct Known {
    changes: BTreeMap<(RecordId, ChangeHash), (ActorId, u64)>,
    numbers: BTreeMap<u32, RecordId>,
}

impl ChangeIndex for Known {
    fn locate(&self, record: &RecordId, hash: &ChangeHash) -> Option<(ActorId, u64)> {
        self.changes.get(&(*record, *hash)).copied()
    }

    fn hash(&self, record: &RecordId, actor: ActorId, seq: u64) -> Option<ChangeHash> {
        let is_it = |(at, place): &(&(RecordId, ChangeHash), &(ActorId, u64))| {
            at.0 == *record && **place == (actor, seq)
        };
        self.changes.iter().find(is_it).map(|((_, hash), _)| *hash)
    }

    fn reference(&self, record: &RecordId) -> RecordRef {
        let number = self.numbers.iter().find(|(_, known)| *known == record);
        match number {
            Some((number, _)) => RecordRef::Number {
                epoch: EPOCH,
                grid: GRID.to_owned(),
                number: *number,
            },
            None => RecordRef::Id(*record),
        }
    }

    fn record(&self, epoch: u64, grid: &str, number: u32) -> Option<RecordId> {
        let known = epoch == EPOCH && grid == GRID;
        self.numbers.get(&number).copied().filter(|_| known)
    }
}

/// The records of some lives, split into what both ends know already and what travels.
pub fn parcel(lives: &[Life], rng: &mut Rng) -> (Known, Vec<RecordChanges>) {
    let mut known = Known::default();
    let mut records = Vec::new();
    for (at, life) in lives.iter().enumerate() {
        let record = RecordId::derived("parcel", &at.to_string());
        if rng.chance(60) {
            known
                .numbers
                .insert(u32::try_from(rng.below(900) * 4 + at).unwrap_or(0), record);
        }
        // Both know some changes and all that those had seen.
        let mut old = BTreeSet::new();
        for seen in &life.seen {
            if rng.chance(15) {
                old.extend(seen.iter().copied());
            }
        }
        for change in life
            .changes(&old)
            .into_iter()
            .map(|incoming| incoming.change)
        {
            known
                .changes
                .insert((record, change.hash), (change.actor, change.seq));
        }
        let new = life
            .made
            .iter()
            .enumerate()
            .filter(|(at, _)| !old.contains(at));
        let mut chunks: Vec<Vec<u8>> = new.map(|(_, incoming)| incoming.chunk.clone()).collect();
        if rng.chance(10) {
            shuffle(&mut chunks, rng);
        }
        let header = rng.chance(50).then(|| Header {
            kind: "shop".to_owned(),
            grid: GRID.to_owned(),
            move_number: rng.next() % 3,
            salt: Salt([7; 16]),
        });
        let proposed = header.is_some() && rng.chance(50);
        records.push(RecordChanges {
            record,
            header,
            proposed,
            chunks,
        });
    }
    (known, records)
}

/// Both versions come back byte for byte, and an end that knows less than was thought says so
/// rather than build something else.
pub fn comes_back(known: &Known, records: &Vec<RecordChanges>, rng: &mut Rng) -> Checked {
    let raw = decode_raw(&encode_raw(records)).map_err(|error| error.to_string())?;
    same("version 1 comes back", &raw, records)?;
    let base = 1_790_000_000_000 - i64::try_from(rng.next() >> 20).unwrap_or(0);
    let body = strip(records, known, base);
    let stripped = expand(&body, known).map_err(|error| error.to_string())?;
    same("version 2 comes back", &stripped, records)?;
    let mut less = known.clone();
    less.changes.retain(|_, _| rng.chance(70));
    less.numbers.retain(|_, _| rng.chance(90));
    match expand(&body, &less) {
        Ok(rebuilt) => same("version 2 is exact or nothing", &rebuilt, records),
        Err(error) => holds(
            "what is not known is asked for",
            error == WireError::Unknown,
        ),
    }
}

//! Version 2, outgoing: hash, checksum, counters, predecessors and dependencies are left out where
//! the receiver can tell them from what went before (docs/PROTOCOL.md, "Wire version 2").

use std::collections::BTreeMap;

use minicbor::Encoder;
use schemas::value::Scalar;

use super::{ChangeIndex, RecordChanges, RecordRef, predict::Predictor};
use crate::{
    cbor::encode_scalar,
    change::{Change, encode, scan},
    ids::{ActorId, RecordId},
};

type Infallible = std::convert::Infallible;
type Written = Result<(), minicbor::encode::Error<Infallible>>;

/// The stripped body of `records`, not yet deflated. `base_ms` is where times start from: the
/// bundle's wall time.
///
/// A record whose changes would not be rebuilt byte for byte travels raw inside.
pub fn strip(records: &[RecordChanges], index: &dyn ChangeIndex, base_ms: i64) -> Vec<u8> {
    let mut stripper = Stripper {
        index,
        streams: Table::default(),
        keys: Table::default(),
        actors: Table::default(),
        time: base_ms,
    };
    let mut rows = Vec::new();
    // Writing to memory cannot fail.
    let _ = stripper.records(&mut Encoder::new(&mut rows), records);
    let mut out = Vec::new();
    let _ = stripper.body(&mut Encoder::new(&mut out), base_ms, &rows);
    out
}

/// Things named once and then by index, in order of first use.
struct Table<T> {
    order: Vec<T>,
    index: BTreeMap<T, u64>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self {
            order: Vec::new(),
            index: BTreeMap::new(),
        }
    }
}

impl<T: Ord + Clone> Table<T> {
    fn of(&mut self, item: &T) -> u64 {
        if let Some(index) = self.index.get(item) {
            return *index;
        }
        let index = self.order.len() as u64;
        self.order.push(item.clone());
        self.index.insert(item.clone(), index);
        index
    }
}

struct Stripper<'a> {
    index: &'a dyn ChangeIndex,
    streams: Table<(u64, String)>,
    keys: Table<String>,
    actors: Table<ActorId>,
    time: i64,
}

impl Stripper<'_> {
    fn body(self, e: &mut Encoder<&mut Vec<u8>>, base_ms: i64, rows: &[u8]) -> Written {
        e.map(5)?.u8(1)?.array(self.streams.order.len() as u64)?;
        for (epoch, grid) in &self.streams.order {
            e.array(2)?.u64(*epoch)?.str(grid)?;
        }
        e.u8(2)?.array(self.keys.order.len() as u64)?;
        for key in &self.keys.order {
            e.str(key)?;
        }
        e.u8(3)?.array(self.actors.order.len() as u64)?;
        for actor in &self.actors.order {
            e.encode(actor)?;
        }
        e.u8(4)?.i64(base_ms)?.u8(5)?;
        e.writer_mut().extend_from_slice(rows);
        Ok(())
    }

    fn records(&mut self, e: &mut Encoder<&mut Vec<u8>>, records: &[RecordChanges]) -> Written {
        e.array(records.len() as u64)?;
        for record in records {
            e.array(record.array_len())?;
            match self.index.reference(&record.record) {
                RecordRef::Id(id) => e.encode(id)?.ok()?,
                RecordRef::Number {
                    epoch,
                    grid,
                    number,
                } => {
                    let stream = self.streams.of(&(epoch, grid));
                    e.array(2)?.u64(stream)?.u32(number)?.ok()?;
                }
            }
            e.encode(&record.header)?;
            e.array(record.chunks.len() as u64)?;
            match self.rebuildable(record) {
                Some(changes) => self.changes(e, &record.record, &changes)?,
                None => record
                    .chunks
                    .iter()
                    .try_for_each(|chunk| e.bytes(chunk)?.ok())?,
            }
            if record.array_len() == 4 {
                e.bool(false)?;
            }
        }
        Ok(())
    }

    /// The scanned changes, if each can be rebuilt byte for byte from what will be sent.
    fn rebuildable(&self, record: &RecordChanges) -> Option<Vec<Change>> {
        let mut predictor = Predictor::default();
        let mut changes = Vec::with_capacity(record.chunks.len());
        for chunk in &record.chunks {
            let change = scan(chunk).ok()?;
            let located = |dep| {
                predictor.index_of(dep).is_some()
                    || self.index.locate(&record.record, dep).is_some()
            };
            if !change.deps.iter().all(located) || encode(&change).0 != *chunk {
                return None;
            }
            predictor.learn(&change);
            changes.push(change);
        }
        Some(changes)
    }

    fn changes(
        &mut self,
        e: &mut Encoder<&mut Vec<u8>>,
        record: &RecordId,
        changes: &[Change],
    ) -> Written {
        let mut predictor = Predictor::default();
        for change in changes {
            e.array(6)?.u64(self.actors.of(&change.actor))?;
            e.i64(difference(change.seq, predictor.seq(change.actor)))?;
            e.i64(difference(change.start_op, predictor.start_op()))?;
            self.deps(e, record, change, &predictor)?;
            e.i64(change.time.wrapping_sub(self.time))?;
            self.time = change.time;
            self.puts(e, change, &predictor)?;
            predictor.learn(change);
        }
        Ok(())
    }

    fn deps(
        &mut self,
        e: &mut Encoder<&mut Vec<u8>>,
        record: &RecordId,
        change: &Change,
        predictor: &Predictor,
    ) -> Written {
        if predictor
            .previous()
            .is_some_and(|previous| change.deps == [previous])
        {
            return e.null()?.ok();
        }
        e.array(change.deps.len() as u64)?;
        for dep in &change.deps {
            match (predictor.index_of(dep), self.index.locate(record, dep)) {
                (Some(index), _) => e.u64(index)?.ok()?,
                (None, Some((actor, seq))) => {
                    e.array(2)?.u64(self.actors.of(&actor))?.u64(seq)?.ok()?;
                }
                // `rebuildable` made sure that there is one of the two.
                (None, None) => e.null()?.ok()?,
            }
        }
        Ok(())
    }

    fn puts(
        &mut self,
        e: &mut Encoder<&mut Vec<u8>>,
        change: &Change,
        predictor: &Predictor,
    ) -> Written {
        e.array(change.puts.len() as u64 * 3)?;
        for put in &change.puts {
            e.u64(self.keys.of(&put.key))?;
            if put.value == Scalar::Int(change.time) {
                e.undefined()?;
            } else {
                encode_scalar(e, &put.value)?;
            }
            match put.preds.as_slice() {
                [] => e.u8(0)?.ok()?,
                [one] if predictor.last_op(&put.key) == Some(*one) => e.u8(1)?.ok()?,
                several => {
                    e.array(several.len() as u64 * 2)?;
                    for op in several {
                        e.u64(self.actors.of(&op.actor))?.u64(op.counter)?;
                    }
                }
            }
        }
        Ok(())
    }
}

/// `value - expected`, exact for the 63-bit numbers that the scanner lets through and wrapping
/// for others, which the rebuilding side undoes.
const fn difference(value: u64, expected: u64) -> i64 {
    value.wrapping_sub(expected).cast_signed()
}

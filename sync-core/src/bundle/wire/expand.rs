//! Version 2, incoming: changes are rebuilt byte for byte, or the body is refused and comes again
//! as version 1.

use minicbor::{Decoder, data::Type};
use schemas::value::Scalar;

use super::{ChangeIndex, RecordChanges, WireError, predict::Predictor, read_proposed};
use crate::{
    cbor::{array_len, decode_scalar, map_len},
    change::{Change, Put, encode},
    ids::{ActorId, ChangeHash, OpId, RecordId},
    limits::{
        MAX_BODY_BYTES, MAX_CHANGE_BYTES, MAX_CHANGES_PER_BUNDLE, MAX_DEPS, MAX_KEY_BYTES,
        MAX_OP_COUNTER, MAX_OPS_PER_CHANGE, MAX_PREDS, MAX_STREAMS,
    },
    record::Header,
};

/// Rebuilds the records of a stripped body. The work is bounded by [`MAX_BODY_BYTES`] of rebuilt
/// chunks; nothing is scanned against a record yet.
pub fn expand(bytes: &[u8], index: &dyn ChangeIndex) -> Result<Vec<RecordChanges>, WireError> {
    let mut stripped = StrippedBody::read(bytes)?;
    let mut records = Vec::new();
    while let Some(record) = stripped.next(index)? {
        records.push(record);
    }
    Ok(records)
}

/// A stripped body, rebuilt record by record: what a receiver learns from one it may need for the
/// next.
pub struct StrippedBody<'b> {
    decoder: Decoder<'b>,
    tables: Tables,
    time: i64,
    records_left: usize,
    changes_left: usize,
    bytes_left: usize,
}

impl<'b> StrippedBody<'b> {
    /// Reads the tables of a body.
    pub fn read(bytes: &'b [u8]) -> Result<Self, WireError> {
        let mut decoder = Decoder::new(bytes);
        let mut tables = Tables::default();
        let time = tables.read(&mut decoder)?;
        let records_left = array_len(&mut decoder, 0, MAX_CHANGES_PER_BUNDLE)?;
        Ok(Self {
            decoder,
            tables,
            time,
            records_left,
            changes_left: MAX_CHANGES_PER_BUNDLE,
            bytes_left: MAX_BODY_BYTES,
        })
    }

    /// The next record's changes; none at the end.
    pub fn next(&mut self, index: &dyn ChangeIndex) -> Result<Option<RecordChanges>, WireError> {
        let d = &mut self.decoder;
        let Some(records_left) = self.records_left.checked_sub(1) else {
            let whole = d.position() == d.input().len();
            return if whole {
                Ok(None)
            } else {
                Err(WireError::Form)
            };
        };
        self.records_left = records_left;
        let mut expander = Expander {
            index,
            tables: &self.tables,
            time: self.time,
        };
        let len = array_len(d, 3, 4)?;
        let record = expander.record(d)?;
        let header: Option<Header> = d.decode()?;
        let count = array_len(d, 0, self.changes_left)?;
        self.changes_left -= count;
        let mut predictor = Predictor::default();
        let mut chunks = Vec::with_capacity(count);
        for _ in 0..count {
            let chunk = match d.datatype()? {
                Type::Bytes => d.bytes()?.to_vec(),
                _ => expander.change(d, &record, &mut predictor)?,
            };
            self.bytes_left = self
                .bytes_left
                .checked_sub(chunk.len())
                .ok_or(WireError::TooMany)?;
            chunks.push(chunk);
        }
        self.time = expander.time;
        let proposed = read_proposed(d, len, header.is_some())?;
        Ok(Some(RecordChanges {
            record,
            header,
            proposed,
            chunks,
        }))
    }
}

#[derive(Default)]
struct Tables {
    streams: Vec<(u64, String)>,
    keys: Vec<String>,
    actors: Vec<ActorId>,
}

struct Expander<'a> {
    index: &'a dyn ChangeIndex,
    tables: &'a Tables,
    time: i64,
}

impl Tables {
    /// Reads everything before the records; returns the time that the first change starts from.
    fn read(&mut self, d: &mut Decoder<'_>) -> Result<i64, WireError> {
        if map_len(d, 5)? != 5 {
            return Err(WireError::Form);
        }
        need_key(d, 1)?;
        for _ in 0..array_len(d, 0, MAX_STREAMS)? {
            array_len(d, 2, 2)?;
            self.streams.push((d.u64()?, d.str()?.to_owned()));
        }
        need_key(d, 2)?;
        for _ in 0..array_len(d, 0, MAX_BODY_BYTES)? {
            let key = d.str()?;
            if key.len() > MAX_KEY_BYTES {
                return Err(WireError::Form);
            }
            self.keys.push(key.to_owned());
        }
        need_key(d, 3)?;
        for _ in 0..array_len(d, 0, MAX_BODY_BYTES)? {
            self.actors.push(d.decode()?);
        }
        need_key(d, 4)?;
        let time = d.i64()?;
        need_key(d, 5)?;
        Ok(time)
    }
}

impl Expander<'_> {
    fn record(&self, d: &mut Decoder<'_>) -> Result<RecordId, WireError> {
        if d.datatype()? == Type::Bytes {
            return Ok(d.decode()?);
        }
        array_len(d, 2, 2)?;
        let (epoch, grid) = at(&self.tables.streams, d.u64()?)?;
        self.index
            .record(*epoch, grid, d.u32()?)
            .ok_or(WireError::Unknown)
    }

    fn change(
        &mut self,
        d: &mut Decoder<'_>,
        record: &RecordId,
        predictor: &mut Predictor,
    ) -> Result<Vec<u8>, WireError> {
        array_len(d, 6, 6)?;
        let actor = *at(&self.tables.actors, d.u64()?)?;
        let seq = predictor.seq(actor).wrapping_add_signed(d.i64()?);
        let start_op = predictor.start_op().wrapping_add_signed(d.i64()?);
        if start_op > MAX_OP_COUNTER {
            return Err(WireError::Form);
        }
        let deps = self.deps(d, record, predictor)?;
        self.time = self.time.wrapping_add(d.i64()?);
        let puts = self.puts(d, predictor)?;
        let hash = ChangeHash::default();
        let mut change = Change {
            hash,
            actor,
            seq,
            start_op,
            time: self.time,
            deps,
            puts,
        };
        let (chunk, hash) = encode(&change);
        if chunk.len() > MAX_CHANGE_BYTES + 16 {
            return Err(WireError::TooMany);
        }
        change.hash = hash;
        predictor.learn(&change);
        Ok(chunk)
    }

    fn deps(
        &self,
        d: &mut Decoder<'_>,
        record: &RecordId,
        predictor: &Predictor,
    ) -> Result<Vec<ChangeHash>, WireError> {
        if d.datatype()? == Type::Null {
            d.null()?;
            return Ok(vec![predictor.previous().ok_or(WireError::Form)?]);
        }
        let mut deps = Vec::new();
        for _ in 0..array_len(d, 0, MAX_DEPS)? {
            deps.push(match d.datatype()? {
                Type::Array => {
                    array_len(d, 2, 2)?;
                    let actor = *at(&self.tables.actors, d.u64()?)?;
                    self.index
                        .hash(record, actor, d.u64()?)
                        .ok_or(WireError::Unknown)?
                }
                _ => predictor.at(d.u64()?).ok_or(WireError::Form)?,
            });
        }
        deps.sort_unstable();
        Ok(deps)
    }

    fn puts(&self, d: &mut Decoder<'_>, predictor: &Predictor) -> Result<Vec<Put>, WireError> {
        let length = array_len(d, 3, MAX_OPS_PER_CHANGE * 3)?;
        if length % 3 != 0 {
            return Err(WireError::Form);
        }
        let mut puts = Vec::with_capacity(length / 3);
        let mut bytes = 0_usize;
        for _ in 0..length / 3 {
            let key = at(&self.tables.keys, d.u64()?)?.clone();
            let value = if d.datatype()? == Type::Undefined {
                d.undefined()?;
                Scalar::Int(self.time)
            } else {
                decode_scalar(d)?
            };
            let preds = self.preds(d, &key, predictor)?;
            // Keys are named by index, so a short row may stand for a long one.
            bytes += key.len() + preds.len() * 2;
            if bytes > MAX_CHANGE_BYTES * 4 {
                return Err(WireError::TooMany);
            }
            puts.push(Put { key, value, preds });
        }
        Ok(puts)
    }

    fn preds(
        &self,
        d: &mut Decoder<'_>,
        key: &str,
        predictor: &Predictor,
    ) -> Result<Vec<OpId>, WireError> {
        if d.datatype()? != Type::Array {
            return match d.u8()? {
                0 => Ok(Vec::new()),
                1 => Ok(vec![predictor.last_op(key).ok_or(WireError::Form)?]),
                _ => Err(WireError::Form),
            };
        }
        let length = array_len(d, 2, MAX_PREDS * 2)?;
        if length % 2 != 0 {
            return Err(WireError::Form);
        }
        (0..length / 2)
            .map(|_| {
                Ok(OpId {
                    actor: *at(&self.tables.actors, d.u64()?)?,
                    counter: d.u64()?,
                })
            })
            .collect()
    }
}

fn need_key(d: &mut Decoder<'_>, key: u8) -> Result<(), WireError> {
    if d.u8()? == key {
        Ok(())
    } else {
        Err(WireError::Form)
    }
}

fn at<T>(table: &[T], index: u64) -> Result<&T, WireError> {
    usize::try_from(index)
        .ok()
        .and_then(|index| table.get(index))
        .ok_or(WireError::Form)
}

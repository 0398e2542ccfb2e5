//! Registers as bytes: the form in which phone and server keep them (docs/PROTOCOL.md,
//! "Registers"). Changes and actors are named once and then by index.

use std::collections::BTreeMap;

use minicbor::{Decode, Decoder, Encode, Encoder, decode, encode};
use schemas::value::Scalar;

use super::registers::{Head, RegisterValue, Registers};
use crate::{
    cbor::{self, array_len},
    error::FormatError,
    ids::{ActorId, ChangeHash, OpId},
    limits::{MAX_CHANGES_PER_RECORD, MAX_REGISTERS_PER_RECORD},
};

impl Registers {
    /// The registers as CBOR.
    pub fn to_bytes(&self) -> Vec<u8> {
        cbor::to_vec(self)
    }

    /// Reads what [`Registers::to_bytes`] wrote.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, FormatError> {
        cbor::from_slice(bytes)
    }
}

impl<C> Encode<C> for Registers {
    fn encode<W: encode::Write>(
        &self,
        e: &mut Encoder<W>,
        ctx: &mut C,
    ) -> Result<(), encode::Error<W::Error>> {
        // Authors of visible values all have a count, so that `seqs` names every actor.
        let actors: Vec<ActorId> = self.seqs.keys().copied().collect();
        let actor_index = |actor: ActorId| actors.binary_search(&actor).unwrap_or_default() as u64;
        let mut changes: BTreeMap<ChangeHash, (i64, u64)> = BTreeMap::new();
        for value in self.keys.values().flatten() {
            changes.insert(value.change, (value.time, actor_index(value.op.actor)));
        }
        let hashes: Vec<ChangeHash> = changes.keys().copied().collect();
        e.array(6)?.u64(self.max_op)?.u64(self.change_count)?;
        e.array(self.seqs.len() as u64)?;
        for (actor, seq) in &self.seqs {
            e.array(2)?.encode_with(actor, ctx)?.u64(*seq)?;
        }
        e.array(self.heads.len() as u64)?;
        for head in &self.heads {
            e.array(3)?
                .encode_with(head.hash, ctx)?
                .u64(actor_index(head.actor))?
                .u64(head.seq)?;
        }
        e.array(changes.len() as u64)?;
        for (hash, (time, actor)) in &changes {
            e.array(3)?
                .encode_with(hash, ctx)?
                .i64(*time)?
                .u64(*actor)?;
        }
        e.map(self.keys.len() as u64)?;
        for (key, values) in &self.keys {
            e.str(key)?.array(values.len() as u64)?;
            for value in values {
                let change = hashes.binary_search(&value.change).unwrap_or_default() as u64;
                e.array(3)?.u64(change)?.u64(value.op.counter)?;
                cbor::encode_scalar(e, &value.value)?;
            }
        }
        Ok(())
    }
}

impl<'b, C> Decode<'b, C> for Registers {
    fn decode(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Self, decode::Error> {
        let bad = decode::Error::message;
        array_len(d, 6, 6)?;
        let (max_op, change_count) = (d.u64()?, d.u64()?);
        let mut seqs = BTreeMap::new();
        let mut actors = Vec::new();
        for _ in 0..array_len(d, 0, MAX_CHANGES_PER_RECORD)? {
            array_len(d, 2, 2)?;
            let actor: ActorId = d.decode_with(ctx)?;
            actors.push(actor);
            seqs.insert(actor, d.u64()?);
        }
        let actor_at = |index: u64| {
            usize::try_from(index)
                .ok()
                .and_then(|at| actors.get(at))
                .copied()
                .ok_or(bad("actor"))
        };
        let mut heads = Vec::new();
        for _ in 0..array_len(d, 0, MAX_CHANGES_PER_RECORD)? {
            array_len(d, 3, 3)?;
            let hash = d.decode_with(ctx)?;
            heads.push(Head {
                hash,
                actor: actor_at(d.u64()?)?,
                seq: d.u64()?,
            });
        }
        let mut changes: Vec<(ChangeHash, i64, ActorId)> = Vec::new();
        for _ in 0..array_len(d, 0, MAX_CHANGES_PER_RECORD)? {
            array_len(d, 3, 3)?;
            changes.push((d.decode_with(ctx)?, d.i64()?, actor_at(d.u64()?)?));
        }
        let mut keys = BTreeMap::new();
        for _ in 0..cbor::map_len(d, MAX_REGISTERS_PER_RECORD)? {
            let key = d.str()?.to_owned();
            let mut values = Vec::new();
            for _ in 0..array_len(d, 0, MAX_CHANGES_PER_RECORD)? {
                array_len(d, 3, 3)?;
                let at = usize::try_from(d.u64()?).map_err(|_| bad("change"))?;
                let (change, time, actor) = *changes.get(at).ok_or(bad("change"))?;
                let op = OpId {
                    counter: d.u64()?,
                    actor,
                };
                let value: Scalar = cbor::decode_scalar(d)?;
                values.push(RegisterValue {
                    op,
                    value,
                    time,
                    change,
                });
            }
            keys.insert(key, values);
        }
        Ok(Self {
            heads,
            max_op,
            change_count,
            seqs,
            keys,
        })
    }
}

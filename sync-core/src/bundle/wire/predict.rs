//! What both ends of version 2 expect of the next change, so that only surprises travel.

use std::collections::BTreeMap;

use crate::{
    change::Change,
    ids::{ActorId, ChangeHash, OpId},
};

/// Expectations within one record's changes.
#[derive(Debug, Default)]
pub(super) struct Predictor {
    hashes: Vec<ChangeHash>,
    next_op: u64,
    seqs: BTreeMap<ActorId, u64>,
    last_ops: BTreeMap<String, OpId>,
}

impl Predictor {
    /// The count expected of an actor: the one after its last in this body, else 0.
    pub(super) fn seq(&self, actor: ActorId) -> u64 {
        self.seqs.get(&actor).map_or(0, |seq| seq.saturating_add(1))
    }

    /// The first counter expected: the one after the previous change of this record, else 0.
    pub(super) const fn start_op(&self) -> u64 {
        self.next_op
    }

    /// The previous change of this record.
    pub(super) fn previous(&self) -> Option<ChangeHash> {
        self.hashes.last().copied()
    }

    /// Index of an earlier change of this record.
    pub(super) fn index_of(&self, hash: &ChangeHash) -> Option<u64> {
        self.hashes
            .iter()
            .rposition(|known| known == hash)
            .map(|index| index as u64)
    }

    /// The earlier change of that index.
    pub(super) fn at(&self, index: u64) -> Option<ChangeHash> {
        usize::try_from(index)
            .ok()
            .and_then(|index| self.hashes.get(index))
            .copied()
    }

    /// The operation that last wrote a key in this body.
    pub(super) fn last_op(&self, key: &str) -> Option<OpId> {
        self.last_ops.get(key).copied()
    }

    /// Learns from a change.
    pub(super) fn learn(&mut self, change: &Change) {
        self.hashes.push(change.hash);
        self.next_op = change.max_op().saturating_add(1);
        self.seqs.insert(change.actor, change.seq);
        for (index, put) in change.puts.iter().enumerate() {
            self.last_ops.insert(put.key.clone(), change.op_id(index));
        }
    }
}

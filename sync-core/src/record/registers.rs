//! The visible operations of every register: all that admission and views need of a record.
//!
//! The update rule is the same however changes are ordered, as long as each comes after those it
//! depends on: an operation enters, the ones it replaces leave.

use std::collections::BTreeMap;

use schemas::value::Scalar;

use crate::{
    change::Change,
    ids::{ActorId, ChangeHash, OpId},
};

/// A visible operation: one of the values that a register holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisterValue {
    /// The operation that wrote it, whose actor is its author.
    pub op: OpId,
    /// The value; null is a value too.
    pub value: Scalar,
    /// Wall time of the author's device, ms.
    pub time: i64,
    /// The change that wrote it.
    pub change: ChangeHash,
}

/// A change that no other known change depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Head {
    /// The change.
    pub hash: ChangeHash,
    /// Its author.
    pub actor: ActorId,
    /// Its author's count.
    pub seq: u64,
}

/// Heads, counters and visible values of one record.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Registers {
    pub(super) heads: Vec<Head>,
    pub(super) max_op: u64,
    pub(super) change_count: u64,
    pub(super) seqs: BTreeMap<ActorId, u64>,
    pub(super) keys: BTreeMap<String, Vec<RegisterValue>>,
}

impl Registers {
    /// The heads, ascending by hash.
    pub fn heads(&self) -> &[Head] {
        &self.heads
    }

    /// Hashes of the heads, ascending.
    pub fn head_hashes(&self) -> impl ExactSizeIterator<Item = ChangeHash> {
        self.heads.iter().map(|head| head.hash)
    }

    /// Highest operation counter known; 0 for an empty record.
    pub const fn max_op(&self) -> u64 {
        self.max_op
    }

    /// Number of changes applied.
    pub const fn change_count(&self) -> u64 {
        self.change_count
    }

    /// The last count of an actor; 0 if it never wrote here.
    pub fn seq(&self, actor: ActorId) -> u64 {
        self.seqs.get(&actor).copied().unwrap_or(0)
    }

    /// Visible operations of a register, ascending by operation id; empty if never written.
    pub fn visible(&self, key: &str) -> &[RegisterValue] {
        self.keys.get(key).map_or(&[], Vec::as_slice)
    }

    /// Every register with its visible operations, by key.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[RegisterValue])> {
        self.keys
            .iter()
            .map(|(key, values)| (key.as_str(), values.as_slice()))
    }

    /// Number of registers.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether no change was applied yet.
    pub const fn is_empty(&self) -> bool {
        self.change_count == 0
    }

    /// Whether `change` saw everything that is known here.
    pub fn is_sequential(&self, change: &Change) -> bool {
        change.deps.len() == self.heads.len()
            && change
                .deps
                .iter()
                .zip(&self.heads)
                .all(|(dep, head)| *dep == head.hash)
    }

    /// Applies an admitted change: its operations enter, the ones they replace leave.
    pub fn apply(&mut self, change: &Change) {
        self.heads
            .retain(|head| change.deps.binary_search(&head.hash).is_err());
        let head = Head {
            hash: change.hash,
            actor: change.actor,
            seq: change.seq,
        };
        let at = self.heads.partition_point(|known| known < &head);
        self.heads.insert(at, head);
        self.max_op = self.max_op.max(change.max_op());
        self.change_count += 1;
        self.seqs.insert(change.actor, change.seq);
        for (index, put) in change.puts.iter().enumerate() {
            let visible = match self.keys.get_mut(&put.key) {
                Some(visible) => visible,
                None => self.keys.entry(put.key.clone()).or_default(),
            };
            // Predecessors ascend: hundreds against hundreds stay cheap.
            visible.retain(|known| put.preds.binary_search(&known.op).is_err());
            let op = change.op_id(index);
            let at = visible.partition_point(|known| known.op < op);
            let value = RegisterValue {
                op,
                value: put.value.clone(),
                time: change.time,
                change: change.hash,
            };
            visible.insert(at, value);
        }
    }

    /// Registers of changes in an order in which each comes after those it depends on.
    pub fn of<'a>(changes: impl IntoIterator<Item = &'a Change>) -> Self {
        let mut registers = Self::default();
        changes
            .into_iter()
            .for_each(|change| registers.apply(change));
        registers
    }
}

//! Who changed what when: of a record and of a field, in one order everywhere.

use schemas::value::Scalar;

use super::state::{RecordState, StateError};
use crate::{
    change::Change,
    ids::{ActorId, ChangeHash, OpId},
};

/// One change in the history of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryEntry {
    /// The change.
    pub change: ChangeHash,
    /// Its author.
    pub actor: ActorId,
    /// Wall time of the author's device, ms.
    pub time: i64,
    /// What it wrote, in the order of its operations.
    pub puts: Vec<HistoryPut>,
}

/// One register written by a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryPut {
    /// The register.
    pub key: String,
    /// The value it took.
    pub value: Scalar,
    /// The operation.
    pub op: OpId,
    /// The operations it replaced: more than one with different values is a conflict that the
    /// author settled.
    pub replaced: Vec<OpId>,
}

impl HistoryEntry {
    fn of(change: &Change) -> Self {
        let puts = change
            .puts
            .iter()
            .enumerate()
            .map(|(index, put)| HistoryPut {
                key: put.key.clone(),
                value: put.value.clone(),
                op: change.op_id(index),
                replaced: put.preds.clone(),
            });
        Self {
            change: change.hash,
            actor: change.actor,
            time: change.time,
            puts: puts.collect(),
        }
    }
}

/// Every change of a record, each after those it had seen; where several are concurrent, in the
/// order of their operation ids, which is the same everywhere.
pub fn history(state: &RecordState) -> Result<Vec<HistoryEntry>, StateError> {
    Ok(state
        .changes()?
        .iter()
        .map(|(change, _)| HistoryEntry::of(change))
        .collect())
}

/// The same, with only the puts of one register, and only the changes that wrote it.
pub fn field_history(state: &RecordState, key: &str) -> Result<Vec<HistoryEntry>, StateError> {
    let mut entries = history(state)?;
    for entry in &mut entries {
        entry.puts.retain(|put| put.key == key);
    }
    entries.retain(|entry| !entry.puts.is_empty());
    Ok(entries)
}

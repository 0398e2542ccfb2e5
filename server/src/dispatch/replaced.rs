//! What a put overwrote: the values of its predecessors, never the view before it, so that rules
//! fire alike in whatever order concurrent changes arrive.

use std::collections::HashMap;

use schemas::Scalar;
use sync_core::{
    OpId,
    change::{Change, Put},
    record::{RecordState, Registers},
};

/// Values by operation.
pub(super) struct Replaced<'a> {
    registers: Registers,
    bytes: Option<&'a RecordState>,
    /// Values of every operation, read when one is asked for that is not visible any more.
    all: Option<HashMap<OpId, Scalar>>,
}

impl<'a> Replaced<'a> {
    pub(super) const fn new(registers: Registers, bytes: Option<&'a RecordState>) -> Self {
        Self {
            registers,
            bytes,
            all: None,
        }
    }

    /// The values that a put's predecessors wrote.
    pub(super) fn values(&mut self, put: &Put) -> Vec<Scalar> {
        let visible = self.registers.visible(&put.key);
        let known = |op: &OpId| {
            let value = visible.iter().find(|value| value.op == *op);
            value.map(|value| value.value.clone())
        };
        let found: Vec<Option<Scalar>> = put.preds.iter().map(known).collect();
        let mut values = Vec::with_capacity(found.len());
        for (op, value) in put.preds.iter().zip(found) {
            values.extend(value.or_else(|| self.look_up(op)));
        }
        values
    }

    /// The next change has entered.
    pub(super) fn apply(&mut self, change: &Change) {
        self.registers.apply(change);
    }

    fn look_up(&mut self, op: &OpId) -> Option<Scalar> {
        let bytes = self.bytes?;
        let all = self.all.get_or_insert_with(|| {
            let changes = bytes.changes().unwrap_or_default();
            let ops = changes.iter().flat_map(|(change, _)| {
                let puts = change.puts.iter().enumerate();
                puts.map(|(index, put)| (change.op_id(index), put.value.clone()))
            });
            ops.collect()
        });
        all.get(op).cloned()
    }
}

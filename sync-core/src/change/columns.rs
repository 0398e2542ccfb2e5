//! The columns of a change body: counted before they are expanded, equal in rows, one put a row.

use schemas::value::Scalar;

use super::{
    Put,
    column::{read_deltas, read_runs},
    leb::Reader,
    scan::ScanError,
};
use crate::{
    ids::{ActorId, OpId},
    limits::{
        MAX_BLOB_BYTES, MAX_CHANGE_BYTES, MAX_KEY_BYTES, MAX_OP_COUNTER, MAX_OPS_PER_CHANGE,
        MAX_OTHER_ACTORS, MAX_PREDS, MAX_TEXT_BYTES,
    },
};

/// Column ids of the format: id in the upper bits, type in the lower three.
pub(super) mod ids {
    /// Key strings.
    pub(in crate::change) const KEY: u64 = 0x15;
    /// Insert flags, all false in a map.
    pub(in crate::change) const INSERT: u64 = 0x34;
    /// Actions; 1 is a put.
    pub(in crate::change) const ACTION: u64 = 0x42;
    /// Type and length of each value.
    pub(in crate::change) const VALUE_META: u64 = 0x56;
    /// The values' bytes.
    pub(in crate::change) const VALUE: u64 = 0x57;
    /// Number of predecessors of each operation.
    pub(in crate::change) const PRED_COUNT: u64 = 0x70;
    /// Index of each predecessor's actor.
    pub(in crate::change) const PRED_ACTOR: u64 = 0x71;
    /// Counter of each predecessor, as differences.
    pub(in crate::change) const PRED_COUNTER: u64 = 0x73;
}

/// Value types of the format, the lower four bits of a value's meta number.
pub(super) mod types {
    pub(in crate::change) const NULL: u64 = 0;
    pub(in crate::change) const FALSE: u64 = 1;
    pub(in crate::change) const TRUE: u64 = 2;
    pub(in crate::change) const INT: u64 = 4;
    pub(in crate::change) const TEXT: u64 = 6;
    pub(in crate::change) const BYTES: u64 = 7;
}

/// The columns of a change that puts scalars at the root.
#[derive(Default)]
pub(super) struct Columns<'a> {
    key: &'a [u8],
    insert: &'a [u8],
    action: &'a [u8],
    value_meta: &'a [u8],
    value: &'a [u8],
    pred_count: &'a [u8],
    pred_actor: &'a [u8],
    pred_counter: &'a [u8],
}

impl<'a> Columns<'a> {
    pub(super) fn read(reader: &mut Reader<'a>) -> Result<Self, ScanError> {
        const KNOWN: usize = 8;
        let count = reader.length(KNOWN).map_err(|_| ScanError::Column)?;
        let mut headers = Vec::with_capacity(count);
        for _ in 0..count {
            headers.push((reader.unsigned()?, reader.length(MAX_CHANGE_BYTES)?));
        }
        if !headers.is_sorted_by(|a, b| a.0 < b.0) {
            return Err(ScanError::Column);
        }
        let mut found = Self::default();
        for (id, length) in headers {
            let slot = match id {
                ids::KEY => &mut found.key,
                ids::INSERT => &mut found.insert,
                ids::ACTION => &mut found.action,
                ids::VALUE_META => &mut found.value_meta,
                ids::VALUE => &mut found.value,
                ids::PRED_COUNT => &mut found.pred_count,
                ids::PRED_ACTOR => &mut found.pred_actor,
                ids::PRED_COUNTER => &mut found.pred_counter,
                _ => return Err(ScanError::Column),
            };
            if length == 0 {
                return Err(ScanError::Column);
            }
            *slot = reader.take(length)?;
        }
        Ok(found)
    }

    pub(super) fn puts(
        &self,
        start_op: u64,
        actor: ActorId,
        others: &[ActorId],
    ) -> Result<Vec<Put>, ScanError> {
        let actions = read_runs(self.action, MAX_OPS_PER_CHANGE, Reader::unsigned)?;
        let rows = actions.len();
        if rows == 0 {
            return Err(ScanError::Empty);
        }
        if actions.iter().any(|action| *action != 1) {
            return Err(ScanError::Action);
        }
        if start_op + rows as u64 - 1 > MAX_OP_COUNTER {
            return Err(ScanError::Number);
        }
        self.check_inserts(rows)?;
        let keys = read_runs(self.key, rows, read_key)?;
        let values = self.values(rows)?;
        let preds = self.preds(rows, start_op, actor, others)?;
        if keys.len() != rows || values.len() != rows {
            return Err(ScanError::Rows);
        }
        let mut sorted: Vec<&str> = keys.clone();
        sorted.sort_unstable();
        if !sorted.is_sorted_by(|a, b| a < b) {
            return Err(ScanError::Key);
        }
        Ok(keys
            .into_iter()
            .zip(values)
            .zip(preds)
            .map(|((key, value), preds)| Put {
                key: key.to_owned(),
                value,
                preds,
            })
            .collect())
    }

    /// One run of `rows` times false: nothing else is a map.
    fn check_inserts(&self, rows: usize) -> Result<(), ScanError> {
        let mut reader = Reader::new(self.insert);
        if reader.unsigned()? != rows as u64 || !reader.is_empty() {
            return Err(ScanError::Rows);
        }
        Ok(())
    }

    fn values(&self, rows: usize) -> Result<Vec<Scalar>, ScanError> {
        let metas = read_runs(self.value_meta, rows, Reader::unsigned)?;
        let mut raw = Reader::new(self.value);
        let values = metas
            .into_iter()
            .map(|meta| read_value(&mut raw, meta))
            .collect::<Result<_, _>>()?;
        if raw.is_empty() {
            Ok(values)
        } else {
            Err(ScanError::Trailing)
        }
    }

    fn preds(
        &self,
        rows: usize,
        start_op: u64,
        actor: ActorId,
        others: &[ActorId],
    ) -> Result<Vec<Vec<OpId>>, ScanError> {
        let counts = read_runs(self.pred_count, rows, |r| r.length(MAX_PREDS))?;
        if counts.len() != rows {
            return Err(ScanError::Rows);
        }
        let cap = MAX_OPS_PER_CHANGE * 2;
        let total: usize = counts.iter().sum();
        if total > cap {
            return Err(ScanError::TooManyOps);
        }
        let actors = read_runs(self.pred_actor, total, |r| r.length(MAX_OTHER_ACTORS))?;
        let counters = read_deltas(self.pred_counter, total)?;
        if actors.len() != total || counters.len() != total {
            return Err(ScanError::Rows);
        }
        let mut used = vec![false; others.len()];
        let mut all = actors.into_iter().zip(counters).map(|(index, counter)| {
            let counter = u64::try_from(counter).map_err(|_| ScanError::Pred)?;
            if counter == 0 || counter >= start_op {
                return Err(ScanError::Pred);
            }
            let actor = match index.checked_sub(1) {
                None => actor,
                Some(other) => {
                    *used.get_mut(other).ok_or(ScanError::Order)? = true;
                    *others.get(other).ok_or(ScanError::Order)?
                }
            };
            Ok(OpId { counter, actor })
        });
        let mut preds = Vec::with_capacity(rows);
        for count in counts {
            let of_op = all.by_ref().take(count).collect::<Result<Vec<_>, _>>()?;
            if !of_op.is_sorted_by(|a, b| a < b) {
                return Err(ScanError::Pred);
            }
            preds.push(of_op);
        }
        drop(all);
        if used.iter().all(|used| *used) {
            Ok(preds)
        } else {
            Err(ScanError::Order)
        }
    }
}

fn read_key<'a>(reader: &mut Reader<'a>) -> Result<&'a str, ScanError> {
    let length = reader.length(MAX_KEY_BYTES)?;
    if length == 0 {
        return Err(ScanError::Key);
    }
    std::str::from_utf8(reader.take(length)?).map_err(|_| ScanError::Utf8)
}

fn read_value(raw: &mut Reader<'_>, meta: u64) -> Result<Scalar, ScanError> {
    let length = usize::try_from(meta >> 4).map_err(|_| ScanError::TooLarge)?;
    let cap = match meta & 0x0F {
        types::NULL | types::FALSE | types::TRUE => 0,
        types::INT => 10,
        types::TEXT => MAX_TEXT_BYTES,
        types::BYTES => MAX_BLOB_BYTES,
        _ => return Err(ScanError::ValueType),
    };
    if length > cap {
        return Err(ScanError::TooLarge);
    }
    let bytes = raw.take(length)?;
    Ok(match meta & 0x0F {
        types::NULL => Scalar::Null,
        types::FALSE => Scalar::Bool(false),
        types::TRUE => Scalar::Bool(true),
        types::INT => {
            let mut reader = Reader::new(bytes);
            let value = reader.signed()?;
            if !reader.is_empty() {
                return Err(ScanError::Trailing);
            }
            Scalar::Int(value)
        }
        types::TEXT => Scalar::Text(
            std::str::from_utf8(bytes)
                .map_err(|_| ScanError::Utf8)?
                .to_owned(),
        ),
        _ => Scalar::Bytes(bytes.to_vec()),
    })
}

//! The strict scanner: Automerge must not meet raw bytes.
//!
//! It reads the change chunk of Automerge's binary format (automerge.org, "Binary Document
//! Format"), version 1, in the only shape we allow, and counts before it expands. Numbers
//! must be in their shortest form, columns in ascending order, rows equal in every column.

use std::io::Read as _;

use schemas::value::Scalar;
use thiserror::Error;

use super::{
    Change, Put,
    column::{read_deltas, read_runs},
    leb::{Reader, write_unsigned},
};
use crate::{
    ids::{ActorId, ChangeHash, OpId, Sha256},
    limits::{
        MAX_BLOB_BYTES, MAX_CHANGE_BYTES, MAX_DEPS, MAX_KEY_BYTES, MAX_MESSAGE_BYTES,
        MAX_OP_COUNTER, MAX_OPS_PER_CHANGE, MAX_OTHER_ACTORS, MAX_PREDS, MAX_TEXT_BYTES,
    },
};

/// First bytes of every Automerge chunk.
pub(crate) const MAGIC: [u8; 4] = [0x85, 0x6F, 0x4A, 0x83];
/// Chunk type of a plain change.
pub(crate) const TYPE_CHANGE: u8 = 1;
/// Chunk type of a deflated change.
pub(crate) const TYPE_DEFLATED: u8 = 2;

/// Column ids of the format: id in the upper bits, type in the lower three.
pub(crate) mod columns {
    /// Key strings.
    pub(crate) const KEY: u64 = 0x15;
    /// Insert flags, all false in a map.
    pub(crate) const INSERT: u64 = 0x34;
    /// Actions; 1 is a put.
    pub(crate) const ACTION: u64 = 0x42;
    /// Type and length of each value.
    pub(crate) const VALUE_META: u64 = 0x56;
    /// The values' bytes.
    pub(crate) const VALUE: u64 = 0x57;
    /// Number of predecessors of each operation.
    pub(crate) const PRED_COUNT: u64 = 0x70;
    /// Index of each predecessor's actor.
    pub(crate) const PRED_ACTOR: u64 = 0x71;
    /// Counter of each predecessor, as differences.
    pub(crate) const PRED_COUNTER: u64 = 0x73;
}

/// Value types of the format, the lower four bits of a value's meta number.
pub(crate) mod types {
    pub(crate) const NULL: u64 = 0;
    pub(crate) const FALSE: u64 = 1;
    pub(crate) const TRUE: u64 = 2;
    pub(crate) const INT: u64 = 4;
    pub(crate) const TEXT: u64 = 6;
    pub(crate) const BYTES: u64 = 7;
}

/// Why bytes are not a change we take. None carries a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Error)]
pub enum ScanError {
    /// Not the first bytes of an Automerge chunk.
    #[error("not an Automerge chunk")]
    Magic,
    /// A chunk that is not a single change.
    #[error("not a change chunk")]
    ChunkType,
    /// Bytes end in the middle.
    #[error("bytes end in the middle")]
    Truncated,
    /// Bytes are left over.
    #[error("bytes left over")]
    Trailing,
    /// A number out of range or not in its shortest form.
    #[error("number out of range or not in shortest form")]
    Number,
    /// Something is longer than its limit.
    #[error("longer than its limit")]
    TooLarge,
    /// More operations, predecessors or rows than allowed.
    #[error("too many operations")]
    TooManyOps,
    /// The deflated body is damaged or inflates past the limit.
    #[error("deflated body is damaged or too large")]
    Deflate,
    /// The checksum is not that of the bytes.
    #[error("checksum does not match")]
    Checksum,
    /// A column that root puts of scalars do not have, or columns out of order.
    #[error("unknown or misplaced column")]
    Column,
    /// A null where a value must stand.
    #[error("null in a column")]
    NullInColumn,
    /// Columns with different numbers of rows.
    #[error("columns of different length")]
    Rows,
    /// An action other than put.
    #[error("only puts are allowed")]
    Action,
    /// A value type other than null, bool, integer, text or bytes.
    #[error("value type is not allowed")]
    ValueType,
    /// Text that is not UTF-8.
    #[error("text is not UTF-8")]
    Utf8,
    /// An empty key, or one put twice in the change.
    #[error("empty or repeated key")]
    Key,
    /// Actors or dependencies not ascending, repeated, unused or of wrong length.
    #[error("actors or dependencies are not in order")]
    Order,
    /// A predecessor that cannot precede the change, or predecessors out of order.
    #[error("impossible predecessor")]
    Pred,
    /// A change without operations.
    #[error("no operations")]
    Empty,
}

/// Reads one change chunk, plain or deflated, and nothing else.
///
/// The work is linear in the bytes and bounded by [`MAX_CHANGE_BYTES`].
pub fn scan(bytes: &[u8]) -> Result<Change, ScanError> {
    let mut reader = Reader::new(bytes);
    if reader.array::<4>().map_err(|_| ScanError::Magic)? != MAGIC {
        return Err(ScanError::Magic);
    }
    let checksum = reader.array::<4>()?;
    let [chunk_type] = reader.array::<1>()?;
    let length = reader.length(MAX_CHANGE_BYTES)?;
    let body = reader.take(length)?;
    if !reader.is_empty() {
        return Err(ScanError::Trailing);
    }
    match chunk_type {
        TYPE_CHANGE => scan_body(body, checksum),
        TYPE_DEFLATED => scan_body(&inflate(body)?, checksum),
        _ => Err(ScanError::ChunkType),
    }
}

/// The plain chunk of a deflated one.
pub(super) fn plain(bytes: &[u8]) -> Result<Vec<u8>, ScanError> {
    let mut reader = Reader::new(bytes);
    reader.take(MAGIC.len())?;
    let checksum = reader.array::<4>()?;
    reader.take(1)?;
    let length = reader.length(MAX_CHANGE_BYTES)?;
    let body = inflate(reader.take(length)?)?;
    let mut chunk = Vec::with_capacity(body.len() + 12);
    chunk.extend_from_slice(&MAGIC);
    chunk.extend_from_slice(&checksum);
    chunk.push(TYPE_CHANGE);
    write_unsigned(&mut chunk, body.len() as u64);
    chunk.extend_from_slice(&body);
    Ok(chunk)
}

fn inflate(body: &[u8]) -> Result<Vec<u8>, ScanError> {
    let mut out = Vec::new();
    let mut decoder = flate2::bufread::DeflateDecoder::new(body);
    decoder
        .by_ref()
        .take(MAX_CHANGE_BYTES as u64 + 1)
        .read_to_end(&mut out)
        .map_err(|_| ScanError::Deflate)?;
    let whole = decoder.total_in() == body.len() as u64;
    if out.len() > MAX_CHANGE_BYTES || !whole {
        Err(ScanError::Deflate)
    } else {
        Ok(out)
    }
}

/// SHA-256 over the chunk's type, length and body.
pub(crate) fn hash_body(body: &[u8]) -> ChangeHash {
    let mut prefix = Vec::with_capacity(5);
    prefix.push(TYPE_CHANGE);
    write_unsigned(&mut prefix, body.len() as u64);
    let mut context = ring::digest::Context::new(&ring::digest::SHA256);
    context.update(&prefix);
    context.update(body);
    let mut hash = Sha256::default().0;
    hash.copy_from_slice(context.finish().as_ref());
    ChangeHash(hash)
}

fn scan_body(body: &[u8], checksum: [u8; 4]) -> Result<Change, ScanError> {
    let hash = hash_body(body);
    if !hash.0.starts_with(&checksum) {
        return Err(ScanError::Checksum);
    }
    let mut reader = Reader::new(body);
    let deps = read_deps(&mut reader)?;
    let actor = read_actor(&mut reader)?;
    let seq = reader.unsigned()?;
    let start_op = reader.unsigned()?;
    let time = reader.signed()?;
    let message = reader.length(MAX_MESSAGE_BYTES)?;
    reader.take(message)?;
    let others = read_other_actors(&mut reader, actor)?;
    let columns = Columns::read(&mut reader)?;
    if !reader.is_empty() {
        return Err(ScanError::Trailing);
    }
    if seq == 0 || start_op == 0 || start_op > MAX_OP_COUNTER {
        return Err(ScanError::Number);
    }
    let puts = columns.puts(start_op, actor, &others)?;
    Ok(Change {
        hash,
        actor,
        seq,
        start_op,
        time,
        deps,
        puts,
    })
}

fn read_deps(reader: &mut Reader<'_>) -> Result<Vec<ChangeHash>, ScanError> {
    let count = reader.length(MAX_DEPS)?;
    let mut deps = Vec::with_capacity(count);
    for _ in 0..count {
        deps.push(ChangeHash(reader.array()?));
    }
    if deps.is_sorted_by(|a, b| a < b) {
        Ok(deps)
    } else {
        Err(ScanError::Order)
    }
}

fn read_actor(reader: &mut Reader<'_>) -> Result<ActorId, ScanError> {
    if reader.unsigned()? != ActorId::LEN as u64 {
        return Err(ScanError::Order);
    }
    reader.array().map(ActorId)
}

fn read_other_actors(reader: &mut Reader<'_>, author: ActorId) -> Result<Vec<ActorId>, ScanError> {
    let count = reader.length(MAX_OTHER_ACTORS)?;
    let mut actors = Vec::with_capacity(count);
    for _ in 0..count {
        actors.push(read_actor(reader)?);
    }
    if actors.is_sorted_by(|a, b| a < b) && !actors.contains(&author) {
        Ok(actors)
    } else {
        Err(ScanError::Order)
    }
}

/// The columns of a change that puts scalars at the root.
#[derive(Default)]
struct Columns<'a> {
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
    fn read(reader: &mut Reader<'a>) -> Result<Self, ScanError> {
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
                columns::KEY => &mut found.key,
                columns::INSERT => &mut found.insert,
                columns::ACTION => &mut found.action,
                columns::VALUE_META => &mut found.value_meta,
                columns::VALUE => &mut found.value,
                columns::PRED_COUNT => &mut found.pred_count,
                columns::PRED_ACTOR => &mut found.pred_actor,
                columns::PRED_COUNTER => &mut found.pred_counter,
                _ => return Err(ScanError::Column),
            };
            if length == 0 {
                return Err(ScanError::Column);
            }
            *slot = reader.take(length)?;
        }
        Ok(found)
    }

    fn puts(
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

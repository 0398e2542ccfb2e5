//! The strict scanner: Automerge must not meet raw bytes.
//!
//! It reads the change chunk of Automerge's binary format (automerge.org, "Binary Document
//! Format"), version 1, in the only shape we allow, and counts before it expands. Numbers
//! must be in their shortest form, columns in ascending order, rows equal in every column, and
//! the whole must be what Automerge itself would write.

use std::io::Read as _;

use thiserror::Error;

use super::{
    Change,
    columns::Columns,
    encode::encode_body,
    leb::{Reader, write_unsigned},
};
use crate::{
    ids::{ActorId, ChangeHash, Sha256},
    limits::{
        MAX_CHANGE_BYTES, MAX_DEPS, MAX_MESSAGE_BYTES, MAX_OP_COUNTER, MAX_OTHER_ACTORS,
        MAX_TIME_MS,
    },
};

/// First bytes of every Automerge chunk.
pub(crate) const MAGIC: [u8; 4] = [0x85, 0x6F, 0x4A, 0x83];
/// Chunk type of a plain change.
pub(crate) const TYPE_CHANGE: u8 = 1;
/// Chunk type of a deflated change.
pub(crate) const TYPE_DEFLATED: u8 = 2;

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
    /// What it says is right, but Automerge would write it in other bytes: loading a snapshot
    /// writes every change again, and one that came out differently would make it unloadable.
    #[error("not written as Automerge writes it")]
    NotCanonical,
    /// The wall time is negative or after the year 9999.
    #[error("wall time out of range")]
    Time,
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

/// The hash of a plain chunk, whose body is not looked into: what a manifest commits to.
pub fn chunk_hash(chunk: &[u8]) -> Result<ChangeHash, ScanError> {
    let mut reader = Reader::new(chunk);
    let magic = reader.array::<4>()?;
    let checksum = reader.array::<4>()?;
    let [chunk_type] = reader.array::<1>()?;
    let length = reader.length(MAX_CHANGE_BYTES)?;
    let body = reader.take(length)?;
    if magic != MAGIC || chunk_type != TYPE_CHANGE || !reader.is_empty() {
        return Err(ScanError::ChunkType);
    }
    let hash = hash_body(body);
    if hash.0.starts_with(&checksum) {
        Ok(hash)
    } else {
        Err(ScanError::Checksum)
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
    if !(0..=MAX_TIME_MS).contains(&time) {
        return Err(ScanError::Time);
    }
    let puts = columns.puts(start_op, actor, &others)?;
    let change = Change {
        hash,
        actor,
        seq,
        start_op,
        time,
        deps,
        puts,
    };
    if encode_body(&change) == body {
        Ok(change)
    } else {
        Err(ScanError::NotCanonical)
    }
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

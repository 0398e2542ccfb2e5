//! A record as it is kept: a snapshot, the chunks after it, and the registers of both.

use automerge::{Automerge, LoadOptions, OnPartialLoad, VerificationMode};
use thiserror::Error;

use super::registers::Registers;
use crate::{
    change::{Change, ScanError, guard, scan},
    limits::{MAX_CHANGES_PER_RECORD, MAX_SNAPSHOT_BYTES},
};

/// Why a record's bytes cannot be read. The record is set aside, never overwritten.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum StateError {
    /// Automerge refuses the snapshot.
    #[error("the record's snapshot cannot be loaded")]
    Snapshot,
    /// Automerge refuses a change after the snapshot.
    #[error("a change after the record's snapshot cannot be applied")]
    Change,
    /// The snapshot holds something other than root puts of scalars.
    #[error("the record's snapshot is not a flat record: {0}")]
    Shape(#[from] ScanError),
    /// The snapshot or the number of changes is past its limit.
    #[error("the record is larger than allowed")]
    TooLarge,
    /// Automerge panicked; the document was dropped.
    #[error("the record's document is damaged")]
    Damaged,
}

/// Bytes and registers of one record. No document stays resident: bytes are the state.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct RecordState {
    /// An Automerge document, saved without compression; empty for none.
    pub snapshot: Vec<u8>,
    /// Chunks of the changes since, each after those it depends on.
    pub chunks: Vec<Vec<u8>>,
    /// Registers of both.
    pub registers: Registers,
}

impl RecordState {
    /// The state of a snapshot that came from elsewhere, all of whose changes are scanned.
    pub fn from_snapshot(snapshot: Vec<u8>) -> Result<Self, StateError> {
        let changes = guard(|| changes_of(&load(&snapshot)?)).ok_or(StateError::Damaged)??;
        let registers = Registers::of(changes.iter().map(|(change, _)| change));
        Ok(Self {
            snapshot,
            chunks: Vec::new(),
            registers,
        })
    }

    /// The document of snapshot and chunks.
    pub fn document(&self) -> Result<Automerge, StateError> {
        guard(|| {
            let mut document = load(&self.snapshot)?;
            apply(&mut document, &self.chunks)?;
            Ok(document)
        })
        .ok_or(StateError::Damaged)?
    }

    /// Every change, each after those it depends on, with its chunk.
    pub fn changes(&self) -> Result<Vec<(Change, Vec<u8>)>, StateError> {
        let mut changes =
            guard(|| changes_of(&load(&self.snapshot)?)).ok_or(StateError::Damaged)??;
        for chunk in &self.chunks {
            changes.push((scan(chunk)?, chunk.clone()));
        }
        changes.sort_by_key(|(change, _)| (change.start_op, change.actor));
        Ok(changes)
    }

    /// Adds an admitted change.
    pub fn push(&mut self, change: &Change, chunk: Vec<u8>) {
        self.registers.apply(change);
        self.chunks.push(chunk);
    }
}

/// Loads a snapshot, whose heads Automerge verifies; empty bytes are an empty document.
pub(crate) fn load(snapshot: &[u8]) -> Result<Automerge, StateError> {
    if snapshot.len() > MAX_SNAPSHOT_BYTES {
        return Err(StateError::TooLarge);
    }
    if snapshot.is_empty() {
        return Ok(Automerge::new());
    }
    let options = LoadOptions::new()
        .on_partial_load(OnPartialLoad::Error)
        .verification_mode(VerificationMode::Check);
    Automerge::load_with_options(snapshot, options).map_err(|_| StateError::Snapshot)
}

/// Applies chunks that the scanner passed before.
pub(crate) fn apply(document: &mut Automerge, chunks: &[Vec<u8>]) -> Result<(), StateError> {
    let changes = chunks
        .iter()
        .map(|chunk| automerge::Change::try_from(chunk.as_slice()))
        .collect::<Result<Vec<_>, _>>()
        .map_err(|_| StateError::Change)?;
    document
        .apply_changes(changes)
        .map_err(|_| StateError::Change)
}

fn changes_of(document: &Automerge) -> Result<Vec<(Change, Vec<u8>)>, StateError> {
    let changes = document.get_changes(&[]);
    if changes.len() > MAX_CHANGES_PER_RECORD {
        return Err(StateError::TooLarge);
    }
    let mut scanned = changes
        .iter()
        .map(|change| {
            let chunk = change.raw_bytes().to_vec();
            Ok((scan(&chunk)?, chunk))
        })
        .collect::<Result<Vec<_>, StateError>>()?;
    // A change begins past every operation it has seen, so this order is causal.
    scanned.sort_by_key(|(change, _)| (change.start_op, change.actor));
    Ok(scanned)
}

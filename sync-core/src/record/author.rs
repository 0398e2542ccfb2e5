//! Puts become a change.
//!
//! The chunk is written by our own encoder from the registers, byte for byte as Automerge writes
//! it (a test compares them): no document is loaded to save a form. Automerge's own `put` cannot
//! say "this one of the conflicting values": it deletes the others instead, which would leave an
//! operation that is no put and a value without its new author (docs/adr/0010).

use thiserror::Error;

use super::{
    edit::{Edit, EditError, compile},
    state::RecordState,
};
use crate::{
    change::{Change, Put, ScanError, encode, scan},
    ids::{ActorId, ChangeHash},
    limits::MAX_TIME_MS,
};

/// A change just made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authored {
    /// The change as the scanner reads it.
    pub change: Change,
    /// Its chunk, not deflated.
    pub chunk: Vec<u8>,
}

/// Why a change could not be made.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum AuthorError {
    /// The edits do not fit the record.
    #[error(transparent)]
    Edit(#[from] EditError),
    /// The change is past a limit of the scanner.
    #[error("the change is past a limit: {0}")]
    Scan(#[from] ScanError),
}

/// Makes the change that `edits` are, by `actor` at `now` (ms), from the registers of a record.
pub fn author(
    state: &RecordState,
    actor: ActorId,
    edits: &[Edit],
    now: i64,
) -> Result<Authored, AuthorError> {
    let registers = &state.registers;
    let puts = compile(registers, edits, actor.class(), now)?
        .into_iter()
        .map(|(key, value)| {
            // It replaces everything that is visible here.
            let preds = registers
                .visible(&key)
                .iter()
                .map(|visible| visible.op)
                .collect();
            Put { key, value, preds }
        })
        .collect();
    let change = Change {
        hash: ChangeHash::default(),
        actor,
        seq: registers.seq(actor) + 1,
        start_op: registers.max_op() + 1,
        // A phone's clock may say anything; the change must be admitted all the same.
        time: now.clamp(0, MAX_TIME_MS),
        deps: registers.head_hashes().collect(),
        puts,
    };
    let (chunk, _) = encode(&change);
    // The scanner knows the limits, and reads back what was written.
    let change = scan(&chunk)?;
    Ok(Authored { change, chunk })
}

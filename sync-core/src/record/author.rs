//! Puts become a change: Automerge authors it, the scanner reads it back.

use automerge::{
    ActorId as AutomergeActor, Automerge, ROOT, ScalarValue,
    transaction::{CommitOptions, Transactable},
};
use schemas::value::Scalar;
use thiserror::Error;

use super::{
    edit::{Edit, EditError, compile},
    state::{RecordState, StateError},
};
use crate::{
    change::{Change, ScanError, scan},
    ids::ActorId,
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
    /// The record's own bytes cannot be read.
    #[error(transparent)]
    State(#[from] StateError),
    /// What Automerge wrote is past a limit of the scanner.
    #[error("the change is past a limit: {0}")]
    Scan(#[from] ScanError),
}

/// Makes the change that `edits` are, by `actor` at `now` (ms). The state is not altered.
pub fn author(
    state: &RecordState,
    actor: ActorId,
    edits: &[Edit],
    now: i64,
) -> Result<Authored, AuthorError> {
    let puts = compile(&state.registers, edits, actor.class(), now)?;
    // A phone's clock may say anything; the change must be admitted all the same.
    let time = now.clamp(0, MAX_TIME_MS);
    let mut document = state.document()?;
    let chunk = commit(&mut document, actor, &puts, time).ok_or(EditError::NothingChanged)?;
    let change = scan(&chunk)?;
    Ok(Authored { change, chunk })
}

fn commit(
    document: &mut Automerge,
    actor: ActorId,
    puts: &[(String, Scalar)],
    time: i64,
) -> Option<Vec<u8>> {
    document.set_actor(AutomergeActor::from(&actor.0[..]));
    let mut transaction = document.transaction();
    for (key, value) in puts {
        transaction
            .put(ROOT, key.as_str(), to_automerge(value))
            .ok()?;
    }
    transaction
        .commit_with(CommitOptions::default().with_time(time))
        .0?;
    let change = document.get_last_local_change()?;
    Some(change.raw_bytes().to_vec())
}

/// A scalar as Automerge holds it.
pub(crate) fn to_automerge(value: &Scalar) -> ScalarValue {
    match value {
        Scalar::Null => ScalarValue::Null,
        Scalar::Bool(value) => ScalarValue::Boolean(*value),
        Scalar::Int(value) => ScalarValue::Int(*value),
        Scalar::Text(text) => ScalarValue::Str(text.as_str().into()),
        Scalar::Bytes(bytes) => ScalarValue::Bytes(bytes.clone()),
    }
}

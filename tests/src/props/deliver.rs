//! Ways in which a record's changes can arrive.

use sync_core::{
    change::{HeldReason, Incoming, Outcome, Path, Stop, admit},
    record::RecordState,
};

use super::{Checked, shuffle};
use crate::world::Rng;

/// What deliveries met, counted.
#[derive(Clone, Copy, Debug, Default)]
pub struct Met {
    /// Changes that entered from the registers alone.
    pub register_path: u64,
    /// Changes that entered through the document.
    pub document_path: u64,
    /// Changes that waited for what they depend on.
    pub held: u64,
    /// Changes that came again.
    pub duplicates: u64,
}

/// Delivers changes in a random order, some of them twice, split into random batches; what is
/// held waits and is tried again until all of it has entered.
pub fn scattered(changes: &[Incoming], rng: &mut Rng, met: &mut Met) -> Checked<RecordState> {
    let mut post: Vec<Incoming> = changes.to_vec();
    for change in changes {
        if rng.chance(25) {
            post.push(change.clone());
        }
    }
    shuffle(&mut post, rng);
    in_order(&post, rng, met)
}

/// Delivers changes in this order, split into random batches, with the same patience.
pub fn in_order(post: &[Incoming], rng: &mut Rng, met: &mut Met) -> Checked<RecordState> {
    let mut state = RecordState::default();
    let mut rest = post;
    let mut waiting = Vec::new();
    while !rest.is_empty() {
        let (batch, later) = rest.split_at((1 + rng.below(4)).min(rest.len()));
        rest = later;
        waiting.extend(batch_in(&mut state, batch, rng, met)?);
    }
    while !waiting.is_empty() {
        let before = waiting.len();
        let mut still = Vec::new();
        for change in waiting {
            still.extend(batch_in(&mut state, &[change], rng, met)?);
        }
        waiting = still;
        if waiting.len() == before {
            return Err(format!("{before} changes wait for ever"));
        }
    }
    Ok(state)
}

/// Admits a batch; what is held comes back. Now and then a proven snapshot takes the place of
/// what it stands for, as in a store.
fn batch_in(
    state: &mut RecordState,
    batch: &[Incoming],
    rng: &mut Rng,
    met: &mut Met,
) -> Checked<Vec<Incoming>> {
    let admitted = admit(state, batch, &());
    let mut held = Vec::new();
    for (incoming, outcome) in batch.iter().zip(&admitted.outcomes) {
        match outcome {
            Outcome::Accepted(Path::Register) => met.register_path += 1,
            Outcome::Accepted(Path::Document) => met.document_path += 1,
            Outcome::Duplicate => met.duplicates += 1,
            Outcome::Stopped(Stop::Held(reason), _) => {
                met.held += u64::from(*reason == HeldReason::MissingDependency);
                held.push(incoming.clone());
            }
            Outcome::Stopped(stop, key) => {
                return Err(format!("an honest change was stopped: {stop:?} {key:?}"));
            }
        }
    }
    if let Some(proven) = admitted.proven.filter(|_| rng.chance(30)) {
        state.snapshot = proven;
        state.chunks.clear();
    }
    Ok(held)
}

//! The document path: a change that had not seen everything is checked where it was made, at its
//! own dependencies, and must leave a document that can be saved and loaded again.

use automerge::{Automerge, ChangeHash as AutomergeHash, ObjId, ROOT, ReadDoc};

use super::{
    Change,
    admit::{Incoming, check_preds},
    guard::guard,
    outcome::{HeldReason, RefusedReason, Stop},
};
use crate::{
    ids::{ActorId, OpId},
    limits::MAX_SNAPSHOT_BYTES,
    record::RecordState,
};

type Stopped = (Stop, Option<String>);

const UNSOUND: Stop = Stop::Refused(RefusedReason::Unsound);

/// A copy of a record's document, dropped after the batch.
pub(super) struct DocumentPath {
    document: Automerge,
    /// The last save that was loaded again with the same heads.
    proven: Option<Vec<u8>>,
    /// Whether something was applied since.
    newer: bool,
}

impl DocumentPath {
    /// A copy of the record's document.
    pub(super) fn open(state: &RecordState) -> Result<Self, Stop> {
        let document = state.document().map_err(|_| UNSOUND)?;
        Ok(Self {
            document,
            proven: None,
            newer: false,
        })
    }

    /// The proven snapshot, if a change entered.
    pub(super) fn into_snapshot(self) -> Option<Vec<u8>> {
        self.proven
    }

    /// Whether exactly this change is in the document.
    pub(super) fn knows(&self, change: &Change) -> bool {
        let hash = AutomergeHash(change.hash.0);
        guard(|| self.document.get_change_meta_by_hash(&hash).is_some()).unwrap_or(false)
    }

    /// Checks a change against the document as its author saw it.
    pub(super) fn check(&self, change: &Change) -> Result<(), Stopped> {
        guard(|| self.check_inside(change)).unwrap_or(Err((UNSOUND, None)))
    }

    fn check_inside(&self, change: &Change) -> Result<(), Stopped> {
        let deps: Vec<AutomergeHash> = change.deps.iter().map(|dep| AutomergeHash(dep.0)).collect();
        let mut seen_to = 0;
        for dep in &deps {
            let meta = self
                .document
                .get_change_meta_by_hash(dep)
                .ok_or((Stop::Held(HeldReason::MissingDependency), None))?;
            seen_to = seen_to.max(meta.max_op);
        }
        if change.start_op != seen_to + 1 {
            return Err((Stop::Refused(RefusedReason::StartOp), None));
        }
        // Clocks count an actor's changes in one line, so its own earlier ones must be seen.
        let unseen_own = self
            .document
            .get_changes_meta(&deps)
            .iter()
            .any(|meta| meta.actor.to_bytes() == change.actor.0);
        if unseen_own {
            return Err((Stop::Refused(RefusedReason::NotOwnSuccessor), None));
        }
        for put in &change.puts {
            let all = self
                .document
                .get_all_at(ROOT, put.key.as_str(), &deps)
                .map_err(|_| (UNSOUND, None))?;
            let mut visible = all
                .iter()
                .map(|(_, id)| op_id(id))
                .collect::<Option<Vec<_>>>()
                .ok_or((UNSOUND, None))?;
            visible.sort_unstable();
            check_preds(&put.key, &put.preds, visible.into_iter())?;
        }
        Ok(())
    }

    /// Applies a checked change, which is to be proven before the record holds it for good.
    pub(super) fn apply(&mut self, incoming: &Incoming) -> Result<(), Stop> {
        let document = &mut self.document;
        let entered = guard(|| {
            let change = automerge::Change::try_from(incoming.chunk.as_slice()).ok()?;
            document.apply_changes([change]).ok()?;
            let hash = AutomergeHash(incoming.change.hash.0);
            document.get_heads().contains(&hash).then_some(())
        });
        self.newer = true;
        entered.flatten().ok_or(UNSOUND)
    }

    /// Saves and loads again what was applied: the heads must be the same.
    pub(super) fn prove(&mut self) -> Result<(), Stop> {
        if !self.newer {
            return Ok(());
        }
        let document = &self.document;
        let saved = guard(|| {
            let saved = document.save_nocompress();
            let again = Automerge::load(&saved).ok()?;
            (again.get_heads() == document.get_heads()).then_some(saved)
        });
        let saved = saved.flatten().ok_or(UNSOUND)?;
        if saved.len() > MAX_SNAPSHOT_BYTES {
            return Err(Stop::Refused(RefusedReason::TooLarge));
        }
        self.proven = Some(saved);
        self.newer = false;
        Ok(())
    }
}

fn op_id(id: &ObjId) -> Option<OpId> {
    match id {
        ObjId::Id(counter, actor, _) => Some(OpId {
            counter: *counter,
            actor: ActorId::from_slice(actor.to_bytes()).ok()?,
        }),
        ObjId::Root => None,
    }
}

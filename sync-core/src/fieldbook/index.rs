//! What the book knows of changes and numbers, for wire version 2.

use automerge::{ActorId as AutomergeActor, ChangeHash as AutomergeHash};

use super::store::Store;
use crate::{
    bundle::{ChangeIndex, RecordKeeper, RecordRef},
    ids::{ActorId, ChangeHash, RecordId, Salt},
    record::RecordState,
};

/// The book as an index. A failure to read is "unknown": the other end then asks for version 1.
pub(super) struct BookIndex<'a> {
    pub(super) store: &'a Store,
    pub(super) epoch: u64,
}

impl BookIndex<'_> {
    fn state(&self, record: &RecordId) -> Option<RecordState> {
        self.store
            .load_state(record)
            .ok()
            .flatten()
            .map(|loaded| loaded.state)
    }
}

impl ChangeIndex for BookIndex<'_> {
    fn locate(&self, record: &RecordId, hash: &ChangeHash) -> Option<(ActorId, u64)> {
        let state = self.state(record)?;
        let head = state
            .registers
            .heads()
            .iter()
            .find(|head| head.hash == *hash);
        if let Some(head) = head {
            return Some((head.actor, head.seq));
        }
        let document = state.document().ok()?;
        let meta = document.get_change_meta_by_hash(&AutomergeHash(hash.0))?;
        Some((ActorId::from_slice(meta.actor.to_bytes()).ok()?, meta.seq))
    }

    fn hash(&self, record: &RecordId, actor: ActorId, seq: u64) -> Option<ChangeHash> {
        let state = self.state(record)?;
        let is_it = |known: (ActorId, u64)| known == (actor, seq);
        let head = state
            .registers
            .heads()
            .iter()
            .find(|head| is_it((head.actor, head.seq)));
        if let Some(head) = head {
            return Some(head.hash);
        }
        let document = state.document().ok()?;
        let actor = AutomergeActor::from(&actor.0[..]);
        let metas = document.get_changes_meta(&[]);
        let meta = metas
            .iter()
            .find(|meta| *meta.actor == actor && meta.seq == seq)?;
        Some(ChangeHash(meta.hash.0))
    }

    fn reference(&self, record: &RecordId) -> RecordRef {
        match self.store.number_of(record) {
            Ok(Some((grid, number))) => RecordRef::Number {
                epoch: self.epoch,
                grid,
                number,
            },
            _ => RecordRef::Id(*record),
        }
    }

    fn record(&self, epoch: u64, grid: &str, number: u32) -> Option<RecordId> {
        if epoch != self.epoch {
            return None;
        }
        self.store.record_of_number(grid, number).ok().flatten()
    }
}

impl RecordKeeper for BookIndex<'_> {
    fn salt(&self, record: &RecordId) -> Option<Salt> {
        self.store.header(record).ok().map(|header| header.salt)
    }
}

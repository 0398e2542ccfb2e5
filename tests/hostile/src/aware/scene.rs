//! The moment in a record's life at which a hostile change arrives.

use schemas::{path::ALIVE, value::Scalar};
use sync_core::{
    ActorId, ChangeHash,
    change::{Change, Incoming, Put, encode},
    record::RecordState,
};

use crate::{corpus::Corpus, corpus::History, rng::Rng};

/// A record at one of its points, and what it knows.
#[derive(Clone, Copy)]
pub(crate) struct Scene<'a> {
    pub(crate) corpus: &'a Corpus,
    pub(crate) history: &'a History,
    /// How many changes the record holds.
    pub(crate) at: usize,
    pub(crate) state: &'a RecordState,
}

impl<'a> Scene<'a> {
    /// Some record at some point.
    pub(crate) fn any(corpus: &'a Corpus, rng: &mut Rng) -> Option<Self> {
        let history = rng.pick(corpus.histories())?;
        let (at, state) = rng.pick(&history.points)?;
        Some(Self {
            corpus,
            history,
            at: *at,
            state,
        })
    }

    /// A genuine change that the record would take: the next one of its history, or a new one by
    /// someone who has seen everything.
    pub(crate) fn genuine(self, rng: &mut Rng) -> Option<Incoming> {
        match self.history.changes.get(self.at) {
            Some(next) if !rng.one_in(3) => Some(next.clone()),
            _ => {
                let actor = *rng.pick(&self.history.actors)?;
                Self::fresh(rng, self.state, actor)
            }
        }
    }

    /// A new change by `actor` who saw `view`: two or three puts over all that is visible.
    pub(super) fn fresh(rng: &mut Rng, view: &RecordState, actor: ActorId) -> Option<Incoming> {
        let registers = &view.registers;
        let mut keys = vec![ALIVE, *rng.pick(&["door_no", "remark", "staff"])?];
        let known = registers.iter().nth(rng.below(registers.len()));
        keys.extend(known.map(|(key, _)| key));
        keys.sort_unstable();
        keys.dedup();
        let put = |key: &str| Put {
            key: key.to_owned(),
            value: Scalar::Int(rng.next().cast_signed()),
            preds: registers.visible(key).iter().map(|one| one.op).collect(),
        };
        let mut change = Change {
            hash: ChangeHash::default(),
            actor,
            seq: registers.seq(actor) + 1,
            start_op: registers.max_op() + 1,
            time: 1_800_000_000_000,
            deps: registers.head_hashes().collect(),
            puts: keys.into_iter().map(put).collect(),
        };
        let (chunk, hash) = encode(&change);
        change.hash = hash;
        Some(Incoming { change, chunk })
    }

    /// A change that the record already holds.
    pub(super) fn known(self, rng: &mut Rng) -> Option<&'a Incoming> {
        rng.pick(self.history.changes.get(..self.at)?)
    }

    /// The record at an earlier point.
    pub(super) fn earlier(self, rng: &mut Rng) -> Option<&'a (usize, RecordState)> {
        let points = &self.history.points;
        let before = points.partition_point(|(at, _)| *at < self.at);
        rng.pick(points.get(..before)?)
    }
}

/// The chunk of an altered change.
pub(super) fn written(change: &Change) -> Vec<u8> {
    encode(change).0
}

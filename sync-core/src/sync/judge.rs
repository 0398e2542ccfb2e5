//! The server's decision on one record of a bundle: a function of the record, the changes and
//! where their author stands.

use schemas::{Kind, RegisterKey, access::Author};

use crate::{
    change::{Change, HeldReason, Incoming, Outcome, RefusedReason, Rules, Stop, admit},
    ids::ActorId,
    record::{RecordState, Registers},
    sync::VerdictStatus,
};

/// Where the author of a bundle stands towards one of its records.
#[derive(Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent facts, each asked once"
)]
pub struct Standing<'a> {
    /// The actor of the bundle's device and epoch.
    pub actor: ActorId,
    /// The person's role and office; none for a role this server does not know.
    pub author: Option<Author>,
    /// Whether the schema version that the manifest names is known.
    pub schema_known: bool,
    /// The record's kind; none for a kind that no schema names: stored and passed on untouched.
    pub kind: Option<&'a Kind>,
    /// Why everything of this bundle waits, if it does: a revoked device, an expired certificate.
    pub held: Option<HeldReason>,
    /// Whether the certificate opens the record's grid.
    pub opens_grid: bool,
    /// Whether an earlier change of this actor on the record was refused.
    pub superseded: bool,
    /// Whether an earlier change of this actor on the record is held.
    pub follows_held: bool,
}

/// The decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// How many changes entered, from the first; those that had entered before count.
    pub accepted: u32,
    /// What became of the rest.
    pub status: VerdictStatus,
    /// Key of the field at fault, if one is.
    pub key: Option<String>,
    /// The changes that newly entered, in order: what goes to feed, views and dispatch.
    pub entered: Vec<Incoming>,
    /// The outcome of each change that was scanned.
    pub outcomes: Vec<Outcome>,
    /// A proven snapshot of the record, where the batch went through the document.
    pub proven: Option<Vec<u8>>,
}

/// Judges one author's chunks of one record, in their order; what is accepted enters `state`.
pub fn judge(state: &mut RecordState, chunks: &[Vec<u8>], standing: &Standing<'_>) -> Judgement {
    if let Some(stop) = standing.stop() {
        return Judgement::stopped(stop);
    }
    judge_scanned(state, Scanned::of(chunks), standing)
}

/// Chunks of one record that were scanned, up to the first that cannot be.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Scanned {
    /// The changes, in their order.
    pub batch: Vec<Incoming>,
    /// Why the next one is none, if so.
    pub malformed: Option<Stop>,
}

impl Scanned {
    /// Scans chunks.
    pub fn of(chunks: &[Vec<u8>]) -> Self {
        Self::within(chunks, usize::MAX).unwrap_or_default()
    }

    /// Scans chunks; none if they take more than so many bytes of memory: a few bytes of a chunk
    /// can stand for thousands of operations.
    pub fn within(chunks: &[Vec<u8>], mut bytes: usize) -> Option<Self> {
        let mut scanned = Self {
            batch: Vec::with_capacity(chunks.len()),
            malformed: None,
        };
        for chunk in chunks {
            match Incoming::scan(chunk) {
                Ok(incoming) => {
                    bytes = bytes.checked_sub(incoming.memory())?;
                    scanned.batch.push(incoming);
                }
                Err(error) => {
                    scanned.malformed = Some(Stop::from(error));
                    break;
                }
            }
        }
        Some(scanned)
    }

    /// Whether registers alone can judge the changes: each follows everything known when it
    /// enters, and none was known before. Then `state` needs neither snapshot nor chunks.
    pub fn is_sequential(&self, registers: &Registers) -> bool {
        let mut last: Option<&Change> = None;
        self.batch.iter().all(|incoming| {
            let change = &incoming.change;
            let follows = match last {
                None => {
                    registers.is_sequential(change) && change.seq == registers.seq(change.actor) + 1
                }
                Some(last) => {
                    change.deps == [last.hash]
                        && change.seq == last.seq + 1
                        && change.actor == last.actor
                }
            };
            last = Some(change);
            follows
        })
    }
}

/// [`judge`] on changes that were scanned already.
pub fn judge_scanned(
    state: &mut RecordState,
    scanned: Scanned,
    standing: &Standing<'_>,
) -> Judgement {
    if let Some(stop) = standing.stop() {
        return Judgement::stopped(stop);
    }
    let Scanned { batch, malformed } = scanned;
    let admitted = admit(state, &batch, standing);
    let mut judgement = Judgement {
        accepted: 0,
        status: VerdictStatus::Accepted,
        key: None,
        entered: Vec::new(),
        outcomes: admitted.outcomes,
        proven: admitted.proven,
    };
    let mut first_stop = None;
    for (incoming, outcome) in batch.into_iter().zip(&judgement.outcomes) {
        match outcome {
            Outcome::Accepted(_) => {
                judgement.accepted += 1;
                judgement.entered.push(incoming);
            }
            Outcome::Duplicate => judgement.accepted += 1,
            Outcome::Stopped(stop, key) => {
                first_stop = Some((*stop, key.clone()));
                break;
            }
        }
    }
    let stop = first_stop.or_else(|| malformed.map(|stop| (stop, None)));
    if let Some((stop, key)) = stop {
        (judgement.status, judgement.key) = (VerdictStatus::of(stop), key);
    }
    judgement
}

impl Judgement {
    fn stopped(stop: Stop) -> Self {
        Self {
            accepted: 0,
            status: VerdictStatus::of(stop),
            key: None,
            entered: Vec::new(),
            outcomes: Vec::new(),
            proven: None,
        }
    }
}

impl Standing<'_> {
    /// Why nothing of the record may enter, whatever it says.
    fn stop(&self) -> Option<Stop> {
        if self.superseded {
            return Some(Stop::Refused(RefusedReason::Superseded));
        }
        if let Some(reason) = self.held {
            return Some(Stop::Held(reason));
        }
        if !self.schema_known {
            return Some(Stop::Held(HeldReason::UnknownSchema));
        }
        if !self.opens_grid {
            return Some(Stop::Held(HeldReason::LostGrid));
        }
        self.follows_held
            .then_some(Stop::Held(HeldReason::FollowsHeld))
    }
}

/// Write access, from the operations and never from a difference of views: a write that loses or
/// is hidden shows no difference. An invalid value is kept and flagged elsewhere.
impl Rules for Standing<'_> {
    fn check(&self, change: &Change) -> Result<(), (Stop, Option<String>)> {
        if change.actor != self.actor {
            return Err((Stop::Refused(RefusedReason::ForeignActor), None));
        }
        let Some(kind) = self.kind else { return Ok(()) };
        for put in &change.puts {
            let refused = |reason| (Stop::Refused(reason), Some(put.key.clone()));
            let key =
                RegisterKey::parse(&put.key).map_err(|_| refused(RefusedReason::UnknownField))?;
            let known = match (&key, key.path()) {
                (RegisterKey::Entry { group, .. }, _) => kind.group(group.as_str()).is_some(),
                (_, Some(path)) => kind.field(&path).is_some(),
                (_, None) => true,
            };
            if !known {
                return Err(refused(RefusedReason::UnknownField));
            }
            let allowed = |who| kind.may_write_register(&key, &put.value, who);
            if !self.author.as_ref().is_some_and(allowed) {
                return Err(refused(RefusedReason::ForbiddenField));
            }
        }
        Ok(())
    }
}

//! Whether changes may enter a record.
//!
//! A change that saw everything known is checked against the registers alone; one that did not
//! goes through the document ([`super::document`]). Both ask the same: count and counters follow,
//! and every operation replaces exactly the values visible to its author, so that a change can
//! neither resurrect nor hide what it had not seen.

use super::{
    Change,
    document::DocumentPath,
    outcome::{HeldReason, Outcome, Path, RefusedReason, Stop},
    scan::{ScanError, TYPE_CHANGE, scan},
};
use crate::{
    ids::OpId,
    limits::{
        MAX_CHANGES_PER_RECORD, MAX_DEPS, MAX_PREDS, MAX_REGISTERS_PER_RECORD, MAX_SNAPSHOT_BYTES,
    },
    record::{RecordState, RegisterValue, Registers},
};

/// A scanned change with its plain chunk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incoming {
    /// The change.
    pub change: Change,
    /// Its chunk, not deflated.
    pub chunk: Vec<u8>,
}

impl Incoming {
    /// Scans a chunk, plain or deflated, and keeps it plain.
    pub fn scan(chunk: &[u8]) -> Result<Self, ScanError> {
        let change = scan(chunk)?;
        let plain = chunk.get(8) == Some(&TYPE_CHANGE);
        let chunk = if plain {
            chunk.to_vec()
        } else {
            super::scan::plain(chunk)?
        };
        Ok(Self { change, chunk })
    }
}

/// The product's rules on a change, asked before anything else.
pub trait Rules {
    /// `Err` says why the change may not enter, and the key of the field at fault if one is.
    fn check(&self, change: &Change) -> Result<(), (Stop, Option<String>)>;
}

/// Rules that allow everything, for changes that were admitted elsewhere.
impl Rules for () {
    fn check(&self, _: &Change) -> Result<(), (Stop, Option<String>)> {
        Ok(())
    }
}

/// What became of a batch, in its order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admitted {
    /// One outcome a change.
    pub outcomes: Vec<Outcome>,
    /// The record's snapshot with all accepted changes, saved and loaded again, where the batch
    /// went through the document; it may replace the old snapshot and chunks.
    pub proven: Option<Vec<u8>>,
}

/// Admits one author's changes of one record, in their order, into `state`.
///
/// After the first that is stopped the later ones follow it: held, or to be made again. The
/// state then holds exactly the accepted changes.
pub fn admit(state: &mut RecordState, batch: &[Incoming], rules: &dyn Rules) -> Admitted {
    let mut admission = Admission {
        size: state.snapshot.len()
            + state
                .chunks
                .iter()
                .map(|one| GROWTH * one.len())
                .sum::<usize>(),
        state,
        document: None,
    };
    let mut outcomes = Vec::with_capacity(batch.len());
    let mut stopped: Option<Stop> = None;
    for incoming in batch {
        let outcome = match stopped {
            Some(stop) => Outcome::Stopped(stop.follow(), None),
            None => admission.one(incoming, rules),
        };
        if let Outcome::Stopped(stop, _) = outcome {
            stopped.get_or_insert(stop);
        }
        outcomes.push(outcome);
    }
    let proven = admission.document.map(DocumentPath::into_snapshot);
    Admitted { outcomes, proven }
}

/// How much larger a snapshot can be than the changes in it: sixfold, if they hold short keys and
/// nothing else. A record that may be past the limit is saved and measured, because a snapshot
/// past it could not be loaded again.
const GROWTH: usize = 8;

struct Admission<'a> {
    state: &'a mut RecordState,
    /// Bytes that a snapshot of the record can have at most.
    size: usize,
    /// Present once a change of the batch needed it; then it holds all accepted changes.
    document: Option<DocumentPath>,
}

impl Admission<'_> {
    fn one(&mut self, incoming: &Incoming, rules: &dyn Rules) -> Outcome {
        match self.enter(incoming, rules) {
            Ok(outcome) => outcome,
            Err((stop, key)) => Outcome::Stopped(stop, key),
        }
    }

    fn enter(
        &mut self,
        incoming: &Incoming,
        rules: &dyn Rules,
    ) -> Result<Outcome, (Stop, Option<String>)> {
        let refused = |reason| (Stop::Refused(reason), None);
        let change = &incoming.change;
        let last = self.state.registers.seq(change.actor);
        if change.seq <= last {
            return if self.knows(change)? {
                Ok(Outcome::Duplicate)
            } else {
                Err(refused(RefusedReason::SeqReused))
            };
        }
        rules.check(change)?;
        if change.seq > last + 1 {
            return Err((Stop::Held(HeldReason::MissingDependency), None));
        }
        if !fits(&self.state.registers, change) {
            return Err(refused(RefusedReason::TooLarge));
        }
        let path = if self.state.registers.is_sequential(change) {
            check_register_path(&self.state.registers, change)?;
            if self.size + GROWTH * incoming.chunk.len() > MAX_SNAPSHOT_BYTES {
                self.open()?;
                Path::Document
            } else {
                Path::Register
            }
        } else {
            self.open()?.check(change)?;
            Path::Document
        };
        // Once the document is open it takes every change, so that what it proves is the record.
        // A failure drops it: the next change opens a fresh copy of the record as it was.
        if let Some(mut document) = self.document.take() {
            document.enter(incoming).map_err(|stop| (stop, None))?;
            self.document = Some(document);
        }
        self.state.push(change, incoming.chunk.clone());
        self.size += GROWTH * incoming.chunk.len();
        Ok(Outcome::Accepted(path))
    }

    fn open(&mut self) -> Result<&mut DocumentPath, (Stop, Option<String>)> {
        let document = match self.document.take() {
            Some(document) => document,
            None => DocumentPath::open(self.state).map_err(|stop| (stop, None))?,
        };
        Ok(self.document.insert(document))
    }

    fn knows(&mut self, change: &Change) -> Result<bool, (Stop, Option<String>)> {
        if self
            .state
            .registers
            .heads()
            .iter()
            .any(|head| head.hash == change.hash)
        {
            return Ok(true);
        }
        Ok(self.open()?.knows(change))
    }
}

/// Whether the record with the change stays within its limits. Those on heads and concurrent
/// values make sure that an honest change, which names them all, can still be written.
fn fits(registers: &Registers, change: &Change) -> bool {
    let unseen_heads = registers
        .head_hashes()
        .filter(|head| change.deps.binary_search(head).is_err())
        .count();
    let mut new = 0;
    for put in &change.puts {
        let visible = registers.visible(&put.key);
        new += usize::from(visible.is_empty());
        // Predecessors are in order: the scanner made sure.
        let stays = |value: &&RegisterValue| put.preds.binary_search(&value.op).is_err();
        if visible.iter().filter(stays).count() >= MAX_PREDS {
            return false;
        }
    }
    unseen_heads < MAX_DEPS
        && registers.len() + new <= MAX_REGISTERS_PER_RECORD
        && registers.change_count() < MAX_CHANGES_PER_RECORD as u64
}

fn check_register_path(
    registers: &Registers,
    change: &Change,
) -> Result<(), (Stop, Option<String>)> {
    if change.start_op != registers.max_op() + 1 {
        return Err((Stop::Refused(RefusedReason::StartOp), None));
    }
    for put in &change.puts {
        let visible = registers.visible(&put.key).iter().map(|value| value.op);
        check_preds(&put.key, &put.preds, visible)?;
    }
    Ok(())
}

/// Both ascending and equal: an operation replaces all that its author saw, and nothing else.
pub(super) fn check_preds(
    key: &str,
    preds: &[OpId],
    visible: impl Iterator<Item = OpId>,
) -> Result<(), (Stop, Option<String>)> {
    if preds.iter().copied().eq(visible) {
        Ok(())
    } else {
        Err((Stop::Refused(RefusedReason::Preds), Some(key.to_owned())))
    }
}

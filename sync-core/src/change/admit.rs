//! Whether changes may enter a record.
//!
//! A change that saw everything known is checked against the registers alone; one that did not
//! goes through the document ([`super::document`]). Both ask the same: count and counters follow,
//! and every operation replaces exactly the values visible to its author, so that a change can
//! neither resurrect nor hide what it had not seen.

use schemas::value::Scalar;

use super::{
    Change, Put,
    document::DocumentPath,
    outcome::{HeldReason, Outcome, Path, RefusedReason, Stop},
    scan::{ScanError, TYPE_CHANGE, scan},
};
use crate::{
    ids::{ChangeHash, OpId},
    limits::{
        MAX_CHANGES_PER_RECORD, MAX_DEPS, MAX_OPS_PER_RECORD, MAX_PREDS, MAX_REGISTERS_PER_RECORD,
        MAX_SNAPSHOT_BYTES,
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

    /// About how many bytes of memory it takes.
    pub fn memory(&self) -> usize {
        let of_put = |put: &Put| {
            let value = match &put.value {
                Scalar::Text(text) => text.len(),
                Scalar::Bytes(bytes) => bytes.len(),
                Scalar::Null | Scalar::Bool(_) | Scalar::Int(_) => 0,
            };
            size_of::<Put>() + put.key.len() + value + size_of_val(put.preds.as_slice())
        };
        let puts: usize = self.change.puts.iter().map(of_put).sum();
        size_of::<Self>() + self.chunk.len() + puts
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
        size: size_at_most(state),
        state,
        rules,
        outcomes: Vec::with_capacity(batch.len()),
        stopped: None,
        document: None,
        undo: None,
        together: false,
    };
    admission.part(batch);
    Admitted {
        proven: admission.document.and_then(DocumentPath::into_snapshot),
        outcomes: admission.outcomes,
    }
}

/// How much larger a snapshot can be than the changes in it: sixfold, if they hold short keys and
/// nothing else. A record that may be past the limit is saved and measured, because a snapshot
/// past it could not be loaded again.
const GROWTH: usize = 8;

fn size_at_most(state: &RecordState) -> usize {
    let grown = |chunk: &Vec<u8>| GROWTH * chunk.len();
    state.snapshot.len() + state.chunks.iter().map(grown).sum::<usize>()
}

struct Admission<'a> {
    state: &'a mut RecordState,
    rules: &'a dyn Rules,
    outcomes: Vec<Outcome>,
    /// What later changes follow.
    stopped: Option<Stop>,
    /// Bytes that a snapshot of the record can have at most.
    size: usize,
    /// Present once a change of the batch needed it; then it holds all accepted changes.
    document: Option<DocumentPath>,
    /// The record, and the number of outcomes, before the first change that is not proven yet.
    undo: Option<(RecordState, usize)>,
    /// Whether changes are proven together, at the end of their part.
    together: bool,
}

/// Why a change did not enter.
enum Halt {
    /// It may not.
    Stop(Stop, Option<String>),
    /// It or one before it cannot be proven: the part is undone.
    Undo,
}

impl From<(Stop, Option<String>)> for Halt {
    fn from((stop, key): (Stop, Option<String>)) -> Self {
        Self::Stop(stop, key)
    }
}

impl Admission<'_> {
    /// Admits changes and proves them together: to save and load a large record after each of
    /// many would be work without bound. Where the proof fails they are undone and admitted in
    /// halves, so that the one at fault is found with few proofs.
    fn part(&mut self, part: &[Incoming]) {
        let first = self.outcomes.len();
        self.together = part.len() > 1;
        self.undo = None;
        if self.document.is_some() {
            self.remember();
        }
        for incoming in part {
            match self.next(incoming) {
                Ok(outcome) => self.outcomes.push(outcome),
                Err(Halt::Stop(stop, key)) => {
                    self.stopped.get_or_insert(stop);
                    self.outcomes.push(Outcome::Stopped(stop, key));
                }
                Err(Halt::Undo) => return self.halves(part, first),
            }
        }
        let proven = self
            .document
            .as_mut()
            .is_none_or(|document| document.prove().is_ok());
        if !proven {
            self.halves(part, first);
        }
    }

    fn halves(&mut self, part: &[Incoming], first: usize) {
        self.document = None;
        // Without a point to return to a part is a single change, which enters once proven.
        let Some((state, outcomes)) = self.undo.take() else {
            return;
        };
        *self.state = state;
        self.size = size_at_most(self.state);
        self.stopped = None;
        self.outcomes.truncate(outcomes);
        let again = part.get(outcomes - first..).unwrap_or_default();
        let (front, back) = again.split_at(again.len() / 2);
        for half in [front, back] {
            if !half.is_empty() {
                self.part(half);
            }
        }
    }

    fn remember(&mut self) {
        if self.together && self.undo.is_none() {
            self.undo = Some((self.state.clone(), self.outcomes.len()));
        }
    }

    fn next(&mut self, incoming: &Incoming) -> Result<Outcome, Halt> {
        match self.stopped {
            Some(stop) => Ok(Outcome::Stopped(stop.follow(), None)),
            None => self.enter(incoming),
        }
    }

    fn enter(&mut self, incoming: &Incoming) -> Result<Outcome, Halt> {
        let refused = |reason| Halt::Stop(Stop::Refused(reason), None);
        let change = &incoming.change;
        let last = self.state.registers.seq(change.actor);
        if change.seq <= last {
            return if self.knows(change)? {
                Ok(Outcome::Duplicate)
            } else {
                Err(refused(RefusedReason::SeqReused))
            };
        }
        self.rules.check(change)?;
        if change.seq > last + 1 {
            return Err(Halt::Stop(Stop::Held(HeldReason::MissingDependency), None));
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
        self.apply(incoming)?;
        self.state.push(change, incoming.chunk.clone());
        self.size += GROWTH * incoming.chunk.len();
        Ok(Outcome::Accepted(path))
    }

    /// Once the document is open it takes every change, so that what it proves is the record. A
    /// failure drops it: the next change opens a fresh copy of the record as it was.
    fn apply(&mut self, incoming: &Incoming) -> Result<(), Halt> {
        let Some(mut document) = self.document.take() else {
            return Ok(());
        };
        let mut applied = document.apply(incoming);
        if !self.together {
            applied = applied.and_then(|()| document.prove());
        }
        match applied {
            Ok(()) => {
                self.document = Some(document);
                Ok(())
            }
            Err(_) if self.together => Err(Halt::Undo),
            Err(stop) => Err(Halt::Stop(stop, None)),
        }
    }

    fn open(&mut self) -> Result<&mut DocumentPath, Halt> {
        self.remember();
        let document = match self.document.take() {
            Some(document) => document,
            None => DocumentPath::open(self.state).map_err(|stop| Halt::Stop(stop, None))?,
        };
        Ok(self.document.insert(document))
    }

    fn knows(&mut self, change: &Change) -> Result<bool, Halt> {
        let head = |head: ChangeHash| head == change.hash;
        Ok(self.state.registers.head_hashes().any(head) || self.open()?.knows(change))
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
        && change.max_op() <= MAX_OPS_PER_RECORD
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

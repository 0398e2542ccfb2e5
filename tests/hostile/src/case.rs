//! One case: chunks put to a record, and everything that must hold afterwards.

use std::time::{Duration, Instant};

use automerge::{Automerge, ObjId, ROOT, ReadDoc, ScalarValue, Value};
use schemas::value::Scalar;
use sync_core::{
    ActorId,
    change::{
        Admitted, Change, Incoming, Outcome, Path, RefusedReason, Rules, ScanError, Stop, admit,
        prove,
    },
    record::{RecordState, Registers},
};
use thiserror::Error;

use super::{memory::peak_of, panics::counted};

/// What became of a case's last chunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// The scanner turned it away.
    Scan(ScanError),
    /// It entered.
    Accepted(Path),
    /// It was there before.
    Duplicate,
    /// It was held or refused.
    Stopped(Stop),
}

/// Something that must never happen.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Fault {
    /// The generator of genuine records is at fault.
    #[error("the corpus is not genuine: {0}")]
    Corpus(&'static str),
    /// A panic came out of the scanner, admission or the prover.
    #[error("a panic escaped")]
    Escaped,
    /// The record changed although nothing was accepted.
    #[error("the record changed although nothing was accepted")]
    Changed,
    /// What was admitted cannot be saved and loaded.
    #[error("an admitted change left a record that cannot be proven: {0}")]
    Unprovable(String),
    /// The snapshot that admission gives is not that of the record.
    #[error("admission's own snapshot is not the record's")]
    OtherSnapshot,
    /// Automerge reads something else from the proven snapshot than the registers hold.
    #[error("Automerge and the registers differ at {0}")]
    Differs(String),
    /// More memory than allowed.
    #[error("{0} bytes held by one case")]
    Memory(usize),
}

/// What a case took and how it ended.
#[derive(Clone, Copy, Debug)]
pub(super) struct Verdict {
    /// What became of it.
    pub class: Class,
    /// Time in scanner and admission.
    pub took: Duration,
    /// Bytes held at the worst moment above those held before.
    pub peak: usize,
    /// Panics, all of them caught inside.
    pub panics: u64,
}

/// Only one author may write: what a certificate says.
struct Certificate(Option<ActorId>);

impl Rules for Certificate {
    fn check(&self, change: &Change) -> Result<(), (Stop, Option<String>)> {
        match self.0 {
            Some(actor) if actor != change.actor => {
                Err((Stop::Refused(RefusedReason::ForeignActor), None))
            }
            _ => Ok(()),
        }
    }
}

/// Puts `before`, which are genuine, and then `chunk` to a copy of `state`. `author` is the only
/// one who may write, if one is given.
pub(super) fn put(
    state: &RecordState,
    before: &[Incoming],
    chunk: &[u8],
    author: Option<ActorId>,
) -> Result<Verdict, Fault> {
    let ((done, panics), peak) = peak_of(|| counted(|| put_inside(state, before, chunk, author)));
    let (class, took) = done.ok_or(Fault::Escaped)??;
    if peak > super::run::MAX_MEMORY {
        return Err(Fault::Memory(peak));
    }
    Ok(Verdict {
        class,
        took,
        peak,
        panics,
    })
}

fn put_inside(
    state: &RecordState,
    before: &[Incoming],
    chunk: &[u8],
    author: Option<ActorId>,
) -> Result<(Class, Duration), Fault> {
    let mut tried = scan_and_admit(state, before, chunk, author);
    // Another process may have had the core: what takes long is timed again, the best counts.
    for _ in 0..4 {
        if tried.took > Duration::from_millis(10) {
            let again = scan_and_admit(state, before, chunk, author);
            tried.took = tried.took.min(again.took);
        }
    }
    let Tried {
        after,
        result,
        took,
    } = tried;
    let admitted = match result {
        Ok(admitted) => admitted,
        Err(error) => return Ok((Class::Scan(error), took)),
    };
    let accepted = |outcome: &&Outcome| matches!(outcome, Outcome::Accepted(_));
    let count = admitted.outcomes.iter().filter(accepted).count();
    if count == 0 && after != *state {
        return Err(Fault::Changed);
    }
    if after.registers.change_count() != state.registers.change_count() + count as u64 {
        return Err(Fault::Changed);
    }
    if let Some(proven) = admitted.proven {
        let again = RecordState::from_snapshot(proven).map_err(|_| Fault::OtherSnapshot)?;
        if again.registers != after.registers {
            return Err(Fault::OtherSnapshot);
        }
    }
    if count > 0 {
        check_record(&after)?;
    }
    let class = match admitted.outcomes.last() {
        Some(Outcome::Accepted(path)) => Class::Accepted(*path),
        Some(Outcome::Stopped(stop, _)) => Class::Stopped(*stop),
        Some(Outcome::Duplicate) | None => Class::Duplicate,
    };
    Ok((class, took))
}

/// The record afterwards, what came out and how long it took.
struct Tried {
    after: RecordState,
    result: Result<Admitted, ScanError>,
    took: Duration,
}

fn scan_and_admit(
    state: &RecordState,
    before: &[Incoming],
    chunk: &[u8],
    author: Option<ActorId>,
) -> Tried {
    let mut after = state.clone();
    let mut batch = before.to_vec();
    let begun = Instant::now();
    let result = Incoming::scan(chunk).map(|incoming| {
        batch.push(incoming);
        admit(&mut after, &batch, &Certificate(author))
    });
    Tried {
        after,
        result,
        took: begun.elapsed(),
    }
}

/// The record can be saved and loaded again, and Automerge says what the registers say.
pub fn check_record(state: &RecordState) -> Result<(), Fault> {
    let snapshot = prove(state).map_err(|error| Fault::Unprovable(error.to_string()))?;
    let document =
        Automerge::load(&snapshot).map_err(|error| Fault::Unprovable(error.to_string()))?;
    let keys = document.keys(ROOT).count();
    // A register that was only ever cleared is still a key, with null.
    if keys != state.registers.len() {
        return Err(Fault::Differs(format!(
            "{keys} keys, {} registers",
            state.registers.len()
        )));
    }
    for (key, _) in state.registers.iter() {
        if said_by_automerge(&document, key) != Some(said_by_registers(&state.registers, key)) {
            return Err(Fault::Differs(key.to_owned()));
        }
    }
    Ok(())
}

type Said = Vec<(u64, Vec<u8>, ScalarValue)>;

fn said_by_automerge(document: &Automerge, key: &str) -> Option<Said> {
    let mut all = Said::new();
    for (value, id) in document.get_all(ROOT, key).ok()? {
        let (Value::Scalar(value), ObjId::Id(counter, actor, _)) = (value, id) else {
            return None;
        };
        all.push((counter, actor.to_bytes().to_vec(), value.into_owned()));
    }
    all.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
    Some(all)
}

fn said_by_registers(registers: &Registers, key: &str) -> Said {
    let scalar = |value: &Scalar| match value {
        Scalar::Null => ScalarValue::Null,
        Scalar::Bool(value) => ScalarValue::Boolean(*value),
        Scalar::Int(value) => ScalarValue::Int(*value),
        Scalar::Text(text) => ScalarValue::Str(text.as_str().into()),
        Scalar::Bytes(bytes) => ScalarValue::Bytes(bytes.clone()),
    };
    let one = |value: &sync_core::record::RegisterValue| {
        (
            value.op.counter,
            value.op.actor.0.to_vec(),
            scalar(&value.value),
        )
    };
    registers.visible(key).iter().map(one).collect()
}

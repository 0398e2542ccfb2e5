//! Our records for a program in another language: one request a line in JSON, one answer a line.
//! `tests/interop` sets it beside the JavaScript package of Automerge.

use std::{
    collections::BTreeMap,
    error::Error,
    io::{Write as _, stdin, stdout},
};

use serde::Deserialize;
use serde_json::{Value, json};
use sync_core::{
    ActorId,
    change::{Incoming, Outcome, admit, prove},
    record::{RecordState, author, entry_id},
};

use crate::spoken::{Edit, Put, bytes, named};

mod spoken;

/// What can be asked of a record, which is begun by being named.
#[derive(Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case")]
enum Request {
    /// Commits edits and answers with the change.
    Edit {
        on: String,
        actor: String,
        now: i64,
        edits: Vec<Edit>,
    },
    /// Takes a change of somebody else's.
    Take { on: String, chunk: String },
    /// Takes a whole document in place of the record.
    Load { on: String, document: String },
    /// Answers with the whole document, proven.
    Save { on: String },
    /// Answers with heads and all values of every register.
    Show { on: String },
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut records = BTreeMap::new();
    let mut out = stdout().lock();
    for line in stdin().lines() {
        let answer = match serde_json::from_str(&line?) {
            Ok(request) => answer(&mut records, request),
            Err(fault) => Err(fault.into()),
        };
        let answer = answer.unwrap_or_else(|fault| json!({ "refused": fault.to_string() }));
        writeln!(out, "{answer}")?;
        out.flush()?;
    }
    Ok(())
}

fn answer(
    records: &mut BTreeMap<String, RecordState>,
    request: Request,
) -> Result<Value, Box<dyn Error>> {
    match request {
        Request::Edit {
            on,
            actor,
            now,
            edits,
        } => {
            let record = records.entry(on).or_default();
            let actor = ActorId::parse(&actor).ok_or("an actor is 16 digits of lower-case hex")?;
            let seq = record.registers.seq(actor) + 1;
            let edits = edits
                .into_iter()
                .map(|edit| edit.typed(|index| entry_id(actor, seq, index)))
                .collect::<Result<Vec<_>, _>>()?;
            let made = author(record, actor, &edits, now)?;
            take(record, &made.chunk)?;
            Ok(json!({ "chunk": named(&made.chunk), "hash": made.change.hash }))
        }
        Request::Take { on, chunk } => take(records.entry(on).or_default(), &bytes(&chunk)?),
        Request::Load { on, document } => {
            records.insert(on, RecordState::from_snapshot(bytes(&document)?)?);
            Ok(json!({ "taken": "whole" }))
        }
        Request::Save { on } => {
            Ok(json!({ "document": named(&prove(records.entry(on).or_default())?) }))
        }
        Request::Show { on } => Ok(shown(records.entry(on).or_default())),
    }
}

/// By the way every change enters: scanned, admitted, and proven where something is concurrent.
fn take(record: &mut RecordState, chunk: &[u8]) -> Result<Value, Box<dyn Error>> {
    let incoming = Incoming::scan(chunk)?;
    match admit(record, &[incoming], &()).outcomes.first() {
        Some(Outcome::Accepted(path)) => Ok(json!({ "taken": format!("{path:?}").to_lowercase() })),
        Some(Outcome::Duplicate) => Ok(json!({ "taken": "before" })),
        stopped => Err(format!("{stopped:?}").into()),
    }
}

fn shown(record: &RecordState) -> Value {
    let registers = record.registers.iter().map(|(key, visible)| {
        let values = visible.iter().map(|one| {
            let op = format!("{}@{}", one.op.counter, one.op.actor);
            (op, json!(Put::of(&one.value)))
        });
        (key.to_owned(), Value::Object(values.collect()))
    });
    json!({
        "heads": record.registers.head_hashes().collect::<Vec<_>>(),
        "registers": Value::Object(registers.collect()),
    })
}

//! Who changed what of a record when, by change and by field.

use std::collections::{BTreeSet, HashMap};

use rusqlite::{Connection, params};
use schemas::{Kind, RegisterKey, Scalar};
use serde::Serialize;
use sync_core::{
    AuthorClass, ChangeHash, OpId,
    record::{HistoryEntry, HistoryPut, RegisterValue},
};
use utoipa::ToSchema;

use super::{
    Stored,
    authors::{AuthorView, Authors},
    detail::Reader,
    values::{self, Words},
};
use crate::error::Result;

/// One register that a change wrote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PutOut {
    /// The register; for presences `_alive` or `group.<id>`.
    pub key: String,
    /// What people read.
    pub label: Words,
    /// The value; masked where `masked` says so. Of a presence: true where it came, null where it
    /// went.
    #[schema(value_type = serde_json::Value)]
    pub value: serde_json::Value,
    /// What people read for a code.
    pub value_label: Option<Words>,
    /// Whether its middle is left out.
    pub masked: bool,
    /// Values that it replaced: what its author had seen. More than one settled a conflict.
    #[schema(value_type = Vec<serde_json::Value>)]
    pub replaced: Vec<serde_json::Value>,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ChangeOut {
    /// Its author and the time by their clock.
    pub by: AuthorView,
    /// When the server took it, ms.
    pub accepted_ms: Option<i64>,
    /// What it wrote.
    pub puts: Vec<PutOut>,
}

/// A record's changes, the earliest first, in an order in which each comes after those it had
/// seen; of one register alone where `key` is given. From the `from`-th on, at most `limit`, with
/// the number of all.
pub fn history(
    reader: &Reader<'_>,
    stored: &Stored,
    key: Option<&str>,
    from: usize,
    limit: usize,
) -> Result<(Vec<ChangeOut>, usize)> {
    let kind = reader.kind(stored)?;
    let state = super::load_state(reader.conn, stored)?;
    let all = sync_core::record::history(&state)?;
    let told = tell(reader, kind, &all, key);
    let total = told.len();
    let accepted = accepted(reader, stored)?;
    let mut authors = Authors::new(reader.conn, reader.who, kind.name());
    let mut changes = Vec::new();
    for (entry, puts) in told.into_iter().skip(from).take(limit) {
        changes.push(ChangeOut {
            by: authors.of(entry.actor, entry.time, entry.change)?,
            accepted_ms: accepted.get(&entry.change).copied(),
            puts,
        });
    }
    Ok((changes, total))
}

/// What each value of a register had been written over, by the operation that wrote it.
pub fn seen(
    reader: &Reader<'_>,
    stored: &Stored,
    key: &str,
) -> Result<HashMap<OpId, Vec<serde_json::Value>>> {
    let kind = reader.kind(stored)?;
    let state = super::load_state(reader.conn, stored)?;
    let all = sync_core::record::field_history(&state, key)?;
    let values = by_op(&all);
    let puts = all.iter().flat_map(|entry| &entry.puts);
    Ok(puts
        .map(|put| (put.op, replaced(kind, put, &values)))
        .collect())
}

/// The values of a register that the decision which stands was made over; where it took the place
/// of an earlier one, also those that that one was made over. The latest first.
pub fn decided_over(conn: &Connection, stored: &Stored, key: &str) -> Result<Vec<RegisterValue>> {
    let state = super::load_state(conn, stored)?;
    let all = sync_core::record::field_history(&state, key)?;
    let mut at: Vec<OpId> = stored
        .registers
        .visible(key)
        .iter()
        .map(|value| value.op)
        .collect();
    let mut found: Vec<RegisterValue> = Vec::new();
    while let Some(op) = at.pop() {
        let written = all
            .iter()
            .find_map(|entry| Some((entry, entry.puts.iter().find(|put| put.op == op)?)));
        let Some((entry, put)) = written else {
            continue;
        };
        let standing = stored
            .registers
            .visible(key)
            .iter()
            .any(|value| value.op == op);
        if !standing && found.iter().all(|known| known.op != op) {
            found.push(RegisterValue {
                op,
                change: entry.change,
                time: entry.time,
                value: put.value.clone(),
            });
        }
        if entry.actor.class() == AuthorClass::Decision {
            at.extend(put.replaced.iter().copied());
        }
    }
    found.sort_by_key(|value| std::cmp::Reverse(value.op));
    Ok(found)
}

fn by_op(all: &[HistoryEntry]) -> HashMap<OpId, &Scalar> {
    let puts = all.iter().flat_map(|entry| &entry.puts);
    puts.map(|put| (put.op, &put.value)).collect()
}

fn tell<'h>(
    reader: &Reader<'_>,
    kind: &Kind,
    all: &'h [HistoryEntry],
    only: Option<&str>,
) -> Vec<(&'h HistoryEntry, Vec<PutOut>)> {
    let author = reader.who.author();
    let values = by_op(all);
    let mut there: BTreeSet<&str> = BTreeSet::new();
    let mut told = Vec::new();
    for entry in all {
        let mut puts = Vec::new();
        for put in &entry.puts {
            let parsed = RegisterKey::parse(&put.key).ok();
            let presence = parsed.as_ref().is_some_and(RegisterKey::is_presence);
            if presence {
                // Every edit rewrites presences; only coming and going is told.
                let news = if put.value.is_null() {
                    there.remove(put.key.as_str())
                } else {
                    there.insert(&put.key)
                };
                if !news {
                    continue;
                }
            }
            let path = parsed.as_ref().and_then(RegisterKey::path);
            let may = path.is_none_or(|path| kind.may_read(&path, &author));
            if may && only.is_none_or(|only| only == put.key) {
                puts.push(put_out(kind, put, presence, &values));
            }
        }
        if !puts.is_empty() {
            told.push((entry, puts));
        }
    }
    told
}

fn put_out(
    kind: &Kind,
    put: &HistoryPut,
    presence: bool,
    values: &HashMap<OpId, &Scalar>,
) -> PutOut {
    let (value, masked) = shown(kind, &put.key, &put.value);
    let field = values::field_of(kind, &put.key);
    PutOut {
        key: put.key.clone(),
        label: match field {
            Some(field) => Words::of(&field.labels),
            None if put.key == schemas::path::ALIVE => Words::fixed("记录", "Record"),
            None if presence => Words::fixed("条目", "Entry"),
            None => Words::fixed("未知字段", "Unknown field"),
        },
        value: if presence && !put.value.is_null() {
            true.into()
        } else {
            value
        },
        value_label: values::label(field, &put.value),
        masked,
        replaced: if presence {
            Vec::new()
        } else {
            replaced(kind, put, values)
        },
    }
}

fn replaced(
    kind: &Kind,
    put: &HistoryPut,
    values: &HashMap<OpId, &Scalar>,
) -> Vec<serde_json::Value> {
    let known = put.replaced.iter().filter_map(|op| values.get(op));
    known.map(|value| shown(kind, &put.key, value).0).collect()
}

/// A value as it may be shown, and whether it is masked.
fn shown(kind: &Kind, key: &str, value: &Scalar) -> (serde_json::Value, bool) {
    let field = values::field_of(kind, key);
    match (field, value.as_text()) {
        (Some(field), Some(text)) if values::is_masked(kind, field) => {
            (values::mask(field, text).into(), true)
        }
        // What no schema names may be anything.
        (None, Some(_)) if kind.personal() => ("****".into(), true),
        _ => (values::to_json(field, value), false),
    }
}

fn accepted(reader: &Reader<'_>, stored: &Stored) -> Result<HashMap<ChangeHash, i64>> {
    let sql = "SELECT hash, time_ms FROM change WHERE n = ?1";
    let mut select = reader.conn.prepare_cached(sql)?;
    let rows = select.query_map(params![stored.n], |row| {
        Ok((ChangeHash(row.get(0)?), row.get(1)?))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

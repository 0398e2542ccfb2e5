//! What waits for a supervisor: conflicts.

use rusqlite::{OptionalExtension as _, Row, params};
use schemas::{Kind, RegisterKey};
use serde::{Deserialize, Serialize};
use sync_core::{
    AuthorClass, DeviceId, RecordId,
    record::{FieldView, RegisterValue, View},
};
use utoipa::{IntoParams, ToSchema};

use super::meaning;
use crate::{
    error::{Error, Result},
    lists::{Ask, Key, Mark, Order, Page, Source, Where},
    records::{
        Stored,
        authors::Authors,
        detail::{self, FieldOut, Reader, ValueOut},
        history,
        values::{self, Words},
    },
};

/// The state of what was decided.
pub const DECIDED: &str = "decided";
/// How long what was decided is listed, ms: 30 days.
const LATELY_MS: i64 = 30 * 86_400_000;

/// A conflict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ConflictOut {
    /// The record.
    pub record: String,
    /// Its kind.
    pub kind: String,
    /// Its grid.
    pub grid: String,
    /// Its title's parts.
    pub title: Vec<Words>,
    /// `open`; `contested`: against a decision; `settled`: in the field, to be looked at;
    /// `decided`: gone from the queue, until its field is written anew.
    pub state: String,
    /// Since when, ms.
    pub since_ms: i64,
    /// Who settled it in the field.
    pub settled_by: Option<String>,
    /// Rises with every change of the values: the `ETag`.
    pub version: u64,
    /// The field with all its values.
    pub field: FieldOut,
    /// Whether its values say the same, typed differently; also of masked ones.
    pub alike: bool,
    /// For each value, in the same order, what its author had seen and written over; only where
    /// one conflict is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<Vec<serde_json::Value>>>)]
    pub seen: Option<Vec<Vec<serde_json::Value>>>,
    /// Of a decided one the values that stood before, to be chosen from again; only where one
    /// conflict is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Vec<ValueOut>>,
}

/// What a list of conflicts is narrowed by.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct ConflictFilter {
    /// `open`, `contested`, `settled`: all of these unless said; or `decided` in the last 30 days.
    pub state: Option<String>,
    /// A grid, or an area above it.
    pub grid: Option<String>,
    /// Kind of record.
    pub kind: Option<String>,
    /// The register.
    pub key: Option<String>,
    /// `since` (usual, the longest waiting first), `grid`, `kind`, `key`; with `-` downwards.
    pub sort: Option<String>,
    /// Rows of the page, at most 200.
    pub limit: Option<usize>,
    /// Cursor of the page before.
    pub after: Option<String>,
}

const ORDER: Order = Order {
    keys: &[
        Key {
            name: "since",
            sql: "c.since_ms",
        },
        Key {
            name: "grid",
            sql: "r.grid",
        },
        Key {
            name: "kind",
            sql: "r.kind",
        },
        Key {
            name: "key",
            sql: "c.key",
        },
    ],
    id: "(c.n || ' ' || c.key)",
    down: false,
};

struct ConflictRow {
    key: String,
    state: String,
    version: u64,
    since_ms: i64,
    by_device: Option<DeviceId>,
    record: RecordId,
}

impl ConflictRow {
    const OPEN: Source<'static> = Source {
        columns: "c.key, c.state, c.version, c.since_ms, c.by_device, r.id",
        from: "conflict c JOIN record r ON r.n = c.n",
        beside: "",
        order: &ORDER,
    };
    const DECIDED: Source<'static> = Source {
        columns: "c.key, 'decided', c.version, c.since_ms, NULL, r.id",
        from: "conflict_decided c JOIN record r ON r.n = c.n",
        beside: "",
        order: &ORDER,
    };

    /// SQL that finds one by record and register.
    fn one(source: &Source<'_>) -> String {
        format!(
            "SELECT {} FROM {} WHERE c.n = ?1 AND c.key = ?2",
            source.columns, source.from
        )
    }

    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let device: Option<[u8; 6]> = row.get(4)?;
        Ok(Self {
            key: row.get(0)?,
            state: row.get(1)?,
            version: row.get(2)?,
            since_ms: row.get(3)?,
            by_device: device.map(DeviceId),
            record: RecordId(row.get(5)?),
        })
    }
}

/// Conflicts in the reader's areas, the longest waiting first.
pub fn conflicts(
    reader: &Reader<'_>,
    filter: &ConflictFilter,
    ask: &Ask,
) -> Result<Page<ConflictOut>> {
    let mut list = Where::default();
    list.areas("r.grid", &reader.who.areas);
    list.grid("r.grid", filter.grid.as_deref())?;
    let decided = filter.state.as_deref() == Some(DECIDED);
    let source = if decided {
        list.with("c.since_ms > ?", reader.core.now_ms() - LATELY_MS);
        ConflictRow::DECIDED
    } else {
        list.maybe("c.state = ?", filter.state.clone());
        ConflictRow::OPEN
    };
    list.maybe("r.kind = ?", filter.kind.clone());
    list.maybe("c.key = ?", filter.key.clone());
    // Its parts find a conflict; the two as one text only tell rows apart.
    let mut select = reader.conn.prepare_cached(&ConflictRow::one(&source))?;
    let page = source.ids(reader.conn, &list, ask)?;
    page.with(|id| {
        let parts = match &id {
            Mark::Text(text) => text.split_once(' '),
            Mark::Int(_) | Mark::Bytes(_) => None,
        };
        let (n, key) = parts.ok_or(Error::Internal("a conflict's place cannot be read"))?;
        let n: i64 = n
            .parse()
            .map_err(|_| Error::Internal("a conflict's place cannot be read"))?;
        let row = select.query_row(params![n, key], ConflictRow::read)?;
        match reader.find(&row.record) {
            Ok(stored) => show(reader, &stored, row).map(Some),
            Err(Error::Gone(_) | Error::NotFound(_)) => Ok(None),
            Err(error) => Err(error),
        }
    })
}

/// One conflict, with what each author had seen.
pub fn conflict(reader: &Reader<'_>, record: &RecordId, key: &str) -> Result<ConflictOut> {
    let stored = reader.find(record)?;
    let row = row(reader, &stored, key)?;
    let mut out = show(reader, &stored, row)?;
    let seen = history::seen(reader, &stored, key)?;
    // In the order of the values shown: by the first of each value's authors.
    let visible = stored.registers.visible(key);
    let of_value = |value: &ValueOut| {
        let change = value.by.first().map(|by| by.change.as_str());
        let op = visible
            .iter()
            .find(|visible| Some(visible.change.to_string().as_str()) == change);
        op.and_then(|op| seen.get(&op.op))
            .cloned()
            .unwrap_or_default()
    };
    out.seen = Some(out.field.values.iter().map(of_value).collect());
    if out.state == DECIDED {
        out.before = Some(before(reader, &stored, key)?);
    }
    Ok(out)
}

/// A conflict's version, if there is one.
pub fn version(reader: &Reader<'_>, stored: &Stored, key: &str) -> Result<(u64, String)> {
    let row = row(reader, stored, key)?;
    Ok((row.version, row.state))
}

fn row(reader: &Reader<'_>, stored: &Stored, key: &str) -> Result<ConflictRow> {
    for source in [ConflictRow::OPEN, ConflictRow::DECIDED] {
        let mut select = reader.conn.prepare_cached(&ConflictRow::one(&source))?;
        let found = select.query_row(params![stored.n, key], ConflictRow::read);
        if let Some(row) = found.optional()? {
            return Ok(row);
        }
    }
    Err(Error::NotFound("conflict"))
}

/// The values that a decision was made over, each with who wrote it.
fn before(reader: &Reader<'_>, stored: &Stored, key: &str) -> Result<Vec<ValueOut>> {
    let kind = reader.kind(stored)?;
    let mut authors = Authors::new(reader.conn, reader.who, kind.name());
    let parsed = RegisterKey::parse(key).map_err(|_| Error::NotFound("conflict"))?;
    let path = parsed.path();
    let field = path.as_ref().and_then(|path| kind.field(path));
    let mut values = Vec::new();
    for value in history::decided_over(reader.conn, stored, key)? {
        values.push(match field {
            Some(field) => {
                let shown = values::shown(kind, field, &value.value);
                ValueOut {
                    value: shown.value,
                    label: shown.label,
                    masked: shown.masked,
                    by: vec![authors.of(value.op.actor, value.time, value.change)?],
                    decided: value.op.actor.class() == AuthorClass::Decision,
                }
            }
            None => presence(&value, &mut authors)?,
        });
    }
    Ok(values)
}

fn show(reader: &Reader<'_>, stored: &Stored, row: ConflictRow) -> Result<ConflictOut> {
    let kind = reader.kind(stored)?;
    let view = View::of(&stored.registers);
    let mut authors = Authors::new(reader.conn, reader.who, kind.name());
    let settled_by = match row.by_device {
        Some(device) => authors.inspector(device)?,
        None => None,
    };
    let alike = alike(kind, stored, &row.key);
    Ok(ConflictOut {
        record: stored.id.to_string(),
        kind: stored.header.kind.clone(),
        grid: stored.header.grid.clone(),
        title: detail::title(kind, &view),
        state: row.state,
        since_ms: row.since_ms,
        settled_by,
        version: row.version,
        field: field(kind, stored, &view, row.key, &mut authors)?,
        alike,
        seen: None,
        before: None,
    })
}

/// Whether the values of a register mean the same. Presences never do: one keeps, one removes.
fn alike(kind: &Kind, stored: &Stored, key: &str) -> bool {
    let Some(field) = values::field_of(kind, key) else {
        return false;
    };
    let visible = stored.registers.visible(key);
    let values: Vec<_> = visible.iter().map(|value| &value.value).collect();
    meaning::same(&field.ty, &values)
}

/// The field of a register, also of a presence.
fn field(
    kind: &Kind,
    stored: &Stored,
    view: &View,
    key: String,
    authors: &mut Authors<'_>,
) -> Result<FieldOut> {
    let parsed = RegisterKey::parse(&key).map_err(|_| Error::NotFound("conflict"))?;
    let empty = FieldView {
        values: Vec::new(),
        conflict: false,
    };
    if let Some(path) = parsed.path() {
        let field = kind.field(&path).ok_or(Error::NotFound("conflict"))?;
        let view = view.field(&parsed).unwrap_or(&empty);
        return detail::field_out(kind, field, key, view, authors);
    }
    let visible = stored.registers.visible(&key);
    let values = visible.iter().rev().map(|value| presence(value, authors));
    Ok(FieldOut {
        label: if parsed == RegisterKey::Alive {
            Words::fixed("记录", "Record")
        } else {
            Words::fixed("条目", "Entry")
        },
        conflict: view.conflicts.contains(&key),
        key,
        ty: "presence",
        values: values.collect::<Result<_>>()?,
        contested: false,
    })
}

/// A presence as a value: true where it is there, null where it is gone.
fn presence(value: &RegisterValue, authors: &mut Authors<'_>) -> Result<ValueOut> {
    let gone = value.value.is_null();
    Ok(ValueOut {
        value: if gone {
            serde_json::Value::Null
        } else {
            true.into()
        },
        label: Some(if gone {
            Words::fixed("已删除", "Removed")
        } else {
            Words::fixed("保留", "Kept")
        }),
        masked: false,
        by: vec![authors.of(value.op.actor, value.time, value.change)?],
        decided: value.op.actor.class() == AuthorClass::Decision,
    })
}

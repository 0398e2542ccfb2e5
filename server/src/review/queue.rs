//! What waits for a supervisor: conflicts, held and refused changes.

use rusqlite::{OptionalExtension as _, Row, params, params_from_iter, types::Value};
use schemas::{Kind, RegisterKey};
use serde::Serialize;
use sync_core::{
    DeviceId, RecordId,
    record::{FieldView, RegisterValue, View},
};
use utoipa::ToSchema;

use super::reasons;
use crate::{
    error::{Error, OrNotFound as _, Result},
    records::{
        Stored,
        authors::Authors,
        detail::{self, FieldOut, Reader, ValueOut},
        history,
        values::Words,
    },
};

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
    /// `open`; `contested`: against a decision; `settled`: in the field, to be looked at.
    pub state: String,
    /// Since when, ms.
    pub since_ms: i64,
    /// Who settled it in the field.
    pub settled_by: Option<String>,
    /// Rises with every change of the values: the `ETag`.
    pub version: u64,
    /// The field with all its values.
    pub field: FieldOut,
    /// For each value, in the same order, what its author had seen and written over; only where
    /// one conflict is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<Vec<Object>>>)]
    pub seen: Option<Vec<Vec<serde_json::Value>>>,
}

/// Where a page of conflicts ends: since, record, key.
pub type ConflictCursor = (i64, i64, String);

struct ConflictRow {
    n: i64,
    key: String,
    state: String,
    version: u64,
    since_ms: i64,
    by_device: Option<DeviceId>,
    record: RecordId,
}

impl ConflictRow {
    const COLUMNS: &'static str = "c.n, c.key, c.state, c.version, c.since_ms, c.by_device, r.id";

    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let device: Option<[u8; 6]> = row.get(5)?;
        Ok(Self {
            n: row.get(0)?,
            key: row.get(1)?,
            state: row.get(2)?,
            version: row.get(3)?,
            since_ms: row.get(4)?,
            by_device: device.map(DeviceId),
            record: RecordId(row.get(6)?),
        })
    }
}

/// Conflicts in the reader's areas, the longest waiting first; and where to go on from.
pub fn conflicts(
    reader: &Reader<'_>,
    state: Option<&str>,
    grid: Option<&str>,
    after: Option<ConflictCursor>,
    limit: usize,
) -> Result<(Vec<ConflictOut>, Option<ConflictCursor>)> {
    let mut values: Vec<Value> = Vec::new();
    let mut sql = format!(
        "SELECT {} FROM conflict c JOIN record r ON r.n = c.n WHERE {}",
        ConflictRow::COLUMNS,
        reader.who.scope_sql("r.grid", &mut values)
    );
    if let Some(state) = state {
        sql.push_str(" AND c.state = ?");
        values.push(state.to_owned().into());
    }
    if let Some(grid) = grid {
        sql.push_str(" AND r.grid >= ? AND r.grid < ?");
        values.push(grid.to_owned().into());
        values.push(format!("{grid}:").into());
    }
    if let Some((since, n, key)) = after {
        sql.push_str(" AND (c.since_ms, c.n, c.key) > (?, ?, ?)");
        values.extend([since.into(), n.into(), key.into()]);
    }
    sql.push_str(" ORDER BY c.since_ms, c.n, c.key LIMIT ?");
    values.push(i64::try_from(limit + 1).unwrap_or(i64::MAX).into());
    let mut select = reader.conn.prepare(&sql)?;
    let rows = select.query_map(params_from_iter(values), ConflictRow::read)?;
    let mut rows = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let end = rows
        .last()
        .filter(|_| more)
        .map(|row| (row.since_ms, row.n, row.key.clone()));
    let mut out = Vec::new();
    for row in rows {
        let stored = match reader.find(&row.record) {
            Ok(stored) => stored,
            Err(Error::Gone(_) | Error::NotFound(_)) => continue,
            Err(error) => return Err(error),
        };
        out.push(show(reader, &stored, row)?);
    }
    Ok((out, end))
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
    Ok(out)
}

/// A conflict's version, if there is one.
pub fn version(reader: &Reader<'_>, stored: &Stored, key: &str) -> Result<(u64, String)> {
    let row = row(reader, stored, key)?;
    Ok((row.version, row.state))
}

fn row(reader: &Reader<'_>, stored: &Stored, key: &str) -> Result<ConflictRow> {
    let sql = format!(
        "SELECT {} FROM conflict c JOIN record r ON r.n = c.n WHERE c.n = ?1 AND c.key = ?2",
        ConflictRow::COLUMNS
    );
    let mut select = reader.conn.prepare_cached(&sql)?;
    select
        .query_row(params![stored.n, key], ConflictRow::read)
        .or_not_found("conflict")
}

fn show(reader: &Reader<'_>, stored: &Stored, row: ConflictRow) -> Result<ConflictOut> {
    let kind = reader.kind(stored)?;
    let view = View::of(&stored.registers);
    let mut authors = Authors::new(reader.conn, reader.who, kind.name());
    let settled_by = match row.by_device {
        Some(device) => authors.inspector(device)?,
        None => None,
    };
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
        seen: None,
    })
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
        decided: value.op.actor.class() == sync_core::AuthorClass::Decision,
    })
}

/// Changes that wait, or that were refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct HeldOut {
    /// Its number, in the order of arrival.
    pub id: i64,
    /// The device.
    pub device: String,
    /// The inspector's name.
    pub inspector: Option<String>,
    /// The bundle.
    pub bundle: u64,
    /// The record.
    pub record: String,
    /// The record's title, as far as it is known here.
    pub title: Vec<Words>,
    /// The record's grid, where it is known.
    pub grid: Option<String>,
    /// `held` or `refused`.
    pub state: String,
    /// Why.
    pub reason: Words,
    /// The field at fault.
    pub key: Option<String>,
    /// Changes of the part that had entered before.
    pub accepted: u32,
    /// Since when, ms.
    pub since_ms: i64,
    /// The `ETag`.
    pub version: u64,
}

/// Held or refused changes in the reader's areas, the earliest first, after this number.
pub fn held(
    reader: &Reader<'_>,
    state: &str,
    after: Option<i64>,
    limit: usize,
) -> Result<Vec<HeldOut>> {
    let mut values: Vec<Value> = vec![state.to_owned().into(), after.unwrap_or(0).into()];
    let sql = format!(
        "{HELD} WHERE h.state = ? AND h.id > ? AND {} ORDER BY h.id LIMIT ?",
        held_scope(reader, &mut values)
    );
    values.push(i64::try_from(limit).unwrap_or(i64::MAX).into());
    let mut select = reader.conn.prepare(&sql)?;
    let rows = select.query_map(params_from_iter(values), HeldRow::read)?;
    let rows = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    rows.into_iter().map(|row| row.show(reader)).collect()
}

/// One held row that the reader may see; its version.
pub fn held_version(reader: &Reader<'_>, id: i64) -> Result<(u64, String)> {
    let mut values: Vec<Value> = vec![id.into()];
    let sql = format!(
        "{HELD} WHERE h.id = ? AND {}",
        held_scope(reader, &mut values)
    );
    let found = reader
        .conn
        .query_row(&sql, params_from_iter(values), HeldRow::read)
        .optional()?;
    let row = found.ok_or(Error::NotFound("held change"))?;
    Ok((row.version, row.state))
}

const HELD: &str = "SELECT h.id, h.device, i.name, h.number, h.record, r.grid, h.state, h.reason,
                           h.key, h.accepted, h.since_ms, h.version
                    FROM held h LEFT JOIN record r ON r.n = h.n AND r.placed = 1
                    LEFT JOIN device d ON d.id = h.device
                    LEFT JOIN inspector i ON i.id = d.inspector";

/// A held change belongs where its record lies; that of a record which nobody knows yet, where its
/// author walks.
fn held_scope(reader: &Reader<'_>, values: &mut Vec<Value>) -> String {
    let by_record = reader.who.scope_sql("r.grid", values);
    let by_author = reader.who.scope_sql("u.grid", values);
    format!(
        "CASE WHEN r.grid IS NOT NULL THEN {by_record}
         ELSE EXISTS (SELECT 1 FROM duty u WHERE u.inspector = d.inspector AND {by_author}) END"
    )
}

struct HeldRow {
    id: i64,
    device: DeviceId,
    inspector: Option<String>,
    bundle: u64,
    record: RecordId,
    grid: Option<String>,
    state: String,
    reason: u8,
    key: Option<String>,
    accepted: u32,
    since_ms: i64,
    version: u64,
}

impl HeldRow {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            device: DeviceId(row.get(1)?),
            inspector: row.get(2)?,
            bundle: row.get(3)?,
            record: RecordId(row.get(4)?),
            grid: row.get(5)?,
            state: row.get(6)?,
            reason: row.get(7)?,
            key: row.get(8)?,
            accepted: row.get(9)?,
            since_ms: row.get(10)?,
            version: row.get(11)?,
        })
    }

    fn show(self, reader: &Reader<'_>) -> Result<HeldOut> {
        let title = match reader.find(&self.record) {
            Ok(stored) => {
                let view = View::of(&stored.registers);
                detail::title(reader.kind(&stored)?, &view)
            }
            Err(Error::Gone(_) | Error::NotFound(_)) => Vec::new(),
            Err(error) => return Err(error),
        };
        let reason = if self.state == "refused" {
            reasons::refused(self.reason)
        } else {
            reasons::held(self.reason)
        };
        Ok(HeldOut {
            id: self.id,
            device: self.device.to_string(),
            inspector: self.inspector,
            bundle: self.bundle,
            record: self.record.to_string(),
            title,
            grid: self.grid,
            state: self.state,
            reason,
            key: self.key,
            accepted: self.accepted,
            since_ms: self.since_ms,
            version: self.version,
        })
    }
}

//! What stands beside a record's registers so that lists, filters and reviews need not open it:
//! shown values and search text of open kinds, blind equality of personal ones, references,
//! presence, conflicts.

use std::collections::BTreeSet;

use rusqlite::params;
use schemas::{
    Field, FieldPath, FieldType, Kind, Name, RegisterKey, Scalar, SchemaSet, path::ALIVE,
};
use sync_core::{
    DeviceId, RecordId,
    change::Incoming,
    fieldbook::search::{fold, initials},
    record::{RegisterValue, View},
};

use super::load::Stored;
use crate::{error::Result, hex::hex, review, store::Tx};

/// What changed and how it looks now.
pub struct Projection {
    /// Keys that were written.
    keys: BTreeSet<String>,
    /// The view, where single values do not say it all.
    view: Option<View>,
    /// Who wrote last.
    device: DeviceId,
    /// Whether nothing stands beside the row yet.
    first: bool,
}

impl Projection {
    /// Of a record that changes entered in memory; sets what stands in the record's own row.
    pub(super) fn take(schemas: &SchemaSet, stored: &mut Stored, entered: &[Incoming]) -> Self {
        let puts = entered.iter().flat_map(|incoming| &incoming.change.puts);
        let keys = puts.map(|put| put.key.clone()).collect();
        let several = |values: &[RegisterValue]| values.len() > 1;
        let contested =
            stored.conflicted > 0 || stored.registers.iter().any(|(_, values)| several(values));
        let device = entered
            .last()
            .map_or_else(DeviceId::default, |last| last.change.actor.device());
        let projection = Self {
            keys,
            view: contested.then(|| View::of(&stored.registers)),
            device,
            first: stored.registers.change_count() == entered.len() as u64,
        };
        projection.set_row(stored, schemas.kind(&stored.header.kind));
        projection
    }

    /// Of a record as it stands, as if all of it had just been written; sets what stands in the
    /// record's own row.
    pub(super) fn whole(schemas: &SchemaSet, stored: &mut Stored) -> Self {
        let several = stored.registers.iter().any(|(_, values)| values.len() > 1);
        let projection = Self {
            keys: stored
                .registers
                .iter()
                .map(|(key, _)| key.to_owned())
                .collect(),
            view: several.then(|| View::of(&stored.registers)),
            device: DeviceId::default(),
            first: false,
        };
        projection.set_row(stored, schemas.kind(&stored.header.kind));
        projection
    }

    fn set_row(&self, stored: &mut Stored, kind: Option<&Kind>) {
        let view = self.view.as_ref();
        stored.alive = match view {
            Some(view) => view.presence.is_shown(),
            None => shown(stored, None, ALIVE).is_some_and(|value| !value.is_null()),
        };
        if let Some(view) = view {
            stored.conflicted = u32::try_from(view.conflicts.len()).unwrap_or(u32::MAX);
        }
        let Some(kind) = kind else { return };
        if let Some(field) = kind.follows_field() {
            let key = field.path.to_string();
            if self.keys.contains(&key) {
                stored.follows = reference(stored, view, &key);
            }
        }
        if self.keys.contains("merged_into") {
            stored.merged_into = reference(stored, view, "merged_into");
        }
    }
}

/// Writes what changed beside the record's row.
pub(super) fn write(tx: &mut Tx<'_>, stored: &Stored, projection: &Projection) -> Result<()> {
    let (conn, now) = (tx.conn(), tx.now_ms());
    review::note_written(conn, stored, &projection.keys, projection.device, now)?;
    if let Some(view) = &projection.view {
        review::note_conflicts(tx, stored, view, projection.device)?;
    }
    let schemas = tx.core().schemas();
    let Some(kind) = schemas.kind(&stored.header.kind) else {
        return Ok(());
    };
    if kind.personal() {
        blind(tx, stored, projection, kind)
    } else {
        open_values(tx, stored, projection, kind)
    }
}

/// Makes anew what a kind says is to stand beside a record: search text, values in clear, values
/// blinded, whose grid it follows. Conflicts do not depend on the kind.
pub(super) fn write_anew(
    tx: &mut Tx<'_>,
    stored: &Stored,
    projection: &Projection,
    kind: &Kind,
) -> Result<()> {
    let conn = tx.conn();
    conn.prepare_cached("UPDATE record SET follows = ?2 WHERE n = ?1 AND follows IS NOT ?2")?
        .execute(params![stored.n, stored.follows.map(|id| id.0)])?;
    conn.prepare_cached("DELETE FROM blind WHERE n = ?1")?
        .execute(params![stored.n])?;
    if kind.personal() {
        for sql in [
            "DELETE FROM field_value WHERE n = ?1",
            "DELETE FROM search_text WHERE n = ?1",
        ] {
            conn.prepare_cached(sql)?.execute(params![stored.n])?;
        }
        return blind(tx, stored, projection, kind);
    }
    // They are of every field alike: only a kind that nobody knew has none.
    let there: bool = conn
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM field_value WHERE n = ?1)")?
        .query_row(params![stored.n], |row| row.get(0))?;
    if !there {
        field_values(tx, stored, projection)?;
    }
    search_text(tx, stored, projection, kind)
}

/// Whether a field of a personal kind is looked up by equality.
pub(super) fn is_equal(field: &Field) -> bool {
    matches!(
        field.ty,
        FieldType::Phone | FieldType::IdCard | FieldType::Uscc
    )
}

/// The shown value of a register.
fn shown<'a>(stored: &'a Stored, view: Option<&'a View>, key: &str) -> Option<&'a Scalar> {
    let visible = stored.registers.visible(key);
    match (visible, view) {
        ([only], _) => Some(&only.value),
        ([], _) => None,
        (_, Some(view)) => {
            let key = RegisterKey::parse(key).ok()?;
            view.field(&key).map(sync_core::record::FieldView::shown)
        }
        ([.., last], None) => Some(&last.value),
    }
}

fn reference(stored: &Stored, view: Option<&View>, key: &str) -> Option<RecordId> {
    match shown(stored, view, key)? {
        Scalar::Bytes(bytes) => RecordId::from_slice(bytes).ok(),
        _ => None,
    }
}

/// A value as lists and filters read it.
fn as_text(value: &Scalar) -> Option<String> {
    match value {
        Scalar::Null => None,
        Scalar::Bool(value) => Some(value.to_string()),
        Scalar::Int(value) => Some(value.to_string()),
        Scalar::Text(text) => Some(text.clone()),
        Scalar::Bytes(bytes) => Some(hex(bytes)),
    }
}

fn open_values(tx: &Tx<'_>, stored: &Stored, projection: &Projection, kind: &Kind) -> Result<()> {
    field_values(tx, stored, projection)?;
    let looked = |path: &FieldPath| match &path.group {
        None => projection.keys.contains(&path.to_string()),
        // An entry that comes or goes brings or takes what is found by it.
        Some(group) => projection.keys.iter().any(|key| is_of(key, group)),
    };
    if kind.search().iter().any(looked) {
        search_text(tx, stored, projection, kind)?;
    }
    Ok(())
}

fn field_values(tx: &Tx<'_>, stored: &Stored, projection: &Projection) -> Result<()> {
    let conn = tx.conn();
    let mut put = conn.prepare_cached(
        "INSERT INTO field_value (n, key, value) VALUES (?1, ?2, ?3)
         ON CONFLICT (n, key) DO UPDATE SET value = excluded.value",
    )?;
    let mut drop = conn.prepare_cached("DELETE FROM field_value WHERE n = ?1 AND key = ?2")?;
    for key in projection.keys.iter().filter(|key| *key != ALIVE) {
        match shown(stored, projection.view.as_ref(), key).and_then(as_text) {
            Some(value) => put.execute(params![stored.n, key, value])?,
            None if projection.first => 0,
            None => drop.execute(params![stored.n, key])?,
        };
    }
    Ok(())
}

/// Whether a register is an entry of that group or stands in one.
fn is_of(key: &str, group: &Name) -> bool {
    key.split_once('.')
        .is_some_and(|(of, _)| of == group.as_str())
}

/// The texts of a field: of the record, or of every entry that is there. In a conflict all values
/// are found, as on phones, and not just the one shown.
fn texts<'a>(stored: &'a Stored, view: Option<&View>, path: &FieldPath) -> Vec<&'a str> {
    let Some(group) = &path.group else {
        let visible = stored.registers.visible(&path.to_string());
        return visible.iter().filter_map(|v| v.value.as_text()).collect();
    };
    let there = |key: &RegisterKey| match (key.entry(), view) {
        (None, _) => false,
        (Some((_, id)), Some(view)) => view
            .entries
            .get(group.as_str())
            .is_some_and(|of| of.iter().any(|e| e.id == id && e.presence.is_shown())),
        (Some((_, id)), None) => {
            shown(stored, None, &format!("{group}.{id}")).is_some_and(|value| !value.is_null())
        }
    };
    let fields = stored.registers.iter().filter(|(key, _)| {
        is_of(key, group) && RegisterKey::parse(key).is_ok_and(|key| key.is_at(path) && there(&key))
    });
    fields
        .flat_map(|(_, visible)| visible)
        .filter_map(|value| value.value.as_text())
        .collect()
}

/// A record with nothing to look for has no row, whenever it was written.
fn search_text(tx: &Tx<'_>, stored: &Stored, projection: &Projection, kind: &Kind) -> Result<()> {
    let conn = tx.conn();
    let view = projection.view.as_ref();
    let paths = kind.search().iter();
    let text: Vec<String> = paths
        .flat_map(|path| texts(stored, view, path))
        .map(fold)
        .map(|folded| format!("{folded}\u{1f}{}", initials(&folded)))
        .collect();
    if text.is_empty() {
        conn.prepare_cached("DELETE FROM search_text WHERE n = ?1")?
            .execute(params![stored.n])?;
        return Ok(());
    }
    conn.prepare_cached(
        "INSERT INTO search_text (n, text) VALUES (?1, ?2)
         ON CONFLICT (n) DO UPDATE SET text = excluded.text WHERE text <> excluded.text",
    )?
    .execute(params![stored.n, text.join("\u{1f}")])?;
    Ok(())
}

/// HMACs of every visible value of the fields that are looked up by equality.
fn blind(tx: &Tx<'_>, stored: &Stored, projection: &Projection, kind: &Kind) -> Result<()> {
    let conn = tx.conn();
    for field in kind.fields() {
        let key = field.path.to_string();
        if !is_equal(field) || !projection.keys.contains(&key) {
            continue;
        }
        if !projection.first {
            conn.prepare_cached("DELETE FROM blind WHERE kind = ?1 AND field = ?2 AND n = ?3")?
                .execute(params![kind.name(), key, stored.n])?;
        }
        let mut insert = conn.prepare_cached(
            "INSERT INTO blind (kind, field, mac, n) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT DO NOTHING",
        )?;
        for visible in stored.registers.visible(&key) {
            if let Some(text) = visible.value.as_text() {
                let mac = tx.core().keys().blind(&key, text);
                insert.execute(params![kind.name(), key, mac, stored.n])?;
            }
        }
    }
    Ok(())
}

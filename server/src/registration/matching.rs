//! Comparing a list with our records: by credit code, which both have.

use std::collections::BTreeSet;

use rusqlite::{OptionalExtension as _, params};
use serde::{Deserialize, Serialize};
use sync_core::{
    RecordId,
    fieldbook::search::fold,
    record::{FieldView, View},
};

use super::{act::list_id, query::Entry};
use crate::{
    error::{Error, Result},
    records,
    store::Tx,
};

/// What parties and their shops are joined by.
const OURS: &str = "FROM blind b JOIN record p ON p.n = b.n AND p.alive = 1 AND p.placed = 1
    JOIN record s ON s.id = p.follows AND s.alive = 1 AND s.merged_into IS NULL
    WHERE b.kind = 'party' AND b.field = 'uscc' AND s.grid >= ?1 AND s.grid < ?1 || ':'";

/// A party of ours with a credit code.
struct Ours {
    party: RecordId,
    shop: RecordId,
    grid: String,
}

/// How a row compares: references only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Matched {
    /// Its place in the list; what the list lacks comes after it.
    row: u32,
    status: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    party: Option<RecordId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    shop: Option<RecordId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    grid: Option<String>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    differs: String,
}

impl Matched {
    fn of(row: usize, status: &str, ours: Option<Ours>, differs: &[&str]) -> Self {
        let (party, shop, grid) = match ours {
            Some(ours) => (Some(ours.party), Some(ours.shop), Some(ours.grid)),
            None => (None, None, None),
        };
        Self {
            row: u32::try_from(row).unwrap_or(u32::MAX),
            status: status.to_owned(),
            party,
            shop,
            grid,
            differs: differs.join(" "),
        }
    }
}

/// Compares a list with our records of an area: its rows, then what it lacks.
pub(super) fn compare(tx: &Tx<'_>, area: &str, entries: &[Entry]) -> Result<Vec<Matched>> {
    let mut listed = BTreeSet::new();
    let mut rows = Vec::with_capacity(entries.len());
    for (row, entry) in entries.iter().enumerate() {
        let mac = tx.core().keys().blind("uscc", &entry.code);
        let ours = find(tx, area, &mac)?;
        let differs = match &ours {
            Some(ours) => differences(tx, entry, ours)?,
            None => Vec::new(),
        };
        let status = match (&ours, differs.is_empty()) {
            (None, _) => "unknown",
            (Some(_), true) => "equal",
            (Some(_), false) => "differs",
        };
        listed.insert(mac);
        rows.push(Matched::of(row, status, ours, &differs));
    }
    for ours in missing(tx, area, &listed)? {
        rows.push(Matched::of(rows.len(), "missing", Some(ours), &[]));
    }
    Ok(rows)
}

/// Writes down how rows compare.
pub(super) fn put(tx: &Tx<'_>, list: &RecordId, rows: &[Matched]) -> Result<()> {
    let id = list_id(tx, list)?;
    let mut put = tx.conn().prepare_cached(
        "INSERT INTO registration_row (list, ord, status, party, shop, grid, differs)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (list, ord) DO UPDATE SET status = excluded.status, party = excluded.party,
           shop = excluded.shop, grid = excluded.grid, differs = excluded.differs",
    )?;
    for row in rows {
        put.execute(params![
            id,
            row.row,
            row.status,
            row.party.map(|id| id.0),
            row.shop.map(|id| id.0),
            row.grid,
            row.differs
        ])?;
    }
    Ok(())
}

fn find(tx: &Tx<'_>, area: &str, mac: &[u8]) -> Result<Option<Ours>> {
    let sql = format!("SELECT p.id, s.id, s.grid {OURS} AND b.mac = ?2 ORDER BY s.id LIMIT 1");
    let found = tx
        .conn()
        .prepare_cached(&sql)?
        .query_row(params![area, mac], |row| {
            Ok(Ours {
                party: RecordId(row.get(0)?),
                shop: RecordId(row.get(1)?),
                grid: row.get(2)?,
            })
        });
    Ok(found.optional()?)
}

fn differences(tx: &Tx<'_>, entry: &Entry, ours: &Ours) -> Result<Vec<&'static str>> {
    let shown = |id: &RecordId, key: &str| -> Result<Option<String>> {
        let stored = match records::find(tx.conn(), tx.core().keys(), id) {
            Err(Error::Gone(_)) => None,
            found => found?,
        };
        let view = stored.map(|stored| View::of(&stored.registers));
        let field = view.as_ref().and_then(|view| view.fields.get(key));
        let text = field
            .map(FieldView::shown)
            .and_then(|value| value.as_text());
        Ok(text.map(str::to_owned))
    };
    let mut found = Vec::new();
    let name = shown(&ours.party, "name")?.unwrap_or_default();
    if fold(&name) != fold(&entry.name) {
        found.push("name");
    }
    if let Some(listed) = &entry.business_type {
        let ours = shown(&ours.shop, "business_type")?.unwrap_or_default();
        // One of the two may be coarser: a division for a class of the same tree.
        let same = !ours.is_empty() && (listed.starts_with(&ours) || ours.starts_with(listed));
        if !same {
            found.push("business_type");
        }
    }
    Ok(found)
}

/// Shops of ours whose party's code the list does not have.
fn missing(tx: &Tx<'_>, area: &str, listed: &BTreeSet<Vec<u8>>) -> Result<Vec<Ours>> {
    let sql = format!("SELECT p.id, s.id, s.grid, b.mac {OURS} ORDER BY s.grid, s.id, p.id");
    let mut select = tx.conn().prepare_cached(&sql)?;
    let mut rows = select.query(params![area])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        if !listed.contains(&row.get::<_, Vec<u8>>(3)?) {
            found.push(Ours {
                party: RecordId(row.get(0)?),
                shop: RecordId(row.get(1)?),
                grid: row.get(2)?,
            });
        }
    }
    Ok(found)
}

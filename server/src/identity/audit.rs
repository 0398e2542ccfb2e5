//! The trace of who looked at what, who signed in, who took data out.

use rusqlite::Connection;
use serde::Deserialize;
use utoipa::IntoParams;

use super::Principal;
use crate::{
    error::{Error, Result},
    lists::{Ask, Key, Order, Page, Source, Where},
    store::Tx,
};

/// A row of the trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its number; rises.
    pub id: i64,
    /// When, ms.
    pub time_ms: i64,
    /// Who: a login.
    pub who: String,
    /// What, in fixed words.
    pub act: String,
    /// Of what: JSON with ids.
    pub object: String,
    /// The kind of the record that it names, if that is there.
    pub kind: Option<String>,
    /// Why, as the person put it.
    pub reason: String,
}

/// What to show of the trace.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct TraceFilter {
    /// One person's: a login.
    pub who: Option<String>,
    /// One act, as in `record.reveal`; with a dot at its end, all that begin with it.
    pub act: Option<String>,
    /// What names this: the id of a record, a phone, a case, an account.
    pub object: Option<String>,
    /// Since this time, ms.
    pub since_ms: Option<i64>,
    /// Before this time, ms.
    pub until_ms: Option<i64>,
    /// `time` (usual, the newest first), `who`, `act`; with `-` downwards.
    pub sort: Option<String>,
    /// Rows of the page, at most 200.
    pub limit: Option<usize>,
    /// Cursor of the page before.
    pub after: Option<String>,
}

const ORDER: Order = Order {
    keys: &[
        // Numbers rise with time.
        Key {
            name: "time",
            sql: "id",
        },
        Key {
            name: "who",
            sql: "who",
        },
        Key {
            name: "act",
            sql: "act",
        },
    ],
    id: "id",
    down: true,
};

/// Notes an act, here and in the journal. `grid` is where its object lies; without one it is
/// filed under the person's first area.
pub fn note(
    tx: &mut Tx<'_>,
    who: &Principal,
    act: &str,
    object: &str,
    grid: Option<&str>,
    reason: &str,
) -> Result<()> {
    trace(tx, who, act, object, grid, reason)?;
    tx.journal_act(&who.login, act, object, reason)
}

/// Notes an act here alone: the journal has it by other words.
pub fn trace(
    tx: &Tx<'_>,
    who: &Principal,
    act: &str,
    object: &str,
    grid: Option<&str>,
    reason: &str,
) -> Result<()> {
    let area = grid.or_else(|| who.areas.first().map(String::as_str));
    tx.conn()
        .prepare_cached(
            "INSERT INTO audit (time_ms, who, act, object, area, reason)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(rusqlite::params![
            tx.now_ms(),
            who.login,
            act,
            object,
            area.unwrap_or_default(),
            reason
        ])?;
    Ok(())
}

/// Rows, the newest first, of the areas that `reader` may see.
pub fn list(
    conn: &Connection,
    reader: &Principal,
    filter: &TraceFilter,
    ask: &Ask,
) -> Result<Page<Entry>> {
    let mut list = Where::default();
    list.areas("area", &reader.areas);
    list.maybe("who = ?", filter.who.clone());
    match filter.act.as_deref() {
        Some(family) if family.ends_with('.') => {
            list.with("instr(act, ?) = 1", family.to_owned());
        }
        act => list.maybe("act = ?", act.map(str::to_owned)),
    }
    if let Some(object) = &filter.object {
        if object.is_empty()
            || object.len() > 64
            || !object.bytes().all(|b| b.is_ascii_alphanumeric())
        {
            return Err(Error::invalid("object", "an id of letters and digits"));
        }
        list.with(
            "EXISTS (SELECT 1 FROM json_tree(audit.object) AS part WHERE CAST(part.atom AS TEXT) = ?)",
            object.clone(),
        );
    }
    list.maybe("time_ms >= ?", filter.since_ms);
    list.maybe("time_ms < ?", filter.until_ms);
    let source = Source {
        columns: "id, time_ms, who, act, object, reason,
                  (SELECT kind FROM record WHERE record.id = unhex(object ->> '$.record'))",
        from: "audit",
        beside: "",
        order: &ORDER,
    };
    source.page(conn, &list, ask, |row| {
        Ok(Entry {
            id: row.get(0)?,
            time_ms: row.get(1)?,
            who: row.get(2)?,
            act: row.get(3)?,
            object: row.get(4)?,
            reason: row.get(5)?,
            kind: row.get(6)?,
        })
    })
}

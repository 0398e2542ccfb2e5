//! The trace of who looked at what, who signed in, who took data out.

use rusqlite::{Connection, params_from_iter, types::Value};

use super::Principal;
use crate::{error::Result, store::Tx};

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
    /// Why, as the person put it.
    pub reason: String,
}

/// What to show of the trace.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// One person's.
    pub who: Option<String>,
    /// One act.
    pub act: Option<String>,
    /// Since this time, ms.
    pub since_ms: Option<i64>,
    /// Before this row.
    pub before: Option<i64>,
}

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
    filter: &Filter,
    limit: usize,
) -> Result<Vec<Entry>> {
    let mut sql = "SELECT id, time_ms, who, act, object, reason FROM audit WHERE ".to_owned();
    let mut values: Vec<Value> = Vec::new();
    sql.push_str(&reader.scope_sql("area", &mut values));
    let mut also = |condition: &str, value: Option<Value>| {
        if let Some(value) = value {
            sql.push_str(condition);
            values.push(value);
        }
    };
    also(" AND who = ?", filter.who.clone().map(Value::from));
    also(" AND act = ?", filter.act.clone().map(Value::from));
    also(" AND time_ms >= ?", filter.since_ms.map(Value::from));
    also(" AND id < ?", filter.before.map(Value::from));
    sql.push_str(" ORDER BY id DESC LIMIT ?");
    values.push(i64::try_from(limit).unwrap_or(i64::MAX).into());
    let mut select = conn.prepare(&sql)?;
    let rows = select.query_map(params_from_iter(values), |row| {
        Ok(Entry {
            id: row.get(0)?,
            time_ms: row.get(1)?,
            who: row.get(2)?,
            act: row.get(3)?,
            object: row.get(4)?,
            reason: row.get(5)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

//! After another version of the schemas: what stands beside records is made anew where their kinds
//! say now that something else is to stand there. In bounded pieces, between what people ask for;
//! how far it is stands in main.db, so that it goes on after a crash.

use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension as _, params};
use schemas::{Kind, SchemaSet};

use super::{
    load::find_n,
    project::{self, Projection, is_equal},
};
use crate::{
    core::Core,
    error::{Error, Result},
    store::{Tx, transact},
};

/// Records that one piece makes anew at most.
const MADE: usize = 128;
/// Records that one piece looks at, most of which may be of other kinds.
const LOOKED_AT: usize = 2_048;

/// What of a kind decides what stands beside its records.
fn shape(kind: &Kind) -> String {
    let follows = kind.follows_field().map(|field| field.path.to_string());
    let mut parts = vec![follows.unwrap_or_default()];
    if kind.personal() {
        parts.push("personal".to_owned());
        let equal = kind.fields().iter().filter(|field| is_equal(field));
        parts.extend(equal.map(|field| field.path.to_string()));
    } else {
        parts.push("open".to_owned());
        parts.extend(kind.search().iter().map(ToString::to_string));
        // What stands in entries was not looked for once: such records are made anew.
        if kind.search().iter().any(|path| path.group.is_some()) {
            parts.push("entries".to_owned());
        }
    }
    parts.join(" ")
}

/// Kinds beside whose records something else is to stand than before, and what decides that now.
fn changed<'s>(conn: &Connection, schemas: &'s SchemaSet) -> Result<Vec<(&'s str, String)>> {
    let mut known = conn.prepare_cached("SELECT shape FROM projection WHERE kind = ?1")?;
    let mut changed = Vec::new();
    for kind in schemas.kinds() {
        let shape = shape(kind);
        let before: Option<String> = known
            .query_row(params![kind.name()], |row| row.get(0))
            .optional()?;
        if before.as_ref() != Some(&shape) {
            changed.push((kind.name(), shape));
        }
    }
    Ok(changed)
}

/// Whether every kind is as it was when it was last begun.
pub(crate) fn is_begun(conn: &Connection, schemas: &SchemaSet) -> Result<bool> {
    Ok(changed(conn, schemas)?.is_empty())
}

/// Notes of which kinds the records are to be looked at. Those that are made from now on need no
/// look.
pub(crate) fn begin(conn: &Connection, schemas: &SchemaSet) -> Result<()> {
    let mut note = conn.prepare_cached(
        "INSERT INTO projection (kind, shape, done, through)
         VALUES (?1, ?2, 0, (SELECT coalesce(max(n), 0) FROM record))
         ON CONFLICT (kind) DO UPDATE SET shape = excluded.shape, done = 0,
           through = excluded.through",
    )?;
    for (kind, shape) in changed(conn, schemas)? {
        note.execute(params![kind, shape])?;
    }
    Ok(())
}

/// A kind whose records are looked at, from which of them on, and through which.
fn next(conn: &Connection) -> Result<Option<(String, i64, i64)>> {
    let found = conn
        .prepare_cached(
            "SELECT kind, done, through FROM projection WHERE done < through
             ORDER BY kind LIMIT 1",
        )?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
    Ok(found.optional()?)
}

/// Whether something is left to be done.
pub(crate) fn waits(conn: &Connection) -> Result<bool> {
    Ok(next(conn)?.is_some())
}

/// How many records are left to be looked at, over all kinds.
pub(crate) fn left(conn: &Connection) -> Result<u64> {
    let mut select =
        conn.prepare_cached("SELECT coalesce(sum(through - done), 0) FROM projection")?;
    Ok(select.query_row([], |row| row.get(0))?)
}

/// Does a bounded piece of what is left.
pub(crate) fn step(tx: &mut Tx<'_>) -> Result<()> {
    let conn = tx.conn();
    let Some((kind, done, through)) = next(conn)? else {
        return Ok(());
    };
    let rows: Vec<(i64, String)> = {
        let mut select = conn.prepare_cached(
            "SELECT n, kind FROM record WHERE n > ?1 AND n <= ?2 ORDER BY n LIMIT ?3",
        )?;
        let rows = select.query_map(params![done, through, LOOKED_AT], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
        rows.collect::<rusqlite::Result<_>>()?
    };
    let all = rows.len() < LOOKED_AT;
    let (mut at, mut made) = (done, 0);
    for (n, of) in rows {
        if of == kind {
            if made == MADE {
                return note(conn, &kind, at);
            }
            made += 1;
            anew(tx, n)?;
        }
        at = n;
    }
    if all {
        tracing::info!(kind, "what stands beside records was made anew");
        at = through;
    }
    note(conn, &kind, at)
}

fn note(conn: &Connection, kind: &str, done: i64) -> Result<()> {
    conn.prepare_cached("UPDATE projection SET done = ?2 WHERE kind = ?1")?
        .execute(params![kind, done])?;
    Ok(())
}

fn anew(tx: &mut Tx<'_>, n: i64) -> Result<()> {
    let core = tx.core().clone();
    let mut stored = match find_n(tx.conn(), core.keys(), n) {
        Ok(Some(stored)) => stored,
        Ok(None) | Err(Error::Gone(_)) => return Ok(()),
        Err(error @ Error::Storage(_)) => return Err(error),
        Err(error) => {
            tracing::error!(n, %error, "what stands beside a record cannot be made anew");
            return Ok(());
        }
    };
    let schemas = core.schemas();
    match schemas.kind(&stored.header.kind) {
        Some(kind) if !stored.registers.is_empty() => {
            let projection = Projection::whole(&schemas, &mut stored);
            project::write_anew(tx, &stored, &projection, kind)
        }
        _ => Ok(()),
    }
}

/// Does all that is left, where no server runs.
pub(crate) fn finish(main: &mut Connection, core: &Arc<Core>) -> Result<()> {
    begin(main, &core.schemas())?;
    while waits(main)? {
        transact(main, core, step)?;
    }
    Ok(())
}

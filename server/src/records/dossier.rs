//! A shop with everything tied to it.

use rusqlite::params;
use schemas::{RegisterKey, Scalar};
use serde::Serialize;
use sync_core::{RecordId, record::View};
use utoipa::ToSchema;

use super::{
    Stored,
    detail::{Reader, RecordOut},
};
use crate::error::{Error, Result};

/// Records of one kind in a dossier at most, the latest first.
const OF_KIND: usize = 100;
/// Tasks of a grid that are looked through for a shop's at most.
const TASKS: usize = 1_000;
/// Merges that are followed at most.
const HOPS: usize = 16;

/// The records of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Tied {
    /// The kind.
    pub kind: String,
    /// The records, the latest first, at most 100.
    pub records: Vec<RecordOut>,
    /// Whether there are more: `GET /records` has them.
    pub more: bool,
}

/// A shop with its parties, residents, workers, findings, visits and tasks, as far as the reader
/// may see them. Licences are a group of the shop's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Dossier {
    /// The shop.
    pub shop: RecordOut,
    /// What is tied to it, by kind.
    pub tied: Vec<Tied>,
    /// Records that were merged into it; late edits of theirs show here.
    pub merged_from: Vec<RecordOut>,
}

/// Where a dossier is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// Here.
    Here(Box<Dossier>),
    /// It is that of another record: of the one it was merged into, or of the shop it belongs to.
    At(RecordId),
}

/// The dossier of a record.
pub fn dossier(reader: &Reader<'_>, id: &RecordId) -> Result<Found> {
    let stored = reader.find(id)?;
    let end = end_of(reader, &stored)?;
    if end != *id {
        return Ok(Found::At(end));
    }
    let mut tied = Vec::new();
    for kind in reader.schemas.kinds() {
        let readable = kind.may_read_kind(&reader.who.author());
        if readable && kind.follows() == Some(stored.header.kind.as_str()) {
            tied.push(following(reader, &stored, kind.name())?);
        }
    }
    if let Some(tasks) = tasks(reader, &stored)? {
        tied.push(tasks);
    }
    let merged = "SELECT id FROM record WHERE merged_into = ?1 ORDER BY id LIMIT ?2";
    Ok(Found::Here(Box::new(Dossier {
        shop: reader.record(&stored)?,
        tied,
        merged_from: records(reader, ids(reader, merged, params![id.0, OF_KIND])?)?,
    })))
}

/// Where merges and the shop that it belongs to lead from a record.
fn end_of(reader: &Reader<'_>, stored: &Stored) -> Result<RecordId> {
    let mut at = stored.clone();
    for _ in 0..HOPS {
        let Some(next) = at.merged_into.or(at.follows) else {
            return Ok(at.id);
        };
        at = reader.find(&next)?;
    }
    Err(Error::Conflict("merges lead in a circle"))
}

fn following(reader: &Reader<'_>, stored: &Stored, kind: &str) -> Result<Tied> {
    let sql = "SELECT id FROM record WHERE follows = ?1 AND kind = ?2 AND placed = 1 AND alive = 1
               ORDER BY id DESC LIMIT ?3";
    let mut found = ids(reader, sql, params![stored.id.0, kind, OF_KIND + 1])?;
    let more = found.len() > OF_KIND;
    found.truncate(OF_KIND);
    Ok(Tied {
        kind: kind.to_owned(),
        records: records(reader, found)?,
        more,
    })
}

/// Tasks name their shop inside: they have a grid of their own, where the checker walks.
fn tasks(reader: &Reader<'_>, stored: &Stored) -> Result<Option<Tied>> {
    let kind = reader.schemas.kind("task");
    let Some(kind) = kind.filter(|kind| kind.may_read_kind(&reader.who.author())) else {
        return Ok(None);
    };
    let sql = "SELECT id FROM record WHERE grid = ?1 AND kind = 'task' AND placed = 1 AND alive = 1
               ORDER BY id DESC LIMIT ?2";
    let all = ids(reader, sql, params![stored.header.grid, TASKS])?;
    let shop = RegisterKey::parse("shop").ok();
    let wanted = Scalar::Bytes(stored.id.0.to_vec());
    let mut of_shop = Vec::new();
    for id in all {
        let task = reader.find(&id);
        if let Err(Error::Gone(_) | Error::NotFound(_)) = task {
            continue;
        }
        let task = task?;
        let view = View::of(&task.registers);
        let named = shop.as_ref().and_then(|key| view.field(key));
        if named.is_some_and(|field| *field.shown() == wanted) && of_shop.len() < OF_KIND {
            of_shop.push(reader.record(&task)?);
        }
    }
    Ok(Some(Tied {
        kind: kind.name().to_owned(),
        more: of_shop.len() == OF_KIND,
        records: of_shop,
    }))
}

fn ids(reader: &Reader<'_>, sql: &str, params: impl rusqlite::Params) -> Result<Vec<RecordId>> {
    let mut select = reader.conn.prepare_cached(sql)?;
    let rows = select.query_map(params, |row| row.get(0).map(RecordId))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The records of these ids; erased ones are left out.
fn records(reader: &Reader<'_>, ids: Vec<RecordId>) -> Result<Vec<RecordOut>> {
    let mut records = Vec::with_capacity(ids.len());
    for id in ids {
        match reader.find(&id) {
            Ok(stored) => records.push(reader.record(&stored)?),
            Err(Error::Gone(_) | Error::NotFound(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(records)
}

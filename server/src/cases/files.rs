//! Pictures of a case, shown to whoever may see the case. Those that offices add lie under a key
//! of the case's own, as those of records do under theirs.

use rusqlite::{Connection, OptionalExtension as _, params};
use schemas::FieldType;
use serde_json::json;
use sync_core::{RecordId, Sha256};

use super::{act, query, store::CaseRow};
use crate::{
    error::{Error, Result},
    identity::Principal,
    records::detail::Reader,
    uploads,
};

/// Pictures of one case at most.
const MAX_FILES: u32 = 200;

/// What a case's pictures are filed under, and its grid: for whoever of an office may add one.
pub fn may_add(conn: &Connection, uid: &str, who: &Principal) -> Result<(RecordId, String)> {
    let case = act::visible(conn, uid, who)?;
    if !who.role.is_office() {
        return Err(Error::Forbidden("offices add pictures"));
    }
    if case.state.is_final() {
        return Err(Error::Conflict("the case has ended"));
    }
    let of = RecordId(case.uid);
    if uploads::count_of(conn, &of)? >= MAX_FILES {
        return Err(Error::Conflict("a case has at most 200 pictures"));
    }
    Ok((of, case.grid))
}

const NONE: Error = Error::NotFound("file");

/// A picture that a case shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The case, or the record that it was taken of.
    pub of: RecordId,
    /// Whether an office sent it to the case.
    pub own: bool,
    /// The case's grid.
    pub grid: String,
}

/// A picture of a case for whoever sees the case: sent to it, named in its ledger, or among what
/// is shown of the record that it is about.
pub fn may_see(reader: &Reader<'_>, uid: &str, sha256: &Sha256) -> Result<Seen> {
    let case = act::visible(reader.conn, uid, reader.who)?;
    let own = RecordId(case.uid);
    let mut of = own;
    if uploads::find_file(reader.conn, &own, sha256)?.is_none() {
        of = match named(reader.conn, case.id, sha256)? {
            Some(record) => record,
            None => about(reader, &case, sha256)?.ok_or(NONE)?,
        };
        uploads::find_file(reader.conn, &of, sha256)?.ok_or(NONE)?;
    }
    Ok(Seen {
        of,
        own: of == own,
        grid: case.grid,
    })
}

/// The record that the ledger of a case names with a picture.
fn named(conn: &Connection, case: i64, sha256: &Sha256) -> Result<Option<RecordId>> {
    let mut select = conn.prepare_cached(
        "SELECT record FROM case_attachment WHERE case_id = ?1 AND sha256 = ?2 LIMIT 1",
    )?;
    let record = select.query_row(params![case, sha256.0], |row| row.get(0));
    Ok(record.optional()?.map(RecordId))
}

/// The record that a case is about, if the picture is among what is shown of it.
fn about(reader: &Reader<'_>, case: &CaseRow, sha256: &Sha256) -> Result<Option<RecordId>> {
    let Some(facts) = query::facts(reader, case)? else {
        return Ok(None);
    };
    let name = json!(sha256.to_string());
    let entries = facts.groups.iter().flat_map(|group| &group.entries);
    let fields = facts
        .fields
        .iter()
        .chain(entries.flat_map(|entry| &entry.fields));
    let shows = fields
        .filter(|field| field.ty == FieldType::Photo.name())
        .any(|field| field.values.iter().any(|value| value.value == name));
    Ok(case.record.filter(|_| shows))
}

//! What people at the console do to a record: edit, move.

use std::collections::BTreeMap;

use axum::{Extension, Json, extract::State, http::StatusCode};
use schemas::{Kind, Name, RegisterKey, Scalar, area::Level, path::EntryId};
use serde::{Deserialize, Serialize};
use sync_core::{RecordId, record::Edit};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    extract::{At, Body, reason, record_id},
    places,
    reading::within,
};
use crate::{
    App,
    error::{Error, Result},
    http::etag::{IfMatch, Versioned},
    identity::Principal,
    records::{Stored, detail, values},
    review::{self, By},
    store::Tx,
};

/// Edits of one request at most.
pub(super) const MAX_EDITS: usize = 200;

/// The routes of this file.
pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(edit))
        .routes(routes!(move_to))
}

/// One thing to do to a record.
#[derive(Deserialize, ToSchema)]
#[serde(tag = "op", rename_all = "snake_case", deny_unknown_fields)]
enum EditIn {
    /// A field takes a value.
    Set {
        /// The register.
        key: String,
        /// The value, as it is shown.
        #[schema(value_type = serde_json::Value)]
        value: serde_json::Value,
    },
    /// A field is cleared.
    Clear {
        /// The register.
        key: String,
    },
    /// An entry begins.
    AddEntry {
        /// The group.
        group: String,
        /// Its fields, by name.
        #[schema(value_type = serde_json::Value)]
        fields: BTreeMap<String, serde_json::Value>,
    },
    /// An entry goes.
    RemoveEntry {
        /// The group.
        group: String,
        /// The entry.
        id: String,
    },
    /// The record goes.
    Delete,
    /// A deleted record comes back.
    Restore,
}

/// An edit.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct EditRequest {
    /// What is done, at most 200 things; one change.
    edits: Vec<EditIn>,
    /// Why, 1 to 200 characters.
    reason: String,
}

/// What an edit became.
#[derive(Serialize, ToSchema)]
struct Edited {
    /// The change.
    change: String,
    /// The record's version now.
    version: u64,
}

/// The edits of a request, checked.
fn compile(tx: &Tx<'_>, kind: &Kind, who: &Principal, edits: &[EditIn]) -> Result<Vec<Edit>> {
    let author = who.author();
    let may = |key: &RegisterKey, value: &Scalar| {
        if kind.may_write_register(key, value, &author) {
            Ok(())
        } else {
            Err(Error::Forbidden("you may not write this field"))
        }
    };
    let set = |key: &RegisterKey, json: &serde_json::Value| -> Result<Edit> {
        let value = values::from_json(kind, key, json)?;
        may(key, &value)?;
        let key = key.clone();
        Ok(match value {
            Scalar::Null => Edit::Clear { key },
            value => Edit::Set { key, value },
        })
    };
    let mut compiled = Vec::new();
    for edit in edits {
        match edit {
            EditIn::Set { key, value } => compiled.push(set(&parse(key)?, value)?),
            EditIn::Clear { key } => {
                compiled.push(set(&parse(key)?, &serde_json::Value::Null)?);
            }
            EditIn::AddEntry { group, fields } => {
                let group = name(kind, group)?;
                let mut id = [0; 8];
                tx.core().keys().fill(&mut id)?;
                let id = EntryId(id);
                compiled.push(Edit::AddEntry {
                    group: group.clone(),
                    id,
                });
                for (field, value) in fields {
                    let key = parse(&format!("{group}.{id}.{field}"))?;
                    compiled.push(set(&key, value)?);
                }
            }
            EditIn::RemoveEntry { group, id } => {
                let group = name(kind, group)?;
                let id = EntryId::parse(id).map_err(|_| unknown(id))?;
                let key = RegisterKey::Entry {
                    group: group.clone(),
                    id,
                };
                may(&key, &Scalar::Null)?;
                compiled.push(Edit::RemoveEntry { group, id });
            }
            EditIn::Delete => {
                may(&RegisterKey::Alive, &Scalar::Null)?;
                compiled.push(Edit::Delete);
            }
            EditIn::Restore => {
                may(&RegisterKey::Alive, &Scalar::Int(tx.now_ms()))?;
                compiled.push(Edit::Restore);
            }
        }
    }
    Ok(compiled)
}

fn unknown(at: &str) -> Error {
    let at: String = at.chars().take(96).collect();
    Error::invalid(at, "the kind has no such field")
}

/// A register that somebody names.
pub(super) fn parse(key: &str) -> Result<RegisterKey> {
    RegisterKey::parse(key).map_err(|_| unknown(key))
}

fn name(kind: &Kind, group: &str) -> Result<Name> {
    kind.group(group)
        .map(|group| group.name.clone())
        .ok_or_else(|| unknown(group))
}

/// The record, if the person may see it and it has this version.
pub(super) fn at_version(
    tx: &Tx<'_>,
    who: &Principal,
    id: &RecordId,
    version: IfMatch,
) -> Result<Stored> {
    let stored = within(tx, who, |reader| reader.find(id))?;
    version.check(detail::version(&stored))?;
    Ok(stored)
}

pub(super) fn by(who: &Principal, reason: String) -> By {
    By {
        person: who.login.clone(),
        reason,
    }
}

/// Edits a record for an office: an ordinary edit, without precedence.
#[utoipa::path(post, path = "/records/{id}/edits", tag = "records", request_body = EditRequest,
    params(("id" = String, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = Edited), (status = 412), (status = 428)))]
async fn edit(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    At(id): At<String>,
    version: IfMatch,
    Body(given): Body<EditRequest>,
) -> Result<Versioned<Json<Edited>>> {
    let id = record_id(&id)?;
    let why = reason(&given.reason)?;
    if given.edits.is_empty() || given.edits.len() > MAX_EDITS {
        return Err(Error::invalid("edits", "1 to 200 edits"));
    }
    let done = app
        .write(move |tx| {
            let stored = at_version(tx, &who, &id, version)?;
            let schemas = tx.core().schemas();
            let kind = schemas.kind(&stored.header.kind);
            let kind = kind.ok_or(Error::NotFound("record"))?;
            let edits = compile(tx, kind, &who, &given.edits)?;
            let by = by(&who, why);
            let change = review::office_edit(tx, id, &edits, &who.author(), &by)?;
            let now = within(tx, &who, |reader| reader.find(&id))?;
            Ok(Edited {
                change: change.to_string(),
                version: detail::version(&now),
            })
        })
        .await?;
    Ok(Versioned(done.version, Json(done)))
}

/// Where a record goes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Move {
    /// The grid's code.
    grid: String,
    /// Why.
    reason: String,
}

/// Moves a record, and what belongs to it, to another grid.
#[utoipa::path(post, path = "/records/{id}/move", tag = "records", request_body = Move,
    params(("id" = String, Path), ("If-Match" = String, Header)), responses((status = 204)))]
async fn move_to(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    At(id): At<String>,
    version: IfMatch,
    Body(given): Body<Move>,
) -> Result<StatusCode> {
    let id = record_id(&id)?;
    let why = reason(&given.reason)?;
    app.write(move |tx| move_one(tx, &who, id, version, &given.grid, why))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Moves a record of one's areas to another grid of them.
pub(super) fn move_one(
    tx: &mut Tx<'_>,
    who: &Principal,
    id: RecordId,
    version: IfMatch,
    grid: &str,
    why: String,
) -> Result<()> {
    if Level::of_code(grid) != Some(Level::Grid) || !who.covers(grid) {
        let reason = "the code of a grid in one of your areas";
        return Err(Error::invalid("grid", reason));
    }
    let stored = at_version(tx, who, &id, version)?;
    if stored.follows.is_some() {
        return Err(Error::Conflict("it goes where its shop goes"));
    }
    if stored.header.grid == grid {
        return Err(Error::Conflict("it is in this grid"));
    }
    if !places::is_grid(tx.conn(), &tx.core().schemas(), grid)? {
        return Err(Error::invalid("grid", "there is no such grid"));
    }
    review::move_record(tx, id, grid, &by(who, why))
}

/// Why something is done.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ReasonGiven {
    /// 1 to 200 characters.
    pub(super) reason: String,
}

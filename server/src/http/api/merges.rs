//! Shops that are one: merged, with values chosen field by field, and both taken back.

use axum::{Extension, Json, extract::State, http::StatusCode};
use schemas::{Kind, RegisterKey};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    edits::{MAX_EDITS, ReasonGiven, at_version, by, parse},
    extract::{At, Body, reason, record_id},
    reading::within,
};
use crate::{
    App,
    error::{Error, Result},
    http::etag::IfMatch,
    identity::Principal,
    records::{
        detail,
        values::{self, Words},
    },
    review,
};

/// The routes of this file.
pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(merge))
        .routes(routes!(unmerge))
}

/// What people call a register.
fn label(kind: Option<&Kind>, key: &str) -> Words {
    let field = kind.and_then(|kind| values::field_of(kind, key));
    field.map_or_else(
        || Words::fixed("条目", "Entry"),
        |field| values::key_label(field, key),
    )
}

/// What a record is the same as.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Merge {
    /// The record that stays.
    into: String,
    /// Registers, or entries of groups (`licences.<id>`), whose values of the record that goes the
    /// other takes; the rest stays as it is there. With the merge it is one act.
    #[serde(default)]
    take: Vec<String>,
    /// The version of the record that stays, where values are taken.
    into_version: Option<u64>,
    /// Why.
    reason: String,
}

/// Says that this shop is the same as another, which may take values of it: readers are sent on to
/// the other.
#[utoipa::path(post, path = "/records/{id}/merge", tag = "records", request_body = Merge,
    params(("id" = String, Path), ("If-Match" = String, Header)), responses((status = 204)))]
async fn merge(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    At(id): At<String>,
    version: IfMatch,
    Body(given): Body<Merge>,
) -> Result<StatusCode> {
    let id = record_id(&id)?;
    let why = reason(&given.reason)?;
    let no_other = || Error::invalid("into", "there is no such record");
    let into = record_id(&given.into).map_err(|_| no_other())?;
    if given.take.len() > MAX_EDITS {
        return Err(Error::invalid("take", "at most 200 fields"));
    }
    let take: Vec<RegisterKey> = given
        .take
        .iter()
        .map(|key| parse(key))
        .collect::<Result<_>>()?;
    app.write(move |tx| {
        let loser = at_version(tx, &who, &id, version)?;
        let winner = within(tx, &who, |reader| reader.find(&into)).map_err(|_| no_other())?;
        if loser.header.kind != "shop" || winner.header.kind != "shop" || id == into {
            return Err(Error::invalid("into", "two different shops are merged"));
        }
        if loser.merged_into.is_some() || winner.merged_into.is_some() {
            return Err(Error::Conflict("one of them was merged already"));
        }
        if !take.is_empty() {
            let seen = given.into_version.ok_or(Error::NeedsVersion)?;
            IfMatch(seen).check(detail::version(&winner))?;
        }
        let (author, by) = (who.author(), by(&who, why));
        review::merge(tx, (id, into), &take, &author, &by)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What was taken back with a merge.
#[derive(Serialize, ToSchema)]
struct Unmerged {
    /// Fields of the other shop that have again what stood there before the merge.
    restored: u32,
    /// Fields that stay, because somebody has written them since the merge.
    kept: Vec<KeptField>,
}

/// A field that stays.
#[derive(Serialize, ToSchema)]
struct KeptField {
    /// The register.
    key: String,
    /// What people call it.
    label: Words,
}

/// Takes a merge back, and what it wrote into the other shop: one act.
#[utoipa::path(post, path = "/records/{id}/unmerge", tag = "records", request_body = ReasonGiven,
    params(("id" = String, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = Unmerged)))]
async fn unmerge(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    At(id): At<String>,
    version: IfMatch,
    Body(given): Body<ReasonGiven>,
) -> Result<Json<Unmerged>> {
    let id = record_id(&id)?;
    let why = reason(&given.reason)?;
    let done = app.write(move |tx| {
        let stored = at_version(tx, &who, &id, version)?;
        if stored.merged_into.is_none() {
            return Err(Error::Conflict("it is not merged"));
        }
        let done = review::unmerge(tx, id, &by(&who, why))?;
        let schemas = tx.core().schemas();
        let kind = schemas.kind(&stored.header.kind);
        let kept = done.kept_keys.into_iter().map(|key| KeptField {
            label: label(kind, &key),
            key,
        });
        Ok(Unmerged {
            restored: done.registers,
            kept: kept.collect(),
        })
    });
    Ok(Json(done.await?))
}

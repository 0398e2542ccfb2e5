//! What offices add to a case beside its steps: pictures, other offices, help with licences.

use axum::{
    Extension, Json,
    body::Bytes,
    extract::{DefaultBodyLimit, State},
    http::StatusCode,
    response::Response,
};
use serde::Serialize;
use serde_json::json;
use sync_core::{Sha256, limits::MAX_ATTACHMENT_BYTES};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    extract::{At, Body},
    reading::within,
};
use crate::{
    App,
    cases::{self, GatherInput, LicenceInput, OpinionInput},
    error::{Error, Result},
    http::{
        device::files::picture,
        etag::{IfMatch, Versioned},
    },
    identity::{Principal, audit},
    uploads,
};

/// The routes of this file.
pub(super) fn routes() -> OpenApiRouter<App> {
    let pictures = OpenApiRouter::new()
        .routes(routes!(add_picture))
        .layer(DefaultBodyLimit::max(MAX_ATTACHMENT_BYTES));
    OpenApiRouter::new()
        .routes(routes!(see_picture))
        .routes(routes!(gather))
        .routes(routes!(opinion))
        .routes(routes!(licence))
        .merge(pictures)
}

/// A picture that is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
struct Picture {
    /// What a step's `attachments` call its record: the case.
    record: String,
    /// SHA-256 of its bytes.
    sha256: String,
    /// Its media type, told by its content.
    media: String,
    /// Its length.
    bytes: u64,
}

/// Keeps a picture for a case: JPEG, PNG, WebP or HEIC by its content, whatever type is said, at
/// most 4 MiB. A step or an opinion then names it among its `attachments`.
#[utoipa::path(post, path = "/cases/{id}/files", tag = "cases", params(("id" = String, Path)),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 201, body = Picture)))]
async fn add_picture(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    At(id): At<String>,
    bytes: Bytes,
) -> Result<(StatusCode, Json<Picture>)> {
    let asker = who.clone();
    let may = app.read(move |conn| cases::may_add(conn, &id, &asker));
    let (of, grid) = may.await?;
    let (sha256, file) = uploads::keep_whole(&app, of, bytes.to_vec()).await?;
    let object = json!({ "case": of.to_string(), "file": sha256.to_string() });
    app.write(move |tx| audit::note(tx, &who, "file.add", &object.to_string(), Some(&grid), ""))
        .await?;
    let picture = Picture {
        record: of.to_string(),
        sha256: sha256.to_string(),
        media: file.media,
        bytes: file.bytes,
    };
    Ok((StatusCode::CREATED, Json(picture)))
}

/// A picture of a case, for whoever sees the case: sent to it, named in its ledger, or of the record
/// that it is about. Each look stands in the trace.
#[utoipa::path(get, path = "/cases/{id}/files/{sha256}", tag = "cases",
    params(("id" = String, Path), ("sha256" = String, Path)),
    responses((status = 200, description = "The picture", content_type = "image/jpeg",
        body = Vec<u8>)))]
async fn see_picture(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    At((id, sha256)): At<(String, String)>,
) -> Result<Response> {
    let sha256 = Sha256::parse(&sha256).ok_or(Error::NotFound("file"))?;
    let seen = app.write(move |tx| {
        let seen = within(tx, &who, |reader| cases::may_see(reader, &id, &sha256))?;
        let object = if seen.own {
            json!({ "case": id, "file": sha256.to_string() })
        } else {
            json!({ "case": id, "record": seen.of.to_string(), "file": sha256.to_string() })
        };
        let grid = Some(seen.grid.as_str());
        audit::note(tx, &who, "file.view", &object.to_string(), grid, "")?;
        Ok(seen)
    });
    let seen = seen.await?;
    let (file, bytes) = if seen.own {
        uploads::read_whole(&app, seen.of, sha256).await?
    } else {
        uploads::read(&app, seen.of, sha256).await?
    };
    Ok(picture(&file.media, bytes))
}

/// What an act left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
struct CaseDone {
    /// The case.
    id: String,
    /// Its version now.
    version: u64,
}

fn done(id: String, version: u64) -> Versioned<Json<CaseDone>> {
    Versioned(version, Json(CaseDone { id, version }))
}

/// 联合检查: gathers other offices on a case. They see it from now on and say what they found; it
/// stays with the office that has it.
#[utoipa::path(post, path = "/cases/{id}/offices", tag = "cases",
    params(("id" = String, Path), ("If-Match" = String, Header)),
    request_body = GatherInput, responses((status = 200, body = CaseDone)))]
async fn gather(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    At(id): At<String>,
    IfMatch(version): IfMatch,
    Body(input): Body<GatherInput>,
) -> Result<Versioned<Json<CaseDone>>> {
    let case = id.clone();
    let version = app
        .write(move |tx| cases::gather(tx, &case, version, &input, &who))
        .await?;
    Ok(done(id, version))
}

/// What a gathered office found.
#[utoipa::path(post, path = "/cases/{id}/opinions", tag = "cases",
    params(("id" = String, Path), ("If-Match" = String, Header)),
    request_body = OpinionInput, responses((status = 200, body = CaseDone)))]
async fn opinion(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    At(id): At<String>,
    IfMatch(version): IfMatch,
    Body(input): Body<OpinionInput>,
) -> Result<Versioned<Json<CaseDone>>> {
    let case = id.clone();
    let version = app
        .write(move |tx| cases::opinion(tx, &case, version, &input, &who))
        .await?;
    Ok(done(id, version))
}

/// 协助办证: says where a licence of a business that is being followed stands.
#[utoipa::path(post, path = "/cases/{id}/licences", tag = "cases",
    params(("id" = String, Path), ("If-Match" = String, Header)),
    request_body = LicenceInput, responses((status = 200, body = CaseDone)))]
async fn licence(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    At(id): At<String>,
    IfMatch(version): IfMatch,
    Body(input): Body<LicenceInput>,
) -> Result<Versioned<Json<CaseDone>>> {
    let case = id.clone();
    let version = app
        .write(move |tx| cases::help(tx, &case, version, &input, &who))
        .await?;
    Ok(done(id, version))
}

//! Versions of the schemas: checked, uploaded, tried, published, withdrawn.

use axum::{
    Extension, Json,
    extract::{DefaultBodyLimit, State},
    http::StatusCode,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    extract::{At, Body, Params, device_id, reason},
    paging::Page,
};
use crate::{
    App,
    error::{Error, Result},
    http::etag::{IfMatch, Versioned},
    identity::Principal,
    store::Tx,
    versions::{self, Checked, FileInput, VersionDetail, VersionFilter, VersionOut},
};

/// Bytes of uploaded files at most, as JSON.
const MAX_BODY: usize = 4 * 1024 * 1024;

/// The routes of this file.
pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, upload))
        .routes(routes!(check))
        .routes(routes!(get))
        .routes(routes!(trial))
        .routes(routes!(publish))
        .routes(routes!(withdraw))
        .layer(DefaultBodyLimit::max(MAX_BODY))
}

/// Every version, the highest first; the program's own among them.
#[utoipa::path(get, path = "/schemas/versions", tag = "schemas", params(VersionFilter),
    responses((status = 200, body = Page<VersionOut>)))]
async fn list(
    State(app): State<App>,
    Params(filter): Params<VersionFilter>,
) -> Result<Json<Page<VersionOut>>> {
    let core = app.core().clone();
    let rows = app
        .read(move |conn| versions::listed(conn, &core, &filter))
        .await?;
    Ok(Json(Page::whole(rows)))
}

/// One version with its files, and what it changes against the one in force.
#[utoipa::path(get, path = "/schemas/versions/{version}", tag = "schemas",
    params(("version" = u32, Path)), responses((status = 200, body = VersionDetail)))]
async fn get(
    State(app): State<App>,
    At(version): At<u32>,
) -> Result<Versioned<Json<VersionDetail>>> {
    let core = app.core().clone();
    let found = app
        .read(move |conn| versions::find(conn, &core, version))
        .await?;
    Ok(Versioned(found.row.revision, Json(found)))
}

/// Files to check.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CheckFiles {
    /// Files in the place of those in force; all others stay as they are.
    files: Vec<FileInput>,
}

/// Checks files and keeps nothing: what is wrong with file and line, why they may not follow the
/// version in force, or what they change.
#[utoipa::path(post, path = "/schemas/checks", tag = "schemas", request_body = CheckFiles,
    responses((status = 200, body = Checked)))]
async fn check(State(app): State<App>, Body(given): Body<CheckFiles>) -> Result<Json<Checked>> {
    let core = app.core().clone();
    let found = app.read(move |conn| versions::check(conn, &core, &given.files));
    Ok(Json(found.await?))
}

/// A version to upload.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewVersion {
    /// Files in the place of those in force; `schema.toml` with a higher `version` among them.
    files: Vec<FileInput>,
    /// What it is for.
    reason: String,
}

/// What was kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
struct Kept {
    /// Its number.
    version: u32,
}

/// Keeps a version as a draft, for nobody yet.
#[utoipa::path(post, path = "/schemas/versions", tag = "schemas", request_body = NewVersion,
    responses((status = 201, body = Kept)))]
async fn upload(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    Body(given): Body<NewVersion>,
) -> Result<(StatusCode, Json<Kept>)> {
    let reason = reason(&given.reason)?;
    let version = app
        .write(move |tx| versions::upload(tx, &given.files, &reason, &who))
        .await?;
    Ok((StatusCode::CREATED, Json(Kept { version })))
}

/// Phones that try a draft.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Trial {
    /// Their ids; none ends the trial.
    devices: Vec<String>,
}

/// Chooses the phones that try a draft. What they write under it waits until it is in force.
#[utoipa::path(put, path = "/schemas/versions/{version}/trial", tag = "schemas",
    params(("version" = u32, Path), ("If-Match" = String, Header)), request_body = Trial,
    responses((status = 200, body = VersionDetail)))]
async fn trial(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    At(version): At<u32>,
    IfMatch(revision): IfMatch,
    Body(given): Body<Trial>,
) -> Result<Versioned<Json<VersionDetail>>> {
    let unknown = |_| Error::invalid("devices", "no such phone in use");
    let ids = given
        .devices
        .iter()
        .map(|id| device_id(id).map_err(unknown));
    let devices = ids.collect::<Result<Vec<_>>>()?;
    app.write(move |tx| versions::set_trial(tx, version, revision, &devices, &who))
        .await?;
    get(State(app), At(version)).await
}

/// Why a version is published or withdrawn.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Why {
    /// Why.
    reason: String,
}

/// Publishes a draft: it is in force, phones are told, and what waited for it enters.
#[utoipa::path(post, path = "/schemas/versions/{version}/publication", tag = "schemas",
    params(("version" = u32, Path), ("If-Match" = String, Header)), request_body = Why,
    responses((status = 200, body = VersionDetail)))]
async fn publish(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    At(version): At<u32>,
    IfMatch(revision): IfMatch,
    Body(given): Body<Why>,
) -> Result<Versioned<Json<VersionDetail>>> {
    settle(app, who, (version, revision), &given, versions::publish).await
}

/// Withdraws a draft; the phones that tried it go back to the version in force.
#[utoipa::path(post, path = "/schemas/versions/{version}/withdrawal", tag = "schemas",
    params(("version" = u32, Path), ("If-Match" = String, Header)), request_body = Why,
    responses((status = 200, body = VersionDetail)))]
async fn withdraw(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    At(version): At<u32>,
    IfMatch(revision): IfMatch,
    Body(given): Body<Why>,
) -> Result<Versioned<Json<VersionDetail>>> {
    settle(app, who, (version, revision), &given, versions::withdraw).await
}

/// What becomes of a draft. Where it fails, what was in force stays.
async fn settle(
    app: App,
    who: Principal,
    (version, revision): (u32, u64),
    given: &Why,
    job: fn(&mut Tx<'_>, u32, u64, &str, &Principal) -> Result<()>,
) -> Result<Versioned<Json<VersionDetail>>> {
    let reason = reason(&given.reason)?;
    let core = app.core().clone();
    app.write(move |tx| {
        let before = core.schemas();
        let done = job(tx, version, revision, &reason, &who);
        if done.is_err() {
            core.set_schemas(before);
        }
        done
    })
    .await?;
    get(State(app), At(version)).await
}

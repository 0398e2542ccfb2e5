//! Changes that wait or were refused, and what a supervisor does about them.

use axum::{Extension, Json, extract::State, http::StatusCode};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    edits::Why,
    extract::{At, Body, Params, reason},
    paging::{self, Page, from_cursor},
    reading::{read, within},
};
use crate::{
    App,
    error::{Error, Result},
    http::etag::IfMatch,
    identity::Principal,
    review::{
        self, By,
        queue::{self, HeldOut},
    },
    store::Tx,
};

/// The routes of this file.
pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_held))
        .routes(routes!(list_refused))
        .routes(routes!(release))
        .routes(routes!(refuse))
}

/// A part of a list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Part {
    /// Rows of the page, at most 200.
    limit: Option<usize>,
    /// Cursor of the page before.
    after: Option<String>,
}

async fn list(
    app: App,
    who: Principal,
    state: &'static str,
    part: Part,
) -> Result<Json<Page<HeldOut>>> {
    let limit = paging::limit(part.limit)?;
    let after = from_cursor(part.after.as_deref())?;
    let rows = read(&app, who, move |reader| {
        queue::held(reader, state, after, limit + 1)
    });
    let rows = rows.await?;
    Ok(Json(Page::of(rows, limit, |row: &HeldOut| row.id)?))
}

/// Changes that wait, the earliest first.
#[utoipa::path(get, path = "/held", tag = "review", params(Part),
    responses((status = 200, body = Page<HeldOut>)))]
async fn list_held(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    Params(part): Params<Part>,
) -> Result<Json<Page<HeldOut>>> {
    list(app, who, "held", part).await
}

/// Changes that were refused for good, the earliest first.
#[utoipa::path(get, path = "/refused", tag = "review", params(Part),
    responses((status = 200, body = Page<HeldOut>)))]
async fn list_refused(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    Params(part): Params<Part>,
) -> Result<Json<Page<HeldOut>>> {
    list(app, who, "refused", part).await
}

async fn act(
    app: App,
    who: Principal,
    id: i64,
    version: IfMatch,
    given: Why,
    job: fn(&mut Tx<'_>, i64, &By) -> Result<()>,
) -> Result<StatusCode> {
    let why = reason(&given.reason)?;
    app.write(move |tx| {
        let (now, state) = within(tx, &who, |reader| queue::held_version(reader, id))?;
        version.check(now)?;
        if state != "held" {
            return Err(Error::Conflict("it does not wait any more"));
        }
        let by = By {
            person: who.login,
            reason: why,
        };
        job(tx, id, &by)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lets in what waits, as it is, with what waits behind it.
#[utoipa::path(post, path = "/held/{id}/release", tag = "review", request_body = Why,
    params(("id" = i64, Path), ("If-Match" = String, Header)), responses((status = 204)))]
async fn release(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    At(id): At<i64>,
    version: IfMatch,
    Body(given): Body<Why>,
) -> Result<StatusCode> {
    act(app, who, id, version, given, review::release).await
}

/// Refuses what waits; its author makes again what came after it.
#[utoipa::path(post, path = "/held/{id}/refuse", tag = "review", request_body = Why,
    params(("id" = i64, Path), ("If-Match" = String, Header)), responses((status = 204)))]
async fn refuse(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    At(id): At<i64>,
    version: IfMatch,
    Body(given): Body<Why>,
) -> Result<StatusCode> {
    act(app, who, id, version, given, review::refuse).await
}

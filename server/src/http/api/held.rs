//! Changes that wait or were refused, and what a supervisor does about them.

use axum::{Extension, Json, extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    edits::ReasonGiven,
    extract::{At, Body, Params, reason},
    paging::{Ask, Page},
    reading::{read, within},
};
use crate::{
    App,
    error::{Error, Result},
    http::etag::IfMatch,
    identity::Principal,
    review::{
        self, By,
        held::{self, HeldFilter, HeldOut},
    },
    store::Tx,
};

/// Registers of one request at most.
const MAX_KEYS: usize = 200;

/// The routes of this file.
pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_held))
        .routes(routes!(list_refused))
        .routes(routes!(release))
        .routes(routes!(refuse))
        .routes(routes!(take_over))
}

async fn list(
    app: App,
    who: Principal,
    state: &'static str,
    mut filter: HeldFilter,
) -> Result<Json<Page<HeldOut>>> {
    let ask = Ask::of(filter.limit, filter.sort.take(), filter.after.take())?;
    let page = read(&app, who, move |reader| {
        held::held(reader, state, &filter, &ask)
    });
    Ok(Json(page.await?))
}

/// Changes that wait, the earliest first.
#[utoipa::path(get, path = "/held", tag = "review", params(HeldFilter),
    responses((status = 200, body = Page<HeldOut>)))]
async fn list_held(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    Params(filter): Params<HeldFilter>,
) -> Result<Json<Page<HeldOut>>> {
    list(app, who, "held", filter).await
}

/// Changes that were refused for good, the earliest first.
#[utoipa::path(get, path = "/refused", tag = "review", params(HeldFilter),
    responses((status = 200, body = Page<HeldOut>)))]
async fn list_refused(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    Params(filter): Params<HeldFilter>,
) -> Result<Json<Page<HeldOut>>> {
    list(app, who, "refused", filter).await
}

async fn act(
    app: App,
    who: Principal,
    id: i64,
    version: IfMatch,
    given: ReasonGiven,
    job: fn(&mut Tx<'_>, i64, &By) -> Result<()>,
) -> Result<StatusCode> {
    let why = reason(&given.reason)?;
    app.write(move |tx| {
        let (now, state) = within(tx, &who, |reader| held::version(reader, id))?;
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
#[utoipa::path(post, path = "/held/{id}/release", tag = "review", request_body = ReasonGiven,
    params(("id" = i64, Path), ("If-Match" = String, Header)), responses((status = 204)))]
async fn release(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    At(id): At<i64>,
    version: IfMatch,
    Body(given): Body<ReasonGiven>,
) -> Result<StatusCode> {
    act(app, who, id, version, given, review::release).await
}

/// Refuses what waits; its author makes again what came after it.
#[utoipa::path(post, path = "/held/{id}/refuse", tag = "review", request_body = ReasonGiven,
    params(("id" = i64, Path), ("If-Match" = String, Header)), responses((status = 204)))]
async fn refuse(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    At(id): At<i64>,
    version: IfMatch,
    Body(given): Body<ReasonGiven>,
) -> Result<StatusCode> {
    act(app, who, id, version, given, review::refuse).await
}

/// What is taken over.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TakeOver {
    /// Registers of which the values are written; all that it wants to write unless said.
    keys: Option<Vec<String>>,
    /// Why, 1 to 200 characters.
    reason: String,
}

/// What it became.
#[derive(Serialize, ToSchema)]
struct TakenOver {
    /// The change.
    change: String,
}

/// Takes over what waits or was refused: writes its values, or some of them, as an edit of one's
/// own, and closes it. Of what waited the author's phone is told so.
#[utoipa::path(post, path = "/held/{id}/takeover", tag = "review", request_body = TakeOver,
    params(("id" = i64, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = TakenOver)))]
async fn take_over(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    At(id): At<i64>,
    version: IfMatch,
    Body(given): Body<TakeOver>,
) -> Result<Json<TakenOver>> {
    let why = reason(&given.reason)?;
    let most = |keys: &Vec<String>| keys.is_empty() || keys.len() > MAX_KEYS;
    if given.keys.as_ref().is_some_and(most) {
        return Err(Error::invalid("keys", "1 to 200 fields"));
    }
    let done = app.write(move |tx| {
        let (now, state) = within(tx, &who, |reader| held::version(reader, id))?;
        version.check(now)?;
        if state == "settled" {
            return Err(Error::Conflict("it does not wait any more"));
        }
        let by = By {
            person: who.login.clone(),
            reason: why,
        };
        let change = review::take_over(tx, id, given.keys.as_deref(), &who.author(), &by)?;
        Ok(TakenOver {
            change: change.to_string(),
        })
    });
    Ok(Json(done.await?))
}

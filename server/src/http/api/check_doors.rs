//! The doors of a spot check: what was seen beside what was held, judged, appealed, decided.

use axum::{Extension, Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    extract::{At, Body, Params, reason},
    paging::{Ask, Page},
};
use crate::{
    App,
    checks::{
        self, AppealInput, CheckerInput, DecisionInput, DoorDetail, DoorFilter, DoorRow,
        JudgementInput,
    },
    error::Result,
    http::etag::{IfMatch, Versioned},
    identity::Principal,
};

/// The routes of this file.
pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(get))
        .routes(routes!(checker))
        .routes(routes!(judgement))
        .routes(routes!(appeal))
        .routes(routes!(decision))
}

/// The doors that were drawn, by their place in the list.
#[utoipa::path(get, path = "/checks/{id}/doors", tag = "checks",
    params(("id" = i64, Path), DoorFilter), responses((status = 200, body = Page<DoorRow>)))]
async fn list(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    At(id): At<i64>,
    Params(mut filter): Params<DoorFilter>,
) -> Result<Json<Page<DoorRow>>> {
    let ask = Ask::of(filter.limit, filter.sort.take(), filter.after.take())?;
    let core = app.core().clone();
    let page = app.read(move |conn| checks::doors(conn, &core, id, &filter, &ask, &who));
    Ok(Json(page.await?))
}

/// One door, with what was said of it.
#[utoipa::path(get, path = "/checks/{id}/doors/{door}", tag = "checks",
    params(("id" = i64, Path), ("door" = u32, Path)), responses((status = 200, body = DoorDetail)))]
async fn get(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    At(at): At<(i64, u32)>,
) -> Result<Versioned<Json<DoorDetail>>> {
    let core = app.core().clone();
    let found = app
        .read(move |conn| checks::door_of(conn, &core, at, &who))
        .await?;
    Ok(Versioned(found.row.version, Json(found)))
}

/// What an act left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
struct DoorDone {
    /// The door.
    door: u32,
    /// Its version now.
    version: u64,
}

fn done((_, door): (i64, u32), version: u64) -> Versioned<Json<DoorDone>> {
    Versioned(version, Json(DoorDone { door, version }))
}

/// Asks another inspector of another grid to look.
#[utoipa::path(put, path = "/checks/{id}/doors/{door}/checker", tag = "checks",
    params(("id" = i64, Path), ("door" = u32, Path), ("If-Match" = String, Header)),
    request_body = CheckerInput, responses((status = 200, body = DoorDone)))]
async fn checker(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    At(at): At<(i64, u32)>,
    IfMatch(version): IfMatch,
    Body(input): Body<CheckerInput>,
) -> Result<Versioned<Json<DoorDone>>> {
    let version = app
        .write(move |tx| checks::assign_checker(tx, at, version, &input, &who))
        .await?;
    Ok(done(at, version))
}

/// Judges a door: 一致 漏登 应销未销 错项 不计. The inspector of its grid is told of a fault and may
/// appeal.
#[utoipa::path(post, path = "/checks/{id}/doors/{door}/judgement", tag = "checks",
    params(("id" = i64, Path), ("door" = u32, Path), ("If-Match" = String, Header)),
    request_body = JudgementInput, responses((status = 200, body = DoorDone)))]
async fn judgement(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    At(at): At<(i64, u32)>,
    IfMatch(version): IfMatch,
    Body(mut input): Body<JudgementInput>,
) -> Result<Versioned<Json<DoorDone>>> {
    input.reason = reason(&input.reason)?;
    let version = app
        .write(move |tx| checks::judge(tx, at, version, &input, &who))
        .await?;
    Ok(done(at, version))
}

/// Takes down an appeal 申诉 for an inspector who cannot make it on a phone.
#[utoipa::path(post, path = "/checks/{id}/doors/{door}/appeal", tag = "checks",
    params(("id" = i64, Path), ("door" = u32, Path), ("If-Match" = String, Header)),
    request_body = AppealInput, responses((status = 200, body = DoorDone)))]
async fn appeal(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    At(at): At<(i64, u32)>,
    IfMatch(version): IfMatch,
    Body(mut input): Body<AppealInput>,
) -> Result<Versioned<Json<DoorDone>>> {
    input.reason = reason(&input.reason)?;
    let version = app
        .write(move |tx| checks::appeal(tx, at, version, &input, &who))
        .await?;
    Ok(done(at, version))
}

/// Decides an appeal, for good; by somebody else than who judged.
#[utoipa::path(post, path = "/checks/{id}/doors/{door}/decision", tag = "checks",
    params(("id" = i64, Path), ("door" = u32, Path), ("If-Match" = String, Header)),
    request_body = DecisionInput, responses((status = 200, body = DoorDone)))]
async fn decision(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    At(at): At<(i64, u32)>,
    IfMatch(version): IfMatch,
    Body(mut input): Body<DecisionInput>,
) -> Result<Versioned<Json<DoorDone>>> {
    input.reason = reason(&input.reason)?;
    let version = app
        .write(move |tx| checks::decide(tx, at, version, &input, &who))
        .await?;
    Ok(done(at, version))
}

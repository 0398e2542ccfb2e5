//! Cases 案件: lists, one case with its ledger, its steps, and what was reported otherwise.

use axum::{Extension, Json, extract::State, http::StatusCode};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::extract::{At, Body, Params};
use crate::{
    App,
    cases::{self, Case, CaseFilter, CaseSummary, IntakeInput, Page, StepInput},
    error::Result,
    http::etag::{IfMatch, Versioned},
    identity::Principal,
};

/// The routes of this file.
pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, intake))
        .routes(routes!(get))
        .routes(routes!(step))
}

/// Cases of one's areas and office, those due first, first. The linkage centre and supervisors see
/// those of all offices.
#[utoipa::path(get, path = "/cases", tag = "cases", params(CaseFilter),
    responses((status = 200, body = Page<CaseSummary>)))]
async fn list(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    Params(filter): Params<CaseFilter>,
) -> Result<Json<Page<CaseSummary>>> {
    let now_ms = app.core().now_ms();
    let page = app.read(move |conn| cases::cases(conn, &filter, &who, now_ms));
    Ok(Json(page.await?))
}

/// One case: what it is about by reference, its milestones with what is left, its ledger, and the
/// steps that one may take now. Who reported it is shown to the linkage centre and to supervisors.
#[utoipa::path(get, path = "/cases/{id}", tag = "cases", params(("id" = String, Path)),
    responses((status = 200, body = Case)))]
async fn get(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    At(id): At<String>,
) -> Result<Versioned<Json<Case>>> {
    let case = read(&app, id, who).await?;
    Ok(Versioned(case.summary.version, Json(case)))
}

async fn read(app: &App, id: String, who: Principal) -> Result<Case> {
    let now_ms = app.core().now_ms();
    let schemas = app.core().schemas();
    app.read(move |conn| cases::case_of(conn, &schemas, &id, &who, now_ms))
        .await
}

/// What a step did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
struct Done {
    /// The case.
    id: String,
    /// Its version now.
    version: u64,
}

/// Takes a step: 受理 派遣 处置 反馈 核查 结案, 回退 作废 延期 缓办 并案, or 引导 调整 明确.
/// docs/CASES.md has the table. 409 where the step does not follow from where the case stands, 403
/// where it is somebody else's.
#[utoipa::path(post, path = "/cases/{id}/steps", tag = "cases", params(("id" = String, Path)),
    request_body = StepInput, responses((status = 200, body = Done)))]
async fn step(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    At(id): At<String>,
    IfMatch(version): IfMatch,
    Body(input): Body<StepInput>,
) -> Result<Versioned<Json<Done>>> {
    let case = id.clone();
    let version = app
        .write(move |tx| cases::step(tx, &case, version, &input, &who))
        .await?;
    Ok(Versioned(version, Json(Done { id, version })))
}

/// Takes in a case that no phone reported: from the hotline, another office, a joint inspection.
#[utoipa::path(post, path = "/cases", tag = "cases", request_body = IntakeInput,
    responses((status = 201, body = Done)))]
async fn intake(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    Body(input): Body<IntakeInput>,
) -> Result<(StatusCode, Versioned<Json<Done>>)> {
    let id = app.write(move |tx| cases::intake(tx, &input, &who)).await?;
    let version = 1;
    let done = Versioned(version, Json(Done { id, version }));
    Ok((StatusCode::CREATED, done))
}

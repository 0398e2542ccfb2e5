//! Cases 案件: lists, one case with its ledger, its steps, and what was reported otherwise.

use axum::{Extension, Json, extract::State, http::StatusCode};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    extract::{At, Body, Params},
    paging::{Ask, Page},
    reading::read,
};
use crate::{
    App,
    cases::{self, Case, CaseFilter, CaseSummary, IntakeInput, StepInput},
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

/// A part of the list of cases.
#[derive(Serialize, ToSchema)]
struct CasePage {
    /// The rows.
    #[serde(flatten)]
    page: Page<CaseSummary>,
    /// How many of all that the other filters leave are past their time, 10,001 at most; said on
    /// the first page.
    overdue: Option<u64>,
}

/// Cases of one's areas and office, those due first, first. The linkage centre and supervisors see
/// those of all offices.
#[utoipa::path(get, path = "/cases", tag = "cases", params(CaseFilter),
    responses((status = 200, body = CasePage)))]
async fn list(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    Params(mut filter): Params<CaseFilter>,
) -> Result<Json<CasePage>> {
    let ask = Ask::of(filter.limit, filter.sort.take(), filter.after.take())?;
    let listed = read(&app, who, move |reader| cases::cases(reader, &filter, &ask));
    let (page, overdue) = listed.await?;
    Ok(Json(CasePage { page, overdue }))
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
    let case = read(&app, who, move |reader| cases::case_of(reader, &id)).await?;
    Ok(Versioned(case.summary.version, Json(case)))
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
#[utoipa::path(post, path = "/cases/{id}/steps", tag = "cases",
    params(("id" = String, Path), ("If-Match" = String, Header)),
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

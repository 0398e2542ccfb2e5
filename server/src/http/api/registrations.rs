//! Registration lists 登记名单: taken in from a file, compared with our records, worked off.

use axum::{
    Extension, Json,
    body::Bytes,
    extract::{DefaultBodyLimit, State},
    http::StatusCode,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    extract::{At, Body, Params, reason},
    files::beside,
    paging::{Ask, Page},
};
use crate::{
    App, checks,
    error::Result,
    http::etag::{IfMatch, Versioned},
    identity::Principal,
    import::Table,
    registration::{
        self, Imported, ListFilter, ListOut, MarkInput, NewList, RowFilter, RowOut, TaskInput,
    },
};

/// The routes of this file.
pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, import))
        .routes(routes!(get))
        .routes(routes!(rows))
        .routes(routes!(mark))
        .routes(routes!(task))
        .routes(routes!(erase))
        .layer(DefaultBodyLimit::max(registration::MAX_FILE_BYTES))
}

/// Lists of one's areas, the latest first.
#[utoipa::path(get, path = "/registrations", tag = "registrations", params(ListFilter),
    responses((status = 200, body = Page<ListOut>)))]
async fn list(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    Params(mut filter): Params<ListFilter>,
) -> Result<Json<Page<ListOut>>> {
    let ask = Ask::of(filter.limit, filter.sort.take(), filter.after.take())?;
    let page = app.read(move |conn| registration::lists(conn, &who, &filter, &ask));
    Ok(Json(page.await?))
}

/// Takes in a list: a CSV file (UTF-8) or an XLSX workbook with the columns `uscc`
/// 统一社会信用代码 and `name` 名称, and perhaps `address` 住所 and `business_type` 行业代码.
#[utoipa::path(post, path = "/registrations", tag = "registrations", params(NewList),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 201, body = Imported)))]
async fn import(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    Params(new): Params<NewList>,
    bytes: Bytes,
) -> Result<(StatusCode, Json<Imported>)> {
    let table = beside(move || Table::from_bytes(&bytes).map_err(checks::file_error)).await?;
    let made = app
        .write(move |tx| registration::import(tx, &new, &table, &who))
        .await?;
    Ok((StatusCode::CREATED, Json(made)))
}

/// One list.
#[utoipa::path(get, path = "/registrations/{id}", tag = "registrations",
    params(("id" = i64, Path)), responses((status = 200, body = ListOut)))]
async fn get(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    At(id): At<i64>,
) -> Result<Json<ListOut>> {
    let found = app.read(move |conn| registration::list_of(conn, id, &who));
    Ok(Json(found.await?))
}

/// Rows of a list beside what we have: by credit code, which both know.
#[utoipa::path(get, path = "/registrations/{id}/rows", tag = "registrations",
    params(("id" = i64, Path), RowFilter), responses((status = 200, body = Page<RowOut>)))]
async fn rows(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    At(id): At<i64>,
    Params(mut filter): Params<RowFilter>,
) -> Result<Json<Page<RowOut>>> {
    let ask = Ask::of(filter.limit, filter.sort.take(), filter.after.take())?;
    let core = app.core().clone();
    let page = app.read(move |conn| registration::rows(conn, &core, id, &filter, &ask, &who));
    Ok(Json(page.await?))
}

/// What an act left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
struct RowDone {
    /// The row.
    row: u32,
    /// Its version now.
    version: u64,
}

fn done((_, row): (i64, u32), version: u64) -> Versioned<Json<RowDone>> {
    Versioned(version, Json(RowDone { row, version }))
}

/// Marks a row as done or ignored, or as open again.
#[utoipa::path(post, path = "/registrations/{id}/rows/{row}/marks", tag = "registrations",
    params(("id" = i64, Path), ("row" = u32, Path), ("If-Match" = String, Header)),
    request_body = MarkInput, responses((status = 200, body = RowDone)))]
async fn mark(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    At(at): At<(i64, u32)>,
    IfMatch(version): IfMatch,
    Body(mut input): Body<MarkInput>,
) -> Result<Versioned<Json<RowDone>>> {
    input.reason = reason(&input.reason)?;
    let version = app
        .write(move |tx| registration::mark(tx, at, version, &input, &who))
        .await?;
    Ok(done(at, version))
}

/// 补采: asks the inspector of the shop's grid, or of the one that is said, to find out.
#[utoipa::path(post, path = "/registrations/{id}/rows/{row}/task", tag = "registrations",
    params(("id" = i64, Path), ("row" = u32, Path), ("If-Match" = String, Header)),
    request_body = TaskInput, responses((status = 200, body = RowDone)))]
async fn task(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    At(at): At<(i64, u32)>,
    IfMatch(version): IfMatch,
    Body(mut input): Body<TaskInput>,
) -> Result<Versioned<Json<RowDone>>> {
    input.reason = reason(&input.reason)?;
    let version = app
        .write(move |tx| registration::give_task(tx, at, version, &input, &who))
        .await?;
    Ok(done(at, version))
}

/// Why a list is erased.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Erasure {
    /// Why.
    reason: String,
}

/// Erases what a list says, for good. How its rows compared and were marked stays.
#[utoipa::path(post, path = "/registrations/{id}/erasure", tag = "registrations",
    params(("id" = i64, Path)), request_body = Erasure, responses((status = 204)))]
async fn erase(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    At(id): At<i64>,
    Body(given): Body<Erasure>,
) -> Result<StatusCode> {
    let reason = reason(&given.reason)?;
    app.write(move |tx| registration::erase(tx, id, &reason, &who))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

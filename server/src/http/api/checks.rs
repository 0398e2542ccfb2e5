//! Spot checks 抽查: batches, their lists, draws and figures. What is done to a door stands in
//! `check_doors`.

use axum::{
    Extension, Json,
    body::Bytes,
    extract::{DefaultBodyLimit, State},
    http::StatusCode,
};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    extract::{At, Body, Params},
    paging::{Ask, Page},
};
use crate::{
    App,
    checks::{self, Batch, BatchFilter, Figures, FrameFilter, FrameRow, Listed, NewBatch},
    error::Result,
    http::etag::{IfMatch, Versioned},
    identity::Principal,
    import::Table,
};

/// The routes of this file.
pub(super) fn routes() -> OpenApiRouter<App> {
    let list = OpenApiRouter::new()
        .routes(routes!(put_list))
        .layer(DefaultBodyLimit::max(checks::MAX_LIST_BYTES));
    OpenApiRouter::new()
        .routes(routes!(list_batches, open))
        .routes(routes!(get))
        .routes(routes!(frame))
        .routes(routes!(draw))
        .routes(routes!(figures))
        .routes(routes!(lock))
        .merge(list)
}

fn versioned(batch: Batch) -> Versioned<Json<Batch>> {
    Versioned(batch.version, Json(batch))
}

/// Batches of one's areas, the latest first.
#[utoipa::path(get, path = "/checks", tag = "checks", params(BatchFilter),
    responses((status = 200, body = Page<Batch>)))]
async fn list_batches(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    Params(mut filter): Params<BatchFilter>,
) -> Result<Json<Page<Batch>>> {
    let ask = Ask::of(filter.limit, filter.sort.take(), filter.after.take())?;
    let page = app.read(move |conn| checks::batches(conn, &who, &filter, &ask));
    Ok(Json(page.await?))
}

/// Begins a batch: its seed is committed to before there is a list to draw from.
#[utoipa::path(post, path = "/checks", tag = "checks", request_body = NewBatch,
    responses((status = 201, body = Batch)))]
async fn open(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    Body(new): Body<NewBatch>,
) -> Result<(StatusCode, Versioned<Json<Batch>>)> {
    let made = app.write(move |tx| checks::open(tx, &new, &who)).await?;
    Ok((StatusCode::CREATED, versioned(made)))
}

/// One batch.
#[utoipa::path(get, path = "/checks/{id}", tag = "checks", params(("id" = i64, Path)),
    responses((status = 200, body = Batch)))]
async fn get(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    At(id): At<i64>,
) -> Result<Versioned<Json<Batch>>> {
    let found = app.read(move |conn| checks::batch_of(conn, id, &who));
    Ok(versioned(found.await?))
}

/// Gives a batch its list of doors: a CSV file (UTF-8) or an XLSX workbook with the columns `grid`
/// 网格, `door` 门牌 and, if need be, `unit` 铺位. An earlier list is replaced.
#[utoipa::path(put, path = "/checks/{id}/list", tag = "checks",
    params(("id" = i64, Path), ("If-Match" = String, Header)),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, body = Listed)))]
async fn put_list(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    At(id): At<i64>,
    IfMatch(version): IfMatch,
    bytes: Bytes,
) -> Result<Versioned<Json<Listed>>> {
    let read = move || Table::from_bytes(&bytes).map_err(checks::file_error);
    let table = super::files::beside(read).await?;
    let listed = app
        .write(move |tx| checks::list_doors(tx, id, version, &table, &who))
        .await?;
    Ok(Versioned(listed.version, Json(listed)))
}

/// The list of a batch as it is hashed, with what was drawn of it: with the seed anybody can draw
/// it again.
#[utoipa::path(get, path = "/checks/{id}/list", tag = "checks",
    params(("id" = i64, Path), FrameFilter), responses((status = 200, body = Page<FrameRow>)))]
async fn frame(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    At(id): At<i64>,
    Params(mut filter): Params<FrameFilter>,
) -> Result<Json<Page<FrameRow>>> {
    let ask = Ask::of(filter.limit, filter.sort.take(), filter.after.take())?;
    let rows = app.read(move |conn| checks::frame(conn, id, &filter, &ask, &who));
    Ok(Json(rows.await?))
}

/// Draws, shows the seed, and asks inspectors of other grids to look. From the register to the
/// street the list is made now, of the shops that there are.
#[utoipa::path(post, path = "/checks/{id}/draw", tag = "checks",
    params(("id" = i64, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = Batch)))]
async fn draw(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    At(id): At<i64>,
    IfMatch(version): IfMatch,
) -> Result<Versioned<Json<Batch>>> {
    let drawn = app.write(move |tx| checks::draw_batch(tx, id, version, &who));
    Ok(versioned(drawn.await?))
}

/// Rates by grid, each with how many it stands on and its 95 % interval.
#[utoipa::path(get, path = "/checks/{id}/figures", tag = "checks", params(("id" = i64, Path)),
    responses((status = 200, body = Figures)))]
async fn figures(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    At(id): At<i64>,
) -> Result<Json<Figures>> {
    let core = app.core().clone();
    let found = app.read(move |conn| checks::figures(conn, &core, id, &who));
    Ok(Json(found.await?))
}

/// Locks a batch: its figures stand.
#[utoipa::path(post, path = "/checks/{id}/lock", tag = "checks",
    params(("id" = i64, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = Batch)))]
async fn lock(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    At(id): At<i64>,
    IfMatch(version): IfMatch,
) -> Result<Versioned<Json<Batch>>> {
    let locked = app.write(move |tx| checks::lock(tx, id, version, &who));
    Ok(versioned(locked.await?))
}

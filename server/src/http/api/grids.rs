//! Grids on the map: their outlines, and shops that go from one to another.

use axum::{Extension, Json, extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    edits::move_one,
    extract::{At, Body, reason, record_id},
    paging::Page,
    places,
};
use crate::{
    App,
    error::{Error, Result},
    http::{etag::IfMatch, problem::Problem},
    identity::Principal,
    outlines::{self, Polygon},
};

/// Records of one request at most.
const MAX_MOVES: usize = 100;

/// The routes of this file.
pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(put_outline))
        .routes(routes!(move_many))
}

/// Draws the outline of a grid of one's areas, or draws it anew. Maps show it; what stands in the
/// grid does not follow from it.
#[utoipa::path(put, path = "/grids/{grid}/outline", tag = "places", params(("grid" = String, Path)),
    request_body = Polygon, responses((status = 204)))]
async fn put_outline(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    At(grid): At<String>,
    Body(given): Body<Polygon>,
) -> Result<StatusCode> {
    app.write(move |tx| {
        who.need_area(&grid, "grid")?;
        if !places::is_grid(tx.conn(), &tx.core().schemas(), &grid)? {
            return Err(Error::NotFound("grid"));
        }
        outlines::put(tx, &grid, &given, &who)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// One record to move.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OneMove {
    /// The record.
    record: String,
    /// The version that was seen.
    version: u64,
}

/// Records that go to another grid.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Moves {
    /// At most 100.
    records: Vec<OneMove>,
    /// The grid's code.
    grid: String,
    /// Why, 1 to 200 characters.
    reason: String,
}

/// What became of one of many.
#[derive(Serialize, ToSchema)]
struct Moved {
    /// The record.
    record: String,
    /// Why it stayed, where it did.
    problem: Option<Problem>,
}

/// Moves many records to another grid, each by itself: those that changed meanwhile stay and are
/// said so.
#[utoipa::path(post, path = "/records/moves", tag = "records", request_body = Moves,
    responses((status = 200, body = Page<Moved>)))]
async fn move_many(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    Body(given): Body<Moves>,
) -> Result<Json<Page<Moved>>> {
    let why = reason(&given.reason)?;
    if given.records.is_empty() || given.records.len() > MAX_MOVES {
        return Err(Error::invalid("records", "1 to 100 records"));
    }
    let mut rows = Vec::with_capacity(given.records.len());
    for one in given.records {
        let done = match record_id(&one.record) {
            Ok(id) => {
                let (who, why, grid) = (who.clone(), why.clone(), given.grid.clone());
                let version = IfMatch(one.version);
                app.write(move |tx| move_one(tx, &who, id, version, &grid, why))
                    .await
            }
            Err(error) => Err(error),
        };
        if let Err(busy @ Error::Busy { .. }) = done {
            // The rest would find it busy too.
            return Err(busy);
        }
        rows.push(Moved {
            record: one.record,
            problem: done.err().map(|error| Problem::from(&error)),
        });
    }
    Ok(Json(Page::whole(rows)))
}

//! Items 事项: an office's inbox, the marks of its clerks, filing, monthly rosters.

use axum::{Extension, Json, extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    extract::{At, Body, Params},
    paging::{Ask, Page},
    reading::read,
};
use crate::{
    App,
    cases::{self, Item, ItemFilter, MarkInput, RosterPage},
    error::Result,
    http::etag::{IfMatch, Versioned},
    identity::Principal,
};

/// The routes of this file.
pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(get))
        .routes(routes!(mark))
        .routes(routes!(file))
        .routes(routes!(roster))
        .routes(routes!(accept))
}

/// A part of the list of items.
#[derive(Serialize, ToSchema)]
struct ItemPage {
    /// The rows.
    #[serde(flatten)]
    page: Page<Item>,
    /// How many of all that the other filters leave are past their time, 10,001 at most; said on
    /// the first page.
    overdue: Option<u64>,
}

/// Items of one's office in one's areas, oldest first.
#[utoipa::path(get, path = "/items", tag = "items", params(ItemFilter),
    responses((status = 200, body = ItemPage)))]
async fn list(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    Params(mut filter): Params<ItemFilter>,
) -> Result<Json<ItemPage>> {
    let ask = Ask::of(filter.limit, filter.sort.take(), filter.after.take())?;
    let listed = read(&app, who, move |reader| cases::items(reader, &filter, &ask));
    let (page, overdue) = listed.await?;
    Ok(Json(ItemPage { page, overdue }))
}

/// One item.
#[utoipa::path(get, path = "/items/{id}", tag = "items", params(("id" = i64, Path)),
    responses((status = 200, body = Item)))]
async fn get(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    At(id): At<i64>,
) -> Result<Versioned<Json<Item>>> {
    let item = read(&app, who, move |reader| cases::item_of(reader, id)).await?;
    Ok(Versioned(item.version, Json(item)))
}

/// What became of an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
struct Marked {
    /// The item.
    id: i64,
    /// Its version now.
    version: u64,
}

/// Says what the office did with an item: 已录入 已存在 退回补采 at the population office, done
/// elsewhere, or that nothing is to be done.
#[utoipa::path(post, path = "/items/{id}/marks", tag = "items",
    params(("id" = i64, Path), ("If-Match" = String, Header)),
    request_body = MarkInput, responses((status = 200, body = Marked)))]
async fn mark(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    At(id): At<i64>,
    IfMatch(version): IfMatch,
    Body(input): Body<MarkInput>,
) -> Result<Versioned<Json<Marked>>> {
    let version = app
        .write(move |tx| cases::mark(tx, id, version, &input, &who))
        .await?;
    Ok(Versioned(version, Json(Marked { id, version })))
}

/// An item to be filed.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FileInput {
    /// Class of finding, where it is another than the record says.
    class: Option<String>,
    /// Why, if there is something to say.
    #[serde(default)]
    reason: String,
}

/// The case that an item became.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
struct Filed {
    /// The case.
    case: String,
}

/// 立案: files an item as a case.
#[utoipa::path(post, path = "/items/{id}/case", tag = "items",
    params(("id" = i64, Path), ("If-Match" = String, Header)),
    request_body = FileInput, responses((status = 201, body = Filed)))]
async fn file(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    At(id): At<i64>,
    IfMatch(version): IfMatch,
    Body(input): Body<FileInput>,
) -> Result<(StatusCode, Json<Filed>)> {
    let case = app.write(move |tx| {
        let class = input.class.as_deref();
        cases::file(tx, id, version, class, &input.reason, &who)
    });
    let case = case.await?;
    Ok((StatusCode::CREATED, Json(Filed { case })))
}

/// Which part of a roster.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct RosterParams {
    /// What was filed under this number; without one, what is open.
    pub(super) number: Option<u32>,
    /// A grid, or an area above it.
    pub(super) grid: Option<String>,
    /// As lists of items.
    sort: Option<String>,
    /// Rows at most, up to 200.
    limit: Option<usize>,
    /// Where the page begins: `next` of the page before.
    after: Option<String>,
}

/// A month's roster: what was filed, and what is open. What was filed stays as it was; what came
/// later is a supplement 补报.
#[utoipa::path(get, path = "/rosters/{month}", tag = "items",
    params(("month" = String, Path), RosterParams), responses((status = 200, body = RosterPage)))]
async fn roster(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    At(month): At<String>,
    Params(asked): Params<RosterParams>,
) -> Result<Json<RosterPage>> {
    let ask = Ask::of(asked.limit, asked.sort, asked.after)?;
    let grid = asked.grid;
    let page = read(&app, who, move |reader| {
        cases::roster(reader, &month, asked.number, grid.as_deref(), &ask)
    });
    Ok(Json(page.await?))
}

/// A roster to be filed.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AcceptInput {
    /// The area, where one has several.
    area: Option<String>,
    /// Why, if there is something to say.
    #[serde(default)]
    reason: String,
}

/// What was filed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
struct Accepted {
    /// 1 for the roster, then its supplements.
    number: u32,
    /// Rows that it has.
    rows: usize,
}

/// Files what is open of a month that is over: the roster, or its next supplement.
#[utoipa::path(post, path = "/rosters/{month}/filings", tag = "items",
    params(("month" = String, Path)), request_body = AcceptInput,
    responses((status = 201, body = Accepted)))]
async fn accept(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    At(month): At<String>,
    Body(input): Body<AcceptInput>,
) -> Result<(StatusCode, Json<Accepted>)> {
    let filed = app.write(move |tx| {
        let area = input.area.as_deref();
        cases::accept(tx, &month, area, &input.reason, &who)
    });
    let (number, rows) = filed.await?;
    Ok((StatusCode::CREATED, Json(Accepted { number, rows })))
}

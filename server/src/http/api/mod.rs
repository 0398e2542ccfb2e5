//! The console's JSON API under /api/v1. docs/API.md says how it is used.
//!
//! A route takes three lines: its handler, `routes!` in its file, a row in [`access::ROUTES`]. A
//! handler finds the [`crate::identity::Principal`] in the extensions and scopes what it reads by
//! area, office and the schemas' access lists.

pub mod access;
mod accounts;
mod audit;
mod case_work;
mod cases;
mod check_doors;
mod checks;
mod conflicts;
mod cookie;
mod devices;
mod document;
mod duplicates;
mod edits;
mod export_tables;
mod exports;
pub mod extract;
mod figures;
mod files;
mod grids;
mod guard;
mod handover;
mod held;
mod inspectors;
mod items;
mod live;
mod merges;
mod overview;
pub mod paging;
mod places;
pub mod reading;
mod records;
mod registrations;
mod session;
mod versions;

use axum::{
    Json, Router, extract::DefaultBodyLimit, middleware::from_fn_with_state, response::Response,
};
use utoipa::openapi::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{App, error::Error};

pub use document::document;
pub use guard::CSRF_HEADER;

/// Where the API begins.
pub const PREFIX: &str = "/api/v1";
/// Bytes of a request's body at most.
const MAX_BODY: usize = 256 * 1024;

/// Every route, with its part of the `OpenAPI` document. Not yet guarded: see [`service`].
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(document::about())
        .routes(routes!(openapi))
        .merge(session::routes())
        .merge(files::routes())
        .merge(figures::routes())
        .merge(accounts::routes())
        .merge(audit::routes())
        .merge(items::routes())
        .merge(cases::routes())
        .merge(case_work::routes())
        .merge(grids::routes())
        .merge(checks::routes())
        .merge(check_doors::routes())
        .merge(records::routes())
        .merge(registrations::routes())
        .merge(edits::routes())
        .merge(duplicates::routes())
        .merge(exports::routes())
        .merge(conflicts::routes())
        .merge(handover::routes())
        .merge(held::routes())
        .merge(inspectors::routes())
        .merge(devices::routes())
        .merge(places::routes())
        .merge(overview::routes())
        .merge(live::routes())
        .merge(merges::routes())
        .merge(versions::routes())
}

/// The API as it is served: guarded, bounded, with a problem for whatever it does not know.
pub fn service(app: &App) -> Router<App> {
    let (routes, _) = router().split_for_parts();
    let routes = routes
        .route_layer(from_fn_with_state(app.clone(), guard::guard))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .fallback(unknown);
    Router::new().nest(PREFIX, routes)
}

/// This document.
#[utoipa::path(get, path = "/openapi.json", tag = "about",
    responses((status = 200, description = "OpenAPI 3.1")))]
async fn openapi() -> Json<OpenApi> {
    Json(document())
}

async fn unknown() -> Response {
    use axum::response::IntoResponse as _;
    Error::NotFound("path").into_response()
}

//! The console's JSON API under /api/v1. docs/API.md says how it is used.
//!
//! A route takes three lines: its handler, `routes!` in its file, a row in [`access::ROUTES`]. A
//! handler finds the [`crate::identity::Principal`] in the extensions and scopes what it reads by
//! area, office and the schemas' access lists.

pub mod access;
mod accounts;
mod audit;
mod cases;
mod check_doors;
mod checks;
mod conflicts;
mod cookie;
mod devices;
mod duplicates;
mod edits;
pub mod extract;
mod files;
mod guard;
mod held;
mod inspectors;
mod items;
mod live;
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
use utoipa::openapi::{InfoBuilder, OpenApi, OpenApiBuilder, Server, path::Operation};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{App, error::Error};

pub use guard::CSRF_HEADER;

/// Where the API begins.
pub const PREFIX: &str = "/api/v1";
/// Bytes of a request's body at most.
const MAX_BODY: usize = 256 * 1024;

/// Every route, with its part of the `OpenAPI` document. Not yet guarded: see [`service`].
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(about())
        .routes(routes!(openapi))
        .merge(session::routes())
        .merge(files::routes())
        .merge(accounts::routes())
        .merge(audit::routes())
        .merge(items::routes())
        .merge(cases::routes())
        .merge(checks::routes())
        .merge(check_doors::routes())
        .merge(records::routes())
        .merge(registrations::routes())
        .merge(edits::routes())
        .merge(duplicates::routes())
        .merge(conflicts::routes())
        .merge(held::routes())
        .merge(inspectors::routes())
        .merge(devices::routes())
        .merge(places::routes())
        .merge(overview::routes())
        .merge(live::routes())
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

/// The `OpenAPI` document.
pub fn document() -> OpenApi {
    let mut document = router().split_for_parts().1;
    document.servers = Some(vec![Server::new(PREFIX)]);
    for (path, item) in &mut document.paths.paths {
        name(path, "get", item.get.as_mut());
        name(path, "post", item.post.as_mut());
        name(path, "put", item.put.as_mut());
        name(path, "patch", item.patch.as_mut());
        name(path, "delete", item.delete.as_mut());
    }
    document
}

/// Names an operation by its method and path: those of the functions are not unique.
fn name(path: &str, method: &str, operation: Option<&mut Operation>) {
    if let Some(operation) = operation {
        let words = path
            .split(['/', '{', '}', '.'])
            .filter(|word| !word.is_empty());
        let id = std::iter::once(method).chain(words).collect::<Vec<_>>();
        operation.operation_id = Some(id.join("_"));
    }
}

fn about() -> OpenApi {
    let info = InfoBuilder::new()
        .title("Gridbook console")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "Errors are problem details (RFC 9457). Changes repeat the session's CSRF token in \
             X-CSRF-Token, and the ETag that they were made on in If-Match.",
        ));
    OpenApiBuilder::new().info(info.build()).build()
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

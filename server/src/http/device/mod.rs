//! What phones ask for. Every request but enrolment and the time is signed with the device's key.

mod enrol;
pub(super) mod files;
mod signed;
mod standing;
mod sync;
mod time;

use axum::{
    Router,
    middleware::{from_fn, from_fn_with_state},
    routing::{get, options, post},
};

use super::Edge;
use crate::app::App;

pub(super) use signed::Caller;

/// Requests that take one of the turns and end in a bounded time.
pub(super) fn router(app: App, _edge: &Edge) -> Router<App> {
    let files = Router::new()
        .route("/files", post(files::create))
        .route(
            "/files/{record}/{sha256}",
            get(files::get)
                .head(files::head)
                .patch(files::patch)
                .delete(files::delete),
        )
        .route_layer(from_fn(files::version));
    let signed = Router::new()
        .route("/sync", post(sync::sync))
        .merge(files)
        .route_layer(from_fn_with_state(app, signed::check));
    Router::new()
        .route("/enrol", post(enrol::enrol))
        .route("/time", get(time::time))
        .route("/files", options(files::options))
        .merge(signed)
}

/// Requests that last.
pub(super) fn lasting(_app: App, _edge: &Edge) -> Router<App> {
    Router::new()
}

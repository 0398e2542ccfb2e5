//! What phones ask for. Every request but enrolment and the time is signed with the device's key.

mod enrol;
mod signed;
mod sync;
mod time;

use axum::{
    Router,
    middleware::from_fn_with_state,
    routing::{get, post},
};

use super::Edge;
use crate::app::App;

pub(super) use signed::Caller;

/// Requests that take one of the turns and end in a bounded time.
pub(super) fn router(app: App, _edge: &Edge) -> Router<App> {
    let signed = Router::new()
        .route("/sync", post(sync::sync))
        .route_layer(from_fn_with_state(app, signed::check));
    Router::new()
        .route("/enrol", post(enrol::enrol))
        .route("/time", get(time::time))
        .merge(signed)
}

/// Requests that last.
pub(super) fn lasting(_app: App, _edge: &Edge) -> Router<App> {
    Router::new()
}

//! What phones ask for. Every request but enrolment and the time is signed with the device's key.

mod enrol;
pub(super) mod files;
mod live;
mod recovery;
mod schemas;
mod signed;
mod standing;
mod sync;
mod time;

use axum::{
    Router,
    middleware::{from_fn, from_fn_with_state},
    routing::{get, options, post},
};

use crate::app::App;

pub(super) use signed::Caller;

/// Every route of phones.
pub(super) fn router(app: App) -> Router<App> {
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
        .route("/schemas/{version}", get(schemas::schemas))
        .route("/live", get(live::live))
        .route("/recovery", get(recovery::answer).post(recovery::ask))
        .merge(files)
        .route_layer(from_fn_with_state(app, signed::check));
    Router::new()
        .route("/enrol", post(enrol::enrol))
        .route("/time", get(time::time))
        .route("/files", options(files::options))
        .merge(signed)
}

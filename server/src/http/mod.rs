//! HTTP: phones under /v1, the console under /api/v1, the phone app at /app, operators under
//! /healthz, /readyz and /metrics.
//!
//! ```text
//! connection ─ head in time ─ route ─ panics caught ─ logged, counted ─ a turn ─ in time
//!            ─ /v1: signature ─ handler     /api/v1: whole body ─ session ─ handler
//! ```

pub mod api;
mod attempts;
pub mod body;
mod connections;
mod device;
mod edge;
pub mod etag;
mod health;
mod layers;
pub mod problem;
mod replay;
mod unread;
mod until_stop;
mod web;
mod words;

use axum::{Router, http::StatusCode, middleware::from_fn, response::Response};

use crate::app::App;

pub use attempts::Attempts;
pub use connections::{Peer, serve};
pub use edge::Edge;
use problem::Problem;

/// Everything the server answers, with limits of its own: for tests without a socket.
pub fn service(app: App) -> Router {
    let edge = Edge::new(app.config().limits.clone(), app.metrics().clone());
    service_with(app, &edge)
}

/// Everything the server answers.
pub fn service_with(app: App, edge: &Edge) -> Router {
    let turns = Router::new()
        .merge(
            api::service(&app)
                .layer(from_fn(layers::gathered))
                .layer(layers::gzip()),
        )
        .nest("/v1", device::router(app.clone()))
        .layer(from_fn(layers::in_time))
        .layer(from_fn(layers::turn))
        .layer(from_fn(until_stop::until_stop));
    let routes = Router::new()
        .merge(turns)
        .merge(health::router())
        .merge(web::router())
        .fallback(nothing_here)
        .method_not_allowed_fallback(wrong_method);
    layers::around(routes, edge).with_state(app)
}

async fn nothing_here() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "not-found", "Nothing is here")
}

async fn wrong_method() -> Problem {
    Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "wrong-method",
        "This method is not for this path",
    )
}

/// A problem that the machinery around the handlers answers with.
pub(crate) fn refuse(problem: Problem) -> Response {
    axum::response::IntoResponse::into_response(problem)
}

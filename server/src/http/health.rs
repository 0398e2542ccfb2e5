//! For operators and what watches over the server.

use axum::{Extension, Router, extract::State, http::header, response::IntoResponse, routing::get};

use super::Edge;
use crate::{app::App, error::Result};

pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/healthz", get(lives))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
}

/// The process lives.
async fn lives() -> &'static str {
    "ok\n"
}

/// The store answers.
async fn ready(State(app): State<App>) -> Result<&'static str> {
    app.read(|conn| Ok(conn.query_row("SELECT 1", [], |_| Ok(()))?))
        .await?;
    Ok("ready\n")
}

async fn metrics(Extension(edge): Extension<Edge>) -> Result<impl IntoResponse> {
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    Ok(([(header::CONTENT_TYPE, kind)], edge.metrics().text()?))
}

//! GET /v1/time: for a phone that wants to know how wrong its clock is.

use axum::{Json, extract::State};
use serde::Serialize;

use crate::app::App;

#[derive(Serialize)]
pub(super) struct Now {
    server_ms: i64,
}

pub(super) async fn time(State(app): State<App>) -> Json<Now> {
    Json(Now {
        server_ms: app.core().now_ms(),
    })
}

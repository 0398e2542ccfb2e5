//! The trace of who looked at what, for auditors.

use axum::{Extension, Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    extract::Params,
    paging::{Ask, Page},
};
use crate::{
    App,
    error::Result,
    identity::{
        Principal,
        audit::{self, Entry, TraceFilter},
    },
};

/// The routes of this file.
pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list))
}

/// A row of the trace.
#[derive(Serialize, ToSchema)]
struct Row {
    /// Its number; rises.
    id: i64,
    /// When, ms.
    time_ms: i64,
    /// Who: a login.
    who: String,
    /// What.
    act: String,
    /// Of what: ids.
    #[schema(value_type = Object)]
    object: serde_json::Value,
    /// Why.
    reason: String,
}

impl From<Entry> for Row {
    fn from(entry: Entry) -> Self {
        Self {
            id: entry.id,
            time_ms: entry.time_ms,
            who: entry.who,
            act: entry.act,
            object: serde_json::from_str(&entry.object).unwrap_or_default(),
            reason: entry.reason,
        }
    }
}

/// The trace of one's areas, the newest first.
#[utoipa::path(get, path = "/audit", tag = "audit", params(TraceFilter),
    responses((status = 200, body = Page<Row>)))]
async fn list(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    Params(mut filter): Params<TraceFilter>,
) -> Result<Json<Page<Row>>> {
    let ask = Ask::of(filter.limit, filter.sort.take(), filter.after.take())?;
    let page = app.read(move |conn| audit::list(conn, &who, &filter, &ask));
    Ok(Json(page.await?.with(|entry| Ok(Some(Row::from(entry))))?))
}

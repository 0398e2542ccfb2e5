//! The trace of who looked at what, for auditors.

use axum::{Extension, Json, extract::State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    extract::Params,
    paging::{self, Page, from_cursor},
};
use crate::{
    App,
    error::Result,
    identity::{
        Principal,
        audit::{self, Entry, Filter},
    },
};

/// The routes of this file.
pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list))
}

/// What to show of the trace.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Query {
    /// One person's: a login.
    who: Option<String>,
    /// One act, as in `record.reveal`.
    act: Option<String>,
    /// Since this time, ms.
    since_ms: Option<i64>,
    /// Rows of the page, at most 200.
    limit: Option<usize>,
    /// Cursor of the page before.
    after: Option<String>,
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
#[utoipa::path(get, path = "/audit", tag = "audit", params(Query),
    responses((status = 200, body = Page<Row>)))]
async fn list(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    Params(query): Params<Query>,
) -> Result<Json<Page<Row>>> {
    let limit = paging::limit(query.limit)?;
    let filter = Filter {
        who: query.who,
        act: query.act,
        since_ms: query.since_ms,
        before: from_cursor(query.after.as_deref())?,
    };
    let read = app.read(move |conn| audit::list(conn, &who, &filter, limit + 1));
    let rows = read.await?.into_iter().map(Row::from).collect();
    Ok(Json(Page::of(rows, limit, |row: &Row| row.id)?))
}

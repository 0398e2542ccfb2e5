//! The trace of who looked at what, for auditors.

use std::collections::BTreeMap;

use axum::{Extension, Json, extract::State};
use schemas::SchemaSet;
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
    records::values::{self, Words},
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
    /// What people call the fields that it names, by key: who reads the trace need not know the
    /// forms.
    fields: BTreeMap<String, Words>,
    /// Why.
    reason: String,
}

impl Row {
    fn of(entry: Entry, schemas: &SchemaSet) -> Self {
        let object = serde_json::from_str(&entry.object).unwrap_or_default();
        Self {
            fields: fields(&object, entry.kind.as_deref(), schemas),
            id: entry.id,
            time_ms: entry.time_ms,
            who: entry.who,
            act: entry.act,
            object,
            reason: entry.reason,
        }
    }
}

/// The labels of the fields that an object names, by its record's kind.
fn fields(
    object: &serde_json::Value,
    kind: Option<&str>,
    schemas: &SchemaSet,
) -> BTreeMap<String, Words> {
    let Some(kind) = kind.and_then(|kind| schemas.kind(kind)) else {
        return BTreeMap::new();
    };
    let many = object.get("keys").and_then(serde_json::Value::as_array);
    let keys = many.into_iter().flatten().chain(object.get("key"));
    let named = keys
        .filter_map(serde_json::Value::as_str)
        .filter_map(|key| {
            let field = values::field_of(kind, key)?;
            Some((key.to_owned(), values::key_label(field, key)))
        });
    named.collect()
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
    let schemas = app.core().schemas();
    let row = |entry| Ok(Some(Row::of(entry, &schemas)));
    Ok(Json(page.await?.with(row)?))
}

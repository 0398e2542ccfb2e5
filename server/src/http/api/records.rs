//! Reading records: lists, one record, a shop's dossier, history, and masked values on request.

use std::collections::BTreeMap;

use axum::{
    Extension, Json,
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use schemas::RegisterKey;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    PREFIX,
    extract::{At, Body, Params, reason, record_id},
    paging::{self, Ask, Page, from_cursor, to_cursor},
    reading::{read, within},
};
use crate::{
    App,
    error::{Error, Result},
    http::etag::Versioned,
    identity::{Principal, audit},
    records::{
        Stored,
        detail::{Reader, RecordOut},
        dossier::{self, Dossier, Found},
        history::{self, ChangeOut},
        query::{self, Filter, RecordRow},
        values,
        visits::Visited,
    },
};

/// The routes of this file.
pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(get))
        .routes(routes!(get_dossier))
        .routes(routes!(get_history))
        .routes(routes!(reveal))
}

/// What to list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Listing {
    /// The kind; every kind that one may read unless said. `business_type`, `visited`: shops.
    kind: Option<String>,
    /// A grid, or an area above it.
    grid: Option<String>,
    /// Part of a name or door (two characters do), pinyin initials, or a whole number of a
    /// document, phone or organisation.
    text: Option<String>,
    /// A business type, with everything below it; shops only.
    business_type: Option<String>,
    /// A code of the kind's state.
    state: Option<String>,
    /// Only those in conflict, or only the others.
    conflicted: Option<bool>,
    /// Where they stand in this month's round; shops only, and for supervisors.
    #[param(inline)]
    visited: Option<Visited>,
    /// `id` (usual: the order in which they were made), `touched`, `grid`, `conflicts`; of open
    /// kinds `door`, `sign`; with `-` downwards.
    sort: Option<String>,
    /// Rows of the page, at most 200.
    limit: Option<usize>,
    /// Cursor of the page before.
    after: Option<String>,
}

impl Listing {
    /// Its filters.
    pub(super) fn filter(self) -> Filter {
        // What only shops have is asked of shops.
        let of_shops = self.business_type.is_some() || self.visited.is_some();
        let shop = of_shops.then(|| "shop".to_owned());
        Filter {
            kind: self.kind.or(shop),
            grid: self.grid,
            text: self.text,
            business_type: self.business_type,
            state: self.state,
            conflicted: self.conflicted,
            visited: self.visited,
        }
    }
}

/// Records of one kind, or of all that one may read. A page of personal records may hold fewer rows than asked for and go on
/// all the same.
#[utoipa::path(get, path = "/records", tag = "records", params(Listing),
    responses((status = 200, body = Page<RecordRow>)))]
async fn list(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    Params(mut asked): Params<Listing>,
) -> Result<Json<Page<RecordRow>>> {
    let ask = Ask::of(asked.limit, asked.sort.take(), asked.after.take())?;
    let filter = asked.filter();
    let listed = read(&app, who, move |reader| query::list(reader, &filter, &ask));
    Ok(Json(listed.await?))
}

/// A record with every value, who wrote it and when.
#[utoipa::path(get, path = "/records/{id}", tag = "records", params(("id" = String, Path)),
    responses((status = 200, body = RecordOut), (status = 410, description = "Erased")))]
async fn get(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    At(id): At<String>,
) -> Result<Versioned<Json<RecordOut>>> {
    let id = record_id(&id)?;
    let record = read(&app, who, move |reader| reader.record(&reader.find(&id)?));
    let record = record.await?;
    Ok(Versioned(record.version, Json(record)))
}

/// A shop with everything tied to it. Of a record that belongs to a shop or was merged into
/// another, a redirect to the dossier in which it stands.
#[utoipa::path(get, path = "/records/{id}/dossier", tag = "records",
    params(("id" = String, Path)),
    responses((status = 200, body = Dossier), (status = 307, description = "It stands there")))]
async fn get_dossier(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    At(id): At<String>,
) -> Result<Response> {
    let id = record_id(&id)?;
    let found = read(&app, who, move |reader| dossier::dossier(reader, &id)).await?;
    Ok(match found {
        Found::Here(dossier) => Versioned(dossier.shop.version, Json(dossier)).into_response(),
        Found::At(other) => {
            let there = format!("{PREFIX}/records/{other}/dossier");
            let there = HeaderValue::try_from(there)
                .map_err(|_| Error::Internal("an address cannot be written"))?;
            let to = [(header::LOCATION, there)];
            (StatusCode::TEMPORARY_REDIRECT, to).into_response()
        }
    })
}

/// Which part of a history.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Part {
    /// One register alone.
    key: Option<String>,
    /// Rows of the page, at most 200.
    limit: Option<usize>,
    /// Cursor of the page before.
    after: Option<String>,
}

/// Who changed what when, the earliest first.
#[utoipa::path(get, path = "/records/{id}/history", tag = "records",
    params(("id" = String, Path), Part), responses((status = 200, body = Page<ChangeOut>)))]
async fn get_history(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    At(id): At<String>,
    Params(part): Params<Part>,
) -> Result<Json<Page<ChangeOut>>> {
    let id = record_id(&id)?;
    let limit = paging::limit(part.limit)?;
    let from: usize = from_cursor(part.after.as_deref())?.unwrap_or(0);
    let told = read(&app, who, move |reader| {
        let stored = reader.find(&id)?;
        history::history(reader, &stored, part.key.as_deref(), from, limit)
    });
    let (rows, total) = told.await?;
    let end = from.saturating_add(rows.len());
    let next = (end < total).then(|| to_cursor(&end)).transpose()?;
    Ok(Json(Page {
        rows,
        next,
        total: u64::try_from(total).ok(),
        over: false,
    }))
}

/// Registers whose values are shown at once, at most.
const MAX_KEYS: usize = 20;

/// Masked values to see: either `key` or `keys`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Reveal {
    /// The register.
    key: Option<String>,
    /// Or several, at most 20.
    #[serde(default)]
    keys: Vec<String>,
    /// Why, 1 to 200 characters: it stands in the trace.
    reason: String,
}

/// The values of masked registers.
#[derive(Serialize, ToSchema)]
struct Revealed {
    /// All values of `key`, the one to show first.
    values: Vec<String>,
    /// Those of each of `keys`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    fields: BTreeMap<String, Vec<String>>,
}

/// Shows masked values; the trace names the person, the fields and the reason.
#[utoipa::path(post, path = "/records/{id}/reveal", tag = "records", request_body = Reveal,
    params(("id" = String, Path)), responses((status = 200, body = Revealed)))]
async fn reveal(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    At(id): At<String>,
    Body(given): Body<Reveal>,
) -> Result<Json<Revealed>> {
    let id = record_id(&id)?;
    let why = reason(&given.reason)?;
    let (one, many) = (given.key, given.keys);
    let asked = match (&one, many.len()) {
        (Some(key), 0) => vec![key.clone()],
        (None, 1..=MAX_KEYS) => many.clone(),
        _ => return Err(Error::invalid("keys", "one key, or up to 20 keys")),
    };
    let shown = app.write(move |tx| {
        let (mut fields, grid) = within(tx, &who, |reader| {
            let stored = reader.find(&id)?;
            let mut fields = BTreeMap::new();
            for key in &asked {
                fields.insert(key.clone(), unmasked(reader, &stored, key)?);
            }
            Ok((fields, stored.header.grid))
        })?;
        let record = id.to_string();
        let object = match &one {
            Some(key) => json!({ "record": record, "key": key }),
            None => json!({ "record": record, "keys": many }),
        };
        let act = "record.reveal";
        audit::note(tx, &who, act, &object.to_string(), Some(&grid), &why)?;
        let values = one.and_then(|key| fields.remove(&key));
        Ok(Revealed {
            values: values.unwrap_or_default(),
            fields,
        })
    });
    Ok(Json(shown.await?))
}

/// The values of a masked register that the person may read.
fn unmasked(reader: &Reader<'_>, stored: &Stored, key: &str) -> Result<Vec<String>> {
    let no_field = || Error::invalid("key", "this record has no such field");
    let key = RegisterKey::parse(key).map_err(|_| no_field())?;
    let kind = reader.kind(stored)?;
    let path = key.path().ok_or_else(no_field)?;
    let field = kind.field(&path).ok_or_else(no_field)?;
    if !kind.may_read(&path, &reader.who.author()) {
        return Err(no_field());
    }
    if !values::is_masked(kind, field) {
        return Err(Error::invalid("key", "this field is not masked"));
    }
    let view = sync_core::record::View::of(&stored.registers);
    let shown = view.field(&key).map_or(&[][..], |field| &field.values);
    let texts = shown.iter().filter_map(|value| value.value.as_text());
    Ok(texts.map(str::to_owned).collect())
}

//! What is where: grids, areas, offices, and the schemas that forms and lists are made of.

use std::collections::BTreeMap;

use axum::{Extension, Json, extract::State};
use rusqlite::{Connection, params};
use schemas::{Kind, SchemaSet, access::Role};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    extract::{At, Params},
    paging::{Ask, Page},
};
use crate::{
    App,
    error::{Error, Result},
    grids::{self, GridFilter, GridOut},
    http::etag::Versioned,
    identity::{Principal, accounts},
    lists::MAX_ROWS,
    records::values::Words,
};

/// The routes of this file.
pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_grids))
        .routes(routes!(areas))
        .routes(routes!(offices))
        .routes(routes!(handlers))
        .routes(routes!(forms))
}

/// Whether there is such a grid: an area of the schemas, or one that is walked or has records.
pub(super) fn is_grid(conn: &Connection, schemas: &SchemaSet, code: &str) -> Result<bool> {
    if schemas.area(code).is_some() {
        return Ok(true);
    }
    let sql = "SELECT EXISTS (SELECT 1 FROM duty WHERE grid = ?1)
                   OR EXISTS (SELECT 1 FROM record WHERE grid = ?1)";
    Ok(conn.query_row(sql, params![code], |row| row.get(0))?)
}

/// The grids of one's areas, by their codes.
#[utoipa::path(get, path = "/grids", tag = "places", params(GridFilter),
    responses((status = 200, body = Page<GridOut>)))]
async fn list_grids(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    Params(mut filter): Params<GridFilter>,
) -> Result<Json<Page<GridOut>>> {
    let ask = Ask::of(filter.limit, filter.sort.take(), filter.after.take())?;
    let schemas = app.core().schemas();
    let page = app.read(move |conn| grids::list(conn, &schemas, &who, &filter, &ask));
    Ok(Json(page.await?))
}

/// An area.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct AreaOut {
    /// Its code.
    code: String,
    /// `district`, `street`, `community` or `grid`.
    level: String,
    /// Its name.
    label: Words,
}

/// One's areas, what lies in them and what lies above.
#[utoipa::path(get, path = "/areas", tag = "places",
    responses((status = 200, body = Page<AreaOut>)))]
async fn areas(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
) -> Json<Page<AreaOut>> {
    let schemas = app.core().schemas();
    let above = |code: &str| who.areas.iter().any(|own| own.starts_with(code));
    let mine = schemas
        .areas()
        .iter()
        .filter(|area| who.covers(&area.code) || above(&area.code));
    let rows = mine.map(|area| AreaOut {
        code: area.code.clone(),
        level: area.level.to_string(),
        label: Words::of(&area.labels),
    });
    Json(Page::whole(rows.collect()))
}

/// An office.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct OfficeOut {
    /// Its stable name.
    name: String,
    /// What people call it.
    label: Words,
    /// What it does.
    duty: Words,
    /// No longer there.
    retired: bool,
}

/// Every office.
#[utoipa::path(get, path = "/offices", tag = "places",
    responses((status = 200, body = Page<OfficeOut>)))]
async fn offices(State(app): State<App>) -> Json<Page<OfficeOut>> {
    let schemas = app.core().schemas();
    let rows = schemas.offices().iter().map(|office| OfficeOut {
        name: office.name.clone(),
        label: Words::of(&office.labels),
        duty: Words::of(&office.duty),
        retired: office.retired,
    });
    Json(Page::whole(rows.collect()))
}

/// Somebody who works on cases.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct Handler {
    /// Sign-in name: what a step takes as `handler`.
    login: String,
    /// Name.
    name: String,
    /// Whether they head the office.
    head: bool,
}

/// Who works at an office in one's areas, by sign-in name; at most 200.
#[utoipa::path(get, path = "/offices/{office}/handlers", tag = "places",
    params(("office" = String, Path)), responses((status = 200, body = Page<Handler>)))]
async fn handlers(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    At(office): At<String>,
) -> Result<Json<Page<Handler>>> {
    if app.core().schemas().office(&office).is_none() {
        return Err(Error::NotFound("office"));
    }
    let found = app.read(move |conn| accounts::of_office(conn, &office, MAX_ROWS));
    // Whoever shares an area with the person, or works above or below.
    let near = |area: &String| {
        let above = |own: &String| own.starts_with(area.as_str());
        who.covers(area) || who.areas.iter().any(above)
    };
    let found = found.await?.into_iter();
    let rows = found.filter(|account| account.principal.areas.iter().any(near));
    let rows = rows.map(|account| Handler {
        head: account.principal.role == Role::OfficeHead,
        login: account.principal.login,
        name: account.principal.name,
    });
    Ok(Json(Page::whole(rows.collect())))
}

/// A field of a form.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct FieldForm {
    /// `field`, or `group.field`.
    path: String,
    /// What people read.
    label: Words,
    /// Its type.
    #[serde(rename = "type")]
    ty: &'static str,
    /// The code list, for choices.
    codes: Option<String>,
    /// Must be filled in wherever it is shown.
    required: bool,
    /// No longer asked.
    retired: bool,
    /// Whether the person may write it.
    writable: bool,
}

/// A kind that the person may read.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct KindForm {
    /// Its stable name.
    name: String,
    /// What people call it.
    label: Words,
    /// Whether it is about persons.
    personal: bool,
    /// The kind whose grid it follows.
    follows: Option<String>,
    /// The fields that the person may read, in the order of the form.
    fields: Vec<FieldForm>,
}

/// A field of another system.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct EntryLine {
    /// Our field that goes there.
    path: String,
    /// The other system's heading.
    heading: Words,
}

/// How one's office types records of a kind into a system of its own.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct EntryOrder {
    /// The kind.
    kind: String,
    /// What people call the other system.
    system: Words,
    /// Its fields, in its order.
    fields: Vec<EntryLine>,
}

/// A code.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct CodeOut {
    /// The stable code.
    code: String,
    /// What people read.
    label: Words,
    /// The code above it.
    parent: Option<String>,
    /// Not to be chosen any more, or a heading.
    offered: bool,
}

/// What forms and lists are made of.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct Forms {
    /// The version in force: the `ETag`.
    version: u32,
    /// Whether it is a draft.
    draft: bool,
    /// Kinds.
    kinds: Vec<KindForm>,
    /// Code lists, by name.
    codes: BTreeMap<String, Vec<CodeOut>>,
    /// What one's office types into systems of its own, by kind.
    entries: Vec<EntryOrder>,
}

/// The schemas in force, as far as the person may see them.
#[utoipa::path(get, path = "/schemas", tag = "places", responses((status = 200, body = Forms)))]
async fn forms(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
) -> Versioned<Json<Forms>> {
    let schemas = app.core().schemas();
    let author = who.author();
    let kinds = schemas.kinds().iter();
    let kinds = kinds.filter(|kind| kind.may_read_kind(&author));
    let codes = schemas.code_lists().map(|list| {
        let codes = list.entries().iter().map(|entry| CodeOut {
            code: entry.code.as_str().to_owned(),
            label: Words::of(&entry.labels),
            parent: entry.parent.as_ref().map(|code| code.as_str().to_owned()),
            offered: !entry.retired && !entry.heading,
        });
        (list.name().to_owned(), codes.collect())
    });
    let forms = Forms {
        version: schemas.version(),
        draft: schemas.is_draft(),
        kinds: kinds.map(|kind| form(kind, &author)).collect(),
        codes: codes.collect(),
        entries: entries(&schemas, who.office.as_deref()),
    };
    Versioned(forms.version.into(), Json(forms))
}

fn entries(schemas: &SchemaSet, office: Option<&str>) -> Vec<EntryOrder> {
    let all = schemas.entries().iter();
    let own = all.filter(|entry| Some(entry.office.as_str()) == office);
    own.map(|entry| EntryOrder {
        kind: entry.kind.clone(),
        system: Words::of(&entry.labels),
        fields: entry
            .fields
            .iter()
            .map(|field| EntryLine {
                path: field.path.to_string(),
                heading: Words::of(&field.labels),
            })
            .collect(),
    })
    .collect()
}

fn form(kind: &Kind, author: &schemas::Author) -> KindForm {
    let fields = kind.fields().iter();
    let fields = fields.filter(|field| kind.may_read(&field.path, author));
    KindForm {
        name: kind.name().to_owned(),
        label: Words::of(kind.labels()),
        personal: kind.personal(),
        follows: kind.follows().map(str::to_owned),
        fields: fields
            .map(|field| FieldForm {
                path: field.path.to_string(),
                label: Words::of(&field.labels),
                ty: field.ty.name(),
                codes: field.ty.codes().map(str::to_owned),
                required: field.required,
                retired: field.retired,
                writable: kind.may_write(&field.path, author),
            })
            .collect(),
    }
}

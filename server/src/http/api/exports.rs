//! Lists as files. A file holds what the list shows to the same person with the same filters; who
//! took which list out stands in the trace.

use std::str::FromStr;

use axum::{
    Extension,
    extract::{Query, State},
    http::{HeaderValue, Method, Uri, header},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};
use tokio::sync::Semaphore;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    access::{self, Who},
    export_tables::table,
    extract::{At, Params},
    reading::read,
};
use crate::{
    App, cases,
    error::{Error, Result},
    export::{Format, Lang, Stamp},
    identity::{Principal, audit},
};

/// Files that are made at once: each reads up to 20,000 rows.
static TURNS: Semaphore = Semaphore::const_new(2);

/// The routes of this file.
pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(export))
}

/// What a file is made as. The filters and the order of the list go beside it.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    /// Language of headings and codes: `zh` (usual) or `en`.
    #[serde(default)]
    #[param(inline)]
    pub(super) lang: Lang,
    /// As the list has it.
    pub(super) sort: Option<String>,
}

/// A list as a file, with the filters that `GET /{list}` takes: records, items, cases, devices,
/// inspectors, grids, conflicts, held, refused, duplicates, audit, accounts, checks, doors and door-list
/// (with `check`), registrations, registration-rows (with `list`), roster (with `month`), versions,
/// figures (`month`), ledger-steps, ledger-entries (`day`). At most 20,000 rows.
#[utoipa::path(get, path = "/exports/{file}", tag = "exports",
    params(("file" = String, Path, description = "`items.csv`, `items.xlsx`"), Wanted),
    responses((status = 200, description = "The file", content_type = "application/octet-stream"),
              (status = 409, description = "More than 20,000 rows")))]
async fn export(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    At(file): At<String>,
    Params(wanted): Params<Wanted>,
    uri: Uri,
) -> Result<Response> {
    const NO_LIST: Error = Error::NotFound("list");
    let (list, ending) = file.split_once('.').ok_or(NO_LIST)?;
    let format = Format::parse(ending).ok_or(NO_LIST)?;
    may_read(list, &who)?;
    let turn = TURNS.try_acquire().map_err(|_| Error::Busy {
        retry_after_ms: 5_000,
    })?;
    let query = Filters::of(&uri)?;
    let stamp = Stamp {
        list: list.to_owned(),
        by: who.login.clone(),
        time_ms: app.core().now_ms(),
    };
    let name = format!("gridbook-{list}-{}.{ending}", minute(stamp.time_ms));
    let noted = noted(list, format, &query)?;
    let (of, reader) = (list.to_owned(), who.clone());
    let made = read(&app, reader, move |reader| {
        let table = table(reader, &of, query, &wanted)?;
        Ok((table.rows.len(), table.write(format, &stamp)?))
    });
    let (rows, bytes) = made.await?;
    drop(turn);
    app.write(move |tx| {
        let mut object = noted;
        object.insert("rows".to_owned(), json!(rows));
        audit::note(
            tx,
            &who,
            "list.export",
            &Value::Object(object).to_string(),
            None,
            "",
        )
    })
    .await?;
    let disposition = HeaderValue::try_from(format!("attachment; filename=\"{name}\""))
        .map_err(|_| Error::Internal("a file's name cannot be written"))?;
    let heads = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static(format.media()),
        ),
        (header::CONTENT_DISPOSITION, disposition),
    ];
    Ok((heads, bytes).into_response())
}

/// That the person may read the list itself.
fn may_read(list: &str, who: &Principal) -> Result<()> {
    let path = LISTS.iter().find(|(name, _)| *name == list);
    let route = path.and_then(|(_, path)| access::find(&Method::GET, path));
    match route.map(|route| route.who) {
        Some(Who::Roles(roles)) if roles.contains(&who.role) => Ok(()),
        Some(Who::Roles(_)) => Err(Error::Forbidden("this is not for your role")),
        _ => Err(Error::NotFound("list")),
    }
}

/// Lists that are given out as files, each with its route.
const LISTS: [(&str, &str); 22] = [
    ("records", "/records"),
    ("items", "/items"),
    ("cases", "/cases"),
    ("devices", "/devices"),
    ("inspectors", "/inspectors"),
    ("grids", "/grids"),
    ("conflicts", "/conflicts"),
    ("held", "/held"),
    ("refused", "/refused"),
    ("duplicates", "/duplicates"),
    ("audit", "/audit"),
    ("accounts", "/accounts"),
    ("checks", "/checks"),
    ("doors", "/checks/{id}/doors"),
    ("door-list", "/checks/{id}/list"),
    ("registrations", "/registrations"),
    ("registration-rows", "/registrations/{id}/rows"),
    ("roster", "/rosters/{month}"),
    ("versions", "/schemas/versions"),
    ("figures", "/figures"),
    ("ledger-steps", "/ledgers/{kind}"),
    ("ledger-entries", "/ledgers/{kind}"),
];

/// The filters of a list: what a query has besides what is of the file and of its pages.
#[derive(Clone, Debug)]
pub(super) struct Filters(Vec<(String, String)>);

impl Filters {
    fn of(uri: &Uri) -> Result<Self> {
        let all = Query::<Vec<(String, String)>>::try_from_uri(uri);
        let Query(mut all) = all.map_err(|_| UNREADABLE)?;
        all.retain(|(name, _)| !["lang", "sort", "limit", "after"].contains(&name.as_str()));
        Ok(Self(all))
    }

    /// What a path of the list holds goes beside its filters: `check` of doors.
    pub(super) fn place<T: FromStr>(&mut self, name: &'static str) -> Result<T> {
        let at = self.0.iter().position(|(known, _)| known == name);
        let value = at.map(|at| self.0.swap_remove(at).1);
        let value = value.and_then(|value| value.parse().ok());
        value.ok_or_else(|| Error::invalid(name, "say of which"))
    }

    /// As the list takes them.
    pub(super) fn read<T: DeserializeOwned>(&self) -> Result<T> {
        let text = serde_urlencoded::to_string(&self.0).map_err(|_| UNREADABLE)?;
        serde_urlencoded::from_str(&text).map_err(|_| UNREADABLE)
    }
}

const UNREADABLE: Error = Error::Malformed("the query does not have the form of this request");

/// What the trace says of it: no text that was searched for, which may be somebody's number.
fn noted(list: &str, format: Format, filters: &Filters) -> Result<Map<String, Value>> {
    let mut told = Map::new();
    for (name, value) in &filters.0 {
        if value.len() > 64 {
            return Err(Error::invalid(name.clone(), "too long"));
        }
        let value = if name == "text" {
            json!(true)
        } else {
            json!(value)
        };
        told.insert(name.clone(), value);
    }
    let mut object = Map::new();
    object.insert("list".to_owned(), json!(list));
    object.insert("format".to_owned(), json!(format.ending()));
    object.insert("filters".to_owned(), Value::Object(told));
    Ok(object)
}

/// A time of the street for a file's name.
fn minute(ms: i64) -> String {
    let moment = jiff::Timestamp::from_millisecond(ms).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    let local = cases::clock::ZONE.to_datetime(moment);
    local.strftime("%Y%m%d-%H%M").to_string()
}

//! Lists as files. A file holds what the list shows to the same person with the same filters; who
//! took which list out stands in the trace.

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
    duplicates,
    extract::{At, Params},
    reading::read,
    records,
};
use crate::{
    App,
    cases::{self, CaseFilter, ItemFilter},
    devices::lists::{self, DeviceFilter, InspectorFilter},
    error::{Error, Result},
    export::{Format, Lang, Names, Stamp, Table, columns},
    identity::{
        Principal,
        audit::{self, TraceFilter},
    },
    records::{detail::Reader, duplicates::suggest, query},
    review::{
        held::{self, HeldFilter},
        queue::{self, ConflictFilter},
    },
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
struct Wanted {
    /// Language of headings and codes: `zh` (usual) or `en`.
    #[serde(default)]
    #[param(inline)]
    lang: Lang,
    /// As the list has it.
    sort: Option<String>,
}

/// A list as a file, with the filters that `GET /{list}` takes: records, items, cases, devices,
/// inspectors, conflicts, held, refused, duplicates, audit. At most 20,000 rows.
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
        let table = table(reader, &of, &query, &wanted)?;
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
    let route = access::find(&Method::GET, &format!("/{list}"));
    match route.map(|route| route.who) {
        Some(Who::Roles(roles)) if LISTS.contains(&list) => {
            if roles.contains(&who.role) {
                Ok(())
            } else {
                Err(Error::Forbidden("this is not for your role"))
            }
        }
        _ => Err(Error::NotFound("list")),
    }
}

/// Lists that are given out as files.
const LISTS: [&str; 10] = [
    "records",
    "items",
    "cases",
    "devices",
    "inspectors",
    "conflicts",
    "held",
    "refused",
    "duplicates",
    "audit",
];

/// The filters of a list: what a query has besides what is of the file and of its pages.
#[derive(Clone, Debug)]
struct Filters(Vec<(String, String)>);

impl Filters {
    fn of(uri: &Uri) -> Result<Self> {
        let all = Query::<Vec<(String, String)>>::try_from_uri(uri);
        let Query(mut all) = all.map_err(|_| UNREADABLE)?;
        all.retain(|(name, _)| !["lang", "sort", "limit", "after"].contains(&name.as_str()));
        Ok(Self(all))
    }

    /// As the list takes them.
    fn read<T: DeserializeOwned>(&self) -> Result<T> {
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

/// The rows of a list.
fn table(reader: &Reader<'_>, list: &str, filters: &Filters, wanted: &Wanted) -> Result<Table> {
    let names = &Names {
        schemas: reader.schemas,
        lang: wanted.lang,
    };
    let sort = wanted.sort.clone();
    let (conn, core, who) = (reader.conn, reader.core, reader.who);
    match list {
        "records" => {
            let filter = filters.read::<records::Listing>()?.filter();
            Table::gather(names, columns::RECORDS, sort, |ask| {
                query::list(reader, &filter, ask)
            })
        }
        "items" => {
            let filter: ItemFilter = filters.read()?;
            Table::gather(names, columns::ITEMS, sort, |ask| {
                Ok(cases::items(reader, &filter, ask)?.0)
            })
        }
        "cases" => {
            let filter: CaseFilter = filters.read()?;
            Table::gather(names, columns::CASES, sort, |ask| {
                Ok(cases::cases(reader, &filter, ask)?.0)
            })
        }
        "devices" => {
            let filter: DeviceFilter = filters.read()?;
            Table::gather(names, columns::DEVICES, sort, |ask| {
                lists::devices(conn, core, who, &filter, ask)
            })
        }
        "inspectors" => {
            let filter: InspectorFilter = filters.read()?;
            Table::gather(names, columns::INSPECTORS, sort, |ask| {
                lists::inspectors(conn, core.now_ms(), who, &filter, ask)
            })
        }
        "conflicts" => {
            let filter: ConflictFilter = filters.read()?;
            Table::gather(names, columns::CONFLICTS, sort, |ask| {
                queue::conflicts(reader, &filter, ask)
            })
        }
        "held" | "refused" => {
            let filter: HeldFilter = filters.read()?;
            Table::gather(names, columns::HELD, sort, |ask| {
                held::held(reader, list, &filter, ask)
            })
        }
        "duplicates" => {
            let filter: duplicates::Listing = filters.read()?;
            let grid = filter.grid.as_deref();
            Table::gather(names, columns::PAIRS, sort, |ask| {
                suggest(reader, grid, filter.why, ask.limit, ask.after.as_deref())
            })
        }
        "audit" => {
            let filter: TraceFilter = filters.read()?;
            Table::gather(names, columns::TRACE, sort, |ask| {
                audit::list(conn, who, &filter, ask)
            })
        }
        _ => Err(Error::NotFound("list")),
    }
}

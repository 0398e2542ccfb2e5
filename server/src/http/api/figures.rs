//! The assessment 考核 and the daily ledgers 台账.

use axum::{Extension, Json, extract::State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    extract::{At, Params},
    paging::Ask,
    reading::read,
};
use crate::{
    App,
    error::{Error, Result},
    export::{Column, Names, columns},
    figures::{self, LedgerFilter, MonthFigures},
    identity::Principal,
    lists::{Order, Page},
    records::values::Words,
};

/// The routes of this file.
pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(show))
        .routes(routes!(ledger))
}

/// Which month.
#[derive(Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub(super) struct MonthAsked {
    /// The month, `YYYY-MM`; the present one unless said.
    pub(super) month: Option<String>,
}

/// The figures of a month: rates by grid, each with how many it stands on and its interval.
#[utoipa::path(get, path = "/figures", tag = "figures", params(MonthAsked),
    responses((status = 200, body = MonthFigures)))]
async fn show(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    Params(asked): Params<MonthAsked>,
) -> Result<Json<MonthFigures>> {
    let made = read(&app, who, move |reader| {
        figures::of_month(reader, asked.month.as_deref())
    });
    Ok(Json(made.await?))
}

/// A column of a ledger.
#[derive(Serialize, ToSchema)]
struct LedgerHead {
    /// What programs know it by.
    key: &'static str,
    /// What people read.
    label: Words,
    /// Whether the ledger is sorted by its key.
    sorts: bool,
}

/// A part of a ledger, as its file has it.
#[derive(Serialize, ToSchema)]
struct LedgerPage {
    /// The columns.
    heads: Vec<LedgerHead>,
    /// The rows: counts as numbers, times and words as texts, null where there is nothing.
    #[schema(value_type = Vec<Vec<serde_json::Value>>)]
    rows: Vec<Vec<serde_json::Value>>,
    /// What to ask for as `after` to go on; null at the end.
    next: Option<String>,
    /// How many there are in all; said on the first page.
    total: Option<u64>,
    /// Whether there are more than `total`.
    over: bool,
}

/// The columns of a ledger over its rows.
fn told<R>(
    names: &Names<'_>,
    columns: &[Column<R>],
    order: &Order,
    page: Page<R>,
) -> Result<LedgerPage> {
    let cells = |row: R| {
        let cells = columns.iter().map(|column| (column.cell)(&row, names));
        Ok(Some(cells.map(|cell| cell.json()).collect()))
    };
    let page = page.with(cells)?;
    let heads = columns.iter().map(|column| LedgerHead {
        key: column.key,
        label: Words::fixed(column.head.0, column.head.1),
        sorts: order.keys.iter().any(|key| key.name == column.key),
    });
    Ok(LedgerPage {
        heads: heads.collect(),
        rows: page.rows,
        next: page.next,
        total: page.total,
        over: page.over,
    })
}

/// A day's ledger, as its file has it: `steps` of cases (办理台账), or `entries`, what one's office
/// did with its items (录入台账).
#[utoipa::path(get, path = "/ledgers/{kind}", tag = "figures",
    params(("kind" = String, Path, description = "`steps`, `entries`"), LedgerFilter),
    responses((status = 200, body = LedgerPage)))]
async fn ledger(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    At(kind): At<String>,
    Params(mut filter): Params<LedgerFilter>,
) -> Result<Json<LedgerPage>> {
    let ask = Ask::of(filter.limit, filter.sort.take(), filter.after.take())?;
    let page = read(&app, who, move |reader| {
        let names = &Names {
            schemas: reader.schemas,
            lang: filter.lang,
        };
        match kind.as_str() {
            "steps" => {
                let page = figures::steps(reader, &filter, &ask)?;
                told(names, columns::STEPS, &figures::STEPS_ORDER, page)
            }
            "entries" => {
                let page = figures::entries(reader, &filter, &ask)?;
                told(names, columns::ENTRIES, &figures::ENTRIES_ORDER, page)
            }
            _ => Err(Error::NotFound("ledger")),
        }
    });
    Ok(Json(page.await?))
}

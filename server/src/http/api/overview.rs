//! How much there is and how much waits: the first page of the console.

use std::collections::BTreeMap;

use axum::{Extension, Json, extract::State};
use rusqlite::{Connection, params_from_iter, types::Value};
use schemas::access::Role;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::reading::read;
use crate::{
    App,
    cases::{self, Closure, OpenCases},
    error::Result,
    identity::Principal,
    lists::Ask,
    records::{
        detail::Reader,
        visits::{self, Coverage},
    },
};

/// A phone that was not heard of for this long is counted as silent, ms.
const SILENT_MS: i64 = 24 * 60 * 60 * 1_000;
/// Months of closed cases that are told.
const MONTHS: i32 = 6;

/// The routes of this file.
pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(show))
}

/// What waits for a supervisor.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
struct Waiting {
    /// Open conflicts.
    open: u64,
    /// Conflicts against a decision.
    contested: u64,
    /// Settled in the field, to be looked at.
    settled: u64,
    /// Held changes.
    held: u64,
    /// Phones to be confirmed.
    unconfirmed: u64,
    /// The lists: of conflicts, held changes, phones.
    lists: BTreeMap<&'static str, String>,
}

/// Phones.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
struct Phones {
    /// In use.
    in_use: u64,
    /// Of these, not heard of for a day.
    silent: u64,
    /// The list of the silent ones.
    list: String,
    /// Changes that they have yet to send, as they said last.
    pending: u64,
}

/// Counts within one's areas; null where they are not for one's role.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
struct Overview {
    /// Records by kind, of the kinds that the person may read.
    records: BTreeMap<String, u64>,
    /// What waits for a supervisor.
    waiting: Option<Waiting>,
    /// Phones.
    phones: Option<Phones>,
    /// Items of the person's office that are open.
    office_items: Option<u64>,
    /// Of these, past their time; `/items?state=open&due=overdue`.
    office_overdue: Option<u64>,
    /// Inspectors who walk a grid.
    inspectors: Option<u64>,
    /// This month's round, by grid.
    coverage: Option<Vec<Coverage>>,
    /// Open cases, by office and age.
    cases: Option<Vec<OpenCases>>,
    /// What was due in the last six months, the present one last.
    closures: Option<Vec<Closure>>,
    /// The server's time, ms.
    now_ms: i64,
}

/// Counts within one's areas.
#[utoipa::path(get, path = "/overview", tag = "places",
    responses((status = 200, body = Overview)))]
async fn show(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
) -> Result<Json<Overview>> {
    let counted = read(&app, who, |reader| {
        let role = reader.who.role;
        let field = matches!(role, Role::Supervisor | Role::Administrator);
        let of_cases = role == Role::Supervisor || role.is_office();
        Ok(Overview {
            records: records(reader)?,
            waiting: (role == Role::Supervisor)
                .then(|| waiting(reader))
                .transpose()?,
            phones: field.then(|| phones(reader)).transpose()?,
            office_items: items(reader)?,
            office_overdue: overdue(reader)?,
            inspectors: field.then(|| inspectors(reader)).transpose()?,
            coverage: visits::may_know(reader)
                .then(|| visits::coverage(reader))
                .transpose()?,
            cases: of_cases.then(|| cases::open_cases(reader)).transpose()?,
            closures: of_cases
                .then(|| cases::closures(reader, MONTHS))
                .transpose()?,
            now_ms: reader.core.now_ms(),
        })
    });
    Ok(Json(counted.await?))
}

fn records(reader: &Reader<'_>) -> Result<BTreeMap<String, u64>> {
    let mut values: Vec<Value> = Vec::new();
    let sql = format!(
        "SELECT kind, count(*) FROM record
         WHERE placed = 1 AND alive = 1 AND merged_into IS NULL AND {} GROUP BY kind",
        reader.who.scope_sql("grid", &mut values)
    );
    let mut select = reader.conn.prepare(&sql)?;
    let mut rows = select.query(params_from_iter(values))?;
    let author = reader.who.author();
    let mut counts = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let kind: String = row.get(0)?;
        let known = reader.schemas.kind(&kind);
        if known.is_some_and(|kind| kind.may_read_kind(&author)) {
            counts.insert(kind, row.get(1)?);
        }
    }
    Ok(counts)
}

fn waiting(reader: &Reader<'_>) -> Result<Waiting> {
    let mut waiting = Waiting::default();
    let mut values: Vec<Value> = Vec::new();
    let sql = format!(
        "SELECT c.state, count(*) FROM conflict c JOIN record r ON r.n = c.n WHERE {}
         GROUP BY c.state",
        reader.who.scope_sql("r.grid", &mut values)
    );
    let mut select = reader.conn.prepare(&sql)?;
    let mut rows = select.query(params_from_iter(values))?;
    while let Some(row) = rows.next()? {
        let count = row.get(1)?;
        match row.get::<_, String>(0)?.as_str() {
            "open" => waiting.open = count,
            "contested" => waiting.contested = count,
            _ => waiting.settled = count,
        }
    }
    let sql = "SELECT count(*) FROM held h JOIN record r ON r.n = h.n
               WHERE h.state = 'held' AND ";
    waiting.held = count(reader.conn, reader.who, sql, "r.grid", Vec::new())?;
    let sql = "SELECT count(DISTINCT d.id) FROM device d JOIN duty u ON u.inspector = d.inspector
               WHERE d.confirmed_ms IS NULL AND d.revoked_ms IS NULL AND ";
    waiting.unconfirmed = count(reader.conn, reader.who, sql, "u.grid", Vec::new())?;
    waiting.lists = [
        ("open", "/conflicts?state=open"),
        ("contested", "/conflicts?state=contested"),
        ("settled", "/conflicts?state=settled"),
        ("held", "/held"),
        ("unconfirmed", "/devices?standing=unconfirmed"),
    ]
    .map(|(figure, list)| (figure, list.to_owned()))
    .into();
    Ok(waiting)
}

fn phones(reader: &Reader<'_>) -> Result<Phones> {
    let since = reader.core.now_ms() - SILENT_MS;
    let mut values: Vec<Value> = vec![since.into()];
    let sql = format!(
        "SELECT count(*), coalesce(sum(coalesce(d.last_seen_ms, d.enrolled_ms) < ?), 0),
                coalesce(sum(d.pending), 0)
         FROM device d WHERE d.revoked_ms IS NULL AND d.confirmed_ms IS NOT NULL
           AND EXISTS (SELECT 1 FROM duty u WHERE u.inspector = d.inspector AND {})",
        reader.who.scope_sql("u.grid", &mut values)
    );
    let phones = reader
        .conn
        .query_row(&sql, params_from_iter(values), |row| {
            Ok(Phones {
                in_use: row.get(0)?,
                silent: row.get(1)?,
                pending: row.get(2)?,
                list: format!("/devices?standing=in_use&silent_since_ms={since}"),
            })
        })?;
    Ok(phones)
}

fn items(reader: &Reader<'_>) -> Result<Option<u64>> {
    let Some(office) = &reader.who.office else {
        return Ok(None);
    };
    let sql = "SELECT count(*) FROM item WHERE state = 'open' AND office = ? AND ";
    let values = vec![office.clone().into()];
    count(reader.conn, reader.who, sql, "grid", values).map(Some)
}

fn overdue(reader: &Reader<'_>) -> Result<Option<u64>> {
    if reader.who.office.is_none() {
        return Ok(None);
    }
    let filter = cases::ItemFilter {
        state: Some("open".to_owned()),
        ..cases::ItemFilter::default()
    };
    let ask = Ask::of(Some(1), None, None)?;
    Ok(cases::items(reader, &filter, &ask)?.1)
}

fn inspectors(reader: &Reader<'_>) -> Result<u64> {
    let sql = "SELECT count(DISTINCT u.inspector) FROM duty u JOIN inspector i
               ON i.id = u.inspector WHERE i.state = 'active' AND ";
    count(reader.conn, reader.who, sql, "u.grid", Vec::new())
}

/// Counts with a condition that ends where the scope's begins.
fn count(
    conn: &Connection,
    who: &Principal,
    sql: &str,
    column: &str,
    mut values: Vec<Value>,
) -> Result<u64> {
    let sql = format!("{sql}{}", who.scope_sql(column, &mut values));
    Ok(conn.query_row(&sql, params_from_iter(values), |row| row.get(0))?)
}

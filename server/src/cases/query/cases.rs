//! Lists of cases.

use rusqlite::{Connection, params_from_iter};
use serde::{Deserialize, Serialize};

use super::filter::{self, Page, scope};
use crate::{
    cases::{
        due::DueState,
        state::{CaseType, State},
        store::{self, CaseRow},
    },
    error::{Error, Result},
    hex::hex,
    identity::Principal,
};

/// What a list of cases is narrowed by.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct CaseFilter {
    /// The office that has it.
    pub office: Option<String>,
    /// Where it stands.
    pub state: Option<String>,
    /// Only those that have not ended (true), or only those that have (false).
    pub open: Option<bool>,
    /// `finding` or `business`.
    #[serde(rename = "type")]
    pub case: Option<String>,
    /// Finding class.
    pub class: Option<String>,
    /// Code of a grid or of an area above.
    pub grid: Option<String>,
    /// Where it came from: a code of `finding-source`.
    pub source: Option<String>,
    /// Only those past their time.
    pub overdue: Option<bool>,
    /// Rows at most, up to 200.
    pub limit: Option<usize>,
    /// Where the page begins: `next` of the page before.
    pub after: Option<String>,
}

/// A case in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct CaseSummary {
    /// Its id.
    pub id: String,
    /// Its number within the street, once it is filed.
    pub number: Option<String>,
    /// Its type.
    #[serde(rename = "type")]
    pub case: CaseType,
    /// Finding class, or the rule that made it.
    pub class: String,
    /// A code of `severity`.
    pub severity: Option<String>,
    /// Its grid.
    pub grid: String,
    /// The record that it is about.
    pub record: Option<String>,
    /// The shop.
    pub shop: Option<String>,
    /// Where it came from.
    pub source: String,
    /// Where it stands.
    pub state: State,
    /// The office that has it.
    pub office: String,
    /// The office that leads it.
    pub lead: String,
    /// Who works on it: a sign-in name.
    pub handler: Option<String>,
    /// When it came in.
    pub received_ms: i64,
    /// When it was filed.
    pub filed_ms: Option<i64>,
    /// When it was first assigned: clocks started then.
    pub assigned_ms: Option<i64>,
    /// When it was closed.
    pub closed_ms: Option<i64>,
    /// When the open milestone is due that is due first.
    pub due_ms: Option<i64>,
    /// Whether its clocks run.
    pub due_state: DueState,
    /// Whether it is past its time.
    pub overdue: bool,
    /// Returns 回退.
    pub returns: u32,
    /// Failed verifications 返工.
    pub reworks: u32,
    /// Its version, for If-Match.
    pub version: u64,
}

impl CaseSummary {
    pub(super) fn of(row: &CaseRow, now_ms: i64) -> Self {
        Self {
            id: hex(&row.uid),
            number: row.number.clone(),
            case: row.case,
            class: row.class.clone(),
            severity: row.severity.clone(),
            grid: row.grid.clone(),
            record: row.record.map(|id| hex(&id.0)),
            shop: row.shop.map(|id| hex(&id.0)),
            source: row.source.clone(),
            state: row.state,
            office: row.office.clone(),
            lead: row.case.lead().to_owned(),
            handler: row.handler.clone(),
            received_ms: row.received_ms,
            filed_ms: row.filed_ms,
            assigned_ms: row.assigned_ms,
            closed_ms: row.closed_ms,
            due_ms: row.due_ms,
            due_state: row.due_state,
            overdue: row.due_ms.is_some_and(|due| due < now_ms),
            returns: row.returns,
            reworks: row.reworks,
            version: row.version,
        }
    }
}

/// A page of the cases that this person may know of: those due first, first.
pub fn cases(
    conn: &Connection,
    filter: &CaseFilter,
    who: &Principal,
    now_ms: i64,
) -> Result<Page<CaseSummary>> {
    let mut list = scope(who);
    list.maybe("office = ?", filter.office.as_ref());
    list.maybe("state = ?", filter.state.as_ref());
    list.maybe("type = ?", filter.case.as_ref());
    list.maybe("class = ?", filter.class.as_ref());
    list.maybe("source = ?", filter.source.as_ref());
    if let Some(grid) = &filter.grid {
        list.areas("grid", std::slice::from_ref(grid));
    }
    match filter.open {
        Some(true) => list.fixed("state NOT IN ('closed', 'void', 'joined')"),
        Some(false) => list.fixed("state IN ('closed', 'void', 'joined')"),
        None => {}
    }
    match filter.overdue {
        Some(true) => list.with("due_ms < ?", now_ms),
        Some(false) => list.with("(due_ms IS NULL OR due_ms >= ?)", now_ms),
        None => {}
    }
    let total = match filter.after {
        None => {
            let sql = format!("SELECT count(*) FROM case_file WHERE {}", list.sql());
            let count = |row: &rusqlite::Row<'_>| row.get(0);
            Some(conn.query_row(&sql, params_from_iter(&list.values), count)?)
        }
        Some(_) => None,
    };
    // Those without a due time come last.
    let key = format!("coalesce(due_ms, {})", i64::MAX);
    if let Some(after) = &filter.after {
        let parts = after.split_once('.');
        let parsed = parts.and_then(|(due, id)| Some((due.parse().ok()?, id.parse().ok()?)));
        let (due, id): (i64, i64) = parsed.ok_or(Error::Malformed("after"))?;
        let behind = format!("({key} > ? OR ({key} = ? AND id > ?))");
        list.with_all(&behind, [due.into(), due.into(), id.into()]);
    }
    let limit = filter::limit(filter.limit)?;
    let sql = format!(
        "SELECT {} FROM case_file WHERE {} ORDER BY {key}, id LIMIT {}",
        store::COLUMNS,
        list.sql(),
        limit + 1,
    );
    let mut select = conn.prepare(&sql)?;
    let rows = select.query_map(params_from_iter(&list.values), store::read)?;
    let mut rows = rows.collect::<rusqlite::Result<Vec<CaseRow>>>()?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let cursor = |row: &CaseRow| format!("{}.{}", row.due_ms.unwrap_or(i64::MAX), row.id);
    let next = rows.last().filter(|_| more).map(cursor);
    let rows = rows
        .iter()
        .map(|row| CaseSummary::of(row, now_ms))
        .collect();
    Ok(Page { rows, next, total })
}

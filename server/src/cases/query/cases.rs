//! Lists of cases.

use serde::{Deserialize, Serialize};

use super::{Subject, filter::scope, month::Month};
use crate::{
    cases::{
        due::DueState,
        state::{CaseType, State},
        store::{self, CaseRow},
    },
    error::Result,
    hex::hex,
    lists::{Age, Ask, DueFilter, Key, Order, Page, Source, Where, count},
    records::detail::Reader,
};

/// What lists of cases are sorted by.
const ORDER: Order = Order {
    keys: &[
        // Those without a due time come last.
        Key {
            name: "due",
            sql: "coalesce(due_ms, 9223372036854775807)",
        },
        Key {
            name: "received",
            sql: "received_ms",
        },
        Key {
            name: "number",
            sql: "coalesce(number, '')",
        },
        Key {
            name: "grid",
            sql: "grid",
        },
        Key {
            name: "office",
            sql: "office",
        },
        Key {
            name: "state",
            sql: "state",
        },
    ],
    id: "id",
    down: false,
};

const ENDED: &str = "('closed', 'void', 'joined')";

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
    /// Only those past their time (true), or only the others (false).
    pub overdue: Option<bool>,
    /// How they stand to their due time.
    #[param(inline)]
    pub due: Option<DueFilter>,
    /// Natural days since they came in.
    #[param(inline)]
    pub age: Option<Age>,
    /// The month `YYYY-MM` in which they were to be closed; of the present one, until now.
    pub due_month: Option<String>,
    /// Part of their number.
    pub number: Option<String>,
    /// Who works on it: a sign-in name.
    pub handler: Option<String>,
    /// `due` (usual), `received`, `number`, `grid`, `office`, `state`; with `-` downwards.
    pub sort: Option<String>,
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
    /// What it is about, as far as the person may read it.
    pub about: Subject,
}

impl CaseSummary {
    pub(super) fn of(row: &CaseRow, now_ms: i64, about: Subject) -> Self {
        Self {
            about,
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

/// A page of the cases that this person may know of, and how many of all of them are past their
/// time: those due first, first.
pub fn cases(
    reader: &Reader<'_>,
    filter: &CaseFilter,
    ask: &Ask,
) -> Result<(Page<CaseSummary>, Option<u64>)> {
    let now_ms = reader.core.now_ms();
    let mut list = narrowed(reader, filter)?;
    let overdue = match ask.after {
        None => {
            let mut late = list.clone();
            DueFilter::Overdue.narrow(&mut late, "due_ms", "assigned_ms", now_ms);
            Some(count(reader.conn, "case_file", &late)?)
        }
        Some(_) => None,
    };
    match filter.overdue {
        Some(true) => list.with("due_ms < ?", now_ms),
        Some(false) => list.with("(due_ms IS NULL OR due_ms >= ?)", now_ms),
        None => {}
    }
    if let Some(due) = filter.due {
        due.narrow(&mut list, "due_ms", "assigned_ms", now_ms);
    }
    let source = Source {
        columns: store::COLUMNS,
        from: "case_file",
        beside: "",
        order: &ORDER,
    };
    let page = source.page(reader.conn, &list, ask, store::read)?;
    let page = page.with(|row: CaseRow| {
        let about = Subject::of(reader, row.record.as_ref(), row.shop.as_ref())?;
        Ok(Some(CaseSummary::of(&row, now_ms, about)))
    })?;
    Ok((page, overdue))
}

/// The filters without those of time.
fn narrowed(reader: &Reader<'_>, filter: &CaseFilter) -> Result<Where> {
    let mut list = scope(reader.who);
    list.maybe("office = ?", filter.office.clone());
    list.maybe("state = ?", filter.state.clone());
    list.maybe("type = ?", filter.case.clone());
    list.maybe("class = ?", filter.class.clone());
    list.maybe("source = ?", filter.source.clone());
    list.maybe("handler = ?", filter.handler.clone());
    list.grid("grid", filter.grid.as_deref())?;
    if let Some(number) = &filter.number {
        list.with("instr(coalesce(number, ''), ?) > 0", number.clone());
    }
    match filter.open {
        Some(true) => list.fixed(&format!("state NOT IN {ENDED}")),
        Some(false) => list.fixed(&format!("state IN {ENDED}")),
        None => {}
    }
    if let Some(age) = filter.age {
        age.narrow(&mut list, "received_ms", reader.core.now_ms());
    }
    if let Some(month) = &filter.due_month {
        Month::parse("due_month", month)?.narrow(&mut list, reader.core.now_ms())?;
    }
    Ok(list)
}

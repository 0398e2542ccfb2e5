//! Lists of an office's items, and its rosters.

use rusqlite::{Connection, Row, params, params_from_iter};
use schemas::{SchemaSet, class::Limit};
use serde::{Deserialize, Serialize};

use super::filter::{self, Page, Where};
use crate::{
    cases::{
        clock::{Due, Timer, UnknownYear, WorkTime, due},
        due::DueState,
        items::{self, ITEM},
    },
    error::{Error, OrNotFound as _, Result},
    hex::hex,
    identity::Principal,
};

/// What a list of items is narrowed by.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct ItemFilter {
    /// `open`, `back`, `done`, `filed`, `void`.
    pub state: Option<String>,
    /// Kind of record.
    pub kind: Option<String>,
    /// Finding class.
    pub class: Option<String>,
    /// Code of a grid or of an area above.
    pub grid: Option<String>,
    /// Month of the roster, `YYYY-MM`.
    pub month: Option<String>,
    /// `at_once` or `monthly`.
    pub how: Option<String>,
    /// Rows at most, up to 200.
    pub limit: Option<usize>,
    /// Where the page begins: `next` of the page before.
    pub after: Option<String>,
}

/// An item of an inbox: references, to be rendered from the record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Item {
    /// Its number.
    pub id: i64,
    /// The rule that made it.
    pub rule: String,
    /// The record.
    pub record: String,
    /// Kind of the record.
    pub kind: String,
    /// Its grid at the time.
    pub grid: String,
    /// The shop that it belongs to.
    pub shop: Option<String>,
    /// The office.
    pub office: String,
    /// `at_once` or `monthly`.
    pub how: String,
    /// `item`, `case`, `item_then_case`.
    pub form: String,
    /// Month of the roster.
    pub month: Option<String>,
    /// Finding class.
    pub class: Option<String>,
    /// A code of `severity`.
    pub severity: Option<String>,
    /// When it came in.
    pub created_ms: i64,
    /// `open`, `back`, `done`, `filed`, `void`.
    pub state: String,
    /// What the office said last: `entered`, `existing`, `back`, `done`, `filed`, `void`.
    pub mark: Option<String>,
    /// The case that it became.
    pub case: Option<String>,
    /// When it, or its case, is due.
    pub due_ms: Option<i64>,
    /// Whether that clock runs.
    pub due_state: DueState,
    /// Number of the roster that it was filed with: 1, or that of a supplement.
    pub roster: Option<u32>,
    /// 补报: whether it came after its month's roster was filed.
    pub supplement: bool,
    /// Its version, for If-Match.
    pub version: u64,
}

const SELECT: &str = "SELECT item.id, rule, item.record, kind, item.grid, item_ref.shop,
        item.office, how, form, item.month, item_ref.class, item_ref.severity, created_ms,
        item.state,
        (SELECT mark FROM item_mark WHERE item = item.id ORDER BY ord DESC LIMIT 1),
        case_file.uid, case_file.due_ms, coalesce(case_file.due_state, 'none'), roster.number,
        EXISTS (SELECT 1 FROM roster AS filed
                WHERE filed.office = item.office AND filed.month = item.month
                  AND substr(item.grid, 1, length(filed.area)) = filed.area
                  AND filed.number < coalesce(roster.number, 1 << 31)),
        item.version
    FROM item
    LEFT JOIN item_ref ON item_ref.item = item.id
    LEFT JOIN case_file ON case_file.id = item.case_id
    LEFT JOIN roster ON roster.id = (SELECT roster FROM item_mark
                                     WHERE item = item.id AND roster IS NOT NULL)";

fn read(row: &Row<'_>) -> rusqlite::Result<Item> {
    let id_at = |at| -> rusqlite::Result<Option<String>> {
        Ok(row.get::<_, Option<[u8; 16]>>(at)?.map(|id| hex(&id)))
    };
    Ok(Item {
        id: row.get(0)?,
        rule: row.get(1)?,
        record: id_at(2)?.unwrap_or_default(),
        kind: row.get(3)?,
        grid: row.get(4)?,
        shop: id_at(5)?,
        office: row.get(6)?,
        how: row.get(7)?,
        form: row.get(8)?,
        month: row.get(9)?,
        class: row.get(10)?,
        severity: row.get(11)?,
        created_ms: row.get(12)?,
        state: row.get(13)?,
        mark: row.get(14)?,
        case: id_at(15)?,
        due_ms: row.get(16)?,
        due_state: row.get(17)?,
        roster: row.get(18)?,
        supplement: row.get(19)?,
        version: row.get(20)?,
    })
}

/// By when an open item is to be settled, where its rule says so.
fn with_due(schemas: &SchemaSet, mut item: Item) -> Item {
    let rule = schemas.rules().get(&item.rule);
    let limit: Option<Limit> = rule.and_then(|rule| rule.limit);
    let settings = schemas.settings(&item.grid);
    let waits = item.case.is_none() && ["open", "back"].contains(&item.state.as_str());
    if let (Some(limit), Some(settings), true) = (limit, settings, waits) {
        let timer = Timer {
            start_ms: item.created_ms,
            limit,
            pauses: &[],
        };
        let work = WorkTime::of(schemas.calendar(), settings);
        (item.due_ms, item.due_state) = match due(&timer, &work) {
            Ok(Due::At(ms)) => (Some(ms), DueState::Running),
            Ok(Due::Paused) => (None, DueState::Paused),
            Err(UnknownYear) => (None, DueState::Unknown),
        };
    }
    item
}

fn office(who: &Principal) -> Result<String> {
    let office = who.office.clone().filter(|_| who.role.is_office());
    office.ok_or(Error::Forbidden(
        "items are for the office that they went to",
    ))
}

/// A page of the office's items, oldest first.
pub fn items(
    conn: &Connection,
    schemas: &SchemaSet,
    filter: &ItemFilter,
    who: &Principal,
) -> Result<Page<Item>> {
    let mut list = Where::default();
    list.with("item.office = ?", office(who)?);
    list.areas("item.grid", &who.areas);
    list.maybe("item.state = ?", filter.state.as_ref());
    list.maybe("kind = ?", filter.kind.as_ref());
    list.maybe("item_ref.class = ?", filter.class.as_ref());
    list.maybe("item.month = ?", filter.month.as_ref());
    list.maybe("how = ?", filter.how.as_ref());
    if let Some(grid) = &filter.grid {
        list.areas("item.grid", std::slice::from_ref(grid));
    }
    page(conn, schemas, list, filter.limit, filter.after.as_deref())
}

fn page(
    conn: &Connection,
    schemas: &SchemaSet,
    mut list: Where,
    limit: Option<usize>,
    after: Option<&str>,
) -> Result<Page<Item>> {
    let mut total = None;
    if let Some(after) = after {
        let after: i64 = after.parse().map_err(|_| Error::Malformed("after"))?;
        list.with("item.id > ?", after);
    } else {
        let sql = format!(
            "SELECT count(*) FROM item LEFT JOIN item_ref ON item_ref.item = item.id WHERE {}",
            list.sql(),
        );
        total = Some(conn.query_row(&sql, params_from_iter(&list.values), |row| row.get(0))?);
    }
    let limit = filter::limit(limit)?;
    let sql = format!(
        "{SELECT} WHERE {} ORDER BY item.id LIMIT {}",
        list.sql(),
        limit + 1
    );
    let mut select = conn.prepare(&sql)?;
    let rows = select.query_map(params_from_iter(&list.values), read)?;
    let mut rows = rows.collect::<rusqlite::Result<Vec<Item>>>()?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(|item| item.id.to_string());
    let rows = rows
        .into_iter()
        .map(|item| with_due(schemas, item))
        .collect();
    Ok(Page { rows, next, total })
}

/// One item of the office.
pub fn item_of(conn: &Connection, schemas: &SchemaSet, id: i64, who: &Principal) -> Result<Item> {
    items::visible(conn, id, who)?;
    let sql = format!("{SELECT} WHERE item.id = ?1");
    let item = conn.prepare_cached(&sql)?.query_row(params![id], read);
    Ok(with_due(schemas, item.or_not_found(ITEM)?))
}

/// A roster or supplement that was filed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct RosterFiling {
    /// 1 for the roster, then its supplements.
    pub number: u32,
    /// The area that it covers.
    pub area: String,
    /// Who filed it.
    pub actor: String,
    /// When.
    pub time_ms: i64,
    /// How many rows it has.
    pub rows: u32,
}

/// A month's roster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct RosterPage {
    /// What was filed so far.
    pub filings: Vec<RosterFiling>,
    /// Its rows: those filed under a number that was asked for, or those that are open.
    #[serde(flatten)]
    pub page: Page<Item>,
}

/// A month's roster: what was filed with `number`, or what is open without one. What was filed
/// stays as it was, however often it is asked for.
pub fn roster(
    conn: &Connection,
    schemas: &SchemaSet,
    month: &str,
    number: Option<u32>,
    (limit, after): (Option<usize>, Option<&str>),
    who: &Principal,
) -> Result<RosterPage> {
    let office = office(who)?;
    let mut filed = Where::default();
    filed.with("office = ?", office.clone());
    filed.with("month = ?", month.to_owned());
    filed.areas("area", &who.areas);
    let sql = format!(
        "SELECT number, area, actor, time_ms,
                (SELECT count(*) FROM item_mark WHERE roster = roster.id)
         FROM roster WHERE {} ORDER BY area, number LIMIT {}",
        filed.sql(),
        filter::LIMIT_MAX,
    );
    let mut select = conn.prepare(&sql)?;
    let filings = select.query_map(params_from_iter(&filed.values), |row| {
        Ok(RosterFiling {
            number: row.get(0)?,
            area: row.get(1)?,
            actor: row.get(2)?,
            time_ms: row.get(3)?,
            rows: row.get(4)?,
        })
    })?;
    let filings = filings.collect::<rusqlite::Result<Vec<_>>>()?;
    let mut list = Where::default();
    list.with("item.office = ?", office);
    list.areas("item.grid", &who.areas);
    list.with("how = ?", "monthly".to_owned());
    list.with("item.month = ?", month.to_owned());
    match number {
        Some(number) => list.with(
            "EXISTS (SELECT 1 FROM item_mark JOIN roster AS r ON r.id = item_mark.roster
                     WHERE item_mark.item = item.id AND r.number = ?)",
            i64::from(number),
        ),
        None => list.fixed("item.state = 'open'"),
    }
    let page = page(conn, schemas, list, limit, after)?;
    Ok(RosterPage { filings, page })
}

//! Lists of an office's items, and its rosters.

use rusqlite::{Row, params, params_from_iter};
use serde::{Deserialize, Serialize};
use sync_core::RecordId;

use super::Subject;
use crate::{
    cases::{
        due::DueState,
        items::{self, ITEM},
    },
    error::{Error, OrNotFound as _, Result},
    identity::Principal,
    lists::{Age, Ask, DueFilter, Key, MAX_ROWS, Order, Page, Source, Where, count},
    records::detail::Reader,
};

/// What lists of items are sorted by.
const ORDER: Order = Order {
    keys: &[
        Key {
            name: "id",
            sql: "item.id",
        },
        // Those without a due time come last.
        Key {
            name: "due",
            sql: "coalesce(case_file.due_ms,
                  CASE WHEN item.state IN ('open', 'back') THEN item_ref.due_ms END,
                  9223372036854775807)",
        },
        Key {
            name: "arrived",
            sql: "item.created_ms",
        },
        Key {
            name: "grid",
            sql: "item.grid",
        },
        Key {
            name: "state",
            sql: "item.state",
        },
        Key {
            name: "class",
            sql: "coalesce(item_ref.class, item.rule)",
        },
    ],
    id: "item.id",
    down: false,
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
    /// How they, or their cases, stand to their due time.
    #[param(inline)]
    pub due: Option<DueFilter>,
    /// Natural days since they came in.
    #[param(inline)]
    pub age: Option<Age>,
    /// `id` (usual: the order in which they were made), `due`, `arrived`, `grid`, `state`, `class`;
    /// with `-` downwards.
    pub sort: Option<String>,
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
    /// What it is about, as far as the person may read it.
    pub about: Subject,
}

/// What conditions and keys need.
const FROM: &str = "item LEFT JOIN item_ref ON item_ref.item = item.id
    LEFT JOIN case_file ON case_file.id = item.case_id";
/// What only columns need.
const BESIDE: &str = "LEFT JOIN roster ON roster.id = (SELECT roster FROM item_mark
                                     WHERE item = item.id AND roster IS NOT NULL)";
/// When it is due: its case, or what waits itself.
const DUE: &str = "coalesce(case_file.due_ms,
    CASE WHEN item.state IN ('open', 'back') THEN item_ref.due_ms END)";
/// Since when its time runs.
const START: &str = "coalesce(case_file.assigned_ms, item.created_ms)";

const COLUMNS: &str = "item.id, rule, item.record, kind, item.grid, item_ref.shop,
        item.office, how, form, item.month, item_ref.class, item_ref.severity, created_ms,
        item.state,
        (SELECT mark FROM item_mark WHERE item = item.id ORDER BY ord DESC LIMIT 1),
        case_file.uid,
        coalesce(case_file.due_ms,
                 CASE WHEN item.state IN ('open', 'back') THEN item_ref.due_ms END),
        coalesce(case_file.due_state,
                 CASE WHEN item.state IN ('open', 'back') THEN item_ref.due_state END, 'none'),
        roster.number,
        EXISTS (SELECT 1 FROM roster AS filed
                WHERE filed.office = item.office AND filed.month = item.month
                  AND substr(item.grid, 1, length(filed.area)) = filed.area
                  AND filed.number < coalesce(roster.number, 1 << 31)),
        item.version";

/// An item, its record and its shop; what it is about is not known yet.
fn read(row: &Row<'_>) -> rusqlite::Result<(Item, RecordId, Option<RecordId>)> {
    let id_at = |at| -> rusqlite::Result<Option<RecordId>> {
        Ok(row.get::<_, Option<[u8; 16]>>(at)?.map(RecordId))
    };
    let (record, shop) = (RecordId(row.get(2)?), id_at(5)?);
    let item = Item {
        id: row.get(0)?,
        rule: row.get(1)?,
        record: record.to_string(),
        kind: row.get(3)?,
        grid: row.get(4)?,
        shop: shop.map(|shop| shop.to_string()),
        office: row.get(6)?,
        how: row.get(7)?,
        form: row.get(8)?,
        month: row.get(9)?,
        class: row.get(10)?,
        severity: row.get(11)?,
        created_ms: row.get(12)?,
        state: row.get(13)?,
        mark: row.get(14)?,
        case: id_at(15)?.map(|case| case.to_string()),
        due_ms: row.get(16)?,
        due_state: row.get(17)?,
        roster: row.get(18)?,
        supplement: row.get(19)?,
        version: row.get(20)?,
        about: Subject::default(),
    };
    Ok((item, record, shop))
}

/// The item with what it is about.
fn told(
    reader: &Reader<'_>,
    (item, record, shop): (Item, RecordId, Option<RecordId>),
) -> Result<Item> {
    let about = Subject::of(reader, Some(&record), shop.as_ref())?;
    Ok(Item { about, ..item })
}

fn office(who: &Principal) -> Result<String> {
    let office = who.office.clone().filter(|_| who.role.is_office());
    office.ok_or(Error::Forbidden(
        "items are for the office that they went to",
    ))
}

/// A page of the office's items, and how many of all of them are past their time; oldest first.
pub fn items(
    reader: &Reader<'_>,
    filter: &ItemFilter,
    ask: &Ask,
) -> Result<(Page<Item>, Option<u64>)> {
    let now_ms = reader.core.now_ms();
    let mut list = Where::default();
    list.with("item.office = ?", office(reader.who)?);
    list.areas("item.grid", &reader.who.areas);
    list.maybe("item.state = ?", filter.state.clone());
    list.maybe("item.kind = ?", filter.kind.clone());
    list.maybe("item_ref.class = ?", filter.class.clone());
    list.maybe("item.month = ?", filter.month.clone());
    list.maybe("item.how = ?", filter.how.clone());
    list.grid("item.grid", filter.grid.as_deref())?;
    if let Some(age) = filter.age {
        age.narrow(&mut list, "item.created_ms", now_ms);
    }
    let overdue = match ask.after {
        None => {
            let mut late = list.clone();
            DueFilter::Overdue.narrow(&mut late, DUE, START, now_ms);
            Some(count(reader.conn, FROM, &late)?)
        }
        Some(_) => None,
    };
    if let Some(due) = filter.due {
        due.narrow(&mut list, DUE, START, now_ms);
    }
    Ok((page(reader, &list, ask)?, overdue))
}

fn page(reader: &Reader<'_>, list: &Where, ask: &Ask) -> Result<Page<Item>> {
    let source = Source {
        columns: COLUMNS,
        from: FROM,
        beside: BESIDE,
        order: &ORDER,
    };
    let page = source.page(reader.conn, list, ask, read)?;
    page.with(|row| told(reader, row).map(Some))
}

/// One item of the office.
pub fn item_of(reader: &Reader<'_>, id: i64) -> Result<Item> {
    items::visible(reader.conn, id, reader.who)?;
    let sql = format!("SELECT {COLUMNS} FROM {FROM} {BESIDE} WHERE item.id = ?1");
    let mut select = reader.conn.prepare_cached(&sql)?;
    let item = select.query_row(params![id], read).or_not_found(ITEM)?;
    told(reader, item)
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
    reader: &Reader<'_>,
    month: &str,
    number: Option<u32>,
    grid: Option<&str>,
    ask: &Ask,
) -> Result<RosterPage> {
    let (conn, who) = (reader.conn, reader.who);
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
        MAX_ROWS,
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
    list.grid("item.grid", grid)?;
    list.with("item.how = ?", "monthly".to_owned());
    list.with("item.month = ?", month.to_owned());
    match number {
        Some(number) => list.with(
            "EXISTS (SELECT 1 FROM item_mark JOIN roster AS r ON r.id = item_mark.roster
                     WHERE item_mark.item = item.id AND r.number = ?)",
            i64::from(number),
        ),
        None => list.fixed("item.state = 'open'"),
    }
    let page = page(reader, &list, ask)?;
    Ok(RosterPage { filings, page })
}

//! Daily ledgers 台账: what offices did on a day, step by step.

use rusqlite::Row;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    cases,
    error::{Error, Result},
    export::Lang,
    lists::{Ask, Key, Order, Page, Source, Where},
    records::detail::Reader,
};

/// Which part of a ledger.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct LedgerFilter {
    /// The day, `YYYY-MM-DD`; today unless said.
    pub day: Option<String>,
    /// A grid, or an area above it.
    pub grid: Option<String>,
    /// Part of the name or login of who did it.
    pub text: Option<String>,
    /// `time` (usual), `grid`, `what`, `by`, of steps also `number`, `class` and `state`, of entries
    /// `item` and `kind`; with `-` downwards.
    pub sort: Option<String>,
    /// Language of words: `zh` (usual) or `en`.
    #[param(inline)]
    pub lang: Lang,
    /// Rows of the page, at most 200.
    pub limit: Option<usize>,
    /// Cursor of the page before.
    pub after: Option<String>,
}

/// A step of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// When, ms.
    pub time_ms: i64,
    /// Number of the case; none before it is filed.
    pub number: Option<String>,
    /// Class of finding, or the rule.
    pub class: String,
    /// Grid.
    pub grid: String,
    /// The step's code.
    pub step: String,
    /// The state after it.
    pub to: String,
    /// Who did it; none where a rule did.
    pub by: Option<String>,
    /// For which office.
    pub office: Option<String>,
    /// The office that has it from then on.
    pub to_office: Option<String>,
    /// Why.
    pub reason: String,
}

/// What an office did with an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// When, ms.
    pub time_ms: i64,
    /// Number of the item.
    pub item: i64,
    /// Kind of record.
    pub kind: String,
    /// Grid.
    pub grid: String,
    /// The mark: `entered`, `existing`, `back`, `done`, `filed`, `void`.
    pub mark: String,
    /// Who did it.
    pub by: String,
    /// Number of the roster that it was filed with.
    pub roster: Option<u32>,
    /// Why.
    pub reason: String,
}

/// What steps of cases are sorted by, as their columns are called.
pub const STEPS_ORDER: Order = Order {
    keys: &[
        Key {
            name: "time",
            sql: "l.time_ms",
        },
        Key {
            name: "grid",
            sql: "c.grid",
        },
        Key {
            name: "what",
            sql: "l.step",
        },
        Key {
            name: "by",
            sql: "coalesce(l.actor, '')",
        },
        Key {
            name: "number",
            sql: "coalesce(c.number, '')",
        },
        Key {
            name: "class",
            sql: "c.class",
        },
        Key {
            name: "state",
            sql: "l.to_state",
        },
    ],
    id: "(l.case_id << 24 | l.ord)",
    down: false,
};

/// A day's steps of the cases that the reader may know of.
pub fn steps(reader: &Reader<'_>, filter: &LedgerFilter, ask: &Ask) -> Result<Page<Step>> {
    let known = cases::scope(reader.who);
    let mut list = day(reader.core.now_ms(), filter, "l.time_ms")?;
    list.with_all(
        &format!(
            "l.case_id IN (SELECT id FROM case_file WHERE {})",
            known.sql()
        ),
        known.values.clone(),
    );
    list.grid("c.grid", filter.grid.as_deref())?;
    list.text(&["l.actor", "a.name"], filter.text.as_deref())?;
    let source = Source {
        columns: "",
        from: "case_ledger l JOIN case_file c ON c.id = l.case_id
               LEFT JOIN account a ON a.login = l.actor",
        beside: "",
        order: &STEPS_ORDER,
    };
    // A step is found by its case and its place, which together are the key of the table.
    let sql = format!(
        "SELECT l.time_ms, c.number, c.class, c.grid, l.step, l.to_state,
                coalesce(a.name, l.actor), l.office, l.to_office, l.reason
         FROM {} WHERE l.case_id = ?1 >> 24 AND l.ord = ?1 & 16777215",
        source.from
    );
    let mut select = reader.conn.prepare_cached(&sql)?;
    let page = source.ids(reader.conn, &list, ask)?;
    page.with(|id| Ok(Some(select.query_row([id], step)?)))
}

fn step(row: &Row<'_>) -> rusqlite::Result<Step> {
    Ok(Step {
        time_ms: row.get(0)?,
        number: row.get(1)?,
        class: row.get(2)?,
        grid: row.get(3)?,
        step: row.get(4)?,
        to: row.get(5)?,
        by: row.get(6)?,
        office: row.get(7)?,
        to_office: row.get(8)?,
        reason: row.get(9)?,
    })
}

/// What entries are sorted by, as their columns are called.
pub const ENTRIES_ORDER: Order = Order {
    keys: &[
        Key {
            name: "time",
            sql: "m.time_ms",
        },
        Key {
            name: "grid",
            sql: "i.grid",
        },
        Key {
            name: "what",
            sql: "m.mark",
        },
        Key {
            name: "by",
            sql: "m.actor",
        },
        Key {
            name: "item",
            sql: "m.item",
        },
        Key {
            name: "kind",
            sql: "i.kind",
        },
    ],
    id: "(m.item << 16 | m.ord)",
    down: false,
};

/// What the reader's office did with its items on a day.
pub fn entries(reader: &Reader<'_>, filter: &LedgerFilter, ask: &Ask) -> Result<Page<Entry>> {
    let office = reader.who.office.clone();
    let office = office.ok_or(Error::Forbidden("items are marked by offices"))?;
    let mut list = day(reader.core.now_ms(), filter, "m.time_ms")?;
    list.with("i.office = ?", office);
    list.areas("i.grid", &reader.who.areas);
    list.grid("i.grid", filter.grid.as_deref())?;
    list.text(&["m.actor", "a.name"], filter.text.as_deref())?;
    let source = Source {
        columns: "",
        from: "item_mark m JOIN item i ON i.id = m.item
               LEFT JOIN account a ON a.login = m.actor",
        beside: "",
        order: &ENTRIES_ORDER,
    };
    let sql = format!(
        "SELECT m.time_ms, m.item, i.kind, i.grid, m.mark, coalesce(a.name, m.actor),
                (SELECT r.number FROM roster r WHERE r.id = m.roster), m.reason
         FROM {} WHERE m.item = ?1 >> 16 AND m.ord = ?1 & 65535",
        source.from
    );
    let mut select = reader.conn.prepare_cached(&sql)?;
    let page = source.ids(reader.conn, &list, ask)?;
    page.with(|id| Ok(Some(select.query_row([id], entry)?)))
}

fn entry(row: &Row<'_>) -> rusqlite::Result<Entry> {
    Ok(Entry {
        time_ms: row.get(0)?,
        item: row.get(1)?,
        kind: row.get(2)?,
        grid: row.get(3)?,
        mark: row.get(4)?,
        by: row.get(5)?,
        roster: row.get(6)?,
        reason: row.get(7)?,
    })
}

/// That something happened on the day, by the street's clock.
fn day(now_ms: i64, filter: &LedgerFilter, column: &str) -> Result<Where> {
    let wrong = || Error::invalid("day", "YYYY-MM-DD");
    let day = match &filter.day {
        Some(day) if day.len() == 10 => day.parse().map_err(|_| wrong())?,
        Some(_) => return Err(wrong()),
        None => cases::clock::date_of(now_ms).map_err(|_| wrong())?,
    };
    let (from, to) = cases::day_span(day).map_err(|_| wrong())?;
    let mut list = Where::default();
    list.with(&format!("{column} >= ?"), from);
    list.with(&format!("{column} < ?"), to);
    Ok(list)
}

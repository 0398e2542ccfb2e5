//! Lists as people at the console see them.

use rusqlite::{Connection, params};
use schemas::access::Role;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    error::{Error, OrNotFound as _, Result},
    identity::Principal,
    lists::{Ask, Key, Order, Page, Source, Where},
};

/// Offices that work on lists.
const OFFICES: [&str; 4] = [
    "economics-section",
    "business-office",
    "market-supervision",
    "population-office",
];

/// What a list says of a business.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RegistrationRow)]
pub struct Entry {
    /// Its credit code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Where it is registered.
    pub address: Option<String>,
    /// Its trade, a code of GB/T 4754.
    pub business_type: Option<String>,
}

/// A list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ListOut {
    /// Its number.
    pub id: i64,
    /// What people call it.
    pub name: String,
    /// Code of the area that it covers.
    pub area: String,
    /// Who took it in.
    pub by: String,
    /// When, ms.
    pub created_ms: i64,
    /// When its contents were erased, ms.
    pub erased_ms: Option<i64>,
    /// Rows that agree with our records.
    pub equal: u64,
    /// Rows that differ from our records.
    pub differs: u64,
    /// Rows that we have no record of.
    pub unknown: u64,
    /// Shops of ours that it lacks.
    pub missing: u64,
    /// Rows that nobody has marked, but for those that agree.
    pub open: u64,
}

/// An error unless a person works on lists.
pub(super) fn need_office(who: &Principal) -> Result<()> {
    let office = who.office.as_deref().unwrap_or_default();
    if who.role == Role::Supervisor || OFFICES.contains(&office) {
        Ok(())
    } else {
        Err(Error::Forbidden(
            "registration lists are not for your office",
        ))
    }
}

const LIST: &str = "SELECT l.id, l.name, l.area, l.actor, l.created_ms, l.erased_ms,
    coalesce(sum(r.status = 'equal'), 0), coalesce(sum(r.status = 'differs'), 0),
    coalesce(sum(r.status = 'unknown'), 0), coalesce(sum(r.status = 'missing'), 0),
    coalesce(sum(r.status <> 'equal' AND r.mark = 'open'), 0)
    FROM registration_list l LEFT JOIN registration_row r ON r.list = l.id";

fn out(row: &rusqlite::Row<'_>) -> rusqlite::Result<ListOut> {
    Ok(ListOut {
        id: row.get(0)?,
        name: row.get(1)?,
        area: row.get(2)?,
        by: row.get(3)?,
        created_ms: row.get(4)?,
        erased_ms: row.get(5)?,
        equal: row.get(6)?,
        differs: row.get(7)?,
        unknown: row.get(8)?,
        missing: row.get(9)?,
        open: row.get(10)?,
    })
}

/// What a list of lists is narrowed by.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct ListFilter {
    /// Part of the name.
    pub text: Option<String>,
    /// An area, or one above it.
    pub area: Option<String>,
    /// `id` (usual: the latest first), `name`, `area`; with `-` downwards.
    pub sort: Option<String>,
    /// Rows of the page, at most 200.
    pub limit: Option<usize>,
    /// Cursor of the page before.
    pub after: Option<String>,
}

const LISTS: Order = Order {
    keys: &[
        Key {
            name: "id",
            sql: "l.id",
        },
        Key {
            name: "name",
            sql: "l.name",
        },
        Key {
            name: "area",
            sql: "l.area",
        },
    ],
    id: "l.id",
    down: true,
};

/// Lists of one's areas.
pub fn lists(
    conn: &Connection,
    who: &Principal,
    filter: &ListFilter,
    ask: &Ask,
) -> Result<Page<ListOut>> {
    need_office(who)?;
    let mut list = Where::default();
    list.areas("l.area", &who.areas);
    list.grid("l.area", filter.area.as_deref())?;
    list.text(&["l.name"], filter.text.as_deref())?;
    let source = Source {
        columns: "l.id",
        from: "registration_list l",
        beside: "",
        order: &LISTS,
    };
    let page = source.page(conn, &list, ask, |row| row.get(0))?;
    page.with(|id| list_of(conn, id, who).map(Some))
}

/// One list of one's areas.
pub fn list_of(conn: &Connection, id: i64, who: &Principal) -> Result<ListOut> {
    need_office(who)?;
    let mut select = conn.prepare_cached(&format!("{LIST} WHERE l.id = ?1 GROUP BY l.id"))?;
    let found = select.query_row(params![id], out).or_not_found("list")?;
    who.need_area(&found.area, "list")?;
    Ok(found)
}

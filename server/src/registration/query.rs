//! Lists and their rows as people at the console see them.

use rusqlite::{Connection, params, params_from_iter, types::Value};
use schemas::access::Role;
use serde::{Deserialize, Serialize};
use sync_core::{
    RecordId,
    record::{FieldView, View},
};
use utoipa::{IntoParams, ToSchema};

use super::import::SEALED_AS;
use crate::{
    core::Core,
    error::{Error, OrNotFound as _, Result},
    identity::Principal,
    records,
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

/// Which rows.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct RowFilter {
    /// `equal`, `differs`, `unknown` or `missing`.
    pub status: Option<String>,
    /// `open`, `done` or `ignored`.
    pub mark: Option<String>,
    /// Rows of the page, at most 200.
    pub limit: Option<usize>,
    /// Cursor of the page before.
    pub after: Option<String>,
}

/// A shop of ours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ShopOut {
    /// Its record.
    pub id: String,
    /// Its grid.
    pub grid: String,
    /// Name on the sign.
    pub sign_name: Option<String>,
    /// Road and door number.
    pub door_no: Option<String>,
    /// Code of the business type.
    pub business_type: Option<String>,
}

/// A row of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RowOut {
    /// Its place, by which paths name it.
    pub row: u32,
    /// `equal`, `differs`, `unknown` (not in our records) or `missing` (not in the list).
    pub status: String,
    /// What the list says; null of what it lacks.
    pub entry: Option<Entry>,
    /// The shop of ours.
    pub shop: Option<ShopOut>,
    /// The name that we have, for whoever may read parties.
    pub our_name: Option<String>,
    /// Where the two differ: `name`, `business_type`.
    pub differs: Vec<String>,
    /// `open`, `done` or `ignored`.
    pub mark: String,
    /// Who marked it.
    pub marked_by: Option<String>,
    /// Why.
    pub marked_why: Option<String>,
    /// When, ms.
    pub marked_ms: Option<i64>,
    /// Where its task stands: `open`, `given` or `done`.
    pub task: Option<String>,
    /// The `ETag`.
    pub version: u64,
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

/// Lists of one's areas, the latest first, before this one.
pub fn lists(
    conn: &Connection,
    who: &Principal,
    before: i64,
    limit: usize,
) -> Result<Vec<ListOut>> {
    need_office(who)?;
    let mut values: Vec<Value> = vec![before.into()];
    let scope = who.scope_sql("l.area", &mut values);
    values.push(i64::try_from(limit).unwrap_or(i64::MAX).into());
    let sql = format!("{LIST} WHERE l.id < ? AND {scope} GROUP BY l.id ORDER BY l.id DESC LIMIT ?");
    let mut select = conn.prepare(&sql)?;
    let rows = select.query_map(params_from_iter(values), out)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// One list of one's areas.
pub fn list_of(conn: &Connection, id: i64, who: &Principal) -> Result<ListOut> {
    need_office(who)?;
    let mut select = conn.prepare_cached(&format!("{LIST} WHERE l.id = ?1 GROUP BY l.id"))?;
    let found = select.query_row(params![id], out).or_not_found("list")?;
    who.need_area(&found.area, "list")?;
    Ok(found)
}

/// Rows of a list, by place, after this one.
pub fn rows(
    conn: &Connection,
    core: &Core,
    id: i64,
    filter: &RowFilter,
    (after, limit): (i64, usize),
    who: &Principal,
) -> Result<Vec<RowOut>> {
    list_of(conn, id, who)?;
    let uid: [u8; 16] = conn.query_row(
        "SELECT uid FROM registration_list WHERE id = ?1",
        params![id],
        |row| row.get(0),
    )?;
    let key = match core.keys().get(&RecordId(uid)) {
        Err(Error::Gone(_)) => None,
        found => found?,
    };
    let schemas = core.schemas();
    let party = schemas.kind("party");
    let names = party.is_some_and(|kind| kind.may_read_kind(&who.author()));
    let mut values: Vec<Value> = vec![id.into(), after.into()];
    let mut sql = "SELECT r.ord, r.status, r.entry, r.party, r.shop, r.grid, r.differs, r.mark,
            r.mark_by, r.mark_why, r.mark_ms, t.state, r.version
         FROM registration_row r LEFT JOIN task_request t ON t.id = r.task
         WHERE r.list = ? AND r.ord > ?"
        .to_owned();
    for (column, value) in [("r.status", &filter.status), ("r.mark", &filter.mark)] {
        if let Some(value) = value {
            sql.extend([" AND ", column, " = ?"]);
            values.push(value.clone().into());
        }
    }
    sql.push_str(" ORDER BY r.ord LIMIT ?");
    values.push(i64::try_from(limit).unwrap_or(i64::MAX).into());
    let mut select = conn.prepare(&sql)?;
    let mut found = select.query(params_from_iter(values))?;
    let mut out = Vec::new();
    while let Some(row) = found.next()? {
        let sealed: Option<Vec<u8>> = row.get(2)?;
        let entry = match (sealed, &key) {
            (Some(sealed), Some(key)) => serde_json::from_slice(&key.open(SEALED_AS, &sealed)?)
                .map_err(|_| Error::Internal("a row cannot be read"))?,
            _ => None,
        };
        let id = |at| -> rusqlite::Result<Option<RecordId>> {
            Ok(row.get::<_, Option<[u8; 16]>>(at)?.map(RecordId))
        };
        let (party, shop) = (id(3)?, id(4)?);
        out.push(RowOut {
            row: row.get(0)?,
            status: row.get(1)?,
            entry,
            shop: match shop {
                Some(shop) => Some(shop_out(conn, core, &shop, row.get(5)?)?),
                None => None,
            },
            our_name: match party.filter(|_| names) {
                Some(party) => shown(conn, core, &party, &["name"])?
                    .into_iter()
                    .next()
                    .flatten(),
                None => None,
            },
            differs: words(&row.get::<_, String>(6)?),
            mark: row.get(7)?,
            marked_by: row.get(8)?,
            marked_why: row.get(9)?,
            marked_ms: row.get(10)?,
            task: row.get(11)?,
            version: row.get(12)?,
        });
    }
    Ok(out)
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

fn shop_out(conn: &Connection, core: &Core, shop: &RecordId, grid: String) -> Result<ShopOut> {
    let values = shown(conn, core, shop, &["sign_name", "door_no", "business_type"])?;
    let mut values = values.into_iter();
    let mut next = || values.next().flatten();
    Ok(ShopOut {
        id: shop.to_string(),
        grid,
        sign_name: next(),
        door_no: next(),
        business_type: next(),
    })
}

/// What a record shows in some fields; nothing where it was erased.
fn shown(
    conn: &Connection,
    core: &Core,
    id: &RecordId,
    keys: &[&str],
) -> Result<Vec<Option<String>>> {
    let stored = match records::find(conn, core.keys(), id) {
        Err(Error::Gone(_)) => None,
        found => found?,
    };
    let view = stored.map(|stored| View::of(&stored.registers));
    let value = |key: &&str| {
        let field = view.as_ref()?.fields.get(*key);
        let text = field
            .map(FieldView::shown)
            .and_then(|value| value.as_text());
        text.map(str::to_owned)
    };
    Ok(keys.iter().map(value).collect())
}

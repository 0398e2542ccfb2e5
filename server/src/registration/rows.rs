//! Rows of a list beside what we have.

use rusqlite::{Connection, Row, params};
use serde::{Deserialize, Serialize};
use sync_core::{
    RecordId,
    record::{FieldView, View},
};
use utoipa::{IntoParams, ToSchema};

use super::{Entry, import::SEALED_AS, list_of};
use crate::{
    core::Core,
    error::{Error, Result},
    identity::Principal,
    keys::RecordKey,
    lists::{Ask, Key, Order, Page, Source, Where},
    records,
};

/// Which rows.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct RowFilter {
    /// `equal`, `differs`, `unknown` or `missing`.
    pub status: Option<String>,
    /// `open`, `done` or `ignored`.
    pub mark: Option<String>,
    /// A grid of ours, or an area above it.
    pub grid: Option<String>,
    /// Where its task stands: `none`, `open`, `given` or `done`.
    pub task: Option<String>,
    /// `row` (usual), `status`, `mark`, `grid`, `marked`; with `-` downwards.
    pub sort: Option<String>,
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

const ROWS: Order = Order {
    keys: &[
        Key {
            name: "row",
            sql: "r.ord",
        },
        Key {
            name: "status",
            sql: "r.status",
        },
        Key {
            name: "mark",
            sql: "r.mark",
        },
        Key {
            name: "grid",
            sql: "coalesce(r.grid, '')",
        },
        Key {
            name: "marked",
            sql: "coalesce(r.mark_ms, 0)",
        },
    ],
    id: "r.ord",
    down: false,
};

/// Rows of a list. What it says lies sealed: rows are not found by it.
pub fn rows(
    conn: &Connection,
    core: &Core,
    id: i64,
    filter: &RowFilter,
    ask: &Ask,
    who: &Principal,
) -> Result<Page<RowOut>> {
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
    let mut list = Where::default();
    list.with("r.list = ?", id);
    list.maybe("r.status = ?", filter.status.clone());
    list.maybe("r.mark = ?", filter.mark.clone());
    list.maybe("coalesce(t.state, 'none') = ?", filter.task.clone());
    list.grid("r.grid", filter.grid.as_deref())?;
    let from = "registration_row r LEFT JOIN task_request t ON t.id = r.task";
    let source = Source {
        columns: "",
        from,
        beside: "",
        order: &ROWS,
    };
    let mut select = conn.prepare_cached(&format!(
        "SELECT r.ord, r.status, r.entry, r.party, r.shop, r.grid, r.differs, r.mark,
                r.mark_by, r.mark_why, r.mark_ms, t.state, r.version
         FROM {from} WHERE r.list = ?1 AND r.ord = ?2"
    ))?;
    let page = source.ids(conn, &list, ask)?;
    page.with(|ord| {
        let row = select.query_row(params![id, ord], RawRow::read)?;
        row.show(conn, core, key.as_ref(), names).map(Some)
    })
}

/// A row as it lies in the table: what is sealed is opened after the statement has done.
struct RawRow {
    out: RowOut,
    sealed: Option<Vec<u8>>,
    party: Option<RecordId>,
    shop: Option<(RecordId, String)>,
}

impl RawRow {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let id = |at| -> rusqlite::Result<Option<RecordId>> {
            Ok(row.get::<_, Option<[u8; 16]>>(at)?.map(RecordId))
        };
        let grid: Option<String> = row.get(5)?;
        Ok(Self {
            sealed: row.get(2)?,
            party: id(3)?,
            shop: id(4)?.map(|shop| (shop, grid.unwrap_or_default())),
            out: RowOut {
                row: row.get(0)?,
                status: row.get(1)?,
                entry: None,
                shop: None,
                our_name: None,
                differs: words(&row.get::<_, String>(6)?),
                mark: row.get(7)?,
                marked_by: row.get(8)?,
                marked_why: row.get(9)?,
                marked_ms: row.get(10)?,
                task: row.get(11)?,
                version: row.get(12)?,
            },
        })
    }

    fn show(
        self,
        conn: &Connection,
        core: &Core,
        key: Option<&RecordKey>,
        names: bool,
    ) -> Result<RowOut> {
        let mut out = self.out;
        if let (Some(sealed), Some(key)) = (&self.sealed, key) {
            let entry = serde_json::from_slice(&key.open(SEALED_AS, sealed)?);
            out.entry = entry.map_err(|_| Error::Internal("a row cannot be read"))?;
        }
        if let Some((shop, grid)) = self.shop {
            out.shop = Some(shop_out(conn, core, &shop, grid)?);
        }
        if let Some(party) = self.party.filter(|_| names) {
            let names = shown(conn, core, &party, &["name"])?;
            out.our_name = names.into_iter().next().flatten();
        }
        Ok(out)
    }
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

//! The list that anybody can draw from again, and its doors as tasks name them.

use rusqlite::{Connection, OptionalExtension as _, params};
use serde::{Deserialize, Serialize};
use sync_core::{RecordId, sync::Draw};
use utoipa::{IntoParams, ToSchema};

use super::{batch, draw::Door};
use crate::{
    error::Result,
    identity::Principal,
    lists::{Ask, Key, Order, Page, Source, Where},
};

/// A door of the list that is drawn from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FrameRow {
    /// Its place in the list.
    pub door: u32,
    /// The grid's code.
    pub grid: String,
    /// Road and number, as they are hashed.
    pub door_no: String,
    /// The unit, or nothing.
    pub unit: String,
    /// Its place among those drawn of its grid, from 0.
    pub rank: Option<u32>,
}

/// Which doors of the list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct FrameFilter {
    /// A grid, or an area above it.
    pub grid: Option<String>,
    /// Part of the door or the unit.
    pub text: Option<String>,
    /// Whether they were drawn.
    pub drawn: Option<bool>,
    /// `door` (usual: its place in the list, by which it is drawn again), `grid`, `text`, `unit`,
    /// `rank` (those that were not drawn last); with `-` downwards.
    pub sort: Option<String>,
    /// Rows of the page, at most 200.
    pub limit: Option<usize>,
    /// Cursor of the page before.
    pub after: Option<String>,
}

const ORDER: Order = Order {
    keys: &[
        Key {
            name: "door",
            sql: "d.ord",
        },
        Key {
            name: "grid",
            sql: "d.grid",
        },
        Key {
            name: "text",
            sql: "d.door",
        },
        Key {
            name: "unit",
            sql: "d.unit",
        },
        Key {
            name: "rank",
            sql: "coalesce(d.rank, 1000000)",
        },
    ],
    id: "d.ord",
    down: false,
};

/// The list that a batch draws from.
pub fn frame(
    conn: &Connection,
    id: i64,
    filter: &FrameFilter,
    ask: &Ask,
    who: &Principal,
) -> Result<Page<FrameRow>> {
    batch::visible(conn, id, who)?;
    let mut list = Where::default();
    list.with("d.batch = ?", id);
    list.grid("d.grid", filter.grid.as_deref())?;
    list.text(&["d.door", "d.unit"], filter.text.as_deref())?;
    if let Some(drawn) = filter.drawn {
        list.with("(d.rank IS NOT NULL) = ?", drawn);
    }
    let source = Source {
        columns: "",
        from: "check_door d",
        beside: "",
        order: &ORDER,
    };
    let mut select = conn.prepare_cached(
        "SELECT ord, grid, door, unit, rank FROM check_door WHERE batch = ?1 AND ord = ?2",
    )?;
    source.ids(conn, &list, ask)?.with(|ord| {
        let row = select.query_row(params![id, ord], |row| {
            Ok(FrameRow {
                door: row.get(0)?,
                grid: row.get(1)?,
                door_no: row.get(2)?,
                unit: row.get(3)?,
                rank: row.get(4)?,
            })
        });
        Ok(Some(row?))
    })
}

/// What a task says of a drawn door.
pub(crate) struct Drawn {
    /// The door's text.
    pub(crate) text: String,
    /// The shop, where the register's own doors were drawn from.
    pub(crate) shop: Option<RecordId>,
    /// What its phone needs to answer.
    pub(crate) draw: Draw,
}

/// A drawn door, for its task.
pub(crate) fn drawn(conn: &Connection, (batch, ord): (i64, u32)) -> Result<Option<Drawn>> {
    let found = conn
        .prepare_cached(
            "SELECT d.door, d.unit, d.shop, b.label, b.method
             FROM check_door d JOIN check_batch b ON b.id = d.batch
             WHERE d.batch = ?1 AND d.ord = ?2",
        )?
        .query_row(params![batch, ord], |row| {
            let door = Door {
                grid: String::new(),
                door: row.get(0)?,
                unit: row.get(1)?,
            };
            Ok(Drawn {
                text: door.text(),
                shop: row.get::<_, Option<[u8; 16]>>(2)?.map(RecordId),
                draw: Draw {
                    batch: row.get(3)?,
                    method: row.get(4)?,
                },
            })
        });
    Ok(found.optional()?)
}

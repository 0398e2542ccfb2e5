//! The list that anybody can draw from again, and its doors as tasks name them.

use rusqlite::{Connection, OptionalExtension as _, params};
use serde::Serialize;
use sync_core::{RecordId, sync::Draw};
use utoipa::ToSchema;

use super::{batch, draw::Door};
use crate::{error::Result, identity::Principal};

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

/// The list that a batch draws from, by place, after this one.
pub fn frame(
    conn: &Connection,
    id: i64,
    after: i64,
    limit: usize,
    who: &Principal,
) -> Result<Vec<FrameRow>> {
    batch::visible(conn, id, who)?;
    let mut select = conn.prepare_cached(
        "SELECT ord, grid, door, unit, rank FROM check_door WHERE batch = ?1 AND ord > ?2
         ORDER BY ord LIMIT ?3",
    )?;
    let rows = select.query_map(params![id, after, limit], |row| {
        Ok(FrameRow {
            door: row.get(0)?,
            grid: row.get(1)?,
            door_no: row.get(2)?,
            unit: row.get(3)?,
            rank: row.get(4)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
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

//! Drawing a batch: the list, the seed, what the register says now, and who is to look.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};
use sync_core::{RecordId, Sha256};

use super::{
    act::{Act, DOORS, DrawnDoor, ListedDoor},
    assign::Checkers,
    batch::{Batch, Row, batch_of, in_hand, seed},
    draw::{Door, draw},
    held::Register,
    list,
};
use crate::{
    error::{Error, Result},
    identity::Principal,
    store::Tx,
};

/// Doors that are drawn at most.
const MAX_DRAWN: usize = 2_000;

/// Draws, shows the seed, and asks checkers of other grids to look.
pub fn draw_batch(tx: &mut Tx<'_>, id: i64, version: u64, who: &Principal) -> Result<Batch> {
    let batch = in_hand(tx.conn(), id, version, who)?;
    match (batch.method.as_str(), batch.state.as_str()) {
        ("street-to-register", "listed") => {}
        ("register-to-street", "committed") => list_register(tx, &batch, who)?,
        ("street-to-register", "committed") => {
            return Err(Error::Conflict("it has no list to draw from"));
        }
        _ => return Err(Error::Conflict("it was drawn already")),
    }
    let listed = listed(tx.conn(), id)?;
    let doors: Vec<Door> = listed.iter().map(|(door, _)| door.clone()).collect();
    let seed = seed(tx, &batch.nonce)?;
    let per_grid = usize::try_from(batch.per_grid).unwrap_or(usize::MAX);
    let chosen = draw(&seed, &doors, per_grid);
    if chosen.values().map(Vec::len).sum::<usize>() > MAX_DRAWN {
        return Err(Error::TooLarge("2,000 doors of a draw"));
    }
    let mut checkers = Checkers::default();
    let mut drawn = Vec::new();
    for (grid, places) in &chosen {
        let register = Register::of_grid(tx, grid)?;
        for (rank, place) in places.iter().enumerate() {
            let Some(door) = doors.get(*place) else {
                continue;
            };
            drawn.push(DrawnDoor {
                door: u32::try_from(*place).unwrap_or(u32::MAX),
                rank: u32::try_from(rank).unwrap_or(u32::MAX),
                checker: checkers.of(tx.conn(), grid)?,
                held: register.held(tx, door)?,
            });
        }
    }
    for doors in drawn.chunks(DOORS) {
        let act = Act::Draw {
            batch: batch.label.clone(),
            seed: Sha256(seed.0),
            doors: doors.to_vec(),
        };
        act.done(tx, who, "", &batch.area)?;
    }
    batch_of(tx.conn(), id, who)
}

/// 倒查: the list is the register's own shops, as they stand now.
fn list_register(tx: &mut Tx<'_>, batch: &Row, who: &Principal) -> Result<()> {
    let grids: Vec<String> = tx
        .conn()
        .prepare_cached(
            "SELECT DISTINCT grid FROM record WHERE kind = 'shop' AND placed = 1 AND alive = 1
               AND merged_into IS NULL AND grid >= ?1 AND grid < ?1 || ':' ORDER BY grid",
        )?
        .query_map(params![batch.area], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let mut doors: BTreeMap<String, (Door, RecordId)> = BTreeMap::new();
    for grid in &grids {
        for (door, shop) in Register::of_grid(tx, grid)?.doors(grid) {
            if !door.door.is_empty() {
                // Two shops at one door are one place to look at.
                doors.entry(door.text()).or_insert((door, shop));
            }
        }
    }
    if doors.is_empty() {
        return Err(Error::Conflict(
            "the register has no shop with a door there",
        ));
    }
    if doors.len() > list::MAX_DOORS {
        return Err(Error::TooLarge("20,000 doors of a list"));
    }
    let (frame, rows): (Vec<Door>, Vec<ListedDoor>) = doors
        .into_values()
        .map(|(door, shop)| {
            let row = ListedDoor {
                grid: door.grid.clone(),
                door: door.door.clone(),
                unit: door.unit.clone(),
                shop: Some(shop),
            };
            (door, row)
        })
        .unzip();
    list::write(tx, batch, &frame, rows, who)
}

fn listed(conn: &Connection, batch: i64) -> Result<Vec<(Door, u32)>> {
    let mut select = conn.prepare_cached(
        "SELECT grid, door, unit, ord FROM check_door WHERE batch = ?1 ORDER BY ord",
    )?;
    let rows = select.query_map(params![batch], |row| {
        let door = Door {
            grid: row.get(0)?,
            door: row.get(1)?,
            unit: row.get(2)?,
        };
        Ok((door, row.get(3)?))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

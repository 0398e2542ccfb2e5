//! Working a list off: marking rows, asking inspectors, erasing what is done.

use rusqlite::{OptionalExtension as _, params};
use schemas::area::Level;
use serde::Deserialize;
use sync_core::{DeviceId, RecordId};
use utoipa::ToSchema;

use super::{
    act::{Act, list_id},
    query::list_of,
};
use crate::{
    cases::{self, TaskRequest},
    devices::roster,
    error::{Error, OrNotFound as _, Result},
    identity::Principal,
    store::Tx,
};

/// What became of a row.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RowMarkInput)]
pub struct MarkInput {
    /// `done`, `ignored`, or `open` again.
    pub mark: String,
    /// Why.
    pub reason: String,
}

/// A task for the inspector of the row's grid.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TaskInput {
    /// What to find out, without names.
    pub reason: String,
    /// The grid, where we have no shop yet: by the address that the list gives.
    pub grid: Option<String>,
}

struct Row {
    list: RecordId,
    area: String,
    status: String,
    grid: Option<String>,
    task: Option<String>,
}

fn in_hand(tx: &Tx<'_>, (id, row): (i64, u32), version: u64, who: &Principal) -> Result<Row> {
    let list = list_of(tx.conn(), id, who)?;
    let found = tx
        .conn()
        .prepare_cached(
            "SELECT l.uid, r.status, r.grid, t.state, r.version
             FROM registration_row r JOIN registration_list l ON l.id = r.list
             LEFT JOIN task_request t ON t.id = r.task WHERE r.list = ?1 AND r.ord = ?2",
        )?
        .query_row(params![id, row], |row| {
            let found = Row {
                list: RecordId(row.get(0)?),
                area: list.area.clone(),
                status: row.get(1)?,
                grid: row.get(2)?,
                task: row.get(3)?,
            };
            Ok((found, row.get::<_, u64>(4)?))
        });
    let (found, now) = found.or_not_found("row")?;
    if now == version {
        Ok(found)
    } else {
        Err(Error::Stale)
    }
}

/// Marks a row; its version now.
pub fn mark(
    tx: &mut Tx<'_>,
    at: (i64, u32),
    version: u64,
    input: &MarkInput,
    who: &Principal,
) -> Result<u64> {
    let row = in_hand(tx, at, version, who)?;
    if !["open", "done", "ignored"].contains(&input.mark.as_str()) {
        return Err(Error::invalid("mark", "open, done or ignored"));
    }
    let act = Act::Mark {
        list: row.list,
        row: at.1,
        mark: input.mark.clone(),
    };
    let grid = row.grid.unwrap_or(row.area);
    act.done(tx, who, &input.reason, &grid)?;
    Ok(version + 1)
}

/// Writes a mark.
pub(super) fn put_mark(
    tx: &Tx<'_>,
    list: &RecordId,
    row: u32,
    mark: &str,
    (by, reason): (&str, &str),
) -> Result<()> {
    tx.conn().execute(
        "UPDATE registration_row SET mark = ?3, mark_by = ?4, mark_why = ?5, mark_ms = ?6,
                                     version = version + 1
         WHERE list = ?1 AND ord = ?2",
        params![list_id(tx, list)?, row, mark, by, reason, tx.now_ms()],
    )?;
    Ok(())
}

/// 补采: asks the inspector of the grid; the row's version now.
pub fn give_task(
    tx: &mut Tx<'_>,
    at: (i64, u32),
    version: u64,
    input: &TaskInput,
    who: &Principal,
) -> Result<u64> {
    let row = in_hand(tx, at, version, who)?;
    if row.status == "equal" {
        return Err(Error::Conflict("there is nothing to find out"));
    }
    if row.task.is_some_and(|state| state != "done") {
        return Err(Error::Conflict("a task of this row is under way"));
    }
    let grid = match (row.grid, &input.grid) {
        (Some(own), None) => own,
        (Some(own), Some(given)) if own == *given => own,
        (Some(_), Some(_)) => return Err(Error::invalid("grid", "the shop stands in another")),
        (None, Some(given))
            if Level::of_code(given) == Some(Level::Grid)
                && given.starts_with(row.area.as_str()) =>
        {
            given.clone()
        }
        (None, _) => return Err(Error::invalid("grid", "a grid of the list's area")),
    };
    let device = roster::phone_of_grid(tx.conn(), &grid)?;
    let device = device.ok_or(Error::Conflict("nobody with a phone walks this grid"))?;
    let act = Act::Task {
        list: row.list,
        row: at.1,
        grid: grid.clone(),
        device,
    };
    act.done(tx, who, &input.reason, &grid)?;
    Ok(version + 1)
}

/// Notes that a task is to be given, and which it is.
pub(super) fn ask(
    tx: &Tx<'_>,
    list: &RecordId,
    row: u32,
    (grid, device): (&str, DeviceId),
    (by, reason): (&str, &str),
) -> Result<()> {
    let id = list_id(tx, list)?;
    let shop: Option<[u8; 16]> = tx
        .conn()
        .query_row(
            "SELECT shop FROM registration_row WHERE list = ?1 AND ord = ?2",
            params![id, row],
            |row| row.get(0),
        )
        .optional()?
        .flatten();
    let task = TaskRequest {
        kind: "recollect",
        item: None,
        case: None,
        record: shop.map(RecordId),
        grid: grid.to_owned(),
        device: Some(device),
        reason: reason.to_owned(),
        door: None,
        due_ms: None,
    };
    cases::request(tx, by, &task)?;
    tx.conn().execute(
        "UPDATE registration_row SET task = ?3, version = version + 1
         WHERE list = ?1 AND ord = ?2",
        params![id, row, tx.conn().last_insert_rowid()],
    )?;
    Ok(())
}

/// Erases what a list says, for good: how its rows compared and were marked stays.
pub fn erase(tx: &mut Tx<'_>, id: i64, reason: &str, who: &Principal) -> Result<()> {
    let list = list_of(tx.conn(), id, who)?;
    if list.erased_ms.is_some() {
        return Err(Error::Gone("erased"));
    }
    let uid = tx.conn().query_row(
        "SELECT uid FROM registration_list WHERE id = ?1",
        params![id],
        |row| row.get(0),
    )?;
    let act = Act::Erase {
        list: RecordId(uid),
    };
    act.done(tx, who, reason, &list.area)
}

/// Destroys the list's key and what lay under it.
pub(super) fn forget(tx: &Tx<'_>, list: &RecordId) -> Result<()> {
    let id = list_id(tx, list)?;
    tx.core().keys().erase(list)?;
    tx.conn().execute(
        "UPDATE registration_row SET entry = NULL WHERE list = ?1",
        params![id],
    )?;
    tx.conn().execute(
        "UPDATE registration_list SET erased_ms = ?2 WHERE id = ?1",
        params![id, tx.now_ms()],
    )?;
    Ok(())
}

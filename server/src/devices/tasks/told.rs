//! What phones are told of tasks.

use rusqlite::{OptionalExtension as _, params};
use schemas::Scalar;
use sync_core::{
    DeviceId, RecordId,
    record::{FieldView, View},
    sync::{DeviceItem, Task},
};

use super::{SPOT_CHECK, due_ms};
use crate::{
    checks,
    devices::roster,
    error::{Error, Result},
    records,
    store::Tx,
};

/// Tasks that a new phone is told of at most.
const MAX_OPEN: i64 = 500;

/// Tells every phone of the inspector behind a device.
pub(super) fn tell_all(tx: &mut Tx<'_>, device: DeviceId, task: &Task) -> Result<()> {
    for phone in roster::confirmed(tx.conn(), device)? {
        tx.tell(phone, &DeviceItem::Task(task.clone()))?;
    }
    Ok(())
}

/// Tells a phone of the tasks that its inspector was given before he had it.
pub(in crate::devices) fn tell_open(tx: &mut Tx<'_>, device: DeviceId) -> Result<()> {
    let open: Vec<(i64, [u8; 16])> = tx
        .conn()
        .prepare_cached(
            "SELECT t.id, t.task FROM task_request t JOIN device asked ON asked.id = t.device
             JOIN device own ON own.inspector = asked.inspector
             WHERE own.id = ?1 AND t.state = 'given' AND t.task IS NOT NULL
             ORDER BY t.id DESC LIMIT ?2",
        )?
        .query_map(params![device.0, MAX_OPEN], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?
        .collect::<rusqlite::Result<_>>()?;
    for (request, id) in open.into_iter().rev() {
        if let Some(task) = told(tx, request, &RecordId(id))? {
            tx.tell(device, &DeviceItem::Task(task))?;
        }
    }
    Ok(())
}

/// What phones are told of a task: as its record has it, none once that was erased.
pub(super) fn told(tx: &Tx<'_>, request: i64, id: &RecordId) -> Result<Option<Task>> {
    let stored = match records::find(tx.conn(), tx.core().keys(), id) {
        // With the question in it.
        Err(Error::Gone(_)) | Ok(None) => return Ok(None),
        found => found?.ok_or(Error::Internal("a task that was given is not there"))?,
    };
    let asked: Option<(i64, Option<(i64, u32)>)> = tx
        .conn()
        .prepare_cached(
            "SELECT coalesce(due_ms, created_ms + ?2), batch, door FROM task_request
             WHERE id = ?1",
        )?
        .query_row(params![request, due_ms(0)], |row| {
            Ok((row.get(0)?, Option::zip(row.get(1)?, row.get(2)?)))
        })
        .optional()?;
    let door = asked.and_then(|(_, door)| door);
    let view = View::of(&stored.registers);
    let text = |key: &str| {
        let field = view.fields.get(key);
        let value = field.and_then(|field| field.shown().as_text());
        value.unwrap_or_default().to_owned()
    };
    let reference = |key: &str| match view.fields.get(key).map(FieldView::shown) {
        Some(Scalar::Bytes(bytes)) => RecordId::from_slice(bytes).ok(),
        _ => None,
    };
    Ok(Some(Task {
        id: *id,
        task_type: text("type"),
        door: text("door"),
        question: text("question"),
        due_ms: asked.map(|(due_ms, _)| due_ms),
        closed: None,
        about: reference("finding").or_else(|| reference("resident")),
        shop: reference("shop"),
        draw: match door.filter(|_| text("type") == SPOT_CHECK) {
            Some(door) => checks::drawn(tx.conn(), door)?.map(|drawn| drawn.draw),
            None => None,
        },
    }))
}

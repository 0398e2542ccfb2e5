//! What phones bring: a spot check answers its door, a task says that its inspector appeals.

use rusqlite::{OptionalExtension as _, params};
use sync_core::{
    DeviceId, RecordId,
    record::{FieldView, View},
};

use super::{act::Person, apply, draw::Door, held::Seen, told};
use crate::{
    app::News,
    error::{Error, Result},
    records::Stored,
    store::Tx,
};

/// What a spot check's answer is sealed as, under its record's key.
pub(super) const SEALED_AS: &[u8] = b"seen";

/// A record of kind `spot-check` was written to by a phone: the first such change by the checker
/// answers the door. Whatever he changes after he was shown the register counts for nothing.
pub(crate) fn answered(tx: &mut Tx<'_>, device: DeviceId, stored: &Stored) -> Result<()> {
    let view = View::of(&stored.registers);
    let text = |key: &str| {
        let shown = view.fields.get(key).map(FieldView::shown);
        shown.and_then(|value| value.as_text()).unwrap_or_default()
    };
    // A door is seen, or there is nothing to judge yet.
    if !view.fields.contains_key("seen_shop") {
        return Ok(());
    }
    let mut select = tx.conn().prepare_cached(
        "SELECT d.batch, d.ord, d.grid, d.door, d.unit
         FROM device p JOIN inspector i ON i.id = p.inspector
         JOIN check_door d ON d.checker = i.code AND d.state = 'drawn'
         JOIN check_batch b ON b.id = d.batch
         WHERE p.id = ?1 AND b.label = ?2 AND b.state = 'drawn'",
    )?;
    let rows = select.query_map(params![device.0, text("batch")], |row| {
        let door = Door {
            grid: row.get(2)?,
            door: row.get(3)?,
            unit: row.get(4)?,
        };
        Ok((row.get::<_, i64>(0)?, row.get::<_, u32>(1)?, door))
    })?;
    let open: Vec<(i64, u32, Door)> = rows.collect::<rusqlite::Result<_>>()?;
    let mut open = open.into_iter();
    let Some((batch, ord, door)) = open.find(|(.., door)| door.text() == text("door")) else {
        return Ok(());
    };
    let seen = serde_json::to_vec(&Seen::of(&view))
        .map_err(|_| Error::Internal("what was seen cannot be written"))?;
    let seen = match &stored.key {
        Some(key) => key.seal(SEALED_AS, &seen)?,
        None => seen,
    };
    tx.conn()
        .prepare_cached(
            "UPDATE check_door SET state = 'answered', record = ?3, seen = ?4, answered_ms = ?5,
                                   version = version + 1
             WHERE batch = ?1 AND ord = ?2",
        )?
        .execute(params![batch, ord, stored.id.0, seen, tx.now_ms()])?;
    tx.announce(News::Review(door.grid));
    told::tell_door(tx, batch, ord)
}

/// An inspector answered the task that told him of a judgement: what he wrote is his appeal, if
/// he wrote something and in time. The words stay in the task's record.
pub(crate) fn appealed(tx: &mut Tx<'_>, task: &RecordId, said: &str) -> Result<()> {
    if said.trim().is_empty() {
        return Ok(());
    }
    let found: Option<(i64, u32, String, String)> = tx
        .conn()
        .prepare_cached(
            "SELECT d.batch, d.ord, d.grid, i.code
             FROM task_request t JOIN check_door d ON d.batch = t.batch AND d.ord = t.door
             JOIN check_batch b ON b.id = d.batch
             JOIN device p ON p.id = t.device JOIN inspector i ON i.id = p.inspector
             WHERE t.task = ?1 AND t.type = 'appeal' AND d.state = 'judged' AND d.until_ms >= ?2
               AND b.state = 'drawn'",
        )?
        .query_row(params![task.0, tx.now_ms()], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })
        .optional()?;
    let Some((batch, ord, grid, code)) = found else {
        return Ok(());
    };
    tx.conn().execute(
        "UPDATE check_door SET state = 'appealed', appeal_task = ?3, version = version + 1
         WHERE batch = ?1 AND ord = ?2",
        params![batch, ord, task.0],
    )?;
    let by = Person {
        login: &code,
        reason: "",
    };
    apply::step(tx, batch, ord, "appeal", None, by)?;
    tx.announce(News::Review(grid));
    told::tell_door(tx, batch, ord)
}

//! Tasks that wait to be given to an inspector's phone: 补采 collect again, 核查 verify, 抽查 spot
//! check, 申诉 appeal.

use rusqlite::params;
use sync_core::{DeviceId, RecordId};

use super::store::CaseRow;
use crate::{error::Result, store::Tx};

/// What to ask an inspector for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskRequest {
    /// A code of the list `task-type`: `recollect`, `verify`, `spot-check`, `appeal`.
    pub kind: &'static str,
    /// The item that it comes from.
    pub item: Option<i64>,
    /// The case that it comes from.
    pub case: Option<i64>,
    /// The record that it is about.
    pub record: Option<RecordId>,
    /// Its grid.
    pub grid: String,
    /// Whom to ask: the device that collected it. For `verify` whoever comes from another grid.
    pub device: Option<DeviceId>,
    /// What to do, in the clerk's words.
    pub reason: String,
    /// The door of a spot check: its batch and its place in the list.
    pub door: Option<(i64, u32)>,
    /// When it is due, ms, if not in the usual time.
    pub due_ms: Option<i64>,
}

/// Notes that a task is to be given.
pub fn request(tx: &Tx<'_>, by: &str, task: &TaskRequest) -> Result<()> {
    tx.conn()
        .prepare_cached(
            "INSERT INTO task_request (type, item, case_id, record, grid, device, actor, reason,
                                       created_ms, state, batch, door, due_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 'open', ?10, ?11, ?12)",
        )?
        .execute(params![
            task.kind,
            task.item,
            task.case,
            task.record.map(|record| record.0),
            task.grid,
            task.device.map(|device| device.0),
            by,
            task.reason,
            tx.now_ms(),
            task.door.map(|(batch, _)| batch),
            task.door.map(|(_, door)| door),
            task.due_ms,
        ])?;
    Ok(())
}

/// Somebody of another grid is to see whether a case is settled.
pub(super) fn verify(tx: &Tx<'_>, case: &CaseRow, by: &str) -> Result<()> {
    let task = TaskRequest {
        kind: "verify",
        item: None,
        case: Some(case.id),
        record: case.record.or(case.shop),
        grid: case.grid.clone(),
        device: None,
        reason: String::new(),
        door: None,
        due_ms: None,
    };
    request(tx, by, &task)
}

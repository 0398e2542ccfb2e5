//! When cases are due: counted again whenever something starts, stops, ends or is extended.

use rusqlite::{Connection, params};
use schemas::{
    SchemaSet,
    class::{Limit, Milestone},
};
use serde::Serialize;

use super::{
    clock::{Due, Left, Pause, Timer, UnknownYear, WorkTime, due, left},
    state::{CaseType, State},
    store::{self, CaseRow, MilestoneRow},
};
use crate::error::{Error, Result};

/// Whether a clock runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DueState {
    /// Nothing is to be done by a time: not assigned yet, ended, or without a limit.
    None,
    /// It runs.
    Running,
    /// It stands still.
    Paused,
    /// It leads into a year of which no holidays are known: 日历缺失.
    Unknown,
}

impl DueState {
    /// Its code.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Unknown => "unknown",
        }
    }
}

impl rusqlite::types::FromSql for DueState {
    fn column_result(value: rusqlite::types::ValueRef<'_>) -> rusqlite::types::FromSqlResult<Self> {
        Ok(match value.as_str()? {
            "running" => Self::Running,
            "paused" => Self::Paused,
            "unknown" => Self::Unknown,
            _ => Self::None,
        })
    }
}

/// Starts the clocks of a case's class, or of its rule.
pub(super) fn start(conn: &Connection, schemas: &SchemaSet, case: &CaseRow) -> Result<()> {
    let mut insert = conn.prepare_cached(
        "INSERT INTO case_milestone (case_id, at, name, clock, within, extra, bound, due_state)
         VALUES (?1, ?2, ?3, ?4, ?5, 0, ?6, 'running')",
    )?;
    let mut add = |at: usize, name: &str, limit: Limit, extension: Option<u32>| {
        // Where no rule says how much more may be granted: as much again, once.
        let bound = extension.unwrap_or(limit.within);
        insert.execute(params![
            case.id,
            at,
            name,
            limit.clock.as_str(),
            limit.within,
            bound
        ])
    };
    match case.case {
        CaseType::Finding => {
            let class = schemas.finding_class(&case.class);
            let milestones: &[Milestone] = class.map_or(&[], |class| &class.milestones);
            for (at, milestone) in milestones.iter().enumerate() {
                add(at, &milestone.name, milestone.limit, milestone.extension)?;
            }
        }
        CaseType::Business => {
            let limit = schemas.rules().get(&case.class).and_then(|rule| rule.limit);
            if let Some(limit) = limit {
                add(0, "close", limit, None)?;
            }
        }
    }
    Ok(())
}

/// Counts the due times of a case again.
pub(super) fn refresh(conn: &Connection, schemas: &SchemaSet, id: i64) -> Result<()> {
    let case = store::get(conn, id)?;
    let clocks = Clocks::of(conn, schemas, &case)?;
    let mut first: Option<i64> = None;
    let mut shown = DueState::None;
    for row in store::milestones(conn, id)? {
        if row.done_ms.is_some() {
            continue;
        }
        let (due_ms, state) = clocks.due(&row);
        conn.prepare_cached(
            "UPDATE case_milestone SET due_ms = ?3, due_state = ?4 WHERE case_id = ?1 AND at = ?2",
        )?
        .execute(params![id, row.at, due_ms, state.as_str()])?;
        // The one that is due first; what is not known shows only if nothing is.
        if let Some(due) = due_ms {
            first = Some(first.map_or(due, |first| first.min(due)));
            shown = DueState::Running;
        } else if first.is_none() && shown == DueState::None {
            shown = state;
        }
    }
    if case.state == State::Postponed && clocks.stands() {
        shown = DueState::Paused;
    }
    if case.state.is_final() {
        (first, shown) = (None, DueState::None);
    }
    conn.prepare_cached("UPDATE case_file SET due_ms = ?2, due_state = ?3 WHERE id = ?1")?
        .execute(params![id, first, shown.as_str()])?;
    Ok(())
}

/// By when an item is to be settled that is no case, where its rule says so.
pub(super) fn of_item(
    schemas: &SchemaSet,
    rule: &str,
    grid: &str,
    created_ms: i64,
) -> (Option<i64>, DueState) {
    let limit = schemas.rules().get(rule).and_then(|rule| rule.limit);
    let (Some(limit), Some(settings)) = (limit, schemas.settings(grid)) else {
        return (None, DueState::None);
    };
    let timer = Timer {
        start_ms: created_ms,
        limit,
        pauses: &[],
    };
    match due(&timer, &WorkTime::of(schemas.calendar(), settings)) {
        Ok(Due::At(ms)) => (Some(ms), DueState::Running),
        Ok(Due::Paused) => (None, DueState::Paused),
        Err(UnknownYear) => (None, DueState::Unknown),
    }
}

/// Counts all open cases and items again: after another calendar or other working hours came into
/// force.
pub fn refresh_all(conn: &Connection, schemas: &SchemaSet) -> Result<()> {
    let mut select = conn.prepare(
        "SELECT id FROM case_file
         WHERE assigned_ms IS NOT NULL AND state NOT IN ('closed', 'void', 'joined')",
    )?;
    let ids = select.query_map([], |row| row.get(0))?;
    for id in ids.collect::<rusqlite::Result<Vec<i64>>>()? {
        refresh(conn, schemas, id)?;
    }
    let mut select = conn
        .prepare("SELECT id, rule, grid, created_ms FROM item WHERE state IN ('open', 'back')")?;
    let items = select.query_map([], |row| {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
    })?;
    for (id, rule, grid, created_ms) in
        items.collect::<rusqlite::Result<Vec<(i64, String, String, i64)>>>()?
    {
        let (due_ms, state) = of_item(schemas, &rule, &grid, created_ms);
        conn.prepare_cached("UPDATE item_ref SET due_ms = ?2, due_state = ?3 WHERE item = ?1")?
            .execute(params![id, due_ms, state.as_str()])?;
    }
    Ok(())
}

/// What the clocks of a case need.
pub(super) struct Clocks<'a> {
    start_ms: Option<i64>,
    pauses: Vec<Pause>,
    work: WorkTime<'a>,
}

impl<'a> Clocks<'a> {
    pub(super) fn of(conn: &Connection, schemas: &'a SchemaSet, case: &CaseRow) -> Result<Self> {
        let mut select = conn.prepare_cached(
            "SELECT from_ms, to_ms FROM case_pause WHERE case_id = ?1 ORDER BY from_ms",
        )?;
        let pauses = select.query_map(params![case.id], |row| {
            Ok(Pause {
                from_ms: row.get(0)?,
                to_ms: row.get(1)?,
            })
        })?;
        let settings = schemas.settings(&case.grid);
        let settings = settings.ok_or(Error::Internal("no settings hold for a grid"))?;
        Ok(Self {
            start_ms: case.assigned_ms,
            pauses: pauses.collect::<rusqlite::Result<_>>()?,
            work: WorkTime::of(schemas.calendar(), settings),
        })
    }

    fn timer(&self, row: &MilestoneRow) -> Option<Timer<'_>> {
        Some(Timer {
            start_ms: self.start_ms?,
            limit: Limit {
                clock: row.clock,
                within: row.within.saturating_add(row.extra),
            },
            pauses: &self.pauses,
        })
    }

    fn due(&self, row: &MilestoneRow) -> (Option<i64>, DueState) {
        let Some(timer) = self.timer(row) else {
            return (None, DueState::None);
        };
        match due(&timer, &self.work) {
            Ok(Due::At(ms)) => (Some(ms), DueState::Running),
            Ok(Due::Paused) => (None, DueState::Paused),
            Err(UnknownYear) => (None, DueState::Unknown),
        }
    }

    /// What is left of a milestone; none where the calendar does not say.
    pub(super) fn left(&self, row: &MilestoneRow, now_ms: i64) -> Option<Left> {
        left(&self.timer(row)?, &self.work, row.done_ms.unwrap_or(now_ms)).ok()
    }

    /// Whether they stand still without a known end.
    fn stands(&self) -> bool {
        self.pauses
            .last()
            .is_some_and(|pause| pause.to_ms.is_none())
    }
}

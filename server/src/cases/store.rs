//! Rows of cases.

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use schemas::{SchemaSet, class::Clock};
use sync_core::RecordId;

use super::{
    due::DueState,
    facts::{Asked, Facts, Milestone},
    state::{CaseType, State},
    table::BUSINESS_OFFICE,
};
use crate::error::{Error, OrNotFound as _, Result};

/// What people call a case that is not there for them.
pub(crate) const CASE: &str = "case";

/// A case's row.
#[derive(Clone, Debug)]
pub(super) struct CaseRow {
    pub(super) id: i64,
    pub(super) uid: [u8; 16],
    pub(super) number: Option<String>,
    pub(super) case: CaseType,
    pub(super) class: String,
    pub(super) severity: Option<String>,
    pub(super) grid: String,
    pub(super) record: Option<RecordId>,
    pub(super) shop: Option<RecordId>,
    pub(super) source: String,
    pub(super) state: State,
    pub(super) before: Option<State>,
    pub(super) office: String,
    pub(super) handler: Option<String>,
    pub(super) received_ms: i64,
    pub(super) filed_ms: Option<i64>,
    pub(super) assigned_ms: Option<i64>,
    pub(super) closed_ms: Option<i64>,
    pub(super) due_ms: Option<i64>,
    pub(super) due_state: DueState,
    pub(super) returns: u32,
    pub(super) reworks: u32,
    pub(super) asked: Option<Asked>,
    pub(super) joined_into: Option<i64>,
    pub(super) version: u64,
}

/// The columns that [`read`] reads.
pub(super) const COLUMNS: &str = "id, uid, number, type, class, severity, grid, record, shop, \
     source, state, before, office, handler, received_ms, filed_ms, assigned_ms, closed_ms, \
     due_ms, due_state, returns, reworks, asked, asked_at, asked_amount, asked_until, \
     joined_into, version";

pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<CaseRow> {
    let id_at = |at: &str| -> rusqlite::Result<Option<RecordId>> {
        Ok(row.get::<_, Option<[u8; 16]>>(at)?.map(RecordId))
    };
    let asked: Option<String> = row.get("asked")?;
    let asked = match asked.as_deref() {
        Some("extension") => Some(Asked::Extension {
            milestone: row.get("asked_at")?,
            amount: row.get("asked_amount")?,
        }),
        Some(_) => Some(Asked::Postponement {
            until_ms: row.get("asked_until")?,
        }),
        None => None,
    };
    Ok(CaseRow {
        id: row.get("id")?,
        uid: row.get("uid")?,
        number: row.get("number")?,
        case: row.get("type")?,
        class: row.get("class")?,
        severity: row.get("severity")?,
        grid: row.get("grid")?,
        record: id_at("record")?,
        shop: id_at("shop")?,
        source: row.get("source")?,
        state: row.get("state")?,
        before: row.get("before")?,
        office: row.get("office")?,
        handler: row.get("handler")?,
        received_ms: row.get("received_ms")?,
        filed_ms: row.get("filed_ms")?,
        assigned_ms: row.get("assigned_ms")?,
        closed_ms: row.get("closed_ms")?,
        due_ms: row.get("due_ms")?,
        due_state: row.get("due_state")?,
        returns: row.get("returns")?,
        reworks: row.get("reworks")?,
        asked,
        joined_into: row.get("joined_into")?,
        version: row.get("version")?,
    })
}

/// The case with this public id.
pub(super) fn find(conn: &Connection, uid: &[u8; 16]) -> Result<CaseRow> {
    let sql = format!("SELECT {COLUMNS} FROM case_file WHERE uid = ?1");
    conn.prepare_cached(&sql)?
        .query_row(params![uid], read)
        .or_not_found(CASE)
}

/// The case with this number in the tables.
pub(super) fn get(conn: &Connection, id: i64) -> Result<CaseRow> {
    let sql = format!("SELECT {COLUMNS} FROM case_file WHERE id = ?1");
    conn.prepare_cached(&sql)?
        .query_row(params![id], read)
        .or_not_found(CASE)
}

/// A milestone's row.
#[derive(Clone, Debug)]
pub(super) struct MilestoneRow {
    pub(super) at: usize,
    pub(super) name: String,
    pub(super) clock: Clock,
    pub(super) within: u32,
    pub(super) extra: u32,
    pub(super) bound: u32,
    pub(super) due_ms: Option<i64>,
    pub(super) due_state: DueState,
    pub(super) done_ms: Option<i64>,
}

/// The milestones of a case, in order.
pub(super) fn milestones(conn: &Connection, case: i64) -> Result<Vec<MilestoneRow>> {
    let mut select = conn.prepare_cached(
        "SELECT at, name, clock, within, extra, bound, due_ms, due_state, done_ms
         FROM case_milestone WHERE case_id = ?1 ORDER BY at",
    )?;
    let rows = select.query_map(params![case], |row| {
        let clock: String = row.get(2)?;
        let clock = Clock::parse(&clock).ok_or(rusqlite::types::FromSqlError::InvalidType)?;
        Ok(MilestoneRow {
            at: row.get(0)?,
            name: row.get(1)?,
            clock,
            within: row.get(3)?,
            extra: row.get(4)?,
            bound: row.get(5)?,
            due_ms: row.get(6)?,
            due_state: row.get(7)?,
            done_ms: row.get(8)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// What steps need to know of it.
pub(super) fn facts(conn: &Connection, schemas: &SchemaSet, case: &CaseRow) -> Result<Facts> {
    let rows = milestones(conn, case.id)?;
    let milestones = rows.into_iter().map(|row| Milestone {
        name: row.name,
        within: row.within,
        extra: row.extra,
        bound: row.bound,
        done: row.done_ms.is_some(),
        due_ms: row.due_ms,
    });
    let handlers = match case.case {
        CaseType::Finding => {
            let class = schemas.finding_class(&case.class);
            class
                .map(|class| class.handlers.clone())
                .unwrap_or_default()
        }
        CaseType::Business => vec![BUSINESS_OFFICE.to_owned()],
    };
    Ok(Facts {
        case: case.case,
        state: case.state,
        before: case.before,
        office: case.office.clone(),
        returns: case.returns,
        handlers,
        milestones: milestones.collect(),
        asked: case.asked.clone(),
    })
}

/// A case that is not there yet.
#[derive(Clone, Debug)]
pub(super) struct NewCase {
    pub(super) uid: [u8; 16],
    pub(super) case: CaseType,
    pub(super) class: String,
    pub(super) severity: Option<String>,
    pub(super) grid: String,
    pub(super) record: Option<RecordId>,
    pub(super) shop: Option<RecordId>,
    pub(super) source: String,
    pub(super) received_ms: i64,
}

/// Writes a case that waits to be taken up; its number in the tables.
pub(super) fn insert(conn: &Connection, case: &NewCase) -> Result<i64> {
    let bytes = |id: &Option<RecordId>| id.map(|id| id.0);
    conn.prepare_cached(
        "INSERT INTO case_file (uid, type, class, severity, grid, street, record, shop, source,
                                state, office, received_ms, due_state)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, 'none')",
    )?
    .execute(params![
        case.uid,
        case.case,
        case.class,
        case.severity,
        case.grid,
        street(&case.grid),
        bytes(&case.record),
        bytes(&case.shop),
        case.source,
        State::Pending,
        case.case.lead(),
        case.received_ms,
    ])?;
    Ok(conn.last_insert_rowid())
}

/// Something was added to a case: its version rises.
pub(super) fn touch(conn: &Connection, id: i64) -> Result<()> {
    let sql = "UPDATE case_file SET version = version + 1 WHERE id = ?1";
    conn.prepare_cached(sql)?.execute(params![id])?;
    Ok(())
}

/// The street of a grid: its first nine digits.
pub(super) fn street(grid: &str) -> &str {
    grid.get(..9).unwrap_or(grid)
}

/// The next number of a street and day, `20261122-000123`; or `given`, which is then the last.
pub(super) fn number(
    conn: &Connection,
    grid: &str,
    day: &str,
    given: Option<&str>,
) -> Result<String> {
    let last: Option<i64> = conn
        .prepare_cached("SELECT last FROM case_counter WHERE street = ?1 AND day = ?2")?
        .query_row(params![street(grid), day], |row| row.get(0))
        .optional()?;
    let next = last.unwrap_or_default() + 1;
    let (day, next) = match given {
        None => (day, next),
        Some(given) => {
            let parts = given.split_once('-');
            let parsed = parts.and_then(|(day, n)| Some((day, n.parse::<i64>().ok()?)));
            parsed.ok_or(Error::Malformed("a case's number"))?
        }
    };
    conn.prepare_cached(
        "INSERT INTO case_counter (street, day, last) VALUES (?1, ?2, ?3)
         ON CONFLICT DO UPDATE SET last = max(last, excluded.last)",
    )?
    .execute(params![street(grid), day, next])?;
    Ok(format!("{day}-{next:06}"))
}

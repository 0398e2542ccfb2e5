//! One case with its ledger, clocks and photos.

use rusqlite::{Connection, OptionalExtension as _, params};
use schemas::SchemaSet;
use serde::Serialize;

use super::{CaseSummary, Subject, filter::need_case};
use crate::{
    cases::{
        clock::Left,
        due::{Clocks, DueState},
        facts::Asked,
        gather::{self, Gathered},
        licences::{self, LicenceHelp},
        open::may_know,
        state::{State, Step},
        store::{self, CASE, CaseRow},
        table::TABLE,
    },
    error::{Error, Result},
    hex::{hex, unhex},
    records::{
        self,
        detail::{Reader, RecordOut},
    },
};

/// A milestone as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct MilestoneView {
    /// Name within the class: `stop`, `penalty`, `close`.
    pub name: String,
    /// `natural_hours`, `working_hours`, `working_days`.
    pub clock: String,
    /// Hours or days given at first.
    pub within: u32,
    /// Granted since.
    pub extra: u32,
    /// How much may be granted in all.
    pub bound: u32,
    /// When it is due.
    pub due_ms: Option<i64>,
    /// Whether its clock runs.
    pub due_state: DueState,
    /// When it was reached.
    pub done_ms: Option<i64>,
    /// Past its time, or reached past it.
    pub over: bool,
    /// What is left on a clock of hours, ms of that clock; below zero past the time.
    pub left_ms: Option<i64>,
    /// Working days whose end is still to come; below zero past the time.
    pub left_days: Option<i64>,
}

/// A row of the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Entry {
    /// Its place, from 1.
    pub ord: i64,
    /// A step, or `open`, `joined_by`, `gather`, `opinion`, `licence`.
    pub step: String,
    /// Where the case stood.
    pub from: Option<State>,
    /// Where it stood then.
    pub to: State,
    /// Sign-in name; none where a rule did it.
    pub actor: Option<String>,
    /// Role of the actor.
    pub role: Option<String>,
    /// Office of the actor.
    pub office: Option<String>,
    /// Office that it went to.
    pub to_office: Option<String>,
    /// Who was to work on it.
    pub handler: Option<String>,
    /// Milestone that was reached or is to be extended; of `licence`, its type.
    pub milestone: Option<String>,
    /// Hours or days.
    pub amount: Option<u32>,
    /// Until when it is put off.
    pub until_ms: Option<i64>,
    /// Staff number of whoever went to see; only for those who may know.
    pub verifier: Option<String>,
    /// The other case, where two were joined.
    pub other: Option<String>,
    /// Why, or what was done.
    pub reason: String,
    /// When.
    pub time_ms: i64,
}

/// A photo.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Attachment {
    /// The row of the ledger.
    pub ord: i64,
    /// The record that it belongs to; the case's id where an office sent it.
    pub record: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Whether another case has the same photo.
    pub used_before: bool,
}

/// Who reported it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Reporter {
    /// Staff number; "inspector" for those who may not know.
    pub inspector: String,
    /// When.
    pub time_ms: i64,
}

/// A case with everything about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Case {
    /// What lists show.
    #[serde(flatten)]
    pub summary: CaseSummary,
    /// The case that it goes on as.
    pub joined_into: Option<String>,
    /// Cases that go on as this one.
    pub joined: Vec<String>,
    /// What waits for an answer: `extension` or `postponement`.
    pub asked: Option<String>,
    /// Extension asked for: how much.
    pub asked_amount: Option<u32>,
    /// Postponement asked for: until when.
    pub asked_until_ms: Option<i64>,
    /// Its milestones.
    pub milestones: Vec<MilestoneView>,
    /// Who did what when and why.
    pub ledger: Vec<Entry>,
    /// Offices that were gathered on it 联合检查.
    pub offices: Vec<Gathered>,
    /// Licences of a business that is being followed.
    pub licences: Vec<LicenceHelp>,
    /// What the record that it is about says, as far as that is for whoever works on it.
    pub facts: Option<RecordOut>,
    /// Photos.
    pub attachments: Vec<Attachment>,
    /// Who reported it.
    pub reporters: Vec<Reporter>,
    /// Steps that this person may take now.
    pub steps: Vec<Step>,
}

/// The case with this id.
pub fn case_of(reader: &Reader<'_>, uid: &str) -> Result<Case> {
    let (conn, who, now_ms) = (reader.conn, reader.who, reader.core.now_ms());
    let uid = unhex(uid).ok_or(Error::NotFound(CASE))?;
    let row = store::find(conn, &uid)?;
    need_case(conn, who, &row)?;
    let author = who.author();
    let steps = TABLE.iter().filter(|to| {
        let may = |group: &crate::cases::table::Who| group.includes(&author, row.case, &row.office);
        to.case == row.case && to.from == row.state && to.who.iter().any(may)
    });
    let (asked, asked_amount, asked_until_ms) = match &row.asked {
        None => (None, None, None),
        Some(Asked::Extension { amount, .. }) => (Some("extension"), Some(*amount), None),
        Some(Asked::Postponement { until_ms }) => (Some("postponement"), None, *until_ms),
    };
    let about = Subject::of(reader, row.record.as_ref(), row.shop.as_ref())?;
    Ok(Case {
        summary: CaseSummary::of(&row, now_ms, about),
        joined_into: row.joined_into.map(|id| uid_of(conn, id)).transpose()?,
        joined: uids(
            conn,
            "SELECT uid FROM case_file WHERE joined_into = ?1 ORDER BY id",
            row.id,
        )?,
        asked: asked.map(str::to_owned),
        asked_amount,
        asked_until_ms,
        milestones: milestones(conn, reader.schemas, &row, now_ms)?,
        ledger: ledger(conn, row.id, may_know(who))?,
        offices: gather::gathered(conn, row.id)?,
        licences: licences::of_case(reader, &row)?,
        facts: facts(reader, &row)?,
        attachments: attachments(conn, row.id)?,
        reporters: reporters(conn, row.id, may_know(who))?,
        steps: steps.map(|to| to.step).collect(),
    })
}

/// What the record that a case is about says to whoever sees the case; none where nothing is left.
pub(in crate::cases) fn facts(reader: &Reader<'_>, case: &CaseRow) -> Result<Option<RecordOut>> {
    let Some(id) = case.record else {
        return Ok(None);
    };
    let stored = match records::find(reader.conn, reader.core.keys(), &id) {
        Err(Error::Gone(_)) => None,
        found => found?,
    };
    stored.map(|stored| reader.in_case(&stored)).transpose()
}

fn uid_of(conn: &Connection, id: i64) -> Result<String> {
    Ok(hex(&store::get(conn, id)?.uid))
}

fn uids(conn: &Connection, sql: &str, id: i64) -> Result<Vec<String>> {
    let mut select = conn.prepare_cached(sql)?;
    let rows = select.query_map(params![id], |row| row.get::<_, [u8; 16]>(0))?;
    let rows = rows.map(|uid| uid.map(|uid| hex(&uid)));
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn milestones(
    conn: &Connection,
    schemas: &SchemaSet,
    case: &CaseRow,
    now_ms: i64,
) -> Result<Vec<MilestoneView>> {
    let clocks = Clocks::of(conn, schemas, case)?;
    let view = |row: store::MilestoneRow| {
        // An ended case's clocks stand where it ended.
        let left = clocks.left(&row, now_ms).filter(|_| !case.state.is_final());
        MilestoneView {
            clock: row.clock.as_str().to_owned(),
            within: row.within,
            extra: row.extra,
            bound: row.bound,
            due_ms: row.due_ms,
            due_state: if row.done_ms.is_some() || case.state.is_final() {
                DueState::None
            } else {
                row.due_state
            },
            done_ms: row.done_ms,
            over: row
                .due_ms
                .is_some_and(|due| due < row.done_ms.unwrap_or(now_ms)),
            left_ms: match left {
                Some(Left::Ms(ms)) => Some(ms),
                _ => None,
            },
            left_days: match left {
                Some(Left::Days(days)) => Some(days),
                _ => None,
            },
            name: row.name,
        }
    };
    Ok(store::milestones(conn, case.id)?
        .into_iter()
        .map(view)
        .collect())
}

fn ledger(conn: &Connection, case: i64, known: bool) -> Result<Vec<Entry>> {
    let mut select = conn.prepare_cached(
        "SELECT ord, step, from_state, to_state, actor, role, case_ledger.office, to_office,
                case_ledger.handler, milestone, amount, until_ms, verifier, other.uid, reason,
                time_ms
         FROM case_ledger LEFT JOIN case_file AS other ON other.id = case_ledger.other
         WHERE case_id = ?1 ORDER BY ord",
    )?;
    let rows = select.query_map(params![case], |row| {
        let verifier: Option<String> = row.get(12)?;
        Ok(Entry {
            ord: row.get(0)?,
            step: row.get(1)?,
            from: row.get(2)?,
            to: row.get(3)?,
            actor: row.get(4)?,
            role: row.get(5)?,
            office: row.get(6)?,
            to_office: row.get(7)?,
            handler: row.get(8)?,
            milestone: row.get(9)?,
            amount: row.get(10)?,
            until_ms: row.get(11)?,
            verifier: verifier.filter(|_| known),
            other: row.get::<_, Option<[u8; 16]>>(13)?.map(|uid| hex(&uid)),
            reason: row.get(14)?,
            time_ms: row.get(15)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn attachments(conn: &Connection, case: i64) -> Result<Vec<Attachment>> {
    let mut select = conn.prepare_cached(
        "SELECT ord, record, sha256,
                EXISTS (SELECT 1 FROM case_attachment AS other
                        WHERE other.sha256 = case_attachment.sha256 AND other.case_id <> ?1)
         FROM case_attachment WHERE case_id = ?1 ORDER BY ord, sha256",
    )?;
    let rows = select.query_map(params![case], |row| {
        Ok(Attachment {
            ord: row.get(0)?,
            record: hex(&row.get::<_, [u8; 16]>(1)?),
            sha256: hex(&row.get::<_, [u8; 32]>(2)?),
            used_before: row.get(3)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn reporters(conn: &Connection, case: i64, known: bool) -> Result<Vec<Reporter>> {
    let mut select = conn.prepare_cached(
        "SELECT device, time_ms FROM case_reporter WHERE case_id = ?1 ORDER BY time_ms, device",
    )?;
    let rows = select.query_map(params![case], |row| {
        Ok((row.get::<_, Vec<u8>>(0)?, row.get(1)?))
    })?;
    let mut all = Vec::new();
    for row in rows {
        let (device, time_ms) = row?;
        let code = if known {
            inspector(conn, &device)?
        } else {
            None
        };
        let inspector = code.unwrap_or_else(|| "inspector".to_owned());
        all.push(Reporter { inspector, time_ms });
    }
    Ok(all)
}

/// Staff number of the inspector with this device.
fn inspector(conn: &Connection, device: &[u8]) -> Result<Option<String>> {
    let code = conn
        .prepare_cached(
            "SELECT code FROM inspector JOIN device ON device.inspector = inspector.id
             WHERE device.id = ?1",
        )?
        .query_row(params![device], |row| row.get(0))
        .optional()?;
    Ok(code)
}

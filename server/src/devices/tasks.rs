//! Tasks on their way to a phone: a record of kind `task` in a grid of the inspector who is asked,
//! and on his phone's own stream the door and the question, because the record that it is about
//! may stand in another grid.

mod subject;
mod told;

pub(super) use told::tell_open;

use rusqlite::{Connection, OptionalExtension as _, ToSql, params};
use schemas::{Lang, RegisterKey, Scalar};
use sync_core::{
    DeviceId, RecordId, Salt,
    record::{Edit, Header, View},
    sync::Task,
};

use subject::Subject;
use told::{tell_all, told};

use crate::{
    cases::clock::date_of,
    checks,
    error::{Error, Result},
    own::{self, OwnClass, OwnRecord},
    records::Stored,
    review::By,
    store::Tx,
};

/// The act of giving a task, in the journal.
pub(crate) const TASK_GIVEN: &str = "task.give";
/// The task type of a spot check.
const SPOT_CHECK: &str = "spot-check";
/// Requests that one step gives.
const BATCH: usize = 16;
/// Days until a task is due, unless it says otherwise.
const DUE_DAYS: i64 = 3;
const DAY_MS: i64 = 86_400_000;

/// What a verifier is asked where nobody wrote it: in both languages, as records have one text.
const LOOK_ZH: &str = "请到现场核查是否已整改";
const LOOK_EN: &str = "see on the spot whether it was put right";

struct Request {
    id: i64,
    kind: String,
    record: Option<RecordId>,
    grid: String,
    device: Option<DeviceId>,
    actor: String,
    reason: String,
    created_ms: i64,
    /// The door of a spot check: its batch and its place in the list.
    door: Option<(i64, u32)>,
    due_ms: Option<i64>,
}

/// Gives open requests to phones; whether there may be more. A request that nobody can be asked
/// for stays open.
pub(crate) fn give(tx: &mut Tx<'_>) -> Result<bool> {
    let open = open(tx.conn())?;
    let mut given = false;
    for request in &open {
        let Some((device, grid)) = whom(tx.conn(), request)? else {
            continue;
        };
        write(tx, request, device, grid)?;
        given = true;
    }
    Ok(given && open.len() == BATCH)
}

/// The inspector has answered a task: it leaves his list.
pub(crate) fn answered(tx: &mut Tx<'_>, stored: &Stored) -> Result<()> {
    let view = View::of(&stored.registers);
    let state = view.fields.get("state").map(|field| field.shown().clone());
    let open = state.is_none_or(|state| state.as_text() == Some("open"));
    let asked: Option<(Option<[u8; 6]>, String)> = tx
        .conn()
        .prepare_cached(
            "SELECT device, type FROM task_request WHERE task = ?1 AND state = 'given'",
        )?
        .query_row(params![stored.id.0], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((Some(device), kind)) = asked.filter(|_| !open) else {
        return Ok(());
    };
    if kind == "appeal" {
        let answer = view.fields.get("answer");
        let said = answer.and_then(|field| field.shown().as_text());
        checks::appealed(tx, &stored.id, said.unwrap_or_default())?;
    }
    tx.conn().execute(
        "UPDATE task_request SET state = 'done' WHERE task = ?1",
        params![stored.id.0],
    )?;
    tell_all(tx, DeviceId(device), &Task::closed(stored.id))
}

/// Tasks of this kind about a door are asked of nobody any more: their phones forget them.
pub(crate) fn withdraw(tx: &mut Tx<'_>, (batch, door): (i64, u32), kind: &str) -> Result<()> {
    let select = "SELECT id, device, task FROM task_request
                  WHERE batch = ?1 AND door = ?2 AND type = ?3 AND state <> 'done' ORDER BY id";
    let open = asked(tx.conn(), select, params![batch, door, kind])?;
    take_back(tx, &open)
}

/// Somebody has seen to a case: nobody is asked to go and see any more, their phones forget it.
pub(crate) fn withdraw_verify(tx: &mut Tx<'_>, case: i64) -> Result<()> {
    let select = "SELECT id, device, task FROM task_request
                  WHERE case_id = ?1 AND type = 'verify' AND state <> 'done' ORDER BY id";
    let open = asked(tx.conn(), select, params![case])?;
    take_back(tx, &open)
}

/// A request, and to whom it was given as which record.
type Asked = (i64, Option<(DeviceId, RecordId)>);

fn asked(conn: &Connection, select: &str, about: &[&dyn ToSql]) -> Result<Vec<Asked>> {
    let mut select = conn.prepare_cached(select)?;
    let rows = select.query_map(about, |row| {
        let device = row.get::<_, Option<[u8; 6]>>(1)?.map(DeviceId);
        let task = row.get::<_, Option<[u8; 16]>>(2)?.map(RecordId);
        Ok((row.get(0)?, device.zip(task)))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn take_back(tx: &mut Tx<'_>, open: &[Asked]) -> Result<()> {
    for (id, given) in open {
        let done = "UPDATE task_request SET state = 'done' WHERE id = ?1";
        tx.conn().execute(done, params![id])?;
        if let Some((device, task)) = given {
            tell_all(tx, *device, &Task::closed(*task))?;
        }
    }
    Ok(())
}

/// The task's record. A restored server counts its requests anew, and what it gave before lies on
/// phones: it is another record.
fn task_id(epoch: u64, request: i64) -> RecordId {
    RecordId::derived("task", &format!("{epoch}.{request}"))
}

fn open(conn: &Connection) -> Result<Vec<Request>> {
    let mut select = conn.prepare_cached(
        "SELECT id, type, record, grid, device, actor, reason, created_ms, batch, door, due_ms
         FROM task_request WHERE state = 'open' ORDER BY id LIMIT ?1",
    )?;
    let rows = select.query_map(params![BATCH], |row| {
        Ok(Request {
            id: row.get(0)?,
            kind: row.get(1)?,
            record: row.get::<_, Option<[u8; 16]>>(2)?.map(RecordId),
            grid: row.get(3)?,
            device: row.get::<_, Option<[u8; 6]>>(4)?.map(DeviceId),
            actor: row.get(5)?,
            reason: row.get(6)?,
            created_ms: row.get(7)?,
            door: Option::zip(row.get(8)?, row.get(9)?),
            due_ms: row.get(10)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The phone that is asked and a grid of its inspector: whoever collected the record; to verify,
/// someone of another grid of the street who did not report it, with the fewest tasks.
fn whom(conn: &Connection, request: &Request) -> Result<Option<(DeviceId, String)>> {
    let row = |row: &rusqlite::Row<'_>| Ok((DeviceId(row.get(0)?), row.get::<_, String>(1)?));
    let found = match request.device {
        Some(device) => conn
            .prepare_cached(
                "SELECT d.id, min(u.grid) FROM device own
                 JOIN device d ON d.inspector = own.inspector
                 JOIN duty u ON u.inspector = d.inspector
                 WHERE own.id = ?1 AND d.confirmed_ms IS NOT NULL AND d.revoked_ms IS NULL
                 GROUP BY d.id ORDER BY d.last_seen_ms DESC, d.id LIMIT 1",
            )?
            .query_row(params![device.0], row)
            .optional()?,
        None => conn
            .prepare_cached(
                "SELECT d.id, min(u.grid) FROM device d JOIN duty u ON u.inspector = d.inspector
                 WHERE d.confirmed_ms IS NOT NULL AND d.revoked_ms IS NULL
                   AND substr(u.grid, 1, 9) = substr(?1, 1, 9)
                   AND d.inspector NOT IN (SELECT inspector FROM duty WHERE grid = ?1)
                   AND d.inspector NOT IN (SELECT r.inspector FROM task_request t
                       JOIN case_reporter c ON c.case_id = t.case_id
                       JOIN device r ON r.id = c.device WHERE t.id = ?2)
                 GROUP BY d.id
                 ORDER BY (SELECT count(*) FROM task_request t
                           WHERE t.state = 'given' AND t.device = d.id), d.id LIMIT 1",
            )?
            .query_row(params![request.grid, request.id], row)
            .optional()?,
    };
    Ok(found)
}

fn write(tx: &mut Tx<'_>, request: &Request, device: DeviceId, grid: String) -> Result<()> {
    let id = task_id(tx.core().epoch(), request.id);
    let mut salt = Salt::default();
    tx.core().keys().fill(&mut salt.0)?;
    let mut subject = match &request.record {
        Some(record) => Subject::of(tx, record)?,
        None => Subject::default(),
    };
    if let Some(door) = request.door {
        subject.at_door(tx, door, request.kind == SPOT_CHECK)?;
    }
    let due = request.due_ms.unwrap_or_else(|| due_ms(request.created_ms));
    let question = match (&subject.class, request.reason.as_str()) {
        (Some(class), "") => format!(
            "{}：{LOOK_ZH} / {}: {LOOK_EN}",
            class.label(Lang::Zh),
            class.label(Lang::En)
        ),
        (None, "") => format!("{LOOK_ZH} / {LOOK_EN}"),
        (_, reason) => reason.to_owned(),
    };
    let text = |key: &str, value: &str| {
        Ok::<_, Error>(Edit::Set {
            key: key_of(key)?,
            value: Scalar::text(value),
        })
    };
    let mut edits = vec![
        text("type", &request.kind)?,
        text("door", &subject.door)?,
        text("question", &question)?,
        text("due", &date(due))?,
        text("state", "open")?,
    ];
    for (key, record) in subject.refs() {
        edits.push(Edit::Set {
            key: key_of(key)?,
            value: Scalar::Bytes(record.0.to_vec()),
        });
    }
    let record = OwnRecord {
        id,
        header: Some(Header {
            kind: "task".to_owned(),
            grid,
            move_number: 0,
            salt,
        }),
        edits,
    };
    let by = By {
        person: request.actor.clone(),
        reason: request.reason.clone(),
    };
    own::write(tx, OwnClass::Office, vec![record], &by)?;
    let object = serde_json::json!({
        "request": request.id,
        "task": id.to_string(),
        "device": device.to_string(),
        "due_ms": due,
    });
    tx.journal_act(
        &request.actor,
        TASK_GIVEN,
        &object.to_string(),
        &request.reason,
    )?;
    given(tx, request.id, device, &id)
}

/// Notes to whom a task was given, and tells every phone of theirs.
fn given(tx: &mut Tx<'_>, request: i64, device: DeviceId, id: &RecordId) -> Result<()> {
    tx.conn().execute(
        "UPDATE task_request SET state = 'given', device = ?2, task = ?3 WHERE id = ?1",
        params![request, device.0, id.0],
    )?;
    match told(tx, request, id)? {
        Some(task) => tell_all(tx, device, &task),
        None => Ok(()),
    }
}

/// Does it again, from the journal: the task's record has come back as any other.
pub(crate) fn give_again(tx: &mut Tx<'_>, object: &str) -> Result<()> {
    #[derive(serde::Deserialize)]
    struct Object {
        request: i64,
        task: String,
        device: String,
    }
    let unreadable = Error::Internal("an act's object cannot be read");
    let Ok(object) = serde_json::from_str::<Object>(object) else {
        return Err(unreadable);
    };
    let ids = RecordId::parse(&object.task).zip(DeviceId::parse(&object.device));
    let (id, device) = ids.ok_or(unreadable)?;
    given(tx, object.request, device, &id)
}

fn key_of(key: &str) -> Result<RegisterKey> {
    RegisterKey::parse(key).map_err(|_| Error::Internal("no such key"))
}

const fn due_ms(created_ms: i64) -> i64 {
    created_ms + DUE_DAYS * DAY_MS
}

/// The date as people here write it.
fn date(at_ms: i64) -> String {
    date_of(at_ms).unwrap_or_default().to_string()
}

//! Carrying out an act: the same now and in a rebuild. It decides nothing.

use rusqlite::{OptionalExtension as _, params};

use super::{
    act::{Act, DrawnDoor, Judged, ListedDoor, Person},
    told,
};
use crate::{
    cases::{self, TaskRequest},
    devices,
    error::{Error, OrNotFound as _, Result},
    store::Tx,
};

/// What a checker is asked: in both languages, as records have one text.
const LOOK: &str = "请到门前如实记录所见 / write down what you see at the door";
/// The task type of a spot check.
const SPOT_CHECK: &str = "spot-check";
const DAY_MS: i64 = 86_400_000;

/// Carries out an act at the transaction's time.
pub(super) fn apply(tx: &mut Tx<'_>, act: &Act, by: Person<'_>) -> Result<()> {
    match act {
        Act::Open { .. } => open(tx, act, by),
        Act::List {
            batch,
            first,
            doors,
            frame,
        } => {
            let id = batch_id(tx, batch)?;
            list(tx, id, *first, doors)?;
            if let Some(frame) = frame {
                tx.conn().execute(
                    "UPDATE check_batch SET frame = ?2, state = 'listed', version = version + 1
                     WHERE id = ?1",
                    params![id, frame.0],
                )?;
            }
            Ok(())
        }
        Act::Draw { batch, seed, doors } => {
            let id = batch_id(tx, batch)?;
            tx.conn().execute(
                "UPDATE check_batch SET seed = ?2, drawn_ms = ?3, state = 'drawn',
                                        version = version + 1 WHERE id = ?1",
                params![id, seed.0, tx.now_ms()],
            )?;
            for door in doors {
                draw(tx, id, door, by)?;
            }
            Ok(())
        }
        Act::Assign {
            batch,
            door,
            checker,
        } => {
            let id = batch_id(tx, batch)?;
            tx.conn().execute(
                "UPDATE check_door SET checker = ?3, version = version + 1
                 WHERE batch = ?1 AND ord = ?2",
                params![id, door, checker.code],
            )?;
            devices::withdraw(tx, (id, *door), SPOT_CHECK)?;
            ask(tx, id, *door, checker.device, by)
        }
        Act::Judge(judged) => {
            let (id, door) = (batch_id(tx, &judged.batch)?, judged.door);
            let days: i64 = tx.conn().query_row(
                "SELECT appeal_days FROM check_batch WHERE id = ?1",
                params![id],
                |row| row.get(0),
            )?;
            let until_ms = tx.now_ms() + days * DAY_MS;
            judge(tx, id, judged, "judged", by)?;
            tx.conn().execute(
                "UPDATE check_door SET until_ms = ?3 WHERE batch = ?1 AND ord = ?2",
                params![id, door, until_ms],
            )?;
            step(tx, id, door, "judge", Some(judged), by)?;
            // One that is judged without an answer need not be looked at any more.
            devices::withdraw(tx, (id, door), SPOT_CHECK)?;
            if let Some(device) = judged.concerned {
                offer(tx, id, judged, device, until_ms, by)?;
            }
            told::tell_door(tx, id, door)
        }
        Act::Appeal { batch, door } => {
            let id = batch_id(tx, batch)?;
            tx.conn().execute(
                "UPDATE check_door SET state = 'appealed', version = version + 1
                 WHERE batch = ?1 AND ord = ?2",
                params![id, door],
            )?;
            step(tx, id, *door, "appeal", None, by)?;
            told::tell_door(tx, id, *door)
        }
        Act::Decide(judged) => {
            let id = batch_id(tx, &judged.batch)?;
            judge(tx, id, judged, "decided", by)?;
            step(tx, id, judged.door, "decide", Some(judged), by)?;
            told::tell_door(tx, id, judged.door)
        }
        Act::Lock { batch } => {
            let id = batch_id(tx, batch)?;
            tx.conn().execute(
                "UPDATE check_batch SET state = 'locked', locked_ms = ?2, version = version + 1
                 WHERE id = ?1",
                params![id, tx.now_ms()],
            )?;
            told::tell_batch(tx, id)
        }
    }
}

fn batch_id(tx: &Tx<'_>, label: &str) -> Result<i64> {
    tx.conn()
        .prepare_cached("SELECT id FROM check_batch WHERE label = ?1")?
        .query_row(params![label], |row| row.get(0))
        .or_not_found("batch")
}

fn open(tx: &Tx<'_>, act: &Act, by: Person<'_>) -> Result<()> {
    let Act::Open {
        batch,
        area,
        method,
        per_grid,
        nonce,
        commitment,
        due_ms,
        appeal_days,
    } = act
    else {
        return Err(Error::Internal("another act"));
    };
    tx.conn().execute(
        "INSERT INTO check_batch (label, area, method, per_grid, nonce, commitment, state, due_ms,
                                  appeal_days, actor, created_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'committed', ?7, ?8, ?9, ?10)",
        params![
            batch,
            area,
            method,
            per_grid,
            nonce.0,
            commitment.0,
            due_ms,
            appeal_days,
            by.login,
            tx.now_ms()
        ],
    )?;
    Ok(())
}

fn list(tx: &Tx<'_>, batch: i64, first: u32, doors: &[ListedDoor]) -> Result<()> {
    if first == 0 {
        let sql = "DELETE FROM check_door WHERE batch = ?1";
        tx.conn().execute(sql, params![batch])?;
    }
    let mut insert = tx.conn().prepare_cached(
        "INSERT INTO check_door (batch, ord, grid, door, unit, shop, state)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'listed')",
    )?;
    for (ord, door) in (first..).zip(doors) {
        let shop = door.shop.map(|shop| shop.0);
        insert.execute(params![batch, ord, door.grid, door.door, door.unit, shop])?;
    }
    Ok(())
}

fn draw(tx: &Tx<'_>, batch: i64, drawn: &DrawnDoor, by: Person<'_>) -> Result<()> {
    let held = drawn.held.as_ref().map(serde_json::to_string).transpose();
    let held = held.map_err(|_| Error::Internal("what is held cannot be written"))?;
    let checker = drawn.checker.as_ref();
    tx.conn()
        .prepare_cached(
            "UPDATE check_door SET state = 'drawn', rank = ?3, checker = ?4, held = ?5,
                                   version = version + 1
             WHERE batch = ?1 AND ord = ?2",
        )?
        .execute(params![
            batch,
            drawn.door,
            drawn.rank,
            checker.map(|checker| checker.code.as_str()),
            held
        ])?;
    match checker {
        Some(checker) => ask(tx, batch, drawn.door, checker.device, by),
        None => Ok(()),
    }
}

/// A task for a checker's phone.
fn ask(
    tx: &Tx<'_>,
    batch: i64,
    door: u32,
    device: sync_core::DeviceId,
    by: Person<'_>,
) -> Result<()> {
    let (grid, due_ms) = tx.conn().query_row(
        "SELECT d.grid, b.due_ms FROM check_door d JOIN check_batch b ON b.id = d.batch
         WHERE d.batch = ?1 AND d.ord = ?2",
        params![batch, door],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let task = TaskRequest {
        kind: SPOT_CHECK,
        item: None,
        case: None,
        record: None,
        grid,
        device: Some(device),
        reason: LOOK.to_owned(),
        door: Some((batch, door)),
        due_ms: Some(due_ms),
    };
    cases::request(tx, by.login, &task)
}

fn judge(tx: &Tx<'_>, batch: i64, judged: &Judged, state: &str, by: Person<'_>) -> Result<()> {
    tx.conn().execute(
        "UPDATE check_door SET state = ?3, judgement = ?4, fields = ?5, judge = ?6,
                               version = version + 1
         WHERE batch = ?1 AND ord = ?2",
        params![
            batch,
            judged.door,
            state,
            judged.judgement,
            judged.fields.join(" "),
            by.login
        ],
    )?;
    Ok(())
}

/// Tells the inspector concerned what was judged, and asks whether he has something to say.
fn offer(
    tx: &Tx<'_>,
    batch: i64,
    judged: &Judged,
    device: sync_core::DeviceId,
    until_ms: i64,
    by: Person<'_>,
) -> Result<()> {
    let (grid, shop, label) = tx.conn().query_row(
        "SELECT d.grid, coalesce(d.shop, unhex(json_extract(d.held, '$.shop'))), b.label
         FROM check_door d JOIN check_batch b ON b.id = d.batch WHERE d.batch = ?1 AND d.ord = ?2",
        params![batch, judged.door],
        |row| {
            Ok((
                row.get(0)?,
                row.get::<_, Option<[u8; 16]>>(1)?,
                row.get::<_, String>(2)?,
            ))
        },
    )?;
    let schemas = tx.core().schemas();
    let word = |lang| {
        let known = schemas.code_label("judgement", &judged.judgement, lang);
        known.unwrap_or(&judged.judgement).to_owned()
    };
    let field = |lang, name: &String| {
        let path = schemas::FieldPath::parse(&format!("seen_{name}")).ok();
        let known = path.and_then(|path| schemas.field_label("spot-check", &path, lang));
        known.unwrap_or(name).to_owned()
    };
    let parts = |lang, comma: &str| -> String {
        let names = judged.fields.iter().map(|name| field(lang, name));
        names.collect::<Vec<_>>().join(comma)
    };
    let (zh, en) = (schemas::Lang::Zh, schemas::Lang::En);
    let question = format!(
        "抽查 {label}：{}{}{}。有异议请写明理由后提交；没有异议不用填。 / Spot check: {}{}{}. If you \
         disagree, say why and submit; else leave it.",
        word(zh),
        if judged.fields.is_empty() { "" } else { "，" },
        parts(zh, "、"),
        word(en),
        if judged.fields.is_empty() { "" } else { ": " },
        parts(en, ", "),
    );
    let task = TaskRequest {
        kind: "appeal",
        item: None,
        case: None,
        record: shop.map(sync_core::RecordId),
        grid,
        device: Some(device),
        reason: question,
        door: Some((batch, judged.door)),
        due_ms: Some(until_ms),
    };
    cases::request(tx, by.login, &task)
}

/// Writes a line of a door's history.
pub(super) fn step(
    tx: &Tx<'_>,
    batch: i64,
    door: u32,
    name: &str,
    judged: Option<&Judged>,
    by: Person<'_>,
) -> Result<()> {
    let at: Option<u32> = tx
        .conn()
        .prepare_cached("SELECT max(at) FROM check_step WHERE batch = ?1 AND ord = ?2")?
        .query_row(params![batch, door], |row| row.get(0))
        .optional()?
        .flatten();
    tx.conn()
        .prepare_cached(
            "INSERT INTO check_step (batch, ord, at, step, actor, judgement, fields, reason,
                                     time_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute(params![
            batch,
            door,
            at.map_or(0, |at| at + 1),
            name,
            by.login,
            judged.map(|judged| judged.judgement.as_str()),
            judged
                .map(|judged| judged.fields.join(" "))
                .unwrap_or_default(),
            by.reason,
            tx.now_ms()
        ])?;
    Ok(())
}

//! Writing what a step does.

use rusqlite::{Connection, params};

use super::{
    due,
    facts::{Asked, Effect, Next},
    ledger::{self, Line},
    object::Person,
    state::State,
    store::{self, CaseRow},
};
use crate::{
    cases::clock,
    error::{Error, Result},
    store::Tx,
};

/// Writes the case as it is after a step; its number, if it got one. `given` is the number that it
/// got when this was done first, in a replay.
pub(super) fn write(
    tx: &Tx<'_>,
    case: &CaseRow,
    next: &Next,
    who: &Person,
    given: Option<&str>,
) -> Result<Option<String>> {
    let conn = tx.conn();
    let now_ms = tx.now_ms();
    let closed = (next.state == State::Closed).then_some(now_ms);
    // An answer, or work that was done before it, ends a request; a new one is written below.
    conn.prepare_cached(
        "UPDATE case_file SET state = ?2, before = ?3, office = ?4, version = version + 1,
                closed_ms = coalesce(?5, closed_ms),
                asked = NULL, asked_at = NULL, asked_amount = NULL, asked_until = NULL
         WHERE id = ?1",
    )?
    .execute(params![
        case.id,
        next.state,
        next.before,
        next.office,
        closed
    ])?;
    let mut number = None;
    for effect in &next.effects {
        match effect {
            Effect::File => number = Some(file(conn, case, now_ms, given)?),
            Effect::Join(into) => join(conn, case, *into, who, now_ms)?,
            Effect::Start => start(tx, case)?,
            other => small(conn, case, other, now_ms)?,
        }
    }
    due::refresh(conn, &tx.core().schemas(), case.id)?;
    Ok(number)
}

fn file(conn: &Connection, case: &CaseRow, now_ms: i64, given: Option<&str>) -> Result<String> {
    let date = clock::date_of(now_ms).map_err(|_| Error::Internal("the clock is out of range"))?;
    let day = date.strftime("%Y%m%d").to_string();
    let number = store::number(conn, &case.grid, &day, given)?;
    conn.prepare_cached("UPDATE case_file SET filed_ms = ?2, number = ?3 WHERE id = ?1")?
        .execute(params![case.id, now_ms, number])?;
    Ok(number)
}

fn start(tx: &Tx<'_>, case: &CaseRow) -> Result<()> {
    // A case that comes back keeps the clocks that its first assignment started: returning it must
    // not be a way to gain time.
    if case.assigned_ms.is_none() {
        tx.conn()
            .prepare_cached("UPDATE case_file SET assigned_ms = ?2 WHERE id = ?1")?
            .execute(params![case.id, tx.now_ms()])?;
        due::start(tx.conn(), &tx.core().schemas(), case)?;
    }
    Ok(())
}

fn small(conn: &Connection, case: &CaseRow, effect: &Effect, now_ms: i64) -> Result<()> {
    let id = case.id;
    match effect {
        Effect::File | Effect::Join(_) | Effect::Start => Ok(0),
        Effect::TakeUp(handler) => conn
            .prepare_cached("UPDATE case_file SET handler = ?2 WHERE id = ?1")?
            .execute(params![id, handler]),
        Effect::Reach(at) => conn
            .prepare_cached(
                "UPDATE case_milestone SET done_ms = ?3 WHERE case_id = ?1 AND at = ?2",
            )?
            .execute(params![id, at, now_ms]),
        Effect::ReachAll => conn
            .prepare_cached(
                "UPDATE case_milestone SET done_ms = ?2 WHERE case_id = ?1 AND done_ms IS NULL",
            )?
            .execute(params![id, now_ms]),
        Effect::Return => conn
            .prepare_cached("UPDATE case_file SET returns = returns + 1 WHERE id = ?1")?
            .execute(params![id]),
        Effect::Rework => conn
            .prepare_cached("UPDATE case_file SET reworks = reworks + 1 WHERE id = ?1")?
            .execute(params![id]),
        Effect::Ask(asked) => {
            let (word, at, amount, until) = match asked {
                Asked::Extension { milestone, amount } => {
                    ("extension", Some(milestone), Some(amount), None)
                }
                Asked::Postponement { until_ms } => ("postponement", None, None, *until_ms),
            };
            conn.prepare_cached(
                "UPDATE case_file SET asked = ?2, asked_at = ?3, asked_amount = ?4,
                        asked_until = ?5
                 WHERE id = ?1",
            )?
            .execute(params![id, word, at, amount, until])
        }
        Effect::Extend(at, amount) => conn
            .prepare_cached(
                "UPDATE case_milestone SET extra = extra + ?3 WHERE case_id = ?1 AND at = ?2",
            )?
            .execute(params![id, at, amount]),
        Effect::Pause(until) => conn
            .prepare_cached(
                "INSERT INTO case_pause (case_id, from_ms, to_ms) VALUES (?1, ?2, ?3)
                 ON CONFLICT DO UPDATE SET to_ms = excluded.to_ms",
            )?
            .execute(params![id, now_ms, until]),
        // One that has run out by itself keeps its end.
        Effect::Resume => conn
            .prepare_cached(
                "UPDATE case_pause SET to_ms = min(coalesce(to_ms, ?2), ?2)
                 WHERE case_id = ?1
                   AND from_ms = (SELECT max(from_ms) FROM case_pause WHERE case_id = ?1)",
            )?
            .execute(params![id, now_ms]),
    }?;
    Ok(())
}

/// 并案: the case goes on as another, which from now on credits its reporters too.
fn join(conn: &Connection, case: &CaseRow, into: i64, who: &Person, now_ms: i64) -> Result<()> {
    conn.prepare_cached("UPDATE case_file SET joined_into = ?2 WHERE id = ?1")?
        .execute(params![case.id, into])?;
    conn.prepare_cached(
        "INSERT OR IGNORE INTO case_reporter (case_id, device, record, time_ms)
         SELECT ?2, device, record, time_ms FROM case_reporter WHERE case_id = ?1",
    )?
    .execute(params![case.id, into])?;
    let target = store::get(conn, into)?;
    let line = Line {
        step: "joined_by",
        from: Some(target.state),
        person: Some(who),
        other: Some(case.id),
        ..Line::default()
    };
    ledger::add(conn, into, target.state, &line, now_ms)?;
    conn.prepare_cached("UPDATE case_file SET version = version + 1 WHERE id = ?1")?
        .execute(params![into])?;
    Ok(())
}

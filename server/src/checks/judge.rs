//! Judging a door, appealing, deciding, and asking another checker.

use rusqlite::{Connection, params};
use schemas::{RegisterKey, Scalar};
use serde::Deserialize;
use sync_core::{RecordId, record::Edit};
use utoipa::ToSchema;

use super::{
    act::{Act, Judged},
    assign, batch,
    held::FIELDS,
};
use crate::{
    devices::roster,
    error::{Error, OrNotFound as _, Result},
    identity::Principal,
    own::{self, OwnClass, OwnRecord},
    review::By,
    store::Tx,
};

/// A judgement.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct JudgementInput {
    /// A code of the list `judgement`.
    pub judgement: String,
    /// With `wrong`: what is wrong, of `sign_name`, `business_type`, `operating_state`,
    /// `residents` and `workers`.
    #[serde(default)]
    pub fields: Vec<String>,
    /// Why.
    pub reason: String,
}

/// An appeal that somebody takes down for the inspector.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AppealInput {
    /// What the inspector says.
    pub reason: String,
}

/// The last word on an appeal.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecisionInput {
    /// The judgement that stands: the same, or another.
    pub judgement: String,
    /// With `wrong`: what is wrong.
    #[serde(default)]
    pub fields: Vec<String>,
    /// Why.
    pub reason: String,
}

/// Another checker.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckerInput {
    /// Staff number of an inspector of another grid of the street.
    pub checker: String,
}

struct Door {
    label: String,
    grid: String,
    state: String,
    record: Option<RecordId>,
    judge: Option<String>,
    judgement: Option<String>,
    until_ms: Option<i64>,
    version: u64,
}

/// A drawn door of a batch that is not locked, in the version that the person has seen.
fn in_hand(
    conn: &Connection,
    (id, ord): (i64, u32),
    version: u64,
    who: &Principal,
) -> Result<Door> {
    let batch = batch::visible(conn, id, who)?;
    let door = conn
        .prepare_cached(
            "SELECT grid, state, record, judge, judgement, until_ms, version FROM check_door
             WHERE batch = ?1 AND ord = ?2 AND rank IS NOT NULL",
        )?
        .query_row(params![id, ord], |row| {
            Ok(Door {
                label: batch.label.clone(),
                grid: row.get(0)?,
                state: row.get(1)?,
                record: row.get::<_, Option<[u8; 16]>>(2)?.map(RecordId),
                judge: row.get(3)?,
                judgement: row.get(4)?,
                until_ms: row.get(5)?,
                version: row.get(6)?,
            })
        })
        .or_not_found("door")?;
    if door.version != version {
        return Err(Error::Stale);
    }
    if batch.state != "drawn" {
        return Err(Error::Conflict("the batch is locked"));
    }
    Ok(door)
}

fn check(tx: &Tx<'_>, judgement: &str, fields: &[String]) -> Result<()> {
    let schemas = tx.core().schemas();
    let list = schemas.codes("judgement");
    if list.is_none_or(|list| list.get(judgement).is_none()) {
        return Err(Error::invalid("judgement", "no such judgement"));
    }
    let known = fields.iter().all(|name| FIELDS.contains(&name.as_str()));
    let fits = (judgement == "wrong") != fields.is_empty();
    if !known || !fits || fields.len() > FIELDS.len() {
        let wanted = "what is wrong, where something is wrong";
        return Err(Error::invalid("fields", wanted));
    }
    Ok(())
}

/// Judges a door that was looked at. One that nobody could look at is not counted.
pub fn judge(
    tx: &mut Tx<'_>,
    at: (i64, u32),
    version: u64,
    input: &JudgementInput,
    who: &Principal,
) -> Result<u64> {
    let door = in_hand(tx.conn(), at, version, who)?;
    check(tx, &input.judgement, &input.fields)?;
    match (door.state.as_str(), input.judgement.as_str()) {
        ("answered", _) | ("drawn", "not-counted") => {}
        ("drawn", _) => return Err(Error::Conflict("nobody has looked there yet")),
        _ => return Err(Error::Conflict("it was judged already")),
    }
    let fault = !["consistent", "not-counted"].contains(&input.judgement.as_str());
    let concerned = if fault {
        roster::phone_of_grid(tx.conn(), &door.grid)?
    } else {
        None
    };
    let judged = Judged {
        batch: door.label.clone(),
        door: at.1,
        judgement: input.judgement.clone(),
        fields: input.fields.clone(),
        concerned,
    };
    write_down(tx, &door, &judged, &input.reason, who)?;
    Act::Judge(judged).done(tx, who, &input.reason, &door.grid)?;
    Ok(version + 1)
}

/// The judgement stands in the spot check's record too, where the schemas have a field for it.
fn write_down(
    tx: &mut Tx<'_>,
    door: &Door,
    judged: &Judged,
    reason: &str,
    who: &Principal,
) -> Result<()> {
    let Some(record) = door.record else {
        return Ok(());
    };
    let set = |key: &str, value: &str| {
        let key = RegisterKey::parse(key).map_err(|_| Error::Internal("no such key"))?;
        let value = Scalar::text(value);
        Ok::<_, Error>(Edit::Set { key, value })
    };
    let edits = vec![set("judgement", &judged.judgement)?, set("reason", reason)?];
    let by = By {
        person: who.login.clone(),
        reason: reason.to_owned(),
    };
    let record = OwnRecord {
        id: record,
        header: None,
        edits,
    };
    match own::write(tx, OwnClass::Office, vec![record], &by) {
        // What was seen is judged even where its record was erased since.
        Ok(_) | Err(Error::Gone(_)) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Takes down an appeal.
pub fn appeal(
    tx: &mut Tx<'_>,
    at: (i64, u32),
    version: u64,
    input: &AppealInput,
    who: &Principal,
) -> Result<u64> {
    let door = in_hand(tx.conn(), at, version, who)?;
    let fault = |code: &str| !["consistent", "not-counted"].contains(&code);
    if door.state != "judged" || !door.judgement.as_deref().is_some_and(fault) {
        let reason = "only a fault that was judged is appealed against, and once";
        return Err(Error::Conflict(reason));
    }
    if door.until_ms.is_none_or(|until| until < tx.now_ms()) {
        return Err(Error::Conflict("the time to appeal is over"));
    }
    let act = Act::Appeal {
        batch: door.label,
        door: at.1,
    };
    act.done(tx, who, &input.reason, &door.grid)?;
    Ok(version + 1)
}

/// Decides an appeal; somebody else than who judged.
pub fn decide(
    tx: &mut Tx<'_>,
    at: (i64, u32),
    version: u64,
    input: &DecisionInput,
    who: &Principal,
) -> Result<u64> {
    let door = in_hand(tx.conn(), at, version, who)?;
    check(tx, &input.judgement, &input.fields)?;
    if door.state != "appealed" {
        return Err(Error::Conflict("no appeal waits"));
    }
    if door.judge.as_deref() == Some(who.login.as_str()) {
        return Err(Error::Forbidden("somebody else than who judged decides"));
    }
    let judged = Judged {
        batch: door.label.clone(),
        door: at.1,
        judgement: input.judgement.clone(),
        fields: input.fields.clone(),
        concerned: None,
    };
    write_down(tx, &door, &judged, &input.reason, who)?;
    Act::Decide(judged).done(tx, who, &input.reason, &door.grid)?;
    Ok(version + 1)
}

/// Asks somebody else to look.
pub fn assign_checker(
    tx: &mut Tx<'_>,
    at: (i64, u32),
    version: u64,
    input: &CheckerInput,
    who: &Principal,
) -> Result<u64> {
    let door = in_hand(tx.conn(), at, version, who)?;
    if door.state != "drawn" {
        return Err(Error::Conflict("it was looked at already"));
    }
    let checker = assign::named(tx.conn(), &door.grid, &input.checker)?;
    let act = Act::Assign {
        batch: door.label,
        door: at.1,
        checker,
    };
    act.done(tx, who, "", &door.grid)?;
    Ok(version + 1)
}

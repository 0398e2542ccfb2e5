//! Uploading, trying, publishing, withdrawing; and doing it again from the journal.

use std::sync::Arc;

use rusqlite::{OptionalExtension as _, params};
use schemas::{SchemaSet, diff::diff};
use serde::{Deserialize, Serialize};
use sync_core::{DeviceId, bundle::JournalPayload};

use super::{
    files::{FileInput, Files},
    in_force,
};
use crate::{
    error::{Error, OrNotFound as _, Result},
    identity::{Principal, audit},
    store::Tx,
};

/// What a version is called in the journal.
const SCHEMAS: &str = "schemas";
const TRIAL: &str = "schema.trial";
const PUBLISH: &str = "schema.publish";
const WITHDRAW: &str = "schema.withdraw";

/// Phones that try a draft at most.
const MAX_TRIAL: usize = 50;

#[derive(Serialize, Deserialize)]
struct Object {
    version: u32,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    devices: Vec<DeviceId>,
}

/// An error unless a person answers for every grid that is walked: a version is everybody's.
fn may_change(tx: &Tx<'_>, who: &Principal) -> Result<()> {
    let mut select = tx.conn().prepare_cached("SELECT DISTINCT grid FROM duty")?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        if !who.covers(&row.get::<_, String>(0)?) {
            let reason = "a version is for every area, and some are not yours";
            return Err(Error::Forbidden(reason));
        }
    }
    Ok(())
}

/// Keeps a version as a draft; its number. Another draft of the same number is replaced.
pub fn upload(tx: &mut Tx<'_>, given: &[FileInput], reason: &str, who: &Principal) -> Result<u32> {
    may_change(tx, who)?;
    let core = tx.core().clone();
    let files = Files::in_force(tx.conn(), &core)?.with(given)?;
    let faulty = Error::invalid("files", "these files make no version: check them first");
    let Ok(set) = files.parse() else {
        return Err(faulty);
    };
    if diff(&core.schemas(), &set).is_err() {
        let reason = "this cannot follow the version in force: check it first";
        return Err(Error::invalid("files", reason));
    }
    let version = set.version();
    let state = state_of(tx, version)?;
    if state.is_some_and(|(state, _)| state == "published") {
        return Err(Error::Conflict("a version of this number was published"));
    }
    let bytes = files.to_bytes(version);
    keep(tx, version, &bytes, &who.login)?;
    tx.journal(&JournalPayload::Configuration {
        what: SCHEMAS.to_owned(),
        version,
        bytes,
        by: who.login.clone(),
    })?;
    let object = text(&Object {
        version,
        devices: Vec::new(),
    })?;
    audit::trace(tx, who, "schema.upload", &object, None, reason)?;
    Ok(version)
}

fn keep(tx: &mut Tx<'_>, version: u32, bytes: &[u8], by: &str) -> Result<()> {
    end_trial(tx, version)?;
    tx.conn().execute(
        "INSERT INTO schema_version (version, state, bytes, actor, created_ms)
         VALUES (?1, 'draft', ?2, ?3, ?4)
         ON CONFLICT (version) DO UPDATE SET state = 'draft', bytes = excluded.bytes,
           actor = excluded.actor, created_ms = excluded.created_ms, revision = revision + 1",
        params![version, bytes, by, tx.now_ms()],
    )?;
    Ok(())
}

/// A version's state and revision.
fn state_of(tx: &Tx<'_>, version: u32) -> Result<Option<(String, u64)>> {
    let found = tx
        .conn()
        .prepare_cached("SELECT state, revision FROM schema_version WHERE version = ?1")?
        .query_row(params![version], |row| Ok((row.get(0)?, row.get(1)?)));
    Ok(found.optional()?)
}

fn draft(tx: &Tx<'_>, version: u32, revision: u64) -> Result<()> {
    let (state, now) = state_of(tx, version)?.or_not_found("version")?;
    if now != revision {
        return Err(Error::Stale);
    }
    if state != "draft" {
        return Err(Error::Conflict(
            "only a draft is tried, published, withdrawn",
        ));
    }
    Ok(())
}

/// Chooses the phones that try a draft; those chosen before go back to the version in force.
pub fn set_trial(
    tx: &mut Tx<'_>,
    version: u32,
    revision: u64,
    devices: &[DeviceId],
    who: &Principal,
) -> Result<()> {
    may_change(tx, who)?;
    draft(tx, version, revision)?;
    if devices.len() > MAX_TRIAL {
        return Err(Error::invalid("devices", "at most 50 phones"));
    }
    for device in devices {
        let good: bool = tx
            .conn()
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM device WHERE id = ?1 AND revoked_ms IS NULL
                                AND confirmed_ms IS NOT NULL)",
            )?
            .query_row(params![device.0], |row| row.get(0))?;
        if !good {
            return Err(Error::invalid("devices", "no such phone in use"));
        }
    }
    let object = Object {
        version,
        devices: devices.to_vec(),
    };
    done(tx, TRIAL, &object, "", who)
}

/// Publishes a draft: from now on it is in force, and every phone is told.
pub fn publish(
    tx: &mut Tx<'_>,
    version: u32,
    revision: u64,
    reason: &str,
    who: &Principal,
) -> Result<()> {
    may_change(tx, who)?;
    draft(tx, version, revision)?;
    let set = parsed(tx, version)?;
    if diff(&tx.core().schemas(), &set).is_err() {
        let reason = "the version in force has gone on: upload it again";
        return Err(Error::Conflict(reason));
    }
    let object = Object {
        version,
        devices: Vec::new(),
    };
    done(tx, PUBLISH, &object, reason, who)
}

/// Withdraws a draft.
pub fn withdraw(
    tx: &mut Tx<'_>,
    version: u32,
    revision: u64,
    reason: &str,
    who: &Principal,
) -> Result<()> {
    may_change(tx, who)?;
    draft(tx, version, revision)?;
    let object = Object {
        version,
        devices: Vec::new(),
    };
    done(tx, WITHDRAW, &object, reason, who)
}

fn done(tx: &mut Tx<'_>, act: &str, object: &Object, reason: &str, who: &Principal) -> Result<()> {
    // Journalled first: what is let in by it comes after it, there as well.
    audit::note(tx, who, act, &text(object)?, None, reason)?;
    carry_out(tx, act, object, &who.login)
}

fn text(object: &Object) -> Result<String> {
    serde_json::to_string(object).map_err(|_| Error::Internal("an act cannot be written"))
}

fn parsed(tx: &Tx<'_>, version: u32) -> Result<SchemaSet> {
    let files = Files::of_version(tx.conn(), version)?.or_not_found("version")?;
    let set = files.parse();
    set.map_err(|_| Error::Conflict("this program cannot read the version"))
}

fn carry_out(tx: &mut Tx<'_>, act: &str, object: &Object, by: &str) -> Result<()> {
    let version = object.version;
    match act {
        TRIAL => {
            end_trial(tx, version)?;
            for device in &object.devices {
                let sql = "UPDATE device SET draft_schema = ?2 WHERE id = ?1";
                tx.conn().execute(sql, params![device.0, version])?;
            }
            let digest = Files::draft_digest(tx.conn(), version)?;
            in_force::tell(tx, (version, digest), true, &object.devices)?;
        }
        WITHDRAW => {
            end_trial(tx, version)?;
            let sql = "UPDATE schema_version SET state = 'withdrawn' WHERE version = ?1";
            tx.conn().execute(sql, params![version])?;
        }
        _ => put_in_force(tx, version, by)?,
    }
    tx.conn().execute(
        "UPDATE schema_version SET revision = revision + 1 WHERE version = ?1",
        params![version],
    )?;
    Ok(())
}

/// Phones that tried a draft go back to the version in force.
fn end_trial(tx: &mut Tx<'_>, draft: u32) -> Result<()> {
    let phones = in_force::devices(tx, "draft_schema = ?1", draft)?;
    in_force::tell_in_force(tx, &phones)?;
    let sql = "UPDATE device SET draft_schema = 0 WHERE draft_schema = ?1";
    tx.conn().execute(sql, params![draft])?;
    Ok(())
}

fn put_in_force(tx: &mut Tx<'_>, version: u32, by: &str) -> Result<()> {
    let set = Arc::new(parsed(tx, version)?);
    tx.conn().execute(
        "UPDATE schema_version SET state = 'published', published_by = ?2, published_ms = ?3
         WHERE version = ?1",
        params![version, by, tx.now_ms()],
    )?;
    // A program that brings a higher one of its own goes on with that.
    if version > tx.core().schemas().version() {
        tx.core().set_schemas(set);
    }
    let digest = Files::digest(tx.conn(), version)?;
    in_force::take_effect(tx, (version, digest))
}

/// Does an act of the journal again; false if it is none of this part.
pub(crate) fn again(tx: &mut Tx<'_>, act: &str, object: &str, by: &str) -> Result<bool> {
    if act == in_force::PROGRAM {
        in_force::again(tx, object)?;
        return Ok(true);
    }
    if ![TRIAL, PUBLISH, WITHDRAW].contains(&act) {
        return Ok(false);
    }
    let object: Object = serde_json::from_str(object)
        .map_err(|_| Error::Internal("an act's object cannot be read"))?;
    carry_out(tx, act, &object, by)?;
    Ok(true)
}

/// Takes a version up again, from the journal.
pub(crate) fn uploaded_again(
    tx: &mut Tx<'_>,
    what: &str,
    version: u32,
    bytes: &[u8],
    by: &str,
) -> Result<()> {
    if what == SCHEMAS {
        keep(tx, version, bytes, by)?;
    }
    Ok(())
}

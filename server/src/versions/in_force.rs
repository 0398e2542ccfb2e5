//! Which version is in force: phones are told, clocks are counted again, what waited for it enters.

use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension as _, params};
use serde::{Deserialize, Serialize};
use sync_core::{DeviceId, Sha256, sync::DeviceItem};

use super::files::Files;
use crate::{
    cases,
    core::Core,
    error::{Error, Result},
    records::reproject,
    store::{Tx, transact},
    verify,
};

/// The act under which the journal has that another version came with the program.
pub(super) const PROGRAM: &str = "schema.program";

/// What came with the program, as the journal has it.
#[derive(Serialize, Deserialize)]
struct Object {
    version: u32,
    /// Of its files: a later program does not have them any more.
    digest: Sha256,
}

/// When a server starts: the program may have come with another version than the one that phones
/// were told, and with other calendars, rules and fields.
pub(crate) fn at_start(main: &mut Connection, core: &Arc<Core>) -> Result<()> {
    let schemas = core.schemas();
    let version = schemas.version();
    let now = (version, Files::digest(main, version)?);
    let told = told(main)?;
    // What is written needs its turn among commands that write beside a server.
    if told == Some(now) && reproject::is_begun(main, &schemas)? {
        return Ok(());
    }
    transact(main, core, |tx| {
        reproject::begin(tx.conn(), &schemas)?;
        if told == Some(now) {
            return Ok(());
        }
        came_with_program(tx, now)
    })?;
    Ok(())
}

fn came_with_program(tx: &mut Tx<'_>, (version, digest): (u32, Sha256)) -> Result<()> {
    let object = serde_json::to_string(&Object { version, digest })
        .map_err(|_| Error::Internal("an act cannot be written"))?;
    // Journalled first: what is let in by it comes after it, there as well.
    tx.journal_act("server", PROGRAM, &object, "")?;
    tracing::info!(version, "another version of the schemas is in force");
    take_effect(tx, (version, digest))
}

/// The version that phones were told last as the one in force.
fn told(conn: &Connection) -> Result<Option<(u32, Sha256)>> {
    let found = conn
        .prepare_cached("SELECT version, digest FROM schemas_in_force")?
        .query_row([], |row| Ok((row.get(0)?, Sha256(row.get(1)?))));
    Ok(found.optional()?)
}

fn note(conn: &Connection, (version, digest): (u32, Sha256)) -> Result<()> {
    conn.prepare_cached(
        "INSERT OR REPLACE INTO schemas_in_force (id, version, digest) VALUES (1, ?1, ?2)",
    )?
    .execute(params![version, digest.0])?;
    Ok(())
}

/// A version is in force from now on.
pub(super) fn take_effect(tx: &mut Tx<'_>, now: (u32, Sha256)) -> Result<()> {
    let (version, _) = now;
    // What a lower draft would change was decided otherwise.
    tx.conn().execute(
        "UPDATE schema_version SET state = 'withdrawn', revision = revision + 1
         WHERE version <= ?1 AND state = 'draft'",
        params![version],
    )?;
    let sql = "UPDATE device SET draft_schema = 0 WHERE draft_schema <= ?1";
    tx.conn().execute(sql, params![version])?;
    let in_use = "revoked_ms IS NULL AND confirmed_ms IS NOT NULL AND draft_schema <= ?1";
    let phones = devices(tx, in_use, version)?;
    tell(tx, now, false, &phones)?;
    note(tx.conn(), now)?;
    let schemas = tx.core().schemas();
    cases::refresh_all(tx.conn(), &schemas)?;
    reproject::begin(tx.conn(), &schemas)?;
    // What phones wrote under it waits no more. In a replay that is told by entries of its own.
    if tx.is_replay() {
        Ok(())
    } else {
        verify::let_in_known(tx)
    }
}

/// Does again what the journal says came with a program.
pub(super) fn again(tx: &mut Tx<'_>, object: &str) -> Result<()> {
    let object: Object = serde_json::from_str(object)
        .map_err(|_| Error::Internal("an act's object cannot be read"))?;
    take_effect(tx, (object.version, object.digest))
}

/// Tells phones which version is theirs, and what it is served as.
pub(super) fn tell(
    tx: &mut Tx<'_>,
    (version, digest): (u32, Sha256),
    draft: bool,
    phones: &[DeviceId],
) -> Result<()> {
    let item = DeviceItem::Schema {
        version,
        draft,
        digest: Some(digest),
    };
    phones.iter().try_for_each(|phone| tx.tell(*phone, &item))
}

/// Tells phones which version is in force; in a replay, which was then.
pub(super) fn tell_in_force(tx: &mut Tx<'_>, phones: &[DeviceId]) -> Result<()> {
    let version = tx.core().schemas().version();
    let now = match told(tx.conn())? {
        Some(told) => told,
        None => (version, Files::digest(tx.conn(), version)?),
    };
    tell(tx, now, false, phones)
}

/// Tells a new phone which version is in force: what it came with may be older.
pub(crate) fn tell_phone(tx: &mut Tx<'_>, device: DeviceId) -> Result<()> {
    tell_in_force(tx, &[device])
}

/// Phones of which a condition on a version holds.
pub(super) fn devices(tx: &Tx<'_>, condition: &str, version: u32) -> Result<Vec<DeviceId>> {
    let sql = format!("SELECT id FROM device WHERE {condition} ORDER BY id");
    let mut select = tx.conn().prepare(&sql)?;
    let rows = select.query_map(params![version], |row| row.get(0).map(DeviceId))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

//! Inspectors, the grids they walk and the phones they carry, as the console sees and changes them.

use rusqlite::{Connection, OptionalExtension as _, Row, params, params_from_iter, types::Value};
use serde::Serialize;
use sync_core::{
    DeviceId,
    bundle::{Certificate, fingerprint_words},
};
use utoipa::ToSchema;

use crate::{
    core::Core,
    error::{Error, OrNotFound as _, Result},
    identity::Principal,
    store::Tx,
};

/// A grid that an inspector walks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Duty {
    /// The grid's code.
    pub grid: String,
    /// End of a cover, ms; null for an own grid.
    pub until_ms: Option<i64>,
}

/// An inspector.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Inspector {
    /// Their number.
    pub id: i64,
    /// Staff number.
    pub code: String,
    /// Name.
    pub name: String,
    /// `active` or `inactive`.
    pub state: String,
    /// The grids they walk.
    pub grids: Vec<Duty>,
    /// Their phones in use.
    pub devices: u32,
    /// The `ETag`.
    pub version: u64,
}

/// A phone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct DeviceOut {
    /// Its id.
    pub id: String,
    /// The inspector.
    pub inspector: i64,
    /// The inspector's name.
    pub name: String,
    /// Words of its key, to compare with those it shows.
    pub words: Vec<String>,
    /// Enrolled when, ms.
    pub enrolled_ms: i64,
    /// Confirmed when, ms; grids are served from then on.
    pub confirmed_ms: Option<i64>,
    /// Revoked when, ms.
    pub revoked_ms: Option<i64>,
    /// When it was seen to go on from an older copy of itself, ms.
    pub forked_ms: Option<i64>,
    /// When its certificate ends, ms.
    pub expires_ms: i64,
    /// Grids that its certificate opens.
    pub grids: Vec<String>,
    /// Last heard of, ms.
    pub last_seen_ms: Option<i64>,
    /// Version of its app.
    pub app: Option<String>,
    /// Changes that it has yet to send, as it said last.
    pub pending: Option<u64>,
    /// Photos that it has yet to send.
    pub attachments: Option<u64>,
    /// Bytes of its store.
    pub store_bytes: Option<u64>,
    /// When it asked for its data key because its secret was forgotten, ms, if nobody has decided.
    pub recovery_ms: Option<i64>,
}

/// An inspector is in view of whoever sees one of their grids; one without grids, of
/// administrators.
pub(super) fn scope(who: &Principal, values: &mut Vec<Value>) -> String {
    let grids = who.scope_sql("u.grid", values);
    let mut sql = format!("EXISTS (SELECT 1 FROM duty u WHERE u.inspector = i.id AND {grids})");
    if who.role == schemas::access::Role::Administrator {
        sql.push_str(" OR NOT EXISTS (SELECT 1 FROM duty u WHERE u.inspector = i.id)");
    }
    format!("({sql})")
}

const INSPECTOR: &str = "SELECT i.id, i.code, i.name, i.state, i.version,
    (SELECT count(*) FROM device d WHERE d.inspector = i.id AND d.revoked_ms IS NULL)
    FROM inspector i";

fn inspector(conn: &Connection, row: &Row<'_>) -> Result<Inspector> {
    let id = row.get(0)?;
    Ok(Inspector {
        id,
        code: row.get(1)?,
        name: row.get(2)?,
        state: row.get(3)?,
        version: row.get(4)?,
        devices: row.get(5)?,
        grids: duties(conn, id)?,
    })
}

fn duties(conn: &Connection, inspector: i64) -> Result<Vec<Duty>> {
    let sql = "SELECT grid, until_ms FROM duty WHERE inspector = ?1 ORDER BY grid";
    let mut select = conn.prepare_cached(sql)?;
    let rows = select.query_map(params![inspector], |row| {
        Ok(Duty {
            grid: row.get(0)?,
            until_ms: row.get(1)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// An inspector that a person may see.
pub fn find(conn: &Connection, who: &Principal, id: i64) -> Result<Inspector> {
    let mut values: Vec<Value> = vec![id.into()];
    let sql = format!("{INSPECTOR} WHERE i.id = ? AND {}", scope(who, &mut values));
    let mut select = conn.prepare(&sql)?;
    let mut rows = select.query(params_from_iter(values))?;
    match rows.next()? {
        Some(row) => inspector(conn, row),
        None => Err(Error::NotFound("inspector")),
    }
}

/// Makes an inspector with grids.
pub fn create(tx: &mut Tx<'_>, code: &str, name: &str, grids: &[String]) -> Result<i64> {
    check_name(name)?;
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
    if !(1..=24).contains(&code.len()) || !code.bytes().all(allowed) {
        let reason = "1 to 24 letters, digits and hyphens";
        return Err(Error::invalid("code", reason));
    }
    let known: Option<i64> = tx
        .conn()
        .prepare_cached("SELECT id FROM inspector WHERE code = ?1")?
        .query_row(params![code], |row| row.get(0))
        .optional()?;
    if known.is_some() {
        return Err(Error::Conflict("there is an inspector with this number"));
    }
    tx.conn()
        .prepare_cached("INSERT INTO inspector (code, name) VALUES (?1, ?2)")?
        .execute(params![code, name])?;
    let id = tx.conn().last_insert_rowid();
    for grid in grids {
        put_duty(tx, id, grid, None)?;
    }
    Ok(id)
}

/// Changes name and state.
pub fn change(tx: &mut Tx<'_>, id: i64, name: &str, active: bool) -> Result<()> {
    check_name(name)?;
    let state = if active { "active" } else { "inactive" };
    tx.conn().execute(
        "UPDATE inspector SET name = ?2, state = ?3, version = version + 1 WHERE id = ?1",
        params![id, name, state],
    )?;
    Ok(())
}

/// Gives an inspector a grid, for good or until a time.
pub fn grant(tx: &mut Tx<'_>, id: i64, grid: &str, until_ms: Option<i64>, by: &str) -> Result<()> {
    put_duty(tx, id, grid, until_ms)?;
    changed(tx, id, by)
}

/// Takes a grid from an inspector.
pub fn withdraw(tx: &mut Tx<'_>, id: i64, grid: &str, by: &str) -> Result<()> {
    let sql = "DELETE FROM duty WHERE inspector = ?1 AND grid = ?2";
    if tx.conn().execute(sql, params![id, grid])? == 0 {
        return Err(Error::NotFound("grid of this inspector"));
    }
    changed(tx, id, by)
}

fn put_duty(tx: &Tx<'_>, id: i64, grid: &str, until_ms: Option<i64>) -> Result<()> {
    tx.conn()
        .prepare_cached(
            "INSERT INTO duty (inspector, grid, until_ms) VALUES (?1, ?2, ?3)
             ON CONFLICT (inspector, grid) DO UPDATE SET until_ms = excluded.until_ms",
        )?
        .execute(params![id, grid, until_ms])?;
    Ok(())
}

/// New certificates for the phones of an inspector whose grids changed.
fn changed(tx: &mut Tx<'_>, id: i64, by: &str) -> Result<()> {
    tx.conn().execute(
        "UPDATE inspector SET version = version + 1 WHERE id = ?1",
        params![id],
    )?;
    for device in in_use(tx.conn(), id)? {
        super::renew(tx, device, by)?;
    }
    Ok(())
}

/// The phones of an inspector that are not revoked.
pub fn in_use(conn: &Connection, inspector: i64) -> Result<Vec<DeviceId>> {
    let sql = "SELECT id FROM device WHERE inspector = ?1 AND revoked_ms IS NULL ORDER BY id";
    let mut select = conn.prepare_cached(sql)?;
    let rows = select.query_map(params![inspector], |row| row.get(0).map(DeviceId))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The confirmed phones in use of the inspector behind a device: whoever is told something is told
/// it on each of them.
pub fn confirmed(conn: &Connection, device: DeviceId) -> Result<Vec<DeviceId>> {
    let mut select = conn.prepare_cached(
        "SELECT phone.id FROM device AS own JOIN device AS phone ON phone.inspector = own.inspector
         WHERE own.id = ?1 AND phone.revoked_ms IS NULL AND phone.confirmed_ms IS NOT NULL
         ORDER BY phone.id",
    )?;
    let rows = select.query_map(params![device.0], |row| row.get(0).map(DeviceId))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn check_name(name: &str) -> Result<()> {
    schemas::checks::text::check_line(name, 60)
        .map_err(|_| Error::invalid("name", "one line of at most 60 characters"))
}

const DEVICE: &str = "SELECT d.id, d.inspector, i.name, d.certificate, d.enrolled_ms,
    d.confirmed_ms, d.revoked_ms, d.forked_ms, d.last_seen_ms, d.app, d.pending, d.attachments,
    d.store_bytes,
    (SELECT r.asked_ms FROM recovery r WHERE r.device = d.id AND r.decided_ms IS NULL)
    FROM device d JOIN inspector i ON i.id = d.inspector";

fn device(core: &Core, row: &Row<'_>) -> Result<DeviceOut> {
    let signed: Vec<u8> = row.get(3)?;
    let certificate = Certificate::verify(&signed, &core.keys().server_key())
        .map_err(|_| Error::Internal("a stored certificate cannot be read"))?;
    let grids = certificate.grids.into_iter().map(|grant| grant.grid);
    Ok(DeviceOut {
        id: DeviceId(row.get(0)?).to_string(),
        inspector: row.get(1)?,
        name: row.get(2)?,
        words: fingerprint_words(&certificate.key).to_vec(),
        enrolled_ms: row.get(4)?,
        confirmed_ms: row.get(5)?,
        revoked_ms: row.get(6)?,
        forked_ms: row.get(7)?,
        expires_ms: certificate.expires_ms,
        grids: grids.collect(),
        last_seen_ms: row.get(8)?,
        app: row.get(9)?,
        pending: row.get(10)?,
        attachments: row.get(11)?,
        store_bytes: row.get(12)?,
        recovery_ms: row.get(13)?,
    })
}

/// A phone that a person may see.
pub fn find_device(
    conn: &Connection,
    core: &Core,
    who: &Principal,
    id: DeviceId,
) -> Result<DeviceOut> {
    let mut values: Vec<Value> = vec![id.0.to_vec().into()];
    let sql = format!("{DEVICE} WHERE d.id = ? AND {}", scope(who, &mut values));
    let mut select = conn.prepare(&sql)?;
    let mut rows = select.query(params_from_iter(values))?;
    match rows.next()? {
        Some(row) => device(core, row),
        None => Err(Error::NotFound("device")),
    }
}

/// An error unless every grid of the inspector lies in the person's areas: what is done to a phone
/// is felt in all of them.
pub fn need_all(conn: &Connection, who: &Principal, inspector: i64) -> Result<()> {
    let all = duties(conn, inspector)?;
    if all.iter().all(|duty| who.covers(&duty.grid)) {
        Ok(())
    } else {
        Err(Error::Forbidden("a grid of theirs is not in your areas"))
    }
}

/// The inspector behind a device.
pub fn inspector_of(conn: &Connection, id: DeviceId) -> Result<i64> {
    conn.prepare_cached("SELECT inspector FROM device WHERE id = ?1")?
        .query_row(params![id.0], |row| row.get(0))
        .or_not_found("device")
}

/// A phone of whoever walks a grid for good, or else covers it.
pub fn phone_of_grid(conn: &Connection, grid: &str) -> Result<Option<DeviceId>> {
    let found = conn
        .prepare_cached(
            "SELECT d.id FROM duty u JOIN device d ON d.inspector = u.inspector
             WHERE u.grid = ?1 AND d.revoked_ms IS NULL AND d.confirmed_ms IS NOT NULL
             ORDER BY u.until_ms IS NOT NULL, u.inspector, d.last_seen_ms DESC, d.id LIMIT 1",
        )?
        .query_row(params![grid], |row| row.get(0).map(DeviceId))
        .optional()?;
    Ok(found)
}

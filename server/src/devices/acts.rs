//! What happens to a device, each in the transaction it is given.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use rusqlite::{Connection, OptionalExtension as _, params};
use schemas::Role;
use sync_core::{
    DeviceId, Sha256,
    bundle::{Certificate, GridGrant, JournalPayload},
    sync::{DeviceItem, EnrolReply, EnrolRequest},
};

use super::{known::find, tasks};
use crate::{
    cases, checks,
    error::{Error, OrNotFound as _, Result},
    journal::Append,
    store::Tx,
    verify, versions,
};

/// A certificate's life, ms: a year.
const LIFE_MS: i64 = 366 * 86_400_000;
/// Bytes of a ticket.
const TICKET_LEN: usize = 15;
/// Numbers of events in the journal.
const ENROLLED: u8 = 1;
const CONFIRMED: u8 = 2;
const CERTIFIED: u8 = 3;
const REVOKED: u8 = 4;
const FORKED: u8 = 5;

/// Makes a one-time ticket for an inspector, good for `life_ms`. Only its digest is kept.
pub fn ticket(tx: &mut Tx<'_>, inspector: i64, life_ms: i64, by: &str) -> Result<String> {
    let mut bytes = [0; TICKET_LEN];
    tx.core().keys().fill(&mut bytes)?;
    let ticket = URL_SAFE_NO_PAD.encode(bytes);
    let known: Option<i64> = tx
        .conn()
        .query_row(
            "SELECT id FROM inspector WHERE id = ?1 AND state = 'active'",
            params![inspector],
            |row| row.get(0),
        )
        .optional()?;
    known.or_not_found("inspector")?;
    tx.conn().execute(
        "DELETE FROM ticket WHERE expires_ms < ?1",
        params![tx.now_ms()],
    )?;
    tx.conn().execute(
        "INSERT INTO ticket (digest, inspector, expires_ms, by) VALUES (?1, ?2, ?3, ?4)",
        params![
            Sha256::of(ticket.as_bytes()).0,
            inspector,
            tx.now_ms() + life_ms,
            by
        ],
    )?;
    tx.journal_act(by, "ticket", &format!("{{\"inspector\":{inspector}}}"), "")?;
    Ok(ticket)
}

/// Enrols a phone with its ticket. Grids are served once a supervisor has confirmed it. While the
/// ticket's time lasts, the same phone is told the same again.
pub fn enrol(tx: &mut Tx<'_>, request: &EnrolRequest) -> Result<EnrolReply> {
    let now = tx.now_ms();
    let digest = Sha256::of(request.ticket.as_bytes());
    let row: Option<(i64, i64, bool, Option<[u8; 6]>)> = tx
        .conn()
        .query_row(
            "SELECT inspector, expires_ms, used_ms IS NOT NULL, device FROM ticket
             WHERE digest = ?1",
            params![digest.0],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
        )
        .optional()?;
    let (inspector, expires, used, by) = row.or_not_found("ticket")?;
    if used {
        let again = match by.filter(|_| expires >= now) {
            Some(device) => answered(tx, DeviceId(device), &request.key)?,
            None => None,
        };
        return again
            .map(|certificate| reply(tx, certificate))
            .ok_or(Error::Gone("the ticket was used: ask for a new one"));
    }
    if expires < now {
        return Err(Error::Gone("the ticket has expired: ask for a new one"));
    }
    let device = new_id(tx)?;
    tx.conn().execute(
        "UPDATE ticket SET used_ms = ?2, device = ?3 WHERE digest = ?1",
        params![digest.0, now, device.0],
    )?;
    let certificate = certificate(tx.conn(), inspector, device, request.key, 1, now)?;
    let signed_bytes = certify(tx, &certificate);
    tx.conn().execute(
        "INSERT INTO device (id, inspector, certificate, epoch, enrolled_ms, app)
         VALUES (?1, ?2, ?3, 1, ?4, ?5)",
        params![device.0, inspector, signed_bytes, now, request.app],
    )?;
    log(
        tx,
        device,
        ENROLLED,
        Some(signed_bytes.clone()),
        &inspector.to_string(),
    )?;
    Ok(reply(tx, signed_bytes))
}

/// The certificate of a phone that asks again with the same key, because the answer was lost.
fn answered(tx: &Tx<'_>, device: DeviceId, key: &[u8; 32]) -> Result<Option<Vec<u8>>> {
    let core = tx.core();
    let known = find(tx.conn(), core, device)?;
    if known.is_none_or(|known| known.revoked || known.certificate.key != *key) {
        return Ok(None);
    }
    let certificate = tx.conn().query_row(
        "SELECT certificate FROM device WHERE id = ?1",
        params![device.0],
        |row| row.get(0),
    )?;
    Ok(Some(certificate))
}

fn reply(tx: &Tx<'_>, certificate: Vec<u8>) -> EnrolReply {
    let core = tx.core();
    EnrolReply {
        certificate,
        server_key: core.keys().server_key(),
        seal_key: core.keys().seal_key(),
        server_ms: tx.now_ms(),
        schema: core.schemas().version(),
    }
}

/// The supervisor has compared the fingerprint words: what the phone sent before enters, and the
/// phone learns what its inspector's other phones were told.
pub fn confirm(tx: &mut Tx<'_>, device: DeviceId, by: &str) -> Result<()> {
    confirmed(tx, device)?;
    log(tx, device, CONFIRMED, None, by)?;
    verify::let_in(tx, device)
}

/// A phone may be told things from now on: it begins with what is open.
fn confirmed(tx: &mut Tx<'_>, device: DeviceId) -> Result<()> {
    set(tx, device, "confirmed_ms")?;
    versions::tell_phone(tx, device)?;
    cases::tell_phone(tx, device)?;
    checks::tell_phone(tx, device)?;
    tasks::tell_open(tx, device)
}

/// A new certificate with the inspector's present grids, and tells the phone.
pub fn renew(tx: &mut Tx<'_>, device: DeviceId, by: &str) -> Result<()> {
    let core = tx.core().clone();
    let known = find(tx.conn(), &core, device)?.or_not_found("device")?;
    let inspector: i64 = tx.conn().query_row(
        "SELECT inspector FROM device WHERE id = ?1",
        params![device.0],
        |row| row.get(0),
    )?;
    let old = known.certificate;
    let certificate = certificate(
        tx.conn(),
        inspector,
        device,
        old.key,
        old.epoch,
        tx.now_ms().max(old.issued_ms + 1),
    )?;
    let signed_bytes = certify(tx, &certificate);
    tx.conn().execute(
        "UPDATE device SET certificate = ?2 WHERE id = ?1",
        params![device.0, signed_bytes],
    )?;
    tx.tell(device, &DeviceItem::Certificate(signed_bytes.clone()))?;
    log(tx, device, CERTIFIED, Some(signed_bytes), by)
}

/// A cover has ended: the phone gets a certificate without it, and forgets what lies there.
pub fn end_cover(tx: &mut Tx<'_>, device: DeviceId) -> Result<()> {
    renew(tx, device, "server")
}

/// Revokes a device: it may still send, into held, and is then wiped.
pub fn revoke(tx: &mut Tx<'_>, device: DeviceId, by: &str) -> Result<()> {
    set(tx, device, "revoked_ms")?;
    tx.tell(device, &DeviceItem::Wipe)?;
    log(tx, device, REVOKED, None, by)
}

/// Another installation writes under the device's name: both bundles are kept for a person to see,
/// this one sealed by record as in the journal.
pub fn forked(tx: &mut Tx<'_>, bundle: &Append) -> Result<()> {
    let kept: i64 = tx.conn().query_row(
        "SELECT count(*) FROM fork WHERE device = ?1",
        params![bundle.device.0],
        |row| row.get(0),
    )?;
    // Enough to see what happened; a device that goes on and on fills no disk.
    if kept >= 64 {
        return Ok(());
    }
    let new = tx.conn().execute(
        "INSERT INTO fork (device, digest, number, seen_ms, bundle) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT DO NOTHING",
        params![
            bundle.device.0,
            bundle.digest.0,
            bundle.number,
            tx.now_ms(),
            bundle.payload
        ],
    )?;
    if new == 0 {
        return Ok(());
    }
    tx.conn().execute(
        "UPDATE device SET forked_ms = coalesce(forked_ms, ?2) WHERE id = ?1",
        params![bundle.device.0, tx.now_ms()],
    )?;
    log(tx, bundle.device, FORKED, None, "")
}

/// Does an event again, from the journal.
pub(crate) fn again(
    tx: &mut Tx<'_>,
    device: DeviceId,
    event: u8,
    certificate: Option<&[u8]>,
    by: &str,
) -> Result<()> {
    match (event, certificate) {
        (ENROLLED, Some(signed_bytes)) => {
            let inspector: i64 = by.parse().unwrap_or(0);
            tx.conn().execute(
                "INSERT INTO inspector (id, code, name) VALUES (?1, ?2, '') ON CONFLICT DO NOTHING",
                params![inspector, format!("lost-{inspector}")],
            )?;
            tx.conn().execute(
                "INSERT INTO device (id, inspector, certificate, epoch, enrolled_ms)
                 VALUES (?1, ?2, ?3, 1, ?4) ON CONFLICT DO NOTHING",
                params![device.0, inspector, signed_bytes, tx.now_ms()],
            )?;
            Ok(())
        }
        (CERTIFIED, Some(signed_bytes)) => {
            tx.conn().execute(
                "UPDATE device SET certificate = ?2 WHERE id = ?1",
                params![device.0, signed_bytes],
            )?;
            tx.tell(device, &DeviceItem::Certificate(signed_bytes.to_vec()))
        }
        (CONFIRMED, _) => confirmed(tx, device),
        (REVOKED, _) => {
            set(tx, device, "revoked_ms")?;
            tx.tell(device, &DeviceItem::Wipe)
        }
        (FORKED, _) => set(tx, device, "forked_ms"),
        _ => Ok(()),
    }
}

/// Sets a time of a device, once.
fn set(tx: &Tx<'_>, device: DeviceId, column: &'static str) -> Result<()> {
    let sql = format!("UPDATE device SET {column} = coalesce({column}, ?2) WHERE id = ?1");
    let found = tx.conn().execute(&sql, params![device.0, tx.now_ms()])?;
    (found > 0).then_some(()).or_not_found("device")
}

fn log(
    tx: &mut Tx<'_>,
    device: DeviceId,
    event: u8,
    certificate: Option<Vec<u8>>,
    by: &str,
) -> Result<()> {
    tx.journal(&JournalPayload::Device {
        device,
        event,
        certificate: certificate.map(Into::into),
        by: by.to_owned(),
    })
}

fn certify(tx: &Tx<'_>, certificate: &Certificate) -> Vec<u8> {
    let signed = certificate.to_sign();
    let signature = tx.core().keys().sign(&signed.to_be_signed);
    signed.finish(signature)
}

fn certificate(
    conn: &Connection,
    inspector: i64,
    device: DeviceId,
    key: [u8; 32],
    epoch: u16,
    now: i64,
) -> Result<Certificate> {
    let code: String = conn
        .query_row(
            "SELECT code FROM inspector WHERE id = ?1",
            params![inspector],
            |row| row.get(0),
        )
        .or_not_found("inspector")?;
    let mut select = conn.prepare_cached(
        "SELECT grid, until_ms FROM duty
         WHERE inspector = ?1 AND (until_ms IS NULL OR until_ms > ?2) ORDER BY grid",
    )?;
    let grids = select.query_map(params![inspector, now], |row| {
        Ok(GridGrant {
            grid: row.get(0)?,
            until_ms: row.get(1)?,
        })
    })?;
    Ok(Certificate {
        device,
        key,
        epoch,
        inspector: code,
        role: Role::Inspector.as_str().to_owned(),
        office: None,
        grids: grids.collect::<rusqlite::Result<_>>()?,
        issued_ms: now,
        expires_ms: now + LIFE_MS,
    })
}

/// A device id that no device has: random, so that a restored server gives none twice.
fn new_id(tx: &Tx<'_>) -> Result<DeviceId> {
    loop {
        let mut id = [0; 6];
        tx.core().keys().fill(&mut id)?;
        let id = DeviceId(id);
        let taken: bool = tx.conn().query_row(
            "SELECT EXISTS (SELECT 1 FROM device WHERE id = ?1)",
            params![id.0],
            |row| row.get(0),
        )?;
        if id.class() == sync_core::AuthorClass::Device && !taken {
            return Ok(id);
        }
    }
}

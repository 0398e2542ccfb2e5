//! Devices as the server knows them.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use rusqlite::{Connection, OptionalExtension as _, params};
use sync_core::{
    DeviceId,
    bundle::Certificate,
    sync::{PhoneStatus, SyncRequest},
};

use crate::{
    App,
    core::Core,
    error::{Error, Result},
    store::Tx,
};

/// Certificates that are kept parsed at most.
const CACHED: usize = 16_384;

/// A device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// Its id.
    pub id: DeviceId,
    /// Its certificate, with the highest epoch that it was granted.
    pub certificate: Certificate,
    /// The inspector's name.
    pub label: String,
    /// Whether a supervisor has compared its words.
    pub confirmed: bool,
    /// Whether it was revoked.
    pub revoked: bool,
    /// The last of its bundles that is in a backup.
    pub backed_up: u64,
}

/// Parsed certificates.
#[derive(Default)]
pub struct Registry {
    parsed: Mutex<HashMap<DeviceId, (Vec<u8>, Certificate)>>,
    seen: Mutex<HashMap<DeviceId, Heard>>,
}

impl Registry {
    /// What was noted of devices since the last time.
    pub(crate) fn take_seen(&self) -> Vec<Seen> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.drain().collect()
    }

    /// The certificate that the bytes are: its signature is checked once.
    pub fn parse(&self, core: &Core, id: DeviceId, signed: Vec<u8>) -> Result<Certificate> {
        let mut parsed = self.parsed.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((bytes, certificate)) = parsed.get(&id)
            && *bytes == signed
        {
            return Ok(certificate.clone());
        }
        let certificate = Certificate::verify(&signed, &core.keys().server_key())
            .map_err(|_| Error::Internal("a stored certificate cannot be read"))?;
        if parsed.len() >= CACHED {
            parsed.clear();
        }
        parsed.insert(id, (signed, certificate.clone()));
        Ok(certificate)
    }
}

/// Finds a device.
pub fn find(conn: &Connection, core: &Core, id: DeviceId) -> Result<Option<Device>> {
    let mut select = conn.prepare_cached(
        "SELECT d.certificate, d.epoch, i.name, d.confirmed_ms IS NOT NULL,
                d.revoked_ms IS NOT NULL, d.backed_up
         FROM device d JOIN inspector i ON i.id = d.inspector WHERE d.id = ?1",
    )?;
    let row = select
        .query_row(params![id.0], |row| {
            Ok((
                row.get::<_, Vec<u8>>(0)?,
                row.get::<_, u16>(1)?,
                row.get::<_, String>(2)?,
                row.get::<_, bool>(3)?,
                row.get::<_, bool>(4)?,
                row.get::<_, u64>(5)?,
            ))
        })
        .optional()?;
    let Some((signed, epoch, label, confirmed, revoked, backed_up)) = row else {
        return Ok(None);
    };
    let mut certificate = core.devices().parse(core, id, signed)?;
    certificate.epoch = certificate.epoch.max(epoch);
    Ok(Some(Device {
        id,
        certificate,
        label,
        confirmed,
        revoked,
        backed_up,
    }))
}

/// What was heard of a device.
#[derive(Clone, Debug, Default)]
pub(crate) struct Heard {
    /// When, ms.
    at_ms: i64,
    /// What it said of itself.
    status: Option<PhoneStatus>,
    /// How far it has read its own stream.
    read: u64,
}

/// A device that was heard of.
pub(crate) type Seen = (DeviceId, Heard);

/// Notes when a device was last heard of and what it said of itself; written with the next bundles
/// or in a quiet moment of the writer, and nothing waits for it.
pub fn seen(app: &App, device: DeviceId, request: &SyncRequest) {
    let core = app.core();
    let mut seen = core
        .devices()
        .seen
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    let mut cursors = request.cursors.iter();
    let own = cursors.find(|cursor| cursor.grid.is_none() && cursor.epoch == core.epoch());
    let heard = Heard {
        at_ms: core.now_ms(),
        status: request.status.clone(),
        read: own.map_or(0, |cursor| cursor.seq),
    };
    seen.insert(device, heard);
}

pub(crate) fn write_seen(tx: &Tx<'_>, seen: &[Seen]) -> Result<()> {
    for (device, heard) in seen {
        let conn = tx.conn();
        conn.prepare_cached(
            "UPDATE device SET last_seen_ms = ?2, read_seq = max(read_seq, ?3) WHERE id = ?1",
        )?
        .execute(params![device.0, heard.at_ms, heard.read])?;
        if let Some(status) = &heard.status {
            conn.prepare_cached(
                "UPDATE device SET app = ?2, pending = ?3, attachments = ?4, store_bytes = ?5
                 WHERE id = ?1",
            )?
            .execute(params![
                device.0,
                status.app,
                status.pending,
                status.attachments,
                status.store_bytes
            ])?;
        }
    }
    Ok(())
}

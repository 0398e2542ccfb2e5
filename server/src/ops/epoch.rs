//! A restored server counts past what it forgot (ADR 16).

use rusqlite::{Connection, params};
use sync_core::{DeviceId, sync::DeviceItem};

use crate::{
    error::Result,
    store::{Tx, marks},
    verify,
};

/// More epochs than a device is granted between a backup and the restore from it, or two restores.
const EPOCHS_A_RESTORE: u64 = 256;

/// The act under which the journal has it.
pub(super) const ACT: &str = "server.epoch";

/// Puts the server under a later epoch: past every epoch of a device and every move of a record
/// that it may have forgotten. Phones are asked for what the server signed.
pub(super) fn raise(tx: &mut Tx<'_>, epoch: u64) -> Result<()> {
    let core = tx.core().clone();
    let before = core.epoch();
    if epoch <= before {
        return Ok(());
    }
    let moves = verify::moves_forgotten(&core);
    core.set_epoch(epoch);
    let moves = verify::moves_forgotten(&core) - moves;
    let conn = tx.conn();
    marks::set_epoch(conn, epoch)?;
    marks::set_mark(conn, "wants_returned", 1)?;
    marks::set_mark(conn, "restored_ms", tx.now_ms().max(0).cast_unsigned())?;
    conn.execute(
        "UPDATE record SET move_number = move_number + ?1",
        params![moves],
    )?;
    // They come again, from every phone.
    conn.execute("DELETE FROM own_returned", [])?;
    let granted = EPOCHS_A_RESTORE.saturating_mul(epoch - before);
    for (device, known) in devices(conn)? {
        let epoch = u64::from(known).saturating_add(granted);
        let epoch = u16::try_from(epoch).unwrap_or(u16::MAX);
        conn.execute(
            "UPDATE device SET epoch = ?2 WHERE id = ?1",
            params![device.0, epoch],
        )?;
        tx.tell(device, &DeviceItem::Epoch(epoch))?;
    }
    let object = serde_json::json!({ "epoch": epoch });
    tx.journal_act("server", ACT, &object.to_string(), "")
}

/// How far each of the server's own chains goes in this main.db, up to the first number that is
/// missing: phones may hold what comes behind it, and give it back.
pub(super) fn own_through(conn: &Connection) -> Result<Vec<(DeviceId, u64)>> {
    let mut select =
        conn.prepare("SELECT device, number FROM own_bundle ORDER BY device, number")?;
    let mut rows = select.query([])?;
    let mut through: Vec<(DeviceId, u64)> = Vec::new();
    while let Some(row) = rows.next()? {
        let (device, number) = (DeviceId(row.get(0)?), row.get::<_, u64>(1)?);
        match through.last_mut().filter(|(last, _)| *last == device) {
            Some((_, last)) if *last + 1 == number => *last = number,
            Some(_) => {}
            None => through.push((device, u64::from(number == 1))),
        }
    }
    Ok(through)
}

fn devices(conn: &Connection) -> Result<Vec<(DeviceId, u16)>> {
    let mut select = conn.prepare("SELECT id, epoch FROM device ORDER BY id")?;
    let rows = select.query_map([], |row| Ok((DeviceId(row.get(0)?), row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

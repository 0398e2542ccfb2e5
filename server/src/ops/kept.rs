//! What the newest backups have. Phones forget what is in as many of them as operators keep, so that
//! each of these can be restored without loss.

use rusqlite::{Connection, params};
use sync_core::{AuthorClass, DeviceId};

use crate::{error::Result, store::marks};

/// Backups that can be asked for at most.
pub(super) const MOST: u32 = 100;
/// How many backups there were, in `meta`.
const BACKUPS: &str = "backups";

/// What a backup has of a device: its last bundle.
pub(super) type Last = (DeviceId, u64);

/// Notes what the newest backup has; its number.
pub(super) fn note(main: &Connection, has: &[Last]) -> Result<u64> {
    let backup = marks::mark(main, BACKUPS)?.unwrap_or(0) + 1;
    marks::set_mark(main, BACKUPS, backup)?;
    let mut insert =
        main.prepare_cached("INSERT INTO in_backup (backup, device, number) VALUES (?1, ?2, ?3)")?;
    for (device, number) in has {
        insert.execute(params![backup, device.0, number])?;
    }
    main.execute(
        "DELETE FROM in_backup WHERE backup <= ?1",
        params![backup.saturating_sub(u64::from(MOST))],
    )?;
    Ok(backup)
}

/// Lets phones forget what is in the `keep` newest backups; `newest` is the last one's number.
pub(super) fn tell(main: &Connection, newest: u64, keep: u32) -> Result<()> {
    let others = u64::from(keep.clamp(1, MOST)) - 1;
    let Some(oldest) = newest.checked_sub(others) else {
        return Ok(());
    };
    let mut select =
        main.prepare_cached("SELECT device, number FROM in_backup WHERE backup = ?1")?;
    let rows = select.query_map(params![oldest], |row| {
        Ok((DeviceId(row.get(0)?), row.get::<_, u64>(1)?))
    })?;
    for row in rows {
        let (device, number) = row?;
        let sql = if device.class() == AuthorClass::Device {
            "UPDATE device SET backed_up = max(backed_up, ?2) WHERE id = ?1"
        } else {
            "INSERT INTO own_backed_up (device, number) VALUES (?1, ?2)
             ON CONFLICT (device) DO UPDATE SET number = max(number, excluded.number)"
        };
        main.execute(sql, params![device.0, number])?;
    }
    Ok(())
}

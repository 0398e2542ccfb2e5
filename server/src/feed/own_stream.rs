//! A device's own stream.

use rusqlite::{Connection, params};
use sync_core::{
    DeviceId,
    sync::{DeviceEntry, DeviceItem},
};

use crate::error::{Error, Result};

/// Items of one answer.
const PAGE: usize = 512;

/// Items after `from`, and whether there are more.
pub(super) fn items(
    conn: &Connection,
    device: DeviceId,
    from: u64,
) -> Result<(Vec<DeviceEntry>, bool)> {
    let mut select = conn.prepare_cached(
        "SELECT seq, bytes FROM device_item WHERE device = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3",
    )?;
    // One more for "is there more", and one for a verdict that must not be parted from the epoch
    // before it: what is written under the new epoch must not build on what is refused.
    let rows = select.query_map(params![device.0, from, PAGE + 2], |row| {
        Ok((row.get::<_, u64>(0)?, row.get::<_, Vec<u8>>(1)?))
    })?;
    let mut items = Vec::new();
    for row in rows {
        let (seq, bytes) = row?;
        let item: DeviceItem = minicbor::decode(&bytes)
            .map_err(|_| Error::Internal("a device item cannot be read"))?;
        items.push(DeviceEntry { seq, item });
    }
    let parted = items
        .get(PAGE - 1)
        .is_some_and(|entry| matches!(entry.item, DeviceItem::Epoch(_)));
    let page = PAGE + usize::from(parted);
    let more = items.len() > page;
    items.truncate(page);
    Ok((items, more))
}

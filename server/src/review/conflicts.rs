//! The queue of conflicts: opened when a view has one, closed when it has none.

use rusqlite::params;
use sync_core::{AuthorClass, DeviceId, record::View};

use super::decided;
use crate::{app::News, error::Result, records::Stored, store::Tx};

/// Brings a record's rows in step with its view. One that went away
/// without a decision was settled by someone on the spot, knowingly: it stays to be looked at.
pub(crate) fn note_conflicts(
    tx: &mut Tx<'_>,
    stored: &Stored,
    view: &View,
    device: DeviceId,
) -> Result<()> {
    let conn = tx.conn();
    let now = tx.now_ms();
    let mut select = conn
        .prepare_cached("SELECT key, version FROM conflict WHERE n = ?1 AND state <> 'settled'")?;
    let rows = select.query_map(params![stored.n], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, u64>(1)?))
    })?;
    let before = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    let mut put = conn.prepare_cached(
        "INSERT INTO conflict (n, key, state, version, since_ms) VALUES (?1, ?2, ?3, ?5, ?4)
         ON CONFLICT (n, key) DO UPDATE SET state = excluded.state, version = version + 1,
         since_ms = iif(state = 'settled', excluded.since_ms, since_ms), by_device = NULL",
    )?;
    for key in &view.conflicts {
        let state = if contested(view, key) {
            "contested"
        } else {
            "open"
        };
        let version = decided::take(conn, stored.n, key)?.map_or(1, |version| version + 1);
        put.execute(params![stored.n, key, state, now, version])?;
    }
    for (key, version) in &before {
        if view.conflicts.contains(key) {
            continue;
        }
        if device.class() == AuthorClass::Device {
            conn.prepare_cached(
                "UPDATE conflict SET state = 'settled', version = version + 1, since_ms = ?3,
                 by_device = ?4 WHERE n = ?1 AND key = ?2",
            )?
            .execute(params![stored.n, key, now, device.0])?;
        } else {
            conn.prepare_cached("DELETE FROM conflict WHERE n = ?1 AND key = ?2")?
                .execute(params![stored.n, key])?;
            if device.class() == AuthorClass::Decision {
                decided::put(conn, stored, key, version + 1, now)?;
            }
        }
    }
    if !before.is_empty() || !view.conflicts.is_empty() {
        tx.announce(News::Review(stored.header.grid.clone()));
    }
    Ok(())
}

/// Whether a decision stands and something that had not seen it stands beside it.
fn contested(view: &View, key: &str) -> bool {
    let key = schemas::RegisterKey::parse(key);
    key.is_ok_and(|key| {
        view.field(&key)
            .is_some_and(sync_core::record::FieldView::contested)
    })
}

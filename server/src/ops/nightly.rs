//! What is done once a night: what has ended is taken away, files are kept small. Each step is a
//! short transaction of its own, beside the server that goes on.

use std::path::Path;

use rusqlite::{Connection, params};

use crate::{
    error::{Error, Result},
    identity::sessions,
    own, records,
    store::{Tx, marks},
    uploads,
};

const DAY_MS: i64 = 86_400_000;
/// Days that a ticket stays after its end, for whoever asks why it was not taken.
const TICKET_DAYS: i64 = 30;
/// Days that a row stays of what was held and is settled.
const SETTLED_DAYS: i64 = 90;
/// Days for which a restored server asks phones for what it had signed. A phone that comes later
/// keeps it, and its own changes come all the same.
const RETURN_DAYS: i64 = 90;
/// Rows that one step takes away.
const ROWS: i64 = 5_000;
/// Records of which one step makes a snapshot.
const PROOFS: i64 = 200;
/// Uploads that one step takes away.
const UPLOADS: usize = 100;

/// What a night did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Nightly {
    /// Tickets that had ended.
    pub tickets: usize,
    /// Sessions that had ended.
    pub sessions: usize,
    /// Items of devices' streams that were read.
    pub items: usize,
    /// Uploads that waited too long.
    pub uploads: usize,
    /// Held changes that were settled long ago.
    pub settled: usize,
    /// Records whose snapshots were made.
    pub snapshots: usize,
    /// Whether the restored server stopped asking phones.
    pub returned: bool,
}

/// One step; whether there is more to do. It is called until there is not.
pub fn nightly(tx: &mut Tx<'_>, data: &Path, did: &mut Nightly) -> Result<bool> {
    let conn = tx.conn();
    let now = tx.now_ms();
    let tickets = conn.execute(
        "DELETE FROM ticket WHERE expires_ms < ?1",
        params![now - TICKET_DAYS * DAY_MS],
    )?;
    let ended = conn.execute(
        "DELETE FROM session WHERE created_ms < ?1 OR seen_ms < ?2",
        params![now - sessions::LIFE_MS, now - sessions::IDLE_MS],
    )?;
    // The last one stays: it says how far a stream was counted.
    let items = conn.execute(
        "DELETE FROM device_item WHERE (device, seq) IN
         (SELECT i.device, i.seq FROM device_item i JOIN device d ON d.id = i.device
          WHERE i.seq <= d.read_seq
            AND i.seq < (SELECT max(seq) FROM device_item l WHERE l.device = i.device)
          LIMIT ?1)",
        params![ROWS],
    )?;
    let settled = conn.execute(
        "DELETE FROM held WHERE id IN
         (SELECT id FROM held WHERE state = 'settled' AND since_ms < ?1 LIMIT ?2)",
        params![now - SETTLED_DAYS * DAY_MS, ROWS],
    )?;
    did.tickets += tickets;
    did.sessions += ended;
    did.items += items;
    did.settled += settled;
    let uploads = uploads::expire_beside(tx, data, UPLOADS)?;
    did.uploads += uploads;
    did.returned |= stop_asking(conn, now)?;
    let proven = prove(tx)?;
    did.snapshots += proven;
    Ok(items + settled + proven + uploads > 0)
}

/// After a restore phones are asked for the server's own bundles, but not for ever.
fn stop_asking(conn: &Connection, now: i64) -> Result<bool> {
    let restored = marks::mark(conn, "restored_ms")?.unwrap_or(0);
    let end = (now - RETURN_DAYS * DAY_MS).max(0).cast_unsigned();
    if !own::wants_returned(conn)? || restored >= end {
        return Ok(false);
    }
    marks::set_mark(conn, "wants_returned", 0)?;
    conn.execute("DELETE FROM own_returned", [])?;
    Ok(true)
}

/// Makes snapshots that a server which was ended had still to make, so that packs need not.
fn prove(tx: &Tx<'_>) -> Result<usize> {
    let mut select = tx.conn().prepare_cached(
        "SELECT r.n FROM record r LEFT JOIN snapshot s ON s.n = r.n
         WHERE r.placed = 1 AND r.changes > 0 AND s.changes IS NOT r.changes LIMIT ?1",
    )?;
    let rows = select.query_map(params![PROOFS], |row| row.get::<_, i64>(0))?;
    let mut made = 0;
    for n in rows.collect::<rusqlite::Result<Vec<_>>>()? {
        match records::prove_and_keep(tx.conn(), tx.core(), n) {
            Ok(()) => made += 1,
            Err(error @ Error::Storage(_)) => return Err(error),
            Err(error) => tracing::error!(%error, "a record cannot be proven"),
        }
    }
    Ok(made)
}

/// Folds a database's log into it and has SQLite look at its statistics.
pub(crate) fn tidy(conn: &Connection) -> Result<()> {
    conn.execute_batch("PRAGMA optimize")?;
    // Where someone reads, the log is folded as far as it can be.
    conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    Ok(())
}

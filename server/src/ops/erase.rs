//! Erasing a record of a personal kind: its key is destroyed, and with it everything that the key
//! seals, in main.db, in the journal and wherever copies of them lie. What stood in clear beside
//! it, hashes above all, is taken away.

use rusqlite::{Connection, OptionalExtension as _, params};
use sync_core::{RecordId, bundle::JournalPayload};

use crate::{
    app::News,
    error::{Error, OrNotFound as _, Result},
    feed::Entry,
    review::By,
    store::Tx,
    uploads,
};

/// Erases a record for good. Done again, it finishes what a power cut left half done.
///
/// Records of open kinds hold nothing personal and are not erased; one that must go is followed by
/// another (`merged_into`).
pub fn erase(tx: &mut Tx<'_>, record: &RecordId, by: &By) -> Result<()> {
    let sealed: Option<bool> = tx
        .conn()
        .query_row(
            "SELECT sealed FROM record WHERE id = ?1",
            params![record.0],
            |row| row.get(0),
        )
        .optional()?;
    if !sealed.or_not_found("record")? {
        return Err(Error::Conflict(
            "only records of personal kinds can be erased",
        ));
    }
    tx.journal(&JournalPayload::Erasure {
        record: *record,
        by: by.person.clone(),
        reason: by.reason.clone(),
    })?;
    clear(tx, record)?;
    // Last, because it cannot be undone; if power goes before the commit, it is asked for again.
    tx.core().keys().erase(record)?;
    Ok(())
}

/// Does it again, from the journal.
pub(super) fn again(tx: &mut Tx<'_>, record: &RecordId) -> Result<()> {
    clear(tx, record)?;
    tx.core().keys().erase(record)?;
    Ok(())
}

/// Clears what records left whose keys were destroyed elsewhere: a restored main.db is older than
/// the erasure.
pub(super) fn clear_erased(tx: &mut Tx<'_>) -> Result<()> {
    for record in tx.core().keys().erased()? {
        let left: bool = tx.conn().query_row(
            "SELECT EXISTS (SELECT 1 FROM record WHERE id = ?1 AND salt <> x'')",
            params![record.0],
            |row| row.get(0),
        )?;
        if left {
            clear(tx, &record)?;
        }
    }
    Ok(())
}

/// Takes away what stands of a record in main.db, and has phones forget it.
fn clear(tx: &mut Tx<'_>, record: &RecordId) -> Result<()> {
    let conn = tx.conn();
    // Freed pages keep nothing either.
    let before: i64 = conn.query_row("PRAGMA secure_delete", [], |row| row.get(0))?;
    conn.query_row("PRAGMA secure_delete = ON", [], |_| Ok(()))?;
    let done = clear_rows(tx, record);
    conn.query_row(&format!("PRAGMA secure_delete = {before}"), [], |_| Ok(()))?;
    done
}

fn clear_rows(tx: &mut Tx<'_>, record: &RecordId) -> Result<()> {
    let conn = tx.conn();
    for sql in [
        "DELETE FROM held WHERE record = ?1",
        "DELETE FROM superseded WHERE record = ?1",
        "DELETE FROM own_returned WHERE record = ?1",
        // The hash of a change tells what it wrote to whoever can guess.
        "UPDATE item SET cause = randomblob(32) WHERE record = ?1",
    ] {
        conn.execute(sql, params![record.0])?;
    }
    // Their bytes lie sealed under the key that is destroyed.
    uploads::forget(tx, record)?;
    let row: Option<(i64, String, u64, bool)> = conn
        .query_row(
            "SELECT n, grid, move_number, placed FROM record WHERE id = ?1",
            params![record.0],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
        )
        .optional()?;
    let Some((n, grid, move_number, placed)) = row else {
        return Ok(());
    };
    clear_record(conn, n)?;
    if placed {
        let (conn, feeds) = tx.feeds();
        feeds.push(conn, &grid, Entry::Forget { n, move_number })?;
        tx.announce(News::Grid(grid));
    }
    Ok(())
}

fn clear_record(conn: &Connection, n: i64) -> Result<()> {
    for sql in [
        "DELETE FROM own_change WHERE hash IN (SELECT hash FROM change WHERE n = ?1)",
        "DELETE FROM change WHERE n = ?1",
        "DELETE FROM snapshot WHERE n = ?1",
        "DELETE FROM blind WHERE n = ?1",
        "DELETE FROM field_value WHERE n = ?1",
        "DELETE FROM search_text WHERE n = ?1",
        "DELETE FROM conflict WHERE n = ?1",
        "UPDATE own_bundle SET bytes = x'' WHERE n = ?1",
        "UPDATE record SET salt = x'', registers = x'', placed = 0, alive = 0, conflicted = 0,
         bytes = 0, follows = NULL, merged_into = NULL WHERE n = ?1",
    ] {
        conn.execute(sql, params![n])?;
    }
    Ok(())
}

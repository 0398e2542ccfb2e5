//! Versions of the files. A file with a newer version is refused and not touched.

use rusqlite::Connection;

use crate::error::{Error, Result};

/// SQL that takes a file from one version to the next.
pub type Migration = &'static str;

/// keys.db.
pub const KEYS: &[Migration] = &[include_str!("../../migrations/keys/0001.sql")];
/// journal.db.
pub const JOURNAL: &[Migration] = &[include_str!("../../migrations/journal/0001.sql")];
/// main.db.
pub const MAIN: &[Migration] = &[
    include_str!("../../migrations/main/0001_records.sql"),
    include_str!("../../migrations/main/0002_sync.sql"),
    include_str!("../../migrations/main/0003_dispatch.sql"),
    include_str!("../../migrations/main/0004_identity.sql"),
    include_str!("../../migrations/main/0005_cases.sql"),
    include_str!("../../migrations/main/0006_uploads.sql"),
    include_str!("../../migrations/main/0007_import.sql"),
    include_str!("../../migrations/main/0008_recovery.sql"),
    include_str!("../../migrations/main/0009_duplicates.sql"),
    include_str!("../../migrations/main/0010_lists.sql"),
    include_str!("../../migrations/main/0011_checks.sql"),
    include_str!("../../migrations/main/0012_versions.sql"),
    include_str!("../../migrations/main/0013_registration.sql"),
    include_str!("../../migrations/main/0014_due.sql"),
    include_str!("../../migrations/main/0015_desk.sql"),
    include_str!("../../migrations/main/0016_acts.sql"),
    include_str!("../../migrations/main/0017_projection.sql"),
];

/// Brings a file to the newest version, each step in a transaction of its own.
pub fn migrate(conn: &mut Connection, migrations: &[Migration]) -> Result<()> {
    let version: usize = conn.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if version > migrations.len() {
        return Err(Error::Conflict("the data is of a newer version"));
    }
    for (index, sql) in migrations.iter().enumerate().skip(version) {
        let tx = conn.transaction()?;
        tx.execute_batch(sql)?;
        tx.pragma_update(None, "user_version", index + 1)?;
        tx.commit()?;
    }
    Ok(())
}

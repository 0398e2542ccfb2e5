//! What this phone's own changes are at, for lists and the status line.

use std::collections::BTreeSet;

use super::{Store, changes::Status};
use crate::{fieldbook::error::Result, ids::RecordId};

/// An own change, without its content.
pub(in crate::fieldbook) struct OwnRow {
    pub(in crate::fieldbook) record: RecordId,
    pub(in crate::fieldbook) status: Status,
    pub(in crate::fieldbook) bundle: Option<u64>,
    pub(in crate::fieldbook) time_ms: i64,
}

impl Store {
    /// Whether a record has own changes that are not settled: open, on their way or held.
    pub(in crate::fieldbook) fn has_unsettled(&self, record: &RecordId) -> Result<bool> {
        let mut statement = self.connection.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM change WHERE record = ?1 AND status IN (0, 1, 3))",
        )?;
        Ok(statement.query_row([&record.0[..]], |row| row.get(0))?)
    }

    /// Records with own changes that are not settled.
    pub(in crate::fieldbook) fn unsettled_records(&self) -> Result<BTreeSet<RecordId>> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT DISTINCT record FROM change WHERE status IN (0, 1, 3)")?;
        let rows = statement.query_map([], |row| row.get::<_, Vec<u8>>(0))?;
        rows.map(|row| Ok(RecordId::from_slice(&row?)?)).collect()
    }

    /// The last own changes that are still kept, the newest first; not those made again since.
    pub(in crate::fieldbook) fn own_changes(&self, limit: usize) -> Result<Vec<OwnRow>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT record, status, bundle, time_ms FROM change
             WHERE mac IS NOT NULL AND status <> 5 ORDER BY local DESC LIMIT ?1",
        )?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = statement.query_map([limit], |row| {
            Ok((
                row.get::<_, Vec<u8>>(0)?,
                row.get::<_, i64>(1)?,
                row.get::<_, Option<u64>>(2)?,
                row.get::<_, i64>(3)?,
            ))
        })?;
        rows.map(|row| {
            let (record, status, bundle, time_ms) = row?;
            Ok(OwnRow {
                record: RecordId::from_slice(&record)?,
                status: Status::of(status)?,
                bundle,
                time_ms,
            })
        })
        .collect()
    }
}

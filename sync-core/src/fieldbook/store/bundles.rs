//! Bundles, setbacks and what came back for correction.

use super::Store;
use crate::{
    fieldbook::{
        edits::{decode_edits, encode_edits},
        error::Result,
    },
    ids::RecordId,
    record::Edit,
};

/// A bundle's row.
pub(in crate::fieldbook) struct BundleRow {
    pub(in crate::fieldbook) number: u64,
    pub(in crate::fieldbook) manifest: Vec<u8>,
    pub(in crate::fieldbook) signature: Option<Vec<u8>>,
    pub(in crate::fieldbook) raw: bool,
}

/// Why a record of a bundle was held or refused: bundle, record, status, reason, field.
pub(in crate::fieldbook) type SetbackRow = (u64, RecordId, u8, u8, Option<String>);

/// Edits of a refused change: id, record, reason, field, time, edits.
pub(in crate::fieldbook) type ReturnedRow = (i64, RecordId, u8, Option<String>, i64, Vec<Edit>);

impl Store {
    pub(in crate::fieldbook) fn add_bundle(&self, number: u64, manifest: &[u8]) -> Result<()> {
        self.connection
            .prepare_cached("INSERT INTO bundle (number, manifest) VALUES (?1, ?2)")?
            .execute((number.cast_signed(), manifest))?;
        Ok(())
    }

    pub(in crate::fieldbook) fn sign_bundle(&self, number: u64, signature: &[u8]) -> Result<()> {
        self.connection
            .prepare_cached("UPDATE bundle SET signature = ?2 WHERE number = ?1")?
            .execute((number.cast_signed(), signature))?;
        Ok(())
    }

    /// The first bundle without a signature.
    pub(in crate::fieldbook) fn unsigned_bundle(&self) -> Result<Option<BundleRow>> {
        Ok(self
            .bundles("signature IS NULL ORDER BY number LIMIT 1")?
            .pop())
    }

    /// Signed bundles after one number, in order.
    pub(in crate::fieldbook) fn bundles_after(
        &self,
        number: u64,
        limit: usize,
    ) -> Result<Vec<BundleRow>> {
        self.bundles(&format!(
            "signature IS NOT NULL AND number > {number} ORDER BY number LIMIT {limit}"
        ))
    }

    fn bundles(&self, clause: &str) -> Result<Vec<BundleRow>> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT number, manifest, signature, raw FROM bundle WHERE {clause}"
        ))?;
        let rows = statement.query_map([], |row| {
            Ok(BundleRow {
                number: row.get(0)?,
                manifest: row.get(1)?,
                signature: row.get(2)?,
                raw: row.get(3)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    pub(in crate::fieldbook) fn send_raw(&self, number: u64) -> Result<bool> {
        let changed = self
            .connection
            .prepare_cached("UPDATE bundle SET raw = 1 WHERE number = ?1 AND raw = 0")?
            .execute([number.cast_signed()])?;
        Ok(changed > 0)
    }

    /// Forgets what is in a backup: bundles, and own changes whose fate is settled.
    pub(in crate::fieldbook) fn forget_backed_up(&self, number: u64) -> Result<()> {
        for sql in [
            "DELETE FROM bundle WHERE number <= ?1",
            "DELETE FROM change WHERE bundle <= ?1 AND
             (status IN (4, 5) OR (folded = 1 AND status = 2))",
        ] {
            self.connection
                .prepare_cached(sql)?
                .execute([number.cast_signed()])?;
        }
        Ok(())
    }

    /// A restored server has not received the bundles after `number`: what it had accepted of
    /// them is on its way again.
    pub(in crate::fieldbook) fn unsettle_after(&self, number: u64) -> Result<()> {
        self.connection
            .prepare_cached("UPDATE change SET status = 1 WHERE bundle > ?1 AND status = 2")?
            .execute([number])?;
        Ok(())
    }

    /// A restored server has not received the bundles after `number`, and those next to it are
    /// forgotten, because they were in a backup newer than the one restored: what is kept of their
    /// changes, and all that came after, goes into new bundles.
    pub(in crate::fieldbook) fn bundle_again_after(&self, number: u64) -> Result<()> {
        let [forgotten, open, others, bundles, setbacks] = [
            "SELECT EXISTS (SELECT 1 FROM change WHERE bundle > ?1)
                 AND NOT EXISTS (SELECT 1 FROM bundle WHERE number = ?1 + 1)",
            "UPDATE change SET status = 0, bundle = NULL WHERE bundle > ?1 AND status IN (1, 3)",
            "DELETE FROM change WHERE bundle > ?1",
            "DELETE FROM bundle WHERE number > ?1",
            "DELETE FROM setback WHERE bundle > ?1",
        ];
        let number = number.cast_signed();
        let mut select = self.connection.prepare_cached(forgotten)?;
        if select.query_row([number], |row| row.get(0))? {
            for sql in [open, others, bundles, setbacks] {
                self.connection.prepare_cached(sql)?.execute([number])?;
            }
        }
        Ok(())
    }

    /// Records with own changes that the server has not acknowledged.
    pub(in crate::fieldbook) fn unsent_records(&self, acked: u64) -> Result<Vec<RecordId>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT DISTINCT record FROM change
             WHERE mac IS NOT NULL AND (status = 0 OR (bundle > ?1 AND status IN (1, 3)))",
        )?;
        let rows = statement.query_map([acked], |row| row.get::<_, Vec<u8>>(0))?;
        rows.map(|row| Ok(RecordId::from_slice(&row?)?)).collect()
    }

    /// Records that the phone changed in one bundle.
    pub(in crate::fieldbook) fn records_of_bundle(&self, number: u64) -> Result<Vec<RecordId>> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT DISTINCT record FROM change WHERE bundle = ?1")?;
        let rows = statement.query_map([number], |row| row.get::<_, Vec<u8>>(0))?;
        rows.map(|row| Ok(RecordId::from_slice(&row?)?)).collect()
    }

    /// The chain of another name begins: bundles, verdicts and cursor of the old one end.
    pub(in crate::fieldbook) fn end_chain(&self) -> Result<()> {
        self.connection.execute_batch(
            "DELETE FROM bundle; DELETE FROM setback; DELETE FROM stream WHERE grid = '';
             UPDATE change SET status = 2 WHERE bundle IS NOT NULL AND status IN (1, 3);
             UPDATE change SET bundle = NULL WHERE bundle IS NOT NULL;
             DELETE FROM meta WHERE name IN ('chain', 'acked');",
        )?;
        Ok(())
    }

    pub(in crate::fieldbook) fn put_setback(&self, row: &SetbackRow) -> Result<()> {
        let (bundle, record, status, reason, field) = row;
        self.connection
            .prepare_cached(
                "INSERT INTO setback (bundle, record, status, reason, field)
                 VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (bundle, record) DO UPDATE SET
                 status = excluded.status, reason = excluded.reason, field = excluded.field",
            )?
            .execute((bundle.cast_signed(), &record.0[..], status, reason, field))?;
        Ok(())
    }

    pub(in crate::fieldbook) fn clear_setback(&self, bundle: u64, record: &RecordId) -> Result<()> {
        self.connection
            .prepare_cached("DELETE FROM setback WHERE bundle = ?1 AND record = ?2")?
            .execute((bundle.cast_signed(), &record.0[..]))?;
        Ok(())
    }

    pub(in crate::fieldbook) fn setbacks(&self) -> Result<Vec<SetbackRow>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT bundle, record, status, reason, field FROM setback ORDER BY bundle, record",
        )?;
        let rows = statement.query_map([], |row| {
            Ok((
                row.get(0)?,
                row.get::<_, Vec<u8>>(1)?,
                row.get(2)?,
                row.get(3)?,
                row.get(4)?,
            ))
        })?;
        rows.map(|row| {
            let (bundle, record, status, reason, field) = row?;
            Ok((
                bundle,
                RecordId::from_slice(&record)?,
                status,
                reason,
                field,
            ))
        })
        .collect()
    }

    pub(in crate::fieldbook) fn add_returned(
        &self,
        record: &RecordId,
        reason: u8,
        field: Option<&str>,
        time_ms: i64,
        edits: &[Edit],
    ) -> Result<()> {
        let sealed = self.seal("returned", &record.0, &encode_edits(edits))?;
        self.connection
            .prepare_cached(
                "INSERT INTO returned (record, reason, field, time_ms, edits)
                 VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute((&record.0[..], reason, field, time_ms, &sealed))?;
        Ok(())
    }

    pub(in crate::fieldbook) fn returned(&self) -> Result<Vec<ReturnedRow>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT id, record, reason, field, time_ms, edits FROM returned ORDER BY id",
        )?;
        let rows = statement.query_map([], |row| {
            Ok((
                row.get::<_, i64>(0)?,
                row.get::<_, Vec<u8>>(1)?,
                row.get(2)?,
                row.get(3)?,
                row.get(4)?,
                row.get::<_, Vec<u8>>(5)?,
            ))
        })?;
        rows.map(|row| {
            let (id, record, reason, field, time_ms, sealed) = row?;
            let edits = decode_edits(&self.open_row("returned", &record, &sealed)?)?;
            Ok((
                id,
                RecordId::from_slice(&record)?,
                reason,
                field,
                time_ms,
                edits,
            ))
        })
        .collect()
    }

    /// What came back for the reason that was told of a bundle has another one now. Of which change
    /// it came says its time, while the change is kept.
    pub(in crate::fieldbook) fn retell_returned(
        &self,
        bundle: u64,
        record: &RecordId,
        refused: Option<i64>,
        reason: u8,
    ) -> Result<()> {
        self.connection
            .prepare_cached(
                "UPDATE returned SET reason = ?4, field = NULL WHERE record = ?2
                 AND reason = (SELECT reason FROM setback WHERE bundle = ?1 AND record = ?2)
                 AND time_ms = coalesce((SELECT time_ms FROM change WHERE local = ?3), time_ms)",
            )?
            .execute((bundle.cast_signed(), &record.0[..], refused, reason))?;
        Ok(())
    }

    pub(in crate::fieldbook) fn drop_returned(&self, id: i64) -> Result<bool> {
        let dropped = self
            .connection
            .prepare_cached("DELETE FROM returned WHERE id = ?1")?
            .execute([id])?;
        Ok(dropped > 0)
    }
}

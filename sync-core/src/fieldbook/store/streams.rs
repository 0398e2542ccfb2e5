//! Cursors, and the numbers that feeds gave to records.

use rusqlite::OptionalExtension as _;

use super::Store;
use crate::{
    fieldbook::error::Result,
    ids::RecordId,
    sync::{Cursor, PackProgress},
};

impl Store {
    /// The cursor of a grid, or of the device's own stream.
    pub(in crate::fieldbook) fn cursor(&self, grid: Option<&str>) -> Result<Cursor> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT epoch, seq, pack_at, pack_after FROM stream WHERE grid = ?1")?;
        let row = statement
            .query_row([grid.unwrap_or_default()], |row| {
                Ok((
                    row.get::<_, u64>(0)?,
                    row.get::<_, u64>(1)?,
                    row.get::<_, Option<u64>>(2)?,
                    row.get::<_, Option<Vec<u8>>>(3)?,
                ))
            })
            .optional()?;
        let grid = grid.map(str::to_owned);
        let Some((epoch, seq, at, after)) = row else {
            return Ok(Cursor {
                epoch: 0,
                grid,
                seq: 0,
                pack: None,
            });
        };
        let pack = match (at, after) {
            (Some(at_seq), Some(after)) => Some(PackProgress {
                at_seq,
                after: RecordId::from_slice(&after)?,
            }),
            _ => None,
        };
        Ok(Cursor {
            epoch,
            grid,
            seq,
            pack,
        })
    }

    pub(in crate::fieldbook) fn put_cursor(&self, cursor: &Cursor) -> Result<()> {
        self.connection
            .prepare_cached(
                "INSERT INTO stream (grid, epoch, seq, pack_at, pack_after)
                 VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (grid) DO UPDATE SET epoch = excluded.epoch, seq = excluded.seq,
                 pack_at = excluded.pack_at, pack_after = excluded.pack_after",
            )?
            .execute((
                cursor.grid.as_deref().unwrap_or_default(),
                cursor.epoch,
                cursor.seq,
                cursor.pack.map(|pack| pack.at_seq),
                cursor.pack.map(|pack| pack.after.0.to_vec()),
            ))?;
        Ok(())
    }

    /// Grids that have a cursor.
    pub(in crate::fieldbook) fn followed_grids(&self) -> Result<Vec<String>> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT grid FROM stream WHERE grid <> ''")?;
        let rows = statement.query_map([], |row| row.get(0))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    pub(in crate::fieldbook) fn drop_stream(&self, grid: &str) -> Result<()> {
        for sql in [
            "DELETE FROM stream WHERE grid = ?1",
            "DELETE FROM number WHERE grid = ?1",
            "DELETE FROM packed WHERE grid = ?1",
        ] {
            self.connection.prepare_cached(sql)?.execute([grid])?;
        }
        Ok(())
    }

    /// Forgets every number: they are of another epoch.
    pub(in crate::fieldbook) fn clear_numbers(&self) -> Result<()> {
        self.connection
            .prepare_cached("DELETE FROM number")?
            .execute([])?;
        Ok(())
    }

    pub(in crate::fieldbook) fn put_number(
        &self,
        grid: &str,
        number: u32,
        record: &RecordId,
    ) -> Result<()> {
        self.connection
            .prepare_cached(
                "INSERT INTO number (grid, number, record) VALUES (?1, ?2, ?3)
                 ON CONFLICT (grid, number) DO UPDATE SET record = excluded.record",
            )?
            .execute((grid, number, &record.0[..]))?;
        Ok(())
    }

    pub(in crate::fieldbook) fn number_of(
        &self,
        record: &RecordId,
    ) -> Result<Option<(String, u32)>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT grid, number FROM number WHERE record = ?1 ORDER BY number DESC LIMIT 1",
        )?;
        Ok(statement
            .query_row([&record.0[..]], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?)
    }

    pub(in crate::fieldbook) fn record_of_number(
        &self,
        grid: &str,
        number: u32,
    ) -> Result<Option<RecordId>> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT record FROM number WHERE grid = ?1 AND number = ?2")?;
        let found: Option<Vec<u8>> = statement
            .query_row((grid, number), |row| row.get(0))
            .optional()?;
        Ok(found.map(|id| RecordId::from_slice(&id)).transpose()?)
    }

    pub(in crate::fieldbook) fn clear_packed(&self, grid: &str) -> Result<()> {
        self.connection
            .prepare_cached("DELETE FROM packed WHERE grid = ?1")?
            .execute([grid])?;
        Ok(())
    }

    pub(in crate::fieldbook) fn add_packed(&self, grid: &str, record: &RecordId) -> Result<()> {
        self.connection
            .prepare_cached("INSERT OR IGNORE INTO packed (grid, record) VALUES (?1, ?2)")?
            .execute((grid, &record.0[..]))?;
        Ok(())
    }

    pub(in crate::fieldbook) fn was_packed(&self, grid: &str, record: &RecordId) -> Result<bool> {
        let mut statement = self.connection.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM packed WHERE grid = ?1 AND record = ?2)",
        )?;
        Ok(statement.query_row((grid, &record.0[..]), |row| row.get(0))?)
    }
}

//! Records: header, registers and snapshot, and the summaries that lists are made of.

use rusqlite::OptionalExtension as _;

use super::Store;
use crate::{
    cbor,
    fieldbook::{
        error::{FieldbookError, Result},
        summary::Summary,
    },
    ids::RecordId,
    record::{Header, Registers},
};

/// A record's row.
pub(in crate::fieldbook) struct RecordRow {
    pub(in crate::fieldbook) header: Header,
    pub(in crate::fieldbook) registers: Registers,
    pub(in crate::fieldbook) snapshot: Vec<u8>,
    pub(in crate::fieldbook) damaged: bool,
}

impl Store {
    pub(in crate::fieldbook) fn record(&self, id: &RecordId) -> Result<Option<RecordRow>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT header, registers, snapshot, damaged FROM record WHERE record = ?1",
        )?;
        let row = statement
            .query_row([&id.0[..]], |row| {
                Ok((
                    row.get::<_, Vec<u8>>(0)?,
                    row.get::<_, Vec<u8>>(1)?,
                    row.get::<_, Vec<u8>>(2)?,
                    row.get::<_, bool>(3)?,
                ))
            })
            .optional()?;
        let Some((header, registers, snapshot, damaged)) = row else {
            return Ok(None);
        };
        let registers = self.open_row("record.registers", &id.0, &registers)?;
        let snapshot = self.open_row("record.snapshot", &id.0, &snapshot)?;
        let header = self.open_row("record.header", &id.0, &header)?;
        Ok(Some(RecordRow {
            header: cbor::from_slice(&header)?,
            registers: Registers::from_bytes(&registers)?,
            snapshot,
            damaged,
        }))
    }

    pub(in crate::fieldbook) fn header(&self, id: &RecordId) -> Result<Header> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT header FROM record WHERE record = ?1")?;
        let sealed: Vec<u8> = statement
            .query_row([&id.0[..]], |row| row.get(0))
            .optional()?
            .ok_or(FieldbookError::NoRecord(*id))?;
        Ok(cbor::from_slice(&self.open_row(
            "record.header",
            &id.0,
            &sealed,
        )?)?)
    }

    /// Writes header and registers, and the snapshot where one is given.
    pub(in crate::fieldbook) fn put_record(
        &self,
        id: &RecordId,
        header: &Header,
        registers: &Registers,
        snapshot: Option<&[u8]>,
    ) -> Result<()> {
        let header = self.seal("record.header", &id.0, &cbor::to_vec(header))?;
        let registers = self.seal("record.registers", &id.0, &registers.to_bytes())?;
        let snapshot = match snapshot {
            Some(snapshot) => Some(self.seal("record.snapshot", &id.0, snapshot)?),
            None => None,
        };
        let updated = self
            .connection
            .prepare_cached(
                "UPDATE record SET header = ?2, registers = ?3, snapshot = coalesce(?4, snapshot)
                 WHERE record = ?1",
            )?
            .execute((&id.0[..], &header, &registers, &snapshot))?;
        if updated == 0 {
            let snapshot = match snapshot {
                Some(snapshot) => snapshot,
                None => self.seal("record.snapshot", &id.0, &[])?,
            };
            self.connection
                .prepare_cached(
                    "INSERT INTO record (record, header, registers, snapshot)
                     VALUES (?1, ?2, ?3, ?4)",
                )?
                .execute((&id.0[..], &header, &registers, &snapshot))?;
        }
        Ok(())
    }

    pub(in crate::fieldbook) fn set_damaged(&self, id: &RecordId) -> Result<()> {
        self.connection
            .prepare_cached("UPDATE record SET damaged = 1 WHERE record = ?1")?
            .execute([&id.0[..]])?;
        Ok(())
    }

    pub(in crate::fieldbook) fn put_summary(&self, id: &RecordId, summary: &Summary) -> Result<()> {
        let sealed = self.seal("summary", &id.0, &cbor::to_vec(summary))?;
        self.connection
            .prepare_cached(
                "INSERT INTO summary (record, sealed) VALUES (?1, ?2)
                 ON CONFLICT (record) DO UPDATE SET sealed = excluded.sealed",
            )?
            .execute((&id.0[..], &sealed))?;
        Ok(())
    }

    pub(in crate::fieldbook) fn summary(&self, id: &RecordId) -> Result<Option<Summary>> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT sealed FROM summary WHERE record = ?1")?;
        let sealed: Option<Vec<u8>> = statement
            .query_row([&id.0[..]], |row| row.get(0))
            .optional()?;
        match sealed {
            Some(sealed) => Ok(Some(cbor::from_slice(
                &self.open_row("summary", &id.0, &sealed)?,
            )?)),
            None => Ok(None),
        }
    }

    /// Every record in the book.
    pub(in crate::fieldbook) fn record_ids(&self) -> Result<Vec<RecordId>> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT record FROM record")?;
        let rows = statement.query_map([], |row| row.get::<_, Vec<u8>>(0))?;
        rows.map(|row| Ok(RecordId::from_slice(&row?)?)).collect()
    }

    /// Every record's summary.
    pub(in crate::fieldbook) fn summaries(
        &self,
        mut each: impl FnMut(RecordId, Summary),
    ) -> Result<()> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT record, sealed FROM summary")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let id = RecordId::from_slice(row.get_ref(0)?.as_blob().unwrap_or_default())?;
            let sealed = row.get_ref(1)?.as_blob().unwrap_or_default();
            let plain = self.open_row("summary", &id.0, sealed)?;
            each(id, cbor::from_slice(&plain)?);
        }
        Ok(())
    }

    /// Forgets a record and everything of it but own changes that the outbox still needs.
    pub(in crate::fieldbook) fn forget_record(&self, id: &RecordId) -> Result<()> {
        for sql in [
            "DELETE FROM record WHERE record = ?1",
            "DELETE FROM summary WHERE record = ?1",
            "DELETE FROM number WHERE record = ?1",
            "DELETE FROM change WHERE record = ?1 AND mac IS NULL",
            "UPDATE change SET folded = 1 WHERE record = ?1",
        ] {
            self.connection.prepare_cached(sql)?.execute([&id.0[..]])?;
        }
        Ok(())
    }
}

//! Attached files, in sealed pieces, addressed by (record, SHA-256).

use rusqlite::OptionalExtension as _;

use super::Store;
use crate::{
    fieldbook::{attachments::Attachment, error::Result},
    ids::{RecordId, Sha256},
    limits::ATTACHMENT_PIECE_BYTES,
};

impl Store {
    pub(in crate::fieldbook) fn add_attachment(
        &self,
        record: &RecordId,
        sha256: &Sha256,
        media: &str,
        bytes: &[u8],
    ) -> Result<()> {
        let added = self
            .connection
            .prepare_cached(
                "INSERT OR IGNORE INTO attachment (record, sha256, bytes, media)
                 VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute((&record.0[..], &sha256.0[..], bytes.len(), media))?;
        if added == 0 {
            return Ok(());
        }
        for (piece, plain) in bytes.chunks(ATTACHMENT_PIECE_BYTES).enumerate() {
            let sealed = self.seal("attachment_piece", &piece_row(record, sha256, piece), plain)?;
            self.connection
                .prepare_cached(
                    "INSERT INTO attachment_piece (record, sha256, piece, sealed)
                     VALUES (?1, ?2, ?3, ?4)",
                )?
                .execute((&record.0[..], &sha256.0[..], piece, &sealed))?;
        }
        Ok(())
    }

    /// One piece; `None` past the end.
    pub(in crate::fieldbook) fn attachment_piece(
        &self,
        record: &RecordId,
        sha256: &Sha256,
        piece: usize,
    ) -> Result<Option<Vec<u8>>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT sealed FROM attachment_piece WHERE record = ?1 AND sha256 = ?2 AND piece = ?3",
        )?;
        let sealed: Option<Vec<u8>> = statement
            .query_row((&record.0[..], &sha256.0[..], piece), |row| row.get(0))
            .optional()?;
        sealed
            .map(|sealed| {
                self.open_row(
                    "attachment_piece",
                    &piece_row(record, sha256, piece),
                    &sealed,
                )
            })
            .transpose()
    }

    /// Attachments that the server does not have whole.
    pub(in crate::fieldbook) fn pending_attachments(&self) -> Result<Vec<Attachment>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT record, sha256, bytes, media, uploaded FROM attachment
             WHERE uploaded < bytes ORDER BY record, sha256",
        )?;
        let rows = statement.query_map([], |row| {
            Ok((
                row.get::<_, Vec<u8>>(0)?,
                row.get::<_, Vec<u8>>(1)?,
                row.get::<_, u64>(2)?,
                row.get::<_, String>(3)?,
                row.get::<_, u64>(4)?,
            ))
        })?;
        rows.map(|row| {
            let (record, sha256, bytes, media, uploaded) = row?;
            let (record, sha256) = (RecordId::from_slice(&record)?, Sha256::from_slice(&sha256)?);
            Ok(Attachment {
                record,
                sha256,
                bytes,
                media,
                uploaded,
            })
        })
        .collect()
    }

    pub(in crate::fieldbook) fn set_uploaded(
        &self,
        record: &RecordId,
        sha256: &Sha256,
        uploaded: u64,
    ) -> Result<()> {
        self.connection
            .prepare_cached(
                "UPDATE attachment SET uploaded = min(?3, bytes) WHERE record = ?1 AND sha256 = ?2",
            )?
            .execute((&record.0[..], &sha256.0[..], uploaded))?;
        Ok(())
    }

    pub(in crate::fieldbook) fn drop_attachment(
        &self,
        record: &RecordId,
        sha256: &Sha256,
    ) -> Result<()> {
        for sql in [
            "DELETE FROM attachment WHERE record = ?1 AND sha256 = ?2",
            "DELETE FROM attachment_piece WHERE record = ?1 AND sha256 = ?2",
        ] {
            self.connection
                .prepare_cached(sql)?
                .execute((&record.0[..], &sha256.0[..]))?;
        }
        Ok(())
    }
}

impl Store {
    /// Forgets every file of a record.
    pub(in crate::fieldbook) fn drop_attachments(&self, record: &RecordId) -> Result<()> {
        for sql in [
            "DELETE FROM attachment WHERE record = ?1",
            "DELETE FROM attachment_piece WHERE record = ?1",
        ] {
            self.connection
                .prepare_cached(sql)?
                .execute([&record.0[..]])?;
        }
        Ok(())
    }
}

fn piece_row(record: &RecordId, sha256: &Sha256, piece: usize) -> Vec<u8> {
    let mut row = Vec::with_capacity(56);
    row.extend_from_slice(&record.0);
    row.extend_from_slice(&sha256.0);
    row.extend_from_slice(&(piece as u64).to_be_bytes());
    row
}

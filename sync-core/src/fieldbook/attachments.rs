//! Attached files: kept sealed until the server has them whole, addressed by (record, SHA-256).

use super::{
    Fieldbook,
    error::{FieldbookError, Result},
};
use crate::{
    ids::{RecordId, Sha256},
    limits::MAX_ATTACHMENT_BYTES,
};

/// A file on its way to the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// The record it belongs to.
    pub record: RecordId,
    /// SHA-256 of its bytes, which is also the value of the field that shows it.
    pub sha256: Sha256,
    /// Its length.
    pub bytes: u64,
    /// Its media type, such as `image/jpeg`.
    pub media: String,
    /// Bytes that the server has.
    pub uploaded: u64,
}

impl Fieldbook {
    /// Keeps a file for a record and returns its SHA-256, which the caller sets as the value of a
    /// photo field. The same file twice is kept once.
    pub fn attach(&mut self, record: &RecordId, media: &str, bytes: &[u8]) -> Result<Sha256> {
        if bytes.is_empty() || bytes.len() > MAX_ATTACHMENT_BYTES {
            return Err(FieldbookError::TooLarge);
        }
        self.need_record(record)?;
        let sha256 = Sha256::of(bytes);
        self.store
            .transaction(|| self.store.add_attachment(record, &sha256, media, bytes))?;
        Ok(sha256)
    }

    /// Files that the server does not have whole.
    pub fn pending_attachments(&self) -> Result<Vec<Attachment>> {
        self.store.pending_attachments()
    }

    /// One piece of a file, of [`crate::limits::ATTACHMENT_PIECE_BYTES`] but for the last; none
    /// past the end.
    pub fn attachment_piece(
        &self,
        record: &RecordId,
        sha256: &Sha256,
        piece: usize,
    ) -> Result<Option<Vec<u8>>> {
        self.store.attachment_piece(record, sha256, piece)
    }

    /// Notes how many bytes of a file the server has.
    pub fn attachment_uploaded(
        &mut self,
        record: &RecordId,
        sha256: &Sha256,
        bytes: u64,
    ) -> Result<()> {
        self.store.set_uploaded(record, sha256, bytes)
    }

    /// Forgets a file, for instance one that was taken out of a form or is uploaded and old.
    pub fn drop_attachment(&mut self, record: &RecordId, sha256: &Sha256) -> Result<()> {
        self.store
            .transaction(|| self.store.drop_attachment(record, sha256))
    }
}

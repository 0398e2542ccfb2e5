//! Versions of the schemas that the server served.

use rusqlite::OptionalExtension as _;

use super::Store;
use crate::{
    bundle::{deflate, inflate},
    fieldbook::error::Result,
    ids::Sha256,
    limits::MAX_SCHEMA_BYTES,
};

const TABLE: &str = "schema";

impl Store {
    /// Keeps what was served as a version, in the place of what was kept under its number.
    pub(in crate::fieldbook) fn put_schema(&self, version: u32, bytes: &[u8]) -> Result<()> {
        let sealed = self.seal(TABLE, &version.to_be_bytes(), &deflate(bytes))?;
        self.connection
            .prepare_cached(
                "INSERT INTO schema (version, digest, sealed) VALUES (?1, ?2, ?3)
                 ON CONFLICT (version) DO UPDATE SET digest = excluded.digest,
                     sealed = excluded.sealed",
            )?
            .execute((version, &Sha256::of(bytes).0[..], &sealed))?;
        Ok(())
    }

    /// The digest of what is kept as a version.
    pub(in crate::fieldbook) fn schema_digest(&self, version: u32) -> Result<Option<Sha256>> {
        let digest: Option<Vec<u8>> = self
            .connection
            .prepare_cached("SELECT digest FROM schema WHERE version = ?1")?
            .query_row([version], |row| row.get(0))
            .optional()?;
        Ok(digest
            .map(|digest| Sha256::from_slice(&digest))
            .transpose()?)
    }

    /// What is kept as a version.
    pub(in crate::fieldbook) fn schema(&self, version: u32) -> Result<Option<Vec<u8>>> {
        let sealed: Option<Vec<u8>> = self
            .connection
            .prepare_cached("SELECT sealed FROM schema WHERE version = ?1")?
            .query_row([version], |row| row.get(0))
            .optional()?;
        let Some(sealed) = sealed else {
            return Ok(None);
        };
        let plain = self.open_row(TABLE, &version.to_be_bytes(), &sealed)?;
        Ok(Some(inflate(&plain, MAX_SCHEMA_BYTES)?))
    }

    /// Forgets every version but these two.
    pub(in crate::fieldbook) fn keep_schemas(&self, one: u32, other: u32) -> Result<()> {
        self.connection
            .prepare_cached("DELETE FROM schema WHERE version NOT IN (?1, ?2)")?
            .execute((one, other))?;
        Ok(())
    }

    /// Forgets a version.
    pub(in crate::fieldbook) fn drop_schema(&self, version: u32) -> Result<()> {
        self.connection
            .prepare_cached("DELETE FROM schema WHERE version = ?1")?
            .execute([version])?;
        Ok(())
    }
}

//! The files of a version, as they are kept, journalled and served.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension as _, params};
use schemas::{SchemaError, SchemaSet};
use serde::{Deserialize, Serialize};
use sync_core::{Sha256, limits::MAX_SCHEMA_FILES, sync::SchemaFiles};
use utoipa::ToSchema;

use crate::{
    core::Core,
    error::{Error, OrNotFound as _, Result},
};

/// Bytes of their texts at most.
pub(super) const MAX_BYTES: usize = 2 * 1024 * 1024;

/// A file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = VersionFile)]
pub struct FileInput {
    /// Its name, which says what it holds: `kinds/shop.toml`.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// All files of a version, by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Files(BTreeMap<String, String>);

impl Files {
    /// Those of the version in force.
    pub(super) fn in_force(conn: &Connection, core: &Core) -> Result<Self> {
        let version = core.schemas().version();
        Self::published(conn, version)
    }

    /// Those that were published as a version; otherwise it is the program's own.
    fn published(conn: &Connection, version: u32) -> Result<Self> {
        let found = Self::kept(conn, version, "state = 'published'")?;
        Ok(found.unwrap_or_else(Self::own))
    }

    /// Those that come with the program.
    fn own() -> Self {
        Self(SchemaFiles::builtin(0).into_files().into_iter().collect())
    }

    /// Those of a version that was uploaded.
    pub(super) fn of_version(conn: &Connection, version: u32) -> Result<Option<Self>> {
        Self::kept(conn, version, "true")
    }

    fn kept(conn: &Connection, version: u32, state: &str) -> Result<Option<Self>> {
        let sql = format!("SELECT bytes FROM schema_version WHERE version = ?1 AND {state}");
        let bytes: Option<Vec<u8>> = conn
            .prepare_cached(&sql)?
            .query_row(params![version], |row| row.get(0))
            .optional()?;
        bytes.map(|bytes| Self::from_bytes(&bytes)).transpose()
    }

    /// These with others in the place of those of the same name.
    pub(super) fn with(mut self, given: &[FileInput]) -> Result<Self> {
        for file in given {
            self.0.insert(file.name.clone(), file.text.clone());
        }
        let bytes: usize = self
            .0
            .iter()
            .map(|(name, text)| name.len() + text.len())
            .sum();
        if self.0.len() > MAX_SCHEMA_FILES || bytes > MAX_BYTES {
            return Err(Error::TooLarge("400 files, 2 MiB in all"));
        }
        Ok(self)
    }

    /// What they say.
    pub(super) fn parse(&self) -> Result<SchemaSet, Vec<SchemaError>> {
        self.served(0).parse()
    }

    /// As phones are served them: `[version, [[name, text], …]]`.
    pub(super) fn to_bytes(&self, version: u32) -> Vec<u8> {
        self.served(version).to_bytes()
    }

    fn served(&self, version: u32) -> SchemaFiles {
        SchemaFiles::new(version, self.0.clone())
    }

    /// SHA-256 of what phones are served as a version that is or was in force.
    pub(super) fn digest(conn: &Connection, version: u32) -> Result<Sha256> {
        let files = Self::published(conn, version)?;
        Ok(Sha256::of(&files.to_bytes(version)))
    }

    /// SHA-256 of what those who try a draft are served.
    pub(super) fn draft_digest(conn: &Connection, version: u32) -> Result<Sha256> {
        let files = Self::of_version(conn, version)?.or_not_found("version")?;
        Ok(Sha256::of(&files.to_bytes(version)))
    }

    /// The same read back.
    pub(super) fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let read = SchemaFiles::from_bytes(bytes);
        let read = read.map_err(|_| Error::Internal("kept schemas cannot be read"))?;
        Ok(Self(read.into_files().into_iter().collect()))
    }

    /// Each of them.
    pub(super) fn into_list(self) -> Vec<FileInput> {
        let files = self.0.into_iter();
        files.map(|(name, text)| FileInput { name, text }).collect()
    }

    /// What the program's own version is served as.
    pub(super) fn own_bytes(version: u32) -> Vec<u8> {
        Self::own().to_bytes(version)
    }
}

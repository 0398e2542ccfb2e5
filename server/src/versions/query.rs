//! Versions as people see them and as phones fetch them.

use rusqlite::{Connection, OptionalExtension as _, params};
use schemas::SchemaSet;
use serde::{Deserialize, Serialize};
use sync_core::DeviceId;
use utoipa::{IntoParams, ToSchema};

use super::{
    check::Checked,
    files::{FileInput, Files},
};
use crate::{
    core::Core,
    error::{Error, OrNotFound as _, Result},
};

/// A version of the schemas.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct VersionOut {
    /// Its number.
    pub version: u32,
    /// `draft`, `published` or `withdrawn`.
    pub state: String,
    /// Whether it is the one in force.
    pub in_force: bool,
    /// Who uploaded it; null for the one that comes with the program.
    pub by: Option<String>,
    /// When, ms.
    pub created_ms: Option<i64>,
    /// Who published it.
    pub published_by: Option<String>,
    /// When, ms.
    pub published_ms: Option<i64>,
    /// The phones that try it.
    pub trial: Vec<String>,
    /// The `ETag`.
    pub revision: u64,
}

/// A version with what it changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct VersionDetail {
    /// The version.
    #[serde(flatten)]
    pub row: VersionOut,
    /// Against the version in force: what it changes, or why it may not follow.
    pub checked: Checked,
    /// Its files.
    pub files: Vec<FileInput>,
}

/// Which versions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct VersionFilter {
    /// `draft`, `published` or `withdrawn`.
    pub state: Option<String>,
    /// `-version` (usual: the highest first), or `version`.
    pub sort: Option<String>,
}

/// Versions as a list.
pub fn listed(conn: &Connection, core: &Core, filter: &VersionFilter) -> Result<Vec<VersionOut>> {
    let mut rows = list(conn, core)?;
    rows.retain(|row| {
        filter
            .state
            .as_ref()
            .is_none_or(|state| row.state == *state)
    });
    match filter.sort.as_deref() {
        None | Some("-version") => {}
        Some("version") => rows.reverse(),
        Some(_) => return Err(Error::invalid("sort", "the list is not sorted by this")),
    }
    Ok(rows)
}

/// Every version, the highest first.
pub fn list(conn: &Connection, core: &Core) -> Result<Vec<VersionOut>> {
    let in_force = core.schemas().version();
    let mut select = conn.prepare_cached(
        "SELECT version, state, actor, created_ms, published_by, published_ms, revision
         FROM schema_version ORDER BY version DESC LIMIT 200",
    )?;
    let rows = select.query_map([], |row| {
        let version = row.get(0)?;
        Ok(VersionOut {
            version,
            state: row.get(1)?,
            in_force: version == in_force,
            by: row.get(2)?,
            created_ms: row.get(3)?,
            published_by: row.get(4)?,
            published_ms: row.get(5)?,
            trial: Vec::new(),
            revision: row.get(6)?,
        })
    })?;
    let mut rows: Vec<VersionOut> = rows.collect::<rusqlite::Result<_>>()?;
    let own = own_version()?;
    if rows.iter().all(|row| row.version != own) {
        let at = rows.partition_point(|row| row.version > own);
        rows.insert(
            at,
            VersionOut {
                version: own,
                state: "published".to_owned(),
                in_force: own == in_force,
                by: None,
                created_ms: None,
                published_by: None,
                published_ms: None,
                trial: Vec::new(),
                revision: 1,
            },
        );
    }
    let mut devices =
        conn.prepare_cached("SELECT id FROM device WHERE draft_schema = ?1 ORDER BY id")?;
    for row in &mut rows {
        let ids = devices.query_map(params![row.version], |row| row.get(0).map(DeviceId))?;
        row.trial = ids
            .map(|id| id.map(|id| id.to_string()))
            .collect::<rusqlite::Result<_>>()?;
    }
    Ok(rows)
}

fn own_version() -> Result<u32> {
    let own = SchemaSet::builtin().map_err(|_| Error::Internal("the schemas do not parse"))?;
    Ok(own.version())
}

/// One version.
pub fn find(conn: &Connection, core: &Core, version: u32) -> Result<VersionDetail> {
    let rows = list(conn, core)?.into_iter();
    let row = rows.into_iter().find(|row| row.version == version);
    let row = row.or_not_found("version")?;
    let own = || Files::from_bytes(&Files::own_bytes(version));
    let files = match Files::of_version(conn, version)? {
        Some(files) => files,
        None => own()?,
    };
    let checked = match files.parse() {
        _ if row.in_force => Checked::default(),
        Ok(set) => Checked::of(&core.schemas(), &set),
        Err(errors) => Checked {
            faults: errors.into_iter().map(Into::into).collect(),
            ..Checked::default()
        },
    };
    Ok(VersionDetail {
        row,
        checked,
        files: files.into_list(),
    })
}

/// The files of a version as a phone fetches them: what is or was in force, or the draft that it
/// tries.
pub fn served(conn: &Connection, device: DeviceId, version: u32) -> Result<Vec<u8>> {
    let kept: Option<Vec<u8>> = conn
        .prepare_cached(
            "SELECT bytes FROM schema_version v WHERE version = ?1 AND (state = 'published'
               OR state = 'draft' AND EXISTS (SELECT 1 FROM device WHERE id = ?2
                                              AND draft_schema = v.version))",
        )?
        .query_row(params![version, device.0], |row| row.get(0))
        .optional()?;
    match kept {
        Some(bytes) => Ok(bytes),
        None if version == own_version()? => Ok(Files::own_bytes(version)),
        None => Err(Error::NotFound("version of the schemas")),
    }
}

/// The highest version that was published, where it is higher than the program's own.
pub(crate) fn newest(conn: &Connection, own: &SchemaSet) -> Result<Option<SchemaSet>> {
    let bytes: Option<Vec<u8>> = conn
        .query_row(
            "SELECT bytes FROM schema_version WHERE state = 'published' AND version > ?1
             ORDER BY version DESC LIMIT 1",
            params![own.version()],
            |row| row.get(0),
        )
        .optional()?;
    let Some(bytes) = bytes else {
        return Ok(None);
    };
    let set = Files::from_bytes(&bytes)?.parse();
    set.map(Some)
        .map_err(|_| Error::Internal("a published version does not parse"))
}

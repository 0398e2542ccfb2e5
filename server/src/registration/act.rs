//! What people do with lists, as the journal has it, and doing it again.

use minicbor::{Decode, Encode, bytes::ByteVec};
use rusqlite::params;
use serde::{Deserialize, Serialize};
use sync_core::{DeviceId, RecordId, bundle::JournalPayload};

use super::{
    matching::{self, Matched},
    work,
};
use crate::{
    error::{Error, OrNotFound as _, Result},
    identity::{Principal, audit},
    store::Tx,
};

/// What rows of a list are called in the journal.
const ROWS: &str = "registration";

/// An act; the list by its uid.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Act {
    /// A list begins; its rows follow.
    Import {
        list: RecordId,
        name: String,
        area: String,
    },
    /// How its rows compare with our records.
    Match { list: RecordId, rows: Vec<Matched> },
    /// A row was looked at.
    Mark {
        list: RecordId,
        row: u32,
        mark: String,
    },
    /// An inspector is asked.
    Task {
        list: RecordId,
        row: u32,
        grid: String,
        device: DeviceId,
    },
    /// Its contents go for good.
    Erase { list: RecordId },
}

/// Sealed rows of a list, as they are journalled.
#[derive(Encode, Decode)]
#[cbor(array)]
struct Rows {
    #[n(0)]
    list: RecordId,
    #[n(1)]
    first: u32,
    #[n(2)]
    entries: Vec<ByteVec>,
}

impl Act {
    const fn name(&self) -> &'static str {
        match self {
            Self::Import { .. } => "registration.import",
            Self::Match { .. } => "registration.match",
            Self::Mark { .. } => "registration.mark",
            Self::Task { .. } => "registration.task",
            Self::Erase { .. } => "registration.erase",
        }
    }

    /// Carries it out, traces and journals it.
    pub(super) fn done(
        &self,
        tx: &mut Tx<'_>,
        who: &Principal,
        reason: &str,
        grid: &str,
    ) -> Result<()> {
        carry_out(tx, self, &who.login, reason)?;
        let object = serde_json::to_string(self);
        let object = object.map_err(|_| Error::Internal("an act cannot be written"))?;
        audit::note(tx, who, self.name(), &object, Some(grid), reason)
    }
}

/// A list's number.
pub(super) fn list_id(tx: &Tx<'_>, list: &RecordId) -> Result<i64> {
    tx.conn()
        .prepare_cached("SELECT id FROM registration_list WHERE uid = ?1")?
        .query_row(params![list.0], |row| row.get(0))
        .or_not_found("list")
}

fn carry_out(tx: &mut Tx<'_>, act: &Act, by: &str, reason: &str) -> Result<()> {
    match act {
        Act::Import { list, name, area } => {
            tx.conn().execute(
                "INSERT INTO registration_list (uid, name, area, actor, created_ms)
                 VALUES (?1, ?2, ?3, ?4, ?5)",
                params![list.0, name, area, by, tx.now_ms()],
            )?;
            Ok(())
        }
        Act::Match { list, rows } => matching::put(tx, list, rows),
        Act::Mark { list, row, mark } => work::put_mark(tx, list, *row, mark, (by, reason)),
        Act::Task {
            list,
            row,
            grid,
            device,
        } => work::ask(tx, list, *row, (grid, *device), (by, reason)),
        Act::Erase { list } => work::forget(tx, list),
    }
}

/// Writes sealed rows and journals them.
pub(super) fn put_rows(
    tx: &mut Tx<'_>,
    list: RecordId,
    first: u32,
    entries: Vec<Vec<u8>>,
    by: &str,
) -> Result<()> {
    let rows = Rows {
        list,
        first,
        entries: entries.into_iter().map(ByteVec::from).collect(),
    };
    write_rows(tx, &rows)?;
    let bytes = minicbor::to_vec(&rows).map_err(|_| Error::Internal("rows cannot be written"))?;
    tx.journal(&JournalPayload::Configuration {
        what: ROWS.to_owned(),
        version: first,
        bytes,
        by: by.to_owned(),
    })
}

fn write_rows(tx: &Tx<'_>, rows: &Rows) -> Result<()> {
    let id = list_id(tx, &rows.list)?;
    let mut insert = tx.conn().prepare_cached(
        "INSERT INTO registration_row (list, ord, entry, status) VALUES (?1, ?2, ?3, 'new')",
    )?;
    for (ord, entry) in (rows.first..).zip(&rows.entries) {
        insert.execute(params![id, ord, entry.as_slice()])?;
    }
    Ok(())
}

/// Does an act of the journal again; false if it is none of this part.
pub(crate) fn again(
    tx: &mut Tx<'_>,
    act: &str,
    object: &str,
    by: &str,
    reason: &str,
) -> Result<bool> {
    if !act.starts_with("registration.") {
        return Ok(false);
    }
    let act: Act = serde_json::from_str(object)
        .map_err(|_| Error::Internal("an act's object cannot be read"))?;
    carry_out(tx, &act, by, reason)?;
    Ok(true)
}

/// Takes sealed rows up again, from the journal.
pub(crate) fn rows_again(tx: &mut Tx<'_>, what: &str, bytes: &[u8]) -> Result<()> {
    if what != ROWS {
        return Ok(());
    }
    let rows: Rows =
        minicbor::decode(bytes).map_err(|_| Error::Internal("journalled rows cannot be read"))?;
    write_rows(tx, &rows)
}

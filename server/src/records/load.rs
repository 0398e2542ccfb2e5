//! Reading a record.

use rusqlite::{Connection, OptionalExtension as _, params};
use sync_core::{
    RecordId, Salt,
    record::{Header, RecordState, Registers},
};

use crate::{
    error::{Error, Result},
    keys::{Keys, RecordKey},
};

/// A record's row, opened.
#[derive(Clone)]
pub struct Stored {
    /// Its number in the tables.
    pub n: i64,
    /// Whether it has a row: a new one has not until it is saved.
    pub written: bool,
    /// Its id.
    pub id: RecordId,
    /// Kind, grid, move number, salt.
    pub header: Header,
    /// The key that seals it; none for open kinds.
    pub key: Option<RecordKey>,
    /// Whether its grid's feed has named it.
    pub placed: bool,
    /// Its number there.
    pub number: Option<u32>,
    /// Visible values of every register.
    pub registers: Registers,
    /// Bytes of its chunks.
    pub bytes: u64,
    /// Open conflicts.
    pub conflicted: u32,
    /// Whether its presence shows it.
    pub alive: bool,
    /// The record whose grid it follows.
    pub follows: Option<RecordId>,
    /// The record that replaces it.
    pub merged_into: Option<RecordId>,
}

/// A row as it lies in the table, its salt last.
type Row = (
    i64,
    Header,
    bool,
    bool,
    Option<u32>,
    Vec<u8>,
    u64,
    u32,
    bool,
    Option<RecordId>,
    Option<RecordId>,
    Vec<u8>,
);

/// Finds a record. [`Error::Gone`] if it was erased.
pub fn find(conn: &Connection, keys: &Keys, id: &RecordId) -> Result<Option<Stored>> {
    let mut select = conn.prepare_cached(
        "SELECT n, kind, grid, move_number, salt, sealed, placed, number, registers, bytes,
                conflicted, alive, follows, merged_into
         FROM record WHERE id = ?1",
    )?;
    let row: Option<Row> = select
        .query_row(params![id.0], |row| {
            let header = Header {
                kind: row.get(1)?,
                grid: row.get(2)?,
                move_number: row.get(3)?,
                salt: Salt::default(),
            };
            let id_at = |at| -> rusqlite::Result<Option<RecordId>> {
                let bytes: Option<[u8; 16]> = row.get(at)?;
                Ok(bytes.map(RecordId))
            };
            Ok((
                row.get(0)?,
                header,
                row.get(5)?,
                row.get(6)?,
                row.get(7)?,
                row.get(8)?,
                row.get(9)?,
                row.get(10)?,
                row.get(11)?,
                id_at(12)?,
                id_at(13)?,
                row.get(4)?,
            ))
        })
        .optional()?;
    let Some((
        n,
        mut header,
        sealed,
        placed,
        number,
        registers,
        bytes,
        conflicted,
        alive,
        follows,
        merged_into,
        salt,
    )) = row
    else {
        return Ok(None);
    };
    // Its key may be in memory still, where another process erased it.
    if salt.is_empty() {
        return Err(Error::Gone("erased"));
    }
    let key = if sealed {
        Some(
            keys.get(id)?
                .ok_or(Error::Internal("a record's key is missing"))?,
        )
    } else {
        None
    };
    let salt = open(key.as_ref(), b"salt", salt)?;
    header.salt = Salt(
        salt.try_into()
            .map_err(|_| Error::Internal("a salt has the wrong length"))?,
    );
    let registers = Registers::from_bytes(&open(key.as_ref(), b"registers", registers)?)?;
    Ok(Some(Stored {
        n,
        written: true,
        id: *id,
        header,
        key,
        placed,
        number,
        registers,
        bytes,
        conflicted,
        alive,
        follows,
        merged_into,
    }))
}

/// Finds a record by its number in the tables.
pub fn find_n(conn: &Connection, keys: &Keys, n: i64) -> Result<Option<Stored>> {
    let id: Option<[u8; 16]> = conn
        .prepare_cached("SELECT id FROM record WHERE n = ?1")?
        .query_row(params![n], |row| row.get(0))
        .optional()?;
    match id {
        Some(id) => find(conn, keys, &RecordId(id)),
        None => Ok(None),
    }
}

/// Everything of a record: its last snapshot, the chunks since, its registers.
pub fn load_state(conn: &Connection, stored: &Stored) -> Result<RecordState> {
    let snapshot: Option<(u64, Vec<u8>)> = conn
        .prepare_cached("SELECT changes, bytes FROM snapshot WHERE n = ?1")?
        .query_row(params![stored.n], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let (held, snapshot) = match snapshot {
        Some((changes, bytes)) => (changes, open(stored.key.as_ref(), b"snapshot", bytes)?),
        None => (0, Vec::new()),
    };
    let mut select =
        conn.prepare_cached("SELECT chunk FROM change WHERE n = ?1 AND ord > ?2 ORDER BY ord")?;
    let rows = select.query_map(params![stored.n, held], |row| row.get::<_, Vec<u8>>(0))?;
    let mut chunks = Vec::new();
    for row in rows {
        chunks.push(open(stored.key.as_ref(), b"chunk", row?)?);
    }
    Ok(RecordState {
        snapshot,
        chunks,
        registers: stored.registers.clone(),
    })
}

/// Opens what a record's key seals; open kinds have none.
pub(super) fn open(key: Option<&RecordKey>, what: &[u8], bytes: Vec<u8>) -> Result<Vec<u8>> {
    match key {
        Some(key) => key.open(what, &bytes),
        None => Ok(bytes),
    }
}

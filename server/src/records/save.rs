//! Writing a record: what entered, its place. Its row is written once a transaction where it can be:
//! a new record's when all that the row says of it is known.

use rusqlite::params;
use sync_core::{
    RecordId,
    change::Incoming,
    record::{Header, Registers},
};

use super::{
    bytes,
    load::Stored,
    project::{self, Projection},
};
use crate::{error::Result, keys::RecordKey, store::Tx};

/// A record that nothing of was accepted yet. It has its number in the tables and no row: that
/// comes with [`save`].
pub fn create(tx: &mut Tx<'_>, id: RecordId, header: Header) -> Result<Stored> {
    let core = tx.core();
    let key = if core.is_personal(&header.kind) {
        Some(core.keys().get_or_make(&id)?)
    } else {
        None
    };
    Ok(Stored {
        n: tx.next_record()?,
        written: false,
        id,
        header,
        key,
        placed: false,
        number: None,
        registers: Registers::default(),
        bytes: 0,
        conflicted: 0,
        alive: false,
        follows: None,
        merged_into: None,
    })
}

/// Changes that the record's registers have enter what else its row says, in memory. [`save`] is to
/// follow, with what comes back.
pub fn enter(tx: &Tx<'_>, stored: &mut Stored, entered: &[Incoming]) -> Projection {
    let bytes: usize = entered.iter().map(|incoming| incoming.chunk.len()).sum();
    stored.bytes += bytes as u64;
    Projection::take(&tx.core().schemas(), stored, entered)
}

/// Writes the record with the changes that [`enter`] let in, and what is read from them without
/// opening it. `proven` is a snapshot of the record with them, if one was made.
pub fn save(
    tx: &mut Tx<'_>,
    stored: &mut Stored,
    entered: &[Incoming],
    projection: &Projection,
    proven: Option<&[u8]>,
) -> Result<()> {
    write_row(tx, stored)?;
    let conn = tx.conn();
    let last = stored.registers.change_count();
    let first = (last + 1).saturating_sub(entered.len() as u64);
    let mut insert = conn.prepare_cached(
        "INSERT INTO change (n, actor, seq, ord, hash, time_ms, chunk)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    for (ord, incoming) in (first..).zip(entered) {
        let chunk = seal(stored.key.as_ref(), b"chunk", &incoming.chunk)?;
        let change = &incoming.change;
        insert.execute(params![
            stored.n,
            change.actor.0,
            change.seq,
            ord,
            change.hash.0,
            tx.now_ms(),
            chunk
        ])?;
    }
    if let Some(proven) = proven {
        bytes::keep(conn, stored, last, proven)?;
    } else {
        tx.touch(stored.n);
    }
    project::write(tx, stored, projection)
}

/// Writes a new record's row though nothing entered, so that its salt is known from now on.
pub fn save_new(tx: &Tx<'_>, stored: &mut Stored) -> Result<()> {
    if stored.written {
        return Ok(());
    }
    write_row(tx, stored)
}

fn write_row(tx: &Tx<'_>, stored: &mut Stored) -> Result<()> {
    let registers = seal(
        stored.key.as_ref(),
        b"registers",
        &stored.registers.to_bytes(),
    )?;
    if stored.written {
        update(tx, stored, &registers)
    } else {
        insert(tx, stored, &registers)?;
        stored.written = true;
        Ok(())
    }
}

fn insert(tx: &Tx<'_>, stored: &Stored, registers: &[u8]) -> Result<()> {
    let header = &stored.header;
    let salt = seal(stored.key.as_ref(), b"salt", &header.salt.0)?;
    tx.conn()
        .prepare_cached(
            "INSERT INTO record (n, id, kind, grid, move_number, salt, sealed, placed, number,
             registers, changes, bytes, conflicted, alive, follows, merged_into, touched_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
        )?
        .execute(params![
            stored.n,
            stored.id.0,
            header.kind,
            header.grid,
            header.move_number,
            salt,
            stored.key.is_some(),
            stored.placed,
            stored.number,
            registers,
            stored.registers.change_count(),
            stored.bytes,
            stored.conflicted,
            stored.alive,
            stored.follows.map(|id| id.0),
            stored.merged_into.map(|id| id.0),
            tx.now_ms()
        ])?;
    Ok(())
}

fn update(tx: &Tx<'_>, stored: &Stored, registers: &[u8]) -> Result<()> {
    tx.conn()
        .prepare_cached(
            "UPDATE record SET registers = ?2, changes = ?3, bytes = ?4, alive = ?5, follows = ?6,
             merged_into = ?7, touched_ms = ?8, conflicted = ?9 WHERE n = ?1",
        )?
        .execute(params![
            stored.n,
            registers,
            stored.registers.change_count(),
            stored.bytes,
            stored.alive,
            stored.follows.map(|id| id.0),
            stored.merged_into.map(|id| id.0),
            tx.now_ms(),
            stored.conflicted,
        ])?;
    Ok(())
}

/// Writes a record's place: grid, move number, number in the grid's feed. A record without a row
/// gets one with its place in it.
pub fn relocate(tx: &Tx<'_>, stored: &Stored) -> Result<()> {
    if !stored.written {
        return Ok(());
    }
    tx.conn()
        .prepare_cached(
            "UPDATE record SET grid = ?2, move_number = ?3, placed = ?4, number = ?5 WHERE n = ?1",
        )?
        .execute(params![
            stored.n,
            stored.header.grid,
            stored.header.move_number,
            stored.placed,
            stored.number
        ])?;
    Ok(())
}

fn seal(key: Option<&RecordKey>, what: &[u8], bytes: &[u8]) -> Result<Vec<u8>> {
    match key {
        Some(key) => key.seal(what, bytes),
        None => Ok(bytes.to_vec()),
    }
}

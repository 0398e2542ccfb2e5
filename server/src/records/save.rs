//! Writing a record: its first sight, what entered, its place.

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

/// A record that nothing of was accepted yet.
pub fn create(tx: &Tx<'_>, id: RecordId, header: &Header) -> Result<Stored> {
    let core = tx.core();
    let key = if core.is_personal(&header.kind) {
        Some(core.keys().get_or_make(&id)?)
    } else {
        None
    };
    let registers = Registers::default();
    let salt = seal(key.as_ref(), b"salt", &header.salt.0)?;
    let bytes = seal(key.as_ref(), b"registers", &registers.to_bytes())?;
    tx.conn()
        .prepare_cached(
            "INSERT INTO record (id, kind, grid, move_number, salt, sealed, placed, registers,
             changes, bytes, conflicted, alive, touched_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, ?7, 0, 0, 0, 0, ?8)",
        )?
        .execute(params![
            id.0,
            header.kind,
            header.grid,
            header.move_number,
            salt,
            key.is_some(),
            bytes,
            tx.now_ms()
        ])?;
    Ok(Stored {
        n: tx.conn().last_insert_rowid(),
        id,
        header: header.clone(),
        key,
        placed: false,
        number: None,
        registers,
        bytes: 0,
        conflicted: 0,
        alive: false,
        follows: None,
        merged_into: None,
    })
}

/// Changes entered: they, the registers with them, and what is read from them without opening
/// the record. `proven` is a snapshot of the record with them, if one was made.
pub fn enter(
    tx: &mut Tx<'_>,
    stored: &mut Stored,
    entered: &[Incoming],
    registers: Registers,
    proven: Option<&[u8]>,
) -> Result<()> {
    let conn = tx.conn();
    let first = stored.registers.change_count() + 1;
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
        stored.bytes += incoming.chunk.len() as u64;
    }
    stored.registers = registers;
    if let Some(proven) = proven {
        bytes::keep(conn, stored, stored.registers.change_count(), proven)?;
    } else {
        tx.touch(stored.n);
    }
    let projection = Projection::of(stored, entered);
    project::write(tx, stored, &projection)?;
    let bytes = seal(
        stored.key.as_ref(),
        b"registers",
        &stored.registers.to_bytes(),
    )?;
    conn.prepare_cached(
        "UPDATE record SET registers = ?2, changes = ?3, bytes = ?4, alive = ?5, follows = ?6,
         merged_into = ?7, touched_ms = ?8, conflicted = ?9 WHERE n = ?1",
    )?
    .execute(params![
        stored.n,
        bytes,
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

/// Writes a record's grid and move number.
pub fn relocate(tx: &Tx<'_>, stored: &Stored) -> Result<()> {
    tx.conn()
        .prepare_cached("UPDATE record SET grid = ?2, move_number = ?3, placed = ?4 WHERE n = ?1")?
        .execute(params![
            stored.n,
            stored.header.grid,
            stored.header.move_number,
            stored.placed
        ])?;
    Ok(())
}

fn seal(key: Option<&RecordKey>, what: &[u8], bytes: &[u8]) -> Result<Vec<u8>> {
    match key {
        Some(key) => key.seal(what, bytes),
        None => Ok(bytes.to_vec()),
    }
}

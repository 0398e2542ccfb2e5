//! Two shops that are one: one leads to the other, which may take values of it; and both taken back.

use rusqlite::{OptionalExtension as _, params};
use schemas::{Field, FieldType, Kind, RegisterKey, Scalar, access::Author};
use serde::{Deserialize, Serialize};
use sync_core::{
    ChangeHash, RecordId,
    record::{Edit, View},
};

use super::{
    By,
    acts::{decide, edit_of, need, office_edit},
    revert::{self, Reverted},
};
use crate::{
    error::{Error, Result},
    own::{self, OwnClass, OwnRecord},
    records::{self, Stored},
    store::Tx,
};

/// The acts in the journal, of merges that took values.
pub(crate) const MERGE: &str = "record.merge";
pub(crate) const UNMERGE: &str = "record.unmerge";

/// What stands of them in the journal.
#[derive(Serialize, Deserialize)]
struct Object {
    record: RecordId,
    other: RecordId,
    change: ChangeHash,
}

/// Says that `loser` is the same as `winner`, where readers are sent on to, and writes the values
/// of `take` there: registers of `loser`, an entry of a group with all its fields.
pub fn merge(
    tx: &mut Tx<'_>,
    (loser, winner): (RecordId, RecordId),
    take: &[RegisterKey],
    author: &Author,
    by: &By,
) -> Result<()> {
    if loser == winner {
        let reason = "a record cannot be merged into itself";
        return Err(Error::invalid("winner", reason));
    }
    let (lost, won) = (need(tx, &loser)?, need(tx, &winner)?);
    if lost.header.kind != won.header.kind {
        return Err(Error::invalid("winner", "records of two kinds are not one"));
    }
    if won.merged_into.is_some() {
        return Err(Error::Conflict("the winner was merged into another record"));
    }
    let edits = taken(tx, &lost, &won, take)?;
    if !edits.is_empty() {
        let change = office_edit(tx, winner, &edits, author, by)?;
        let object = Object {
            record: loser,
            other: winner,
            change,
        };
        put(tx, &object)?;
        let object = serde_json::to_string(&object)
            .map_err(|_| Error::Internal("an act's object cannot be written"))?;
        tx.journal_act(&by.person, MERGE, &object, &by.reason)?;
    }
    let value = Scalar::Bytes(winner.0.to_vec());
    decide(tx, loser, &[edit_of(merged_into()?, value)], by).map(|_| ())
}

/// The edits that give the shop that stays what is taken of the other.
fn taken(tx: &Tx<'_>, lost: &Stored, won: &Stored, take: &[RegisterKey]) -> Result<Vec<Edit>> {
    let schemas = tx.core().schemas();
    let kind = schemas.kind(&lost.header.kind);
    let kind = kind.ok_or(Error::Conflict("the record's kind is not known here"))?;
    let (from, to) = (View::of(&lost.registers), View::of(&won.registers));
    let merged = merged_into()?;
    let mut edits = Vec::new();
    for key in take {
        match key {
            RegisterKey::Entry { group, id } => {
                edits.push(edit_of(key.clone(), Scalar::Int(tx.now_ms())));
                let entries = from.entries.get(group.as_str());
                let entry = entries.and_then(|all| all.iter().find(|entry| entry.id == *id));
                let entry = entry.filter(|entry| entry.presence.is_shown());
                let entry = entry.ok_or_else(|| unknown(key))?;
                for (name, value) in &entry.fields {
                    let key = format!("{group}.{id}.{name}");
                    let key = RegisterKey::parse(&key).map_err(|_| UNREADABLE)?;
                    let value = value.shown();
                    // A picture lies with the shop that it was taken of.
                    if !value.is_null() && !is_picture(kind, &key) {
                        edits.push(edit_of(key, value.clone()));
                    }
                }
            }
            RegisterKey::Field { .. } if field(kind, key).is_some() && *key != merged => {
                if is_picture(kind, key) {
                    let reason = "a picture stays with the shop that it was taken of";
                    return Err(Error::invalid(key.to_string(), reason));
                }
                let shown = |view: &View| view.field(key).map(|field| field.shown().clone());
                let value = shown(&from).unwrap_or_default();
                if value != shown(&to).unwrap_or_default() {
                    edits.push(edit_of(key.clone(), value));
                }
            }
            _ => return Err(unknown(key)),
        }
    }
    Ok(edits)
}

/// Takes a merge back, and of what it wrote into the other shop what nobody has written since.
pub fn unmerge(tx: &mut Tx<'_>, loser: RecordId, by: &By) -> Result<Reverted> {
    if need(tx, &loser)?.merged_into.is_none() {
        return Err(Error::Conflict("the record was not merged"));
    }
    decide(tx, loser, &[edit_of(merged_into()?, Scalar::Null)], by)?;
    let written: Option<([u8; 16], [u8; 32])> = tx
        .conn()
        .query_row(
            "SELECT other, change FROM merge_taken WHERE record = ?1",
            params![loser.0],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .optional()?;
    let Some((other, change)) = written else {
        return Ok(Reverted::default());
    };
    let (other, change) = (RecordId(other), ChangeHash(change));
    let mut done = Reverted::default();
    match records::find(tx.conn(), tx.core().keys(), &other) {
        // Erased meanwhile, with whatever it had taken.
        Ok(None) | Err(Error::Gone(_)) => {}
        Err(error) => return Err(error),
        Ok(Some(stored)) => {
            let state = records::load_state(tx.conn(), &stored)?;
            let edits = revert::set_back(&state, |one| one.hash == change, &mut done)?;
            if !edits.is_empty() {
                done.records = 1;
                let record = OwnRecord {
                    id: other,
                    header: None,
                    edits,
                };
                own::write(tx, OwnClass::Office, vec![record], by)?;
            }
        }
    }
    drop_row(tx, &loser)?;
    let object = serde_json::json!({ "record": loser });
    tx.journal_act(&by.person, UNMERGE, &object.to_string(), &by.reason)?;
    Ok(done)
}

/// Does again what the journal says of a merge that took values.
pub(crate) fn merge_again(tx: &Tx<'_>, object: &str) -> Result<()> {
    let object: Object = serde_json::from_str(object).map_err(|_| UNREADABLE)?;
    put(tx, &object)
}

/// Does again what the journal says of such a merge that was taken back.
pub(crate) fn unmerge_again(tx: &Tx<'_>, object: &str) -> Result<()> {
    #[derive(Deserialize)]
    struct Gone {
        record: RecordId,
    }
    let object: Gone = serde_json::from_str(object).map_err(|_| UNREADABLE)?;
    drop_row(tx, &object.record)
}

const UNREADABLE: Error = Error::Internal("an act's object cannot be read");

fn put(tx: &Tx<'_>, object: &Object) -> Result<()> {
    tx.conn().execute(
        "INSERT INTO merge_taken (record, other, change) VALUES (?1, ?2, ?3)
         ON CONFLICT (record) DO UPDATE SET other = excluded.other, change = excluded.change",
        params![object.record.0, object.other.0, object.change.0],
    )?;
    Ok(())
}

fn drop_row(tx: &Tx<'_>, loser: &RecordId) -> Result<()> {
    let sql = "DELETE FROM merge_taken WHERE record = ?1";
    tx.conn().execute(sql, params![loser.0])?;
    Ok(())
}

fn field<'k>(kind: &'k Kind, key: &RegisterKey) -> Option<&'k Field> {
    kind.field(&key.path()?)
}

fn is_picture(kind: &Kind, key: &RegisterKey) -> bool {
    field(kind, key).is_some_and(|field| field.ty == FieldType::Photo)
}

fn unknown(key: &RegisterKey) -> Error {
    Error::invalid(key.to_string(), "the other shop has no such field")
}

fn merged_into() -> Result<RegisterKey> {
    RegisterKey::parse("merged_into").map_err(|_| Error::Internal("no such key"))
}

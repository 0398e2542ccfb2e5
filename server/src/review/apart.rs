//! Two shops that were suggested as one and are two: said by a person, and not suggested again.

use rusqlite::params;
use serde::{Deserialize, Serialize};
use sync_core::RecordId;

use super::By;
use crate::{
    error::{Error, Result},
    records::duplicates::Why,
    store::Tx,
};

/// The act in the journal.
pub(crate) const TELL_APART: &str = "duplicate.dismiss";

/// What stands of it in the journal.
#[derive(Serialize, Deserialize)]
struct Object {
    one: String,
    other: String,
    why: Why,
}

/// Says that two records, suggested as one for a cause, are two.
pub fn tell_apart(
    tx: &mut Tx<'_>,
    (one, other): (RecordId, RecordId),
    why: Why,
    by: &By,
) -> Result<()> {
    let (one, other) = (one.min(other), one.max(other));
    put(tx, (one, other), why, by)?;
    let object = Object {
        one: one.to_string(),
        other: other.to_string(),
        why,
    };
    let object = serde_json::to_string(&object)
        .map_err(|_| Error::Internal("an act's object cannot be written"))?;
    tx.journal_act(&by.person, TELL_APART, &object, &by.reason)
}

/// Does [`tell_apart`] again, from the journal.
pub(crate) fn tell_apart_again(tx: &Tx<'_>, object: &str, by: &By) -> Result<()> {
    let unreadable = Error::Internal("an act's object cannot be read");
    let Ok(object) = serde_json::from_str::<Object>(object) else {
        return Err(unreadable);
    };
    let pair = RecordId::parse(&object.one).zip(RecordId::parse(&object.other));
    put(tx, pair.ok_or(unreadable)?, object.why, by)
}

fn put(tx: &Tx<'_>, (one, other): (RecordId, RecordId), why: Why, by: &By) -> Result<()> {
    let put = tx
        .conn()
        .prepare_cached(
            "INSERT INTO duplicate_dismissed (one, other, why, by, reason, time_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING",
        )?
        .execute(params![
            one.0,
            other.0,
            why.as_str(),
            by.person,
            by.reason,
            tx.now_ms()
        ])?;
    if put == 0 {
        return Err(Error::Conflict("they were told apart before"));
    }
    Ok(())
}

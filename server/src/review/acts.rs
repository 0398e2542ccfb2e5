//! Acts of people at the console, each in the transaction it is given.

use rusqlite::params;
use schemas::{RegisterKey, Scalar, access::Author};
use sync_core::{ChangeHash, RecordId, record::Edit};

use crate::{
    app::News,
    error::{Error, OrNotFound as _, Result},
    own::{self, OwnClass, OwnRecord},
    records::{self, Stored},
    store::Tx,
    verify::{self, Settled},
};

/// The act of [`reopen`] in the journal.
pub(crate) const REOPEN: &str = "conflict.reopen";

/// Who does it and why: what stands in the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct By {
    /// The account's sign-in name.
    pub person: String,
    /// The reason given.
    pub reason: String,
}

/// Decides registers of a record: one change by a decision actor over all visible values.
pub fn decide(tx: &mut Tx<'_>, record: RecordId, edits: &[Edit], by: &By) -> Result<ChangeHash> {
    one(tx, OwnClass::Decision, record, edits, by)
}

/// Edits a record for an office: an ordinary edit, without precedence. `author` is checked against
/// the kind's write access.
pub fn office_edit(
    tx: &mut Tx<'_>,
    record: RecordId,
    edits: &[Edit],
    author: &Author,
    by: &By,
) -> Result<ChangeHash> {
    let stored = need(tx, &record)?;
    let schemas = tx.core().schemas();
    let kind = schemas
        .kind(&stored.header.kind)
        .ok_or(Error::Conflict("the record's kind is not known here"))?;
    for edit in edits {
        let (key, value) = written(edit);
        if !kind.may_write_register(&key, &value, author) {
            return Err(Error::Forbidden("this office may not write the field"));
        }
    }
    one(tx, OwnClass::Office, record, edits, by)
}

/// The register that an edit writes, and what it writes there; a time stands for any presence.
fn written(edit: &Edit) -> (RegisterKey, Scalar) {
    let entry = |group: &schemas::Name, id: &schemas::EntryId| RegisterKey::Entry {
        group: group.clone(),
        id: *id,
    };
    match edit {
        Edit::Set { key, value } => (key.clone(), value.clone()),
        Edit::Clear { key } => (key.clone(), Scalar::Null),
        Edit::AddEntry { group, id } => (entry(group, id), Scalar::Int(1)),
        Edit::RemoveEntry { group, id } => (entry(group, id), Scalar::Null),
        Edit::Delete => (RegisterKey::Alive, Scalar::Null),
        Edit::Restore => (RegisterKey::Alive, Scalar::Int(1)),
    }
}

/// Opens again a conflict that was settled in the field, or confirms it (`open` false).
pub fn reopen(tx: &mut Tx<'_>, record: RecordId, key: &str, open: bool, by: &By) -> Result<()> {
    let stored = need(tx, &record)?;
    put_reopened(tx, &stored, key, open)?;
    let object = serde_json::json!({ "record": record.to_string(), "key": key, "open": open });
    tx.journal_act(&by.person, REOPEN, &object.to_string(), &by.reason)?;
    tx.announce(News::Review(stored.header.grid));
    Ok(())
}

fn put_reopened(tx: &Tx<'_>, stored: &Stored, key: &str, open: bool) -> Result<()> {
    let sql = if open {
        "UPDATE conflict SET state = 'open', version = version + 1
         WHERE n = ?1 AND key = ?2 AND state = 'settled'"
    } else {
        "DELETE FROM conflict WHERE n = ?1 AND key = ?2 AND state = 'settled'"
    };
    let found = tx.conn().execute(sql, params![stored.n, key])?;
    (found > 0).then_some(()).or_not_found("settled conflict")
}

/// Does [`reopen`] again, from the journal.
pub(crate) fn reopen_again(tx: &Tx<'_>, object: &str) -> Result<()> {
    #[derive(serde::Deserialize)]
    struct Object {
        record: String,
        key: String,
        open: bool,
    }
    let unreadable = Error::Internal("an act's object cannot be read");
    let Ok(object) = serde_json::from_str::<Object>(object) else {
        return Err(unreadable);
    };
    let record = RecordId::parse(&object.record).ok_or(unreadable)?;
    let stored = need(tx, &record)?;
    put_reopened(tx, &stored, &object.key, object.open)
}

/// Lets in what is held, as it is: the row of `held` and those of the author behind it.
pub fn release(tx: &mut Tx<'_>, held: i64, by: &By) -> Result<()> {
    verify::release(tx, held, Settled::Released, &by.person, &by.reason)
}

/// Refuses what is held; its author makes again what came after it.
pub fn refuse(tx: &mut Tx<'_>, held: i64, by: &By) -> Result<()> {
    verify::release(tx, held, Settled::Refused, &by.person, &by.reason)
}

/// The edit that makes a value stand.
pub fn edit_of(key: RegisterKey, value: Scalar) -> Edit {
    match (key, value) {
        (RegisterKey::Alive, Scalar::Null) => Edit::Delete,
        (RegisterKey::Alive, _) => Edit::Restore,
        (RegisterKey::Entry { group, id }, Scalar::Null) => Edit::RemoveEntry { group, id },
        (RegisterKey::Entry { group, id }, _) => Edit::AddEntry { group, id },
        (key, Scalar::Null) => Edit::Clear { key },
        (key, value) => Edit::Set { key, value },
    }
}

fn one(
    tx: &mut Tx<'_>,
    class: OwnClass,
    record: RecordId,
    edits: &[Edit],
    by: &By,
) -> Result<ChangeHash> {
    need(tx, &record)?;
    let record = OwnRecord {
        id: record,
        header: None,
        edits: edits.to_vec(),
    };
    let made = own::write(tx, class, vec![record], by)?;
    made.first()
        .copied()
        .ok_or(Error::Conflict("the edit changes nothing"))
}

/// A record that something was accepted of.
pub(super) fn need(tx: &Tx<'_>, record: &RecordId) -> Result<Stored> {
    let found = records::find(tx.conn(), tx.core().keys(), record)?;
    found.filter(|stored| stored.placed).or_not_found("record")
}

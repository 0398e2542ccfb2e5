//! What a person did to a record, and the puts that say so.
//!
//! Only touched fields are written. Presence is written by every edit, so that a concurrent
//! delete is an ordinary conflict, but never where it is in conflict already: that would settle
//! it in silence. A decision writes the decided registers and nothing else.

use std::collections::BTreeMap;

use schemas::{
    path::{ALIVE, EntryId, Name, RegisterKey},
    value::Scalar,
};
use thiserror::Error;

use super::registers::Registers;
use crate::{
    ids::{ActorId, AuthorClass, Sha256},
    limits::{MAX_BLOB_BYTES, MAX_EDITS_PER_COMMIT, MAX_KEY_BYTES, MAX_TEXT_BYTES},
};

/// One thing that a person did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// A field, or an entry's field, takes a value.
    Set {
        /// The register; not a presence one.
        key: RegisterKey,
        /// The value, encoded as the field's type says.
        value: Scalar,
    },
    /// A field, or an entry's field, is cleared.
    Clear {
        /// The register; not a presence one.
        key: RegisterKey,
    },
    /// An entry begins.
    AddEntry {
        /// The group.
        group: Name,
        /// Its id, from [`entry_id`].
        id: EntryId,
    },
    /// An entry goes.
    RemoveEntry {
        /// The group.
        group: Name,
        /// The entry.
        id: EntryId,
    },
    /// The record goes.
    Delete,
    /// A deleted record comes back, or a contested one is kept knowingly.
    Restore,
}

/// Why edits cannot become a change. Names registers, never values.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum EditError {
    /// The record does not exist yet and the first commit does not create it, or it was deleted
    /// and the commit does not restore it.
    #[error("the record is deleted: restore it first")]
    Deleted,
    /// The entry does not exist or was removed.
    #[error("the entry {0} is not there: add it first")]
    NoEntry(String),
    /// Presence registers are written by adding, removing, deleting and restoring.
    #[error("{0} is not a field")]
    NotAField(String),
    /// Nothing differs from what is there.
    #[error("nothing changed")]
    NothingChanged,
    /// A value or key is longer than its limit.
    #[error("{0} is too long")]
    TooLong(String),
    /// More edits than one commit may hold.
    #[error("more than {MAX_EDITS_PER_COMMIT} edits in one commit")]
    TooMany,
}

/// The id of the `index`-th entry begun by an actor's `seq`-th change of a record.
pub fn entry_id(actor: ActorId, seq: u64, index: u32) -> EntryId {
    let mut input = [0; 20];
    let parts = actor
        .0
        .into_iter()
        .chain(seq.to_be_bytes())
        .chain(index.to_be_bytes());
    input
        .iter_mut()
        .zip(parts)
        .for_each(|(to, from)| *to = from);
    let mut id = [0; 8];
    id.iter_mut()
        .zip(Sha256::of(&input).0)
        .for_each(|(to, from)| *to = from);
    EntryId(id)
}

/// The puts of `edits` on `registers`, one per key and sorted by key; later edits of the same
/// register win. `now` is wall time in ms.
pub fn compile(
    registers: &Registers,
    edits: &[Edit],
    class: AuthorClass,
    now: i64,
) -> Result<Vec<(String, Scalar)>, EditError> {
    if edits.len() > MAX_EDITS_PER_COMMIT {
        return Err(EditError::TooMany);
    }
    let mut draft = Draft {
        registers,
        puts: BTreeMap::new(),
        now,
    };
    edits.iter().try_for_each(|edit| draft.add(edit))?;
    let touched_entries = draft.touched_entries();
    draft
        .puts
        .retain(|key, value| !is_only_value(registers, key, value));
    if draft.puts.is_empty() {
        return Err(EditError::NothingChanged);
    }
    if class != AuthorClass::Decision {
        draft.touch(ALIVE)?;
        for (group, id) in touched_entries {
            let written = |key: &String| key.starts_with(&format!("{group}.{id}."));
            if draft.puts.keys().any(written) {
                draft.touch(&format!("{group}.{id}"))?;
            }
        }
    }
    Ok(draft.puts.into_iter().collect())
}

/// Whether the register holds this value and no other: Automerge makes no operation of such a put.
fn is_only_value(registers: &Registers, key: &str, value: &Scalar) -> bool {
    match registers.visible(key) {
        [one] => one.value == *value,
        _ => false,
    }
}

struct Draft<'a> {
    registers: &'a Registers,
    puts: BTreeMap<String, Scalar>,
    now: i64,
}

impl Draft<'_> {
    fn add(&mut self, edit: &Edit) -> Result<(), EditError> {
        match edit {
            Edit::Set { key, value } => self.set(key, value.clone()),
            Edit::Clear { key } => self.set(key, Scalar::Null),
            Edit::AddEntry { group, id } => {
                let key = format!("{group}.{id}");
                let time = self.fresh(&key);
                self.put(key, time)
            }
            Edit::RemoveEntry { group, id } => {
                let key = format!("{group}.{id}");
                self.need_entry(&key)?;
                self.put(key, Scalar::Null)
            }
            Edit::Delete => self.put(ALIVE.to_owned(), Scalar::Null),
            Edit::Restore => {
                let time = self.fresh(ALIVE);
                self.put(ALIVE.to_owned(), time)
            }
        }
    }

    fn set(&mut self, key: &RegisterKey, value: Scalar) -> Result<(), EditError> {
        if key.is_presence() {
            return Err(EditError::NotAField(key.to_string()));
        }
        if let Some((group, id)) = key.entry() {
            self.need_entry(&format!("{group}.{id}"))?;
        }
        let fits = match &value {
            Scalar::Text(text) => text.len() <= MAX_TEXT_BYTES,
            Scalar::Bytes(bytes) => bytes.len() <= MAX_BLOB_BYTES,
            Scalar::Null | Scalar::Bool(_) | Scalar::Int(_) => true,
        };
        if !fits {
            return Err(EditError::TooLong(key.to_string()));
        }
        self.put(key.to_string(), value)
    }

    fn put(&mut self, key: String, value: Scalar) -> Result<(), EditError> {
        if key.len() > MAX_KEY_BYTES {
            return Err(EditError::TooLong(key));
        }
        self.puts.insert(key, value);
        Ok(())
    }

    /// The entry is there: begun before, or in this commit, and not gone.
    fn need_entry(&self, key: &str) -> Result<(), EditError> {
        let there = match self.puts.get(key) {
            Some(value) => !value.is_null(),
            None => self
                .registers
                .visible(key)
                .iter()
                .any(|known| !known.value.is_null()),
        };
        if there {
            Ok(())
        } else {
            Err(EditError::NoEntry(key.to_owned()))
        }
    }

    /// Entries in which a field is written and whose presence is not.
    fn touched_entries(&self) -> Vec<(String, EntryId)> {
        let mut touched: Vec<(String, EntryId)> = self
            .puts
            .keys()
            .filter_map(|key| RegisterKey::parse(key).ok())
            .filter(|key| !key.is_presence())
            .filter_map(|key| key.entry().map(|(group, id)| (group.to_string(), id)))
            .collect();
        touched.dedup();
        touched
    }

    /// Rewrites a presence register unless this commit did, or it is in conflict.
    fn touch(&mut self, key: &str) -> Result<(), EditError> {
        if self.puts.contains_key(key) {
            return Ok(());
        }
        let visible = self.registers.visible(key);
        let gone = visible.iter().any(|value| value.value.is_null());
        let there = visible.iter().any(|value| !value.value.is_null());
        match (gone, there) {
            (true, false) => Err(EditError::Deleted),
            (true, true) => Ok(()),
            (false, _) => {
                let time = self.fresh(key);
                self.put(key.to_owned(), time)
            }
        }
    }

    /// A time that differs from every visible one: a put of an equal value makes no operation.
    fn fresh(&self, key: &str) -> Scalar {
        let latest = self
            .registers
            .visible(key)
            .iter()
            .filter_map(|value| match value.value {
                Scalar::Int(ms) => Some(ms.saturating_add(1)),
                _ => None,
            });
        Scalar::Int(latest.max().unwrap_or(i64::MIN).max(self.now))
    }
}

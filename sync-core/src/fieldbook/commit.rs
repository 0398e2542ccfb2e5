//! Commits: what a person did becomes a change, durable when the call returns.

use schemas::{EntryId, Kind, RegisterKey, Scalar, access::Author};

use super::{
    Fieldbook,
    error::{Fault, FieldbookError, Result},
    host::random,
    store::{changes::OwnChange, load::Loaded},
};
use crate::{
    bundle::change_mac,
    ids::{RecordId, Salt},
    record::{Edit, EditError, Header, RecordState, View, author, entry_id},
};

/// Where a new record stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// In a grid of its own.
    Grid(String),
    /// With another record, whose grid it follows: a resident with the shop.
    With(RecordId),
}

/// A commit that is on the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Committed {
    /// The record.
    pub record: RecordId,
    /// When, ms: this phone's clock, put right by what the server last said.
    pub time_ms: i64,
}

impl Fieldbook {
    /// Makes a new record. Its required fields must be there and every value must pass its check.
    pub fn create(&mut self, kind: &str, place: &Place, edits: &[Edit]) -> Result<Committed> {
        let grid = match place {
            Place::Grid(grid) => grid.clone(),
            Place::With(other) => self.store.header(other)?.grid,
        };
        let now_ms = self.now_ms()?;
        let identity = self.need_identity()?;
        // Whether a cover has ended is the server's word: this clock may be wrong.
        if !identity.certificate.opens(&grid, i64::MIN) {
            return Err(FieldbookError::NoGrid(grid));
        }
        let who = identity.certificate.author();
        let schemas = self.schemas.clone();
        let schema = schemas
            .kind(kind)
            .ok_or_else(|| FieldbookError::NoKind(kind.to_owned()))?;
        if !who.as_ref().is_some_and(|who| schema.may_create(who)) {
            return Err(FieldbookError::Invalid(vec![Fault::ForbiddenAct]));
        }
        let host = self.store.host.clone();
        let id = RecordId::new_v7(now_ms.max(0).cast_unsigned(), random(&*host));
        let header = Header {
            kind: kind.to_owned(),
            grid,
            move_number: 0,
            salt: Salt(random(&*host)),
        };
        let mut edits = edits.to_vec();
        if let (Place::With(other), Some(field)) = (place, schema.follows_field())
            && let Some(key) = RegisterKey::of(&field.path, None, None)
        {
            let value = Scalar::Bytes(other.0.to_vec());
            edits.push(Edit::Set { key, value });
        }
        let faults = faults(schema, who.as_ref(), &edits);
        if !faults.is_empty() {
            return Err(FieldbookError::Invalid(faults));
        }
        let missing = missing(schema, who.as_ref(), &edits);
        if !missing.is_empty() {
            return Err(FieldbookError::Invalid(missing));
        }
        self.transaction(|book| book.commit(id, Loaded::empty(header), &edits, now_ms, true))
    }

    /// Edits a record. Fields that are not named stay as they are.
    pub fn edit(&mut self, id: &RecordId, edits: &[Edit]) -> Result<Committed> {
        let loaded = self.need_loaded(id)?;
        let now_ms = self.now_ms()?;
        let who = self.need_identity()?.certificate.author();
        let faults = match self.schemas.kind(&loaded.header.kind) {
            Some(kind) => faults(kind, who.as_ref(), edits),
            None => return Err(FieldbookError::NoKind(loaded.header.kind)),
        };
        if !faults.is_empty() {
            return Err(FieldbookError::Invalid(faults));
        }
        let id = *id;
        self.transaction(|book| book.commit(id, loaded, edits, now_ms, false))
    }

    /// Deletes a record, as far as this role may.
    pub fn delete(&mut self, id: &RecordId) -> Result<Committed> {
        self.edit(id, &[Edit::Delete])
    }

    /// Ids for as many entries, which the next commit of the record (none: of a new one) may begin.
    pub fn entry_ids(&self, record: Option<&RecordId>, count: usize) -> Result<Vec<EntryId>> {
        let actor = self.need_identity()?.actor();
        let made = match record {
            None => 0,
            Some(id) => self.need_loaded(id)?.state.registers.seq(actor),
        };
        let ids = (0_u32..).take(count);
        Ok(ids.map(|at| entry_id(actor, made + 1, at)).collect())
    }

    /// Sets a record aside: still listed and shown as last known, and not edited any more. For a
    /// record with which the app fell over.
    pub fn set_aside(&mut self, record: &RecordId) -> Result<()> {
        self.need_record(record)?;
        self.store.set_damaged(record)
    }

    /// Authors, seals and keeps a change, inside a transaction.
    pub(super) fn commit(
        &mut self,
        id: RecordId,
        mut loaded: Loaded,
        edits: &[Edit],
        time_ms: i64,
        proposes: bool,
    ) -> Result<Committed> {
        if loaded.damaged {
            return Err(crate::record::StateError::Damaged.into());
        }
        let identity = self.need_identity()?;
        let seal_key = identity.seal_key()?;
        let made = author(&loaded.state, identity.actor(), edits, time_ms)?;
        // A device proposes a place; moves are the server's, and it may have counted some already.
        let unmoved = proposes.then(|| Header {
            move_number: 0,
            ..loaded.header.clone()
        });
        let header = unmoved.as_ref();
        let outer = seal_key.seal(&id, header, &made.chunk, random(&*self.store.host))?;
        self.store.add_own(&OwnChange {
            record: id,
            time_ms,
            epoch: made.change.actor.epoch(),
            schema: self.schemas.version(),
            chunk: &made.chunk,
            edits,
            mac: change_mac(&loaded.header.salt, &made.change.hash),
            header,
            outer,
        })?;
        loaded.state.push(&made.change, made.chunk);
        let snapshot = proposes.then_some(&[][..]);
        self.put_state(&id, &loaded.header, &loaded.state, snapshot)?;
        Ok(Committed {
            record: id,
            time_ms,
        })
    }

    /// Writes registers and summary, and the snapshot where one is given.
    pub(super) fn put_state(
        &mut self,
        id: &RecordId,
        header: &Header,
        state: &RecordState,
        snapshot: Option<&[u8]>,
    ) -> Result<()> {
        self.store
            .put_record(id, header, &state.registers, snapshot)?;
        let view = View::of(&state.registers);
        let summary = super::Summary::of(header, &view, &self.schemas, &self.layouts);
        self.store.put_summary(id, &summary)?;
        self.touched.insert(*id);
        Ok(())
    }

    pub(super) fn need_loaded(&self, id: &RecordId) -> Result<Loaded> {
        self.store
            .load_state(id)?
            .ok_or(FieldbookError::NoRecord(*id))
    }

    pub(super) fn need_record(&self, id: &RecordId) -> Result<()> {
        if self.list.contains_key(id) {
            Ok(())
        } else {
            Err(FieldbookError::NoRecord(*id))
        }
    }
}

/// Every edit that does not pass: value, field or right.
fn faults(kind: &Kind, who: Option<&Author>, edits: &[Edit]) -> Vec<Fault> {
    let may = |key: &RegisterKey, value: &Scalar| {
        who.is_some_and(|who| kind.may_write_register(key, value, who))
    };
    let mut faults = Vec::new();
    for edit in edits {
        match edit {
            Edit::Set { key, value } if !may(key, value) => {
                faults.push(Fault::Forbidden(key.clone()));
            }
            Edit::Set { key, value } => {
                if let Err(error) = kind.check_register(key, value) {
                    faults.push(Fault::Value(key.clone(), error));
                }
            }
            Edit::Clear { key } if !may(key, &Scalar::Null) => {
                faults.push(Fault::Forbidden(key.clone()));
            }
            Edit::AddEntry { group, id } | Edit::RemoveEntry { group, id } => {
                let key = RegisterKey::Entry {
                    group: group.clone(),
                    id: *id,
                };
                let gone = matches!(edit, Edit::RemoveEntry { .. });
                let value = if gone { Scalar::Null } else { Scalar::Int(0) };
                if !may(&key, &value) {
                    faults.push(Fault::Forbidden(key));
                }
            }
            Edit::Delete if !may(&RegisterKey::Alive, &Scalar::Null) => {
                faults.push(Fault::ForbiddenAct);
            }
            Edit::Clear { .. } | Edit::Delete | Edit::Restore => {}
        }
    }
    faults
}

/// Required fields that a new record of these edits would lack.
fn missing(kind: &Kind, who: Option<&Author>, edits: &[Edit]) -> Vec<Fault> {
    let mut values = std::collections::BTreeMap::new();
    for edit in edits {
        match edit {
            Edit::Set { key, value } => drop(values.insert(key.clone(), vec![value.clone()])),
            Edit::AddEntry { group, id } => {
                let key = RegisterKey::Entry {
                    group: group.clone(),
                    id: *id,
                };
                values.insert(key, vec![Scalar::Int(0)]);
            }
            _ => {}
        }
    }
    kind.required_missing(&values, who)
        .into_iter()
        .map(Fault::Missing)
        .collect()
}

/// Whether a commit failed only because nothing differs.
pub(super) const fn is_nothing(error: &FieldbookError) -> bool {
    matches!(error, FieldbookError::Edit(EditError::NothingChanged))
}

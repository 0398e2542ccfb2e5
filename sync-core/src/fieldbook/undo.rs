//! Taking back what only this phone knows yet.

use super::{
    Fieldbook,
    error::Result,
    store::{
        changes::{ChangeRow, Hold, Status},
        load::Loaded,
    },
};
use crate::ids::RecordId;

impl Fieldbook {
    /// Takes back what was just done to a record, as long as nothing of it is in a bundle: all of
    /// a record that was made here, otherwise the last edit. False where it is too late, or where
    /// something else refers to what would go: then it is to be edited.
    pub fn undo(&mut self, record: &RecordId) -> Result<bool> {
        // Inside the transaction: the locked book may close a bundle meanwhile.
        self.transaction(|book| book.undo_inside(record))
    }

    fn undo_inside(&mut self, record: &RecordId) -> Result<bool> {
        let Some(loaded) = self.store.load_state(record)? else {
            return Ok(false);
        };
        let open =
            |row: &ChangeRow| row.own && row.status == Status::Open && row.hold == Hold::Loose;
        if loaded.damaged || !loaded.rows.last().is_some_and(open) {
            return Ok(false);
        }
        let made_here = loaded.state.snapshot.is_empty() && loaded.rows.iter().all(open);
        if !made_here {
            self.take_back_edit(record, loaded)?;
        } else if self.is_referred_to(record) {
            return Ok(false);
        } else {
            self.take_back_record(record, &loaded)?;
        }
        Ok(true)
    }

    fn take_back_record(&mut self, record: &RecordId, loaded: &Loaded) -> Result<()> {
        for row in &loaded.rows {
            self.store.drop_change(row.local)?;
        }
        self.store.drop_attachments(record)?;
        self.touched.insert(*record);
        self.store.forget_record(record)
    }

    /// The change's number is given to the next one: nobody has seen it.
    fn take_back_edit(&mut self, record: &RecordId, mut loaded: Loaded) -> Result<()> {
        let last = loaded.rows.last().map(|row| row.local);
        loaded.state = loaded.rebuild(|row| Some(row.local) != last)?;
        if let Some(last) = last {
            self.store.drop_change(last)?;
        }
        self.put_state(record, &loaded.header, &loaded.state, None)
    }

    fn is_referred_to(&self, record: &RecordId) -> bool {
        let mut others = self.list.values().filter(|other| other.present);
        others.any(|other| other.facts.refers_to(record))
    }
}

#[cfg(test)]
mod tests;

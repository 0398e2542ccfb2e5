//! Compaction: verified changes are folded into a record's snapshot, once it is proven that the
//! new one can be loaded. Unverified ones never are.

use super::{
    Fieldbook,
    error::Result,
    store::changes::{ChangeRow, Hold},
};
use crate::{change::prove, ids::RecordId};

/// Verified changes after a snapshot from which on they are folded.
const FOLD_AT: usize = 16;

impl Fieldbook {
    /// Folds a record's verified changes if there are many.
    pub(super) fn compact_if_long(&mut self, record: &RecordId) -> Result<()> {
        let Some(loaded) = self.store.load_state(record)? else {
            return Ok(());
        };
        let foldable = |row: &&ChangeRow| row.status.is_verified() && row.is_loose();
        if loaded.damaged || loaded.rows.iter().filter(foldable).count() < FOLD_AT {
            return Ok(());
        }
        self.fold(record, &loaded)
    }

    /// Folds every record's verified changes; for a quiet moment.
    pub fn compact(&mut self) -> Result<()> {
        let records: Vec<RecordId> = self.list.keys().copied().collect();
        for record in records {
            self.transaction(|book| match book.store.load_state(&record)? {
                Some(loaded) if !loaded.damaged => book.fold(&record, &loaded),
                _ => Ok(()),
            })?;
        }
        Ok(())
    }

    fn fold(&mut self, record: &RecordId, loaded: &super::store::load::Loaded) -> Result<()> {
        let verified = loaded.rebuild(|row| row.status.is_verified())?;
        if verified.chunks.is_empty() {
            return Ok(());
        }
        let Ok(snapshot) = prove(&verified) else {
            // What a restored server let in may build on what has no verdict yet: it is folded later.
            if prove(&loaded.state).is_ok() {
                return Ok(());
            }
            // The last good snapshot stays; the record is set aside.
            self.touched.insert(*record);
            return self.store.set_damaged(record);
        };
        let registers = &loaded.state.registers;
        self.store
            .put_record(record, &loaded.header, registers, Some(&snapshot))?;
        for row in loaded
            .rows
            .iter()
            .filter(|row| row.status.is_verified() && row.is_loose())
        {
            if row.own {
                self.store.set_hold(row.local, Hold::Folded)?;
            } else {
                self.store.drop_change(row.local)?;
            }
        }
        Ok(())
    }
}

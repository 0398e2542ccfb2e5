//! A record as the book has it: its row and the changes after its snapshot.

use super::{Store, changes::ChangeRow};
use crate::{
    change::scan,
    fieldbook::error::Result,
    ids::RecordId,
    record::{Header, RecordState, Registers, StateError},
};

/// A record's header, state and changes.
pub(in crate::fieldbook) struct Loaded {
    pub(in crate::fieldbook) header: Header,
    pub(in crate::fieldbook) state: RecordState,
    /// Changes that are still kept, in order of arrival, those that are not in the state too.
    pub(in crate::fieldbook) rows: Vec<ChangeRow>,
    pub(in crate::fieldbook) damaged: bool,
}

impl Store {
    /// A record with everything that its state is made of; `None` if it is not in the book.
    pub(in crate::fieldbook) fn load_state(&self, id: &RecordId) -> Result<Option<Loaded>> {
        let Some(row) = self.record(id)? else {
            return Ok(None);
        };
        let rows = self.changes_of(id)?;
        let chunks = rows
            .iter()
            .filter(|change| change.is_loose())
            .map(|change| change.chunk.clone())
            .collect();
        let state = RecordState {
            snapshot: row.snapshot,
            chunks,
            registers: row.registers,
        };
        Ok(Some(Loaded {
            header: row.header,
            state,
            rows,
            damaged: row.damaged,
        }))
    }
}

impl Loaded {
    /// The state of the snapshot and of those changes that `keep` names.
    pub(in crate::fieldbook) fn rebuild(
        &self,
        keep: impl Fn(&ChangeRow) -> bool,
    ) -> Result<RecordState> {
        let mut state = RecordState::from_snapshot(self.state.snapshot.clone())?;
        let mut kept = Vec::new();
        for row in self.rows.iter().filter(|row| row.is_loose() && keep(row)) {
            let change = scan(&row.chunk).map_err(StateError::from)?;
            kept.push((change, row.chunk.clone()));
        }
        // A change begins past every operation it has seen, so this order is causal; that of
        // arrival is not where one waited for what it depends on.
        kept.sort_by_key(|(change, _)| (change.start_op, change.actor));
        for (change, chunk) in kept {
            state.push(&change, chunk);
        }
        Ok(state)
    }

    /// An empty record with this header.
    pub(in crate::fieldbook) fn empty(header: Header) -> Self {
        let state = RecordState {
            snapshot: Vec::new(),
            chunks: Vec::new(),
            registers: Registers::default(),
        };
        Self {
            header,
            state,
            rows: Vec::new(),
            damaged: false,
        }
    }
}

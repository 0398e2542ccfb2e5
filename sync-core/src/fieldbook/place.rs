//! Where records stand: placed in a grid, packed, moved away, forgotten.

use super::{
    Fieldbook,
    error::{FieldbookError, Result},
    store::{
        changes::{ChangeRow, Hold, Status},
        load::Loaded,
    },
};
use crate::{
    change::{Incoming, Outcome, admit},
    ids::RecordId,
    record::{Header, RecordState},
    sync::{Applied, Cursor, PackPart, PackProgress, decode_pack},
};

impl Fieldbook {
    /// A record stands in `grid`, with a snapshot where it has a history. Whether that fits what
    /// is here.
    pub(super) fn place(
        &mut self,
        grid: &str,
        record: RecordId,
        header: &Header,
        number: u32,
        snapshot: Vec<u8>,
    ) -> Result<bool> {
        let known = self.store.load_state(&record)?;
        if known
            .as_ref()
            .is_some_and(|known| known.header.move_number > header.move_number)
        {
            return Ok(true);
        }
        self.store.put_number(grid, number, &record)?;
        // What a restored server did not name was to be forgotten: it begins anew, whatever it held.
        let mut anew = self.store.drop_leaving(&record)?;
        if let Some(known) = &known {
            anew |= self.is_unnamed(&known.header, grid)?;
        }
        match known {
            Some(known) if snapshot.is_empty() && !anew => {
                self.put_state(&record, header, &known.state, None)?;
                Ok(true)
            }
            Some(known) => self.rebase(&record, header, snapshot, &known.rows),
            // Own changes of a record that was forgotten meanwhile are settled or on their way.
            None => {
                let rows = self.store.changes_of(&record)?;
                self.rebase(&record, header, snapshot, &rows)
            }
        }
    }

    /// Whether a record that is placed in `grid` stood in another one, of which the restored server
    /// has yet to say what is there.
    fn is_unnamed(&self, known: &Header, grid: &str) -> Result<bool> {
        Ok(known.grid != grid && self.store.cursor(Some(&known.grid))?.epoch == 0)
    }

    /// The server's snapshot becomes the base; own changes that it lacks stay on top.
    fn rebase(
        &mut self,
        record: &RecordId,
        header: &Header,
        snapshot: Vec<u8>,
        rows: &[ChangeRow],
    ) -> Result<bool> {
        let Ok(mut state) = RecordState::from_snapshot(snapshot) else {
            return Ok(false);
        };
        let snapshot = state.snapshot.clone();
        for row in rows {
            if !row.own {
                self.store.drop_change(row.local)?;
                continue;
            }
            if row.status.in_state() {
                self.put_on_top(&mut state, row)?;
            }
        }
        self.put_state(record, header, &state, Some(&snapshot))?;
        Ok(true)
    }

    /// Puts an own change on a base that it may be in, or that may lack what it builds on: then it
    /// waits. It is in the outbox and comes back through the feed, or its base does.
    fn put_on_top(&mut self, state: &mut RecordState, row: &ChangeRow) -> Result<bool> {
        let Ok(incoming) = Incoming::scan(&row.chunk) else {
            return Ok(false);
        };
        let admitted = admit(state, std::slice::from_ref(&incoming), &());
        let hold = match admitted.outcomes.first() {
            Some(Outcome::Accepted(_)) => Hold::Loose,
            Some(Outcome::Duplicate) => Hold::Folded,
            _ => Hold::Absent,
        };
        self.store.set_hold(row.local, hold)?;
        if hold == Hold::Folded && row.status.is_unsettled() {
            self.store.set_status(row.local, Status::Accepted)?;
        }
        Ok(hold != Hold::Absent)
    }

    /// Own changes that waited for what has come meanwhile.
    pub(super) fn put_absent(&mut self, loaded: &mut Loaded) -> Result<()> {
        let absent = |row: &&ChangeRow| row.hold == Hold::Absent && row.status.in_state();
        for row in loaded.rows.iter().filter(absent) {
            self.put_on_top(&mut loaded.state, row)?;
        }
        Ok(())
    }

    pub(super) fn apply_pack(
        &mut self,
        part: &PackPart,
        epoch: u64,
        applied: &mut Applied,
    ) -> Result<()> {
        let cursor = self.store.cursor(Some(&part.grid))?;
        let goes_on = !part.first && cursor.pack.is_some_and(|pack| pack.at_seq == part.at_seq);
        if part.first {
            self.store.clear_packed(&part.grid)?;
        } else if !goes_on {
            return Ok(());
        }
        for (device, label) in &part.authors {
            self.store.put_author(*device, label)?;
        }
        let mut after = cursor
            .pack
            .filter(|_| goes_on)
            .map(|pack| pack.after)
            .unwrap_or_default();
        for packed in decode_pack(&part.records)? {
            after = after.max(packed.record);
            self.store.add_packed(&part.grid, &packed.record)?;
            let (record, header) = (packed.record, &packed.header);
            self.place(&part.grid, record, header, packed.number, packed.snapshot)?;
            applied.packed += 1;
        }
        let at_seq = part.at_seq;
        let grid = Some(part.grid.clone());
        let cursor = if part.last {
            self.forget_unpacked(&part.grid)?;
            Cursor {
                epoch,
                grid,
                seq: at_seq,
                pack: None,
            }
        } else {
            Cursor {
                epoch,
                grid,
                seq: 0,
                pack: Some(PackProgress { at_seq, after }),
            }
        };
        applied.progressed = true;
        self.store.put_cursor(&cursor)
    }

    /// Records of a grid that its pack did not name are not there any more.
    fn forget_unpacked(&mut self, grid: &str) -> Result<()> {
        for record in self.records_of(grid)? {
            if !self.store.was_packed(grid, &record)? {
                self.forget_when_settled(&record)?;
            }
        }
        self.store.clear_packed(grid)
    }

    /// Records of a grid. The list is as it was before the transaction at hand, in which another
    /// grid may have taken a record over.
    fn records_of(&self, grid: &str) -> Result<Vec<RecordId>> {
        let mut here = Vec::new();
        for known in self.list.values().filter(|known| known.grid == grid) {
            match self.store.header(&known.record) {
                Ok(header) if header.grid == grid => here.push(known.record),
                Ok(_) | Err(FieldbookError::NoRecord(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(here)
    }

    /// A record left a grid by a move, unless it stands elsewhere by a later one.
    pub(super) fn forget(&mut self, grid: &str, record: &RecordId, move_number: u64) -> Result<()> {
        let Some(row) = self.store.record(record)? else {
            return Ok(());
        };
        if row.header.grid == grid && row.header.move_number <= move_number {
            self.forget_when_settled(record)?;
        }
        Ok(())
    }

    fn forget_when_settled(&mut self, record: &RecordId) -> Result<()> {
        if self.store.has_unsettled(record)? {
            return self.store.add_leaving(record);
        }
        self.touched.insert(*record);
        self.store.drop_leaving(record)?;
        if let Some(row) = self.store.record(record)? {
            self.store.keep_header(record, &row.header)?;
        }
        self.store.forget_record(record)
    }

    /// Forgets records that left and whose edits are settled meanwhile.
    pub(super) fn forget_leaving(&mut self) -> Result<()> {
        for record in self.store.leaving()? {
            self.forget_when_settled(&record)?;
        }
        Ok(())
    }

    /// Forgets the grids that the certificate does not open any more.
    pub(super) fn drop_lost_grids(&mut self) -> Result<()> {
        let identity = self.need_identity()?;
        let grants: Vec<String> = identity
            .certificate
            .grids
            .iter()
            .map(|grant| grant.grid.clone())
            .collect();
        for grid in self.store.followed_grids()? {
            if !grants.contains(&grid) {
                for record in self.records_of(&grid)? {
                    self.forget_when_settled(&record)?;
                }
                self.store.drop_stream(&grid)?;
            }
        }
        Ok(())
    }
}

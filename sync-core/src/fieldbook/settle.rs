//! Verdicts: accepted changes become verified, held ones wait, and after a refusal the later
//! changes of the record are made again from what the person did.

use super::{
    Fieldbook,
    commit::is_nothing,
    error::{FieldbookError, Result},
    store::changes::{ChangeRow, Hold, Status},
};
use crate::{
    change::{RefusedReason, scan},
    ids::RecordId,
    sync::{Applied, Verdict, VerdictStatus},
};

/// Under this name the file has the epoch of the last such item of the device's stream.
pub(super) const TOLD_EPOCH: &str = "told_epoch";
/// Stands for "could not be made again" among the reasons of returned edits.
const NOT_REPEATABLE: u8 = 0;

impl Fieldbook {
    pub(super) fn settle(&mut self, verdict: &Verdict, applied: &mut Applied) -> Result<()> {
        let rows = self.store.own_in_bundle(verdict.number, &verdict.record)?;
        let accepted = usize::try_from(verdict.accepted).unwrap_or(usize::MAX);
        for (local, status) in rows.iter().take(accepted) {
            if status.is_unsettled() {
                self.store.set_status(*local, Status::Accepted)?;
            } else if !status.is_verified() {
                self.take_again(&verdict.record, *local)?;
            }
        }
        let rest: Vec<i64> = rows
            .iter()
            .skip(accepted)
            .filter(|(_, status)| status.is_unsettled())
            .map(|(local, _)| *local)
            .collect();
        let (status, reason) = verdict.status.codes();
        match verdict.status {
            VerdictStatus::Accepted => {
                self.store.clear_setback(verdict.number, &verdict.record)?;
            }
            // The phone made these again when it learned of the refusal before them.
            VerdictStatus::Refused(RefusedReason::Superseded) => {
                for local in rest {
                    self.store.set_status(local, Status::Superseded)?;
                }
            }
            VerdictStatus::Held(_) => {
                applied.setbacks += 1;
                for local in rest {
                    self.store.set_status(local, Status::Held)?;
                }
                self.note(verdict, status, reason)?;
            }
            VerdictStatus::Refused(_) => {
                applied.setbacks += 1;
                self.note(verdict, status, reason)?;
                // A restored server may refuse what was refused or made again before: then what
                // was made again since is to be made again once more.
                let first = match rows.get(accepted) {
                    Some((local, status)) if !status.is_verified() => Some(*local),
                    Some(_) => rest.first().copied(),
                    None => self
                        .store
                        .first_own_after(verdict.number, &verdict.record)?,
                };
                if let Some(first) = first {
                    self.make_again(verdict, first, reason.unwrap_or(NOT_REPEATABLE))?;
                }
            }
        }
        if self.list.contains_key(&verdict.record) {
            self.touched.insert(verdict.record);
            self.compact_if_long(&verdict.record)?;
        }
        Ok(())
    }

    /// Every change of a bundle entered.
    pub(super) fn settle_all(&mut self, number: u64, applied: &mut Applied) -> Result<()> {
        for record in self.store.records_of_bundle(number)? {
            let verdict = Verdict {
                number,
                record,
                accepted: u32::MAX,
                status: VerdictStatus::Accepted,
                key: None,
            };
            self.settle(&verdict, applied)?;
        }
        Ok(())
    }

    /// What was refused before was taken over since: the person need not correct it. Nothing is made
    /// again, which the refusal asked for at its time.
    pub(super) fn taken_over(&mut self, verdict: &Verdict, applied: &mut Applied) -> Result<()> {
        let rows = self.store.own_in_bundle(verdict.number, &verdict.record)?;
        let accepted = usize::try_from(verdict.accepted).unwrap_or(usize::MAX);
        let refused = match rows.get(accepted) {
            Some((_, status)) if status.is_unsettled() => return self.settle(verdict, applied),
            at => at.map(|(local, _)| *local),
        };
        let (status, reason) = verdict.status.codes();
        let reason = reason.unwrap_or(NOT_REPEATABLE);
        self.store
            .retell_returned(verdict.number, &verdict.record, refused, reason)?;
        applied.setbacks += 1;
        self.note(verdict, status, Some(reason))?;
        if self.list.contains_key(&verdict.record) {
            self.touched.insert(verdict.record);
        }
        Ok(())
    }

    /// A restored server judges anew, and let in what it had refused: the record has it again.
    fn take_again(&mut self, record: &RecordId, local: i64) -> Result<()> {
        self.store.set_status(local, Status::Accepted)?;
        self.store.set_hold(local, Hold::Absent)?;
        let Some(mut loaded) = self.store.load_state(record)? else {
            return Ok(());
        };
        self.put_absent(&mut loaded)?;
        self.put_state(record, &loaded.header, &loaded.state, None)
    }

    fn note(&self, verdict: &Verdict, status: u8, reason: Option<u8>) -> Result<()> {
        let reason = reason.unwrap_or(NOT_REPEATABLE);
        let row = (
            verdict.number,
            verdict.record,
            status,
            reason,
            verdict.key.clone(),
        );
        self.store.put_setback(&row)
    }

    /// The refused change goes back to the person; those after it are authored again, under the
    /// epoch that the server granted with the refusal.
    fn make_again(&mut self, verdict: &Verdict, refused: i64, reason: u8) -> Result<()> {
        let record = verdict.record;
        let Some(mut loaded) = self.store.load_state(&record)? else {
            return self.give_back(verdict, refused, reason);
        };
        // What is written under the epoch granted with the refusal, or a later one, does not build
        // on it. A restored server tells again what it told before: the epoch of that time, not the
        // one that the phone has by now.
        let told: Option<u16> = self.store.meta_cbor(TOLD_EPOCH)?;
        let epoch = match told {
            Some(told) => told,
            None => self.need_identity()?.epoch,
        };
        let is_since = |row: &ChangeRow| {
            let written = scan(&row.chunk).map(|change| change.actor.epoch());
            row.local != refused && written.is_ok_and(|written| written >= epoch)
        };
        let mut again = Vec::new();
        for row in loaded
            .rows
            .iter()
            .filter(|row| row.own && row.local >= refused)
        {
            if !row.status.is_unsettled() || is_since(row) {
                continue;
            }
            let edits = self.store.edits_of(&record, row.local)?;
            if row.local == refused {
                let field = verdict.key.as_deref();
                self.store
                    .add_returned(&record, reason, field, row.time_ms, &edits)?;
                self.store.set_status(row.local, Status::Refused)?;
                continue;
            }
            again.push((row.time_ms, edits));
            if row.bundle.is_some() {
                self.store.set_status(row.local, Status::Superseded)?;
            } else {
                self.store.drop_change(row.local)?;
            }
        }
        // A later one that is in already, under another name, had not built on the refused one.
        let stays = |row: &ChangeRow| {
            row.local < refused || !row.own || row.status.is_verified() || is_since(row)
        };
        loaded.state = loaded.rebuild(stays)?;
        self.put_state(&record, &loaded.header, &loaded.state, None)?;
        // A record that only the refused change created is proposed again with the next one.
        let proposes = loaded.state.registers.is_empty();
        for (time_ms, edits) in again {
            self.make_one_again(record, &edits, time_ms, proposes)?;
        }
        Ok(())
    }

    /// Of a record that was forgotten since: all of it goes back to the person.
    fn give_back(&self, verdict: &Verdict, refused: i64, reason: u8) -> Result<()> {
        let record = verdict.record;
        let later = |row: &ChangeRow| row.own && row.local >= refused;
        for row in self
            .store
            .changes_of(&record)?
            .iter()
            .filter(|row| later(row))
        {
            if !row.status.is_unsettled() {
                continue;
            }
            let (reason, field, status) = if row.local == refused {
                (reason, verdict.key.as_deref(), Status::Refused)
            } else {
                (NOT_REPEATABLE, None, Status::Superseded)
            };
            let edits = self.store.edits_of(&record, row.local)?;
            self.store
                .add_returned(&record, reason, field, row.time_ms, &edits)?;
            self.store.set_status(row.local, status)?;
        }
        Ok(())
    }

    /// Everything of a record that the server has not acknowledged is authored again, under the
    /// name that the phone has now.
    pub(super) fn make_unsent_again(&mut self, record: RecordId, acked: u64) -> Result<()> {
        let Some(mut loaded) = self.store.load_state(&record)? else {
            return Err(FieldbookError::Unsent(self.store.count_pending(acked)?));
        };
        let unsent = |row: &ChangeRow| {
            let sent = row.bundle.is_some_and(|number| number <= acked);
            row.own && row.status.is_unsettled() && !sent
        };
        let mut again = Vec::new();
        for row in loaded.rows.iter().filter(|row| unsent(row)) {
            again.push((row.time_ms, self.store.edits_of(&record, row.local)?));
            self.store.drop_change(row.local)?;
        }
        loaded.state = loaded.rebuild(|row| !unsent(row))?;
        self.put_state(&record, &loaded.header, &loaded.state, None)?;
        let proposes = loaded.state.registers.is_empty();
        for (time_ms, edits) in again {
            self.make_one_again(record, &edits, time_ms, proposes)?;
        }
        Ok(())
    }

    fn make_one_again(
        &mut self,
        record: RecordId,
        edits: &[crate::record::Edit],
        time_ms: i64,
        proposes: bool,
    ) -> Result<()> {
        let loaded = self.need_loaded(&record)?;
        let proposes = proposes && loaded.state.registers.is_empty();
        match self.commit(record, loaded, edits, time_ms, proposes) {
            Ok(_) => Ok(()),
            Err(error) if is_nothing(&error) => Ok(()),
            // What it built on was refused: the person decides what becomes of it.
            Err(FieldbookError::Edit(_)) => {
                self.store
                    .add_returned(&record, NOT_REPEATABLE, None, time_ms, edits)
            }
            Err(error) => Err(error),
        }
    }
}

//! The journal done again: verdicts and acts as they were, nothing decided anew.

use std::{collections::BTreeMap, sync::Arc};

use rusqlite::{Connection, TransactionBehavior, params};
use sync_core::{
    DeviceId, RecordId,
    bundle::{JournalPayload, Manifest},
    sync::{Verdict, VerdictStatus},
};

use crate::{
    core::Core,
    error::{Error, Result},
    intake::{Work, work_of},
    journal::{Replayed, replay_after},
    own, records,
    store::Tx,
    verify,
};

/// Entries of one transaction.
const ENTRIES: usize = 512;

/// Does again what stands in the journal and main.db does not have. Bundles without verdicts are
/// left: they are verified as if they had just come.
pub(crate) fn replay_rest(
    main: &mut Connection,
    core: &Arc<Core>,
    journal: &Connection,
) -> Result<()> {
    let done: i64 = main.query_row("SELECT coalesce(max(id), 0) FROM outgoing", [], |row| {
        row.get(0)
    })?;
    let from: u64 = main.query_row(
        "SELECT coalesce((SELECT value FROM meta WHERE name = 'verified_through'), 0)",
        [],
        |row| row.get(0),
    )?;
    let mut replay = Replay {
        core,
        done,
        waiting: BTreeMap::new(),
        verified: Vec::new(),
    };
    let mut after = from;
    loop {
        let entries = replay_after(journal, after, ENTRIES)?;
        let Some(last) = entries.last().map(|entry| entry.position) else {
            break;
        };
        let transaction = main.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for entry in &entries {
            let mut tx = Tx::replay(&transaction, core, entry.time_ms);
            replay.entry(&mut tx, entry)?;
            tx.finish()?;
        }
        core.keys().flush()?;
        transaction.commit()?;
        after = last;
    }
    let transaction = main.transaction_with_behavior(TransactionBehavior::Immediate)?;
    replay.mark(&transaction, from, after)?;
    transaction.commit()?;
    Ok(())
}

struct Replay<'a> {
    core: &'a Arc<Core>,
    /// The last row of `outgoing` whose effects main.db has.
    done: i64,
    /// Bundles whose verdicts have not come yet.
    waiting: BTreeMap<(DeviceId, u64), Work>,
    /// Positions of bundles whose verdicts have come.
    verified: Vec<u64>,
}

impl Replay<'_> {
    fn entry(&mut self, tx: &mut Tx<'_>, entry: &Replayed) -> Result<()> {
        let Some(source) = entry.source else {
            if let Some(work) = work_of(self.core, entry)? {
                self.waiting.insert((work.device, work.number), work);
            }
            return Ok(());
        };
        if source <= self.done {
            // Its effects are there; the bundle needs no more than that to be known.
            if let JournalPayload::Verdicts { device, number, .. } = &entry.payload
                && let Some(work) = self.waiting.remove(&(*device, *number))
            {
                self.verified.push(work.position);
            }
            return Ok(());
        }
        self.payload(tx, &entry.payload)?;
        tx.conn().execute(
            "INSERT OR REPLACE INTO outgoing (id, time_ms, payload) VALUES (?1, ?2, x'')",
            params![source, entry.time_ms],
        )?;
        Ok(())
    }

    fn payload(&mut self, tx: &mut Tx<'_>, payload: &JournalPayload) -> Result<()> {
        match payload {
            JournalPayload::Bundle { .. } => Ok(()),
            JournalPayload::Verdicts {
                device,
                number,
                verdicts,
            } => match self.waiting.remove(&(*device, *number)) {
                Some(work) => {
                    self.verified.push(work.position);
                    verify::verify_as(tx, &work, Some(verdicts))
                }
                None => Ok(()),
            },
            JournalPayload::Verdict {
                device,
                number,
                record,
                status,
                accepted,
                reason,
                key,
            } => {
                let verdict = Verdict {
                    number: *number,
                    record: *record,
                    accepted: *accepted,
                    status: VerdictStatus::from_codes(*status, *reason)
                        .ok_or(Error::Internal("a verdict cannot be read"))?,
                    key: key.clone(),
                };
                verify::settle_again(tx, *device, &verdict)
            }
            // What came of it follows as verdicts.
            JournalPayload::Release { .. } => Ok(()),
            JournalPayload::ServerBundle {
                manifest,
                signature,
                parts,
                by,
                reason,
            } => {
                let by = crate::review::By {
                    person: by.clone(),
                    reason: reason.clone(),
                };
                let manifest: Manifest = minicbor::decode(manifest)
                    .map_err(|_| Error::Internal("a manifest cannot be read"))?;
                own::enter_again(tx, &manifest, signature, parts, &by)
            }
            JournalPayload::Place {
                record,
                grid,
                move_number,
                ..
            } => place(tx, record, grid, *move_number),
            JournalPayload::Erasure { record, .. } => {
                tx.core().keys().erase(record)?;
                Ok(())
            }
            JournalPayload::Device {
                device,
                event,
                certificate,
                by,
            } => crate::devices::again(
                tx,
                *device,
                *event,
                certificate.as_ref().map(|cose| cose.as_slice()),
                by,
            ),
            JournalPayload::Act {
                by,
                act,
                object,
                reason,
            } => crate::ops::acts::again(tx, act, object, by, reason),
            JournalPayload::Configuration { .. } => Ok(()),
        }
    }

    /// Marks what is verified, so that the rest is taken up as after a crash.
    fn mark(&self, conn: &Connection, from: u64, last: u64) -> Result<()> {
        let open = self.waiting.values().map(|work| work.position).min();
        let through = open.map_or(last, |position| position - 1).max(from);
        conn.execute(
            "INSERT INTO meta (name, value) VALUES ('verified_through', ?1)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            params![through],
        )?;
        for position in self.verified.iter().filter(|at| **at > through) {
            conn.execute(
                "INSERT OR IGNORE INTO verified_ahead (position) VALUES (?1)",
                params![position],
            )?;
        }
        Ok(())
    }
}

fn place(tx: &mut Tx<'_>, record: &RecordId, grid: &str, move_number: u64) -> Result<()> {
    let core = tx.core().clone();
    let Some(mut stored) = records::find(tx.conn(), core.keys(), record)? else {
        return Ok(());
    };
    crate::review::move_to(tx, &mut stored, grid, move_number)
}

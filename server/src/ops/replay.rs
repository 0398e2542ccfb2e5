//! The journal done again: verdicts and acts as they were, nothing decided anew.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use rusqlite::{Connection, TransactionBehavior, params};
use sync_core::{
    DeviceId, RecordId,
    bundle::{JournalPayload, Manifest},
    sync::{Verdict, VerdictStatus},
};

use super::erase;
use crate::{
    core::Core,
    error::{Error, Result},
    intake::{Work, work_of},
    journal::{Outgoing, Replayed, append_rest, replay_after},
    own, records, registration,
    review::By,
    store::{Tx, marks},
    verify, versions,
};

/// Entries of one transaction.
const ENTRIES: usize = 512;

/// What a replay did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Replay {
    /// Entries that were done again.
    pub entries: u64,
    /// Entries that say nothing any more, because the record was erased.
    pub erased: u64,
    /// Entries that could not be done again: each is in the log.
    pub failed: u64,
}

/// Does again what stands in the journal and main.db does not have. Bundles without verdicts are
/// left: they are verified as if they had just come.
pub(crate) fn replay_rest(
    main: &mut Connection,
    core: &Arc<Core>,
    journal: &Connection,
) -> Result<Replay> {
    let done = marks::last_outgoing(main)?;
    let from = marks::verified_through(main)?;
    let mut replay = Replaying {
        core,
        done,
        waiting: BTreeMap::new(),
        verified: Vec::new(),
        did: Replay::default(),
    };
    let mut after = from;
    let mut touched = BTreeSet::new();
    loop {
        let entries = replay_after(journal, after, ENTRIES)?;
        let Some(last) = entries.last().map(|entry| entry.position) else {
            break;
        };
        let transaction = main.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for entry in &entries {
            touched.extend(replay.entry(&transaction, entry)?);
        }
        for n in std::mem::take(&mut touched) {
            prove(&transaction, core, n)?;
        }
        // Both in one transaction: power may go in the middle of a replay as well.
        replay.mark(&transaction, from, last)?;
        core.keys().flush()?;
        transaction.commit()?;
        after = last;
    }
    Ok(replay.did)
}

/// Journals what main.db has noted for it, where a server was ended before it could.
pub(super) fn journal_rest(main: &Connection, journal: &mut Connection) -> Result<()> {
    let mut select = main.prepare("SELECT id, time_ms, payload FROM outgoing ORDER BY id")?;
    let rows = select.query_map([], |row| {
        Ok(Outgoing {
            id: row.get(0)?,
            time_ms: row.get(1)?,
            payload: row.get(2)?,
        })
    })?;
    let rows = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    append_rest(journal, &rows)
}

/// Makes a snapshot of a record that a replay wrote to, so that packs need not make it each time.
fn prove(conn: &Connection, core: &Core, n: i64) -> Result<()> {
    match records::prove_and_keep(conn, core, n) {
        Err(error @ Error::Storage(_)) => Err(error),
        Err(Error::Gone(_)) | Ok(()) => Ok(()),
        Err(error) => {
            tracing::error!(%error, "a record cannot be proven");
            Ok(())
        }
    }
}

struct Replaying<'a> {
    core: &'a Arc<Core>,
    /// The last row of `outgoing` whose effects main.db has.
    done: i64,
    /// Bundles whose verdicts have not come yet.
    waiting: BTreeMap<(DeviceId, u64), Work>,
    /// Positions of bundles whose verdicts have come.
    verified: Vec<u64>,
    did: Replay,
}

impl Replaying<'_> {
    /// Does one entry again; the records whose snapshots are behind.
    fn entry(&mut self, conn: &Connection, entry: &Replayed) -> Result<Vec<i64>> {
        let Some(source) = entry.source else {
            if let Some(work) = work_of(self.core, entry)? {
                self.waiting.insert((work.device, work.number), work);
            }
            return Ok(Vec::new());
        };
        if source <= self.done {
            // Its effects are there; the bundle needs no more than that to be known.
            if let JournalPayload::Verdicts { device, number, .. } = &entry.payload
                && let Some(work) = self.waiting.remove(&(*device, *number))
            {
                self.verified.push(work.position);
            }
            return Ok(Vec::new());
        }
        self.did.entries += 1;
        let touched = self.guarded(conn, entry)?;
        conn.execute(
            "INSERT OR REPLACE INTO outgoing (id, time_ms, payload) VALUES (?1, ?2, x'')",
            params![source, entry.time_ms],
        )?;
        Ok(touched)
    }

    /// One entry that cannot be done again must not keep a server from starting: it is left out
    /// whole, counted and named in the log.
    fn guarded(&mut self, conn: &Connection, entry: &Replayed) -> Result<Vec<i64>> {
        conn.execute_batch("SAVEPOINT entry")?;
        let mut tx = Tx::replay(conn, self.core, entry.time_ms);
        let done = self.payload(&mut tx, &entry.payload);
        match done.and_then(|()| tx.finish()) {
            Ok(left) => {
                conn.execute_batch("RELEASE entry")?;
                return Ok(left.touched);
            }
            Err(error @ Error::Storage(_)) => return Err(error),
            Err(Error::Gone(_)) => self.did.erased += 1,
            Err(error) => {
                self.did.failed += 1;
                let position = entry.position;
                tracing::error!(position, %error, "an entry of the journal cannot be done again");
            }
        }
        conn.execute_batch("ROLLBACK TO entry; RELEASE entry")?;
        Ok(Vec::new())
    }

    fn payload(&mut self, tx: &mut Tx<'_>, payload: &JournalPayload) -> Result<()> {
        match payload {
            // A bundle is taken up with the verdicts on it.
            JournalPayload::Bundle { .. } => Ok(()),
            JournalPayload::Configuration {
                what,
                version,
                bytes,
                by,
            } => {
                versions::uploaded_again(tx, what, *version, bytes, by)?;
                registration::rows_again(tx, what, bytes)
            }
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
            JournalPayload::Release {
                device,
                number,
                record,
                released,
                ..
            } => {
                if *released {
                    verify::release_again(tx, *device, *number, record)?;
                }
                Ok(())
            }
            JournalPayload::ServerBundle {
                manifest,
                signature,
                parts,
                by,
                reason,
            } => {
                let by = By {
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
            JournalPayload::Erasure { record, .. } => erase::again(tx, record),
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
        }
    }

    /// Marks what is verified, so that the rest is taken up as after a crash.
    fn mark(&mut self, conn: &Connection, from: u64, last: u64) -> Result<()> {
        let open = self.waiting.values().map(|work| work.position).min();
        let through = open.map_or(last, |position| position - 1).max(from);
        marks::set_verified_through(conn, through)?;
        self.verified.retain(|at| *at > through);
        let mut ahead =
            conn.prepare_cached("INSERT OR IGNORE INTO verified_ahead (position) VALUES (?1)")?;
        for position in &self.verified {
            ahead.execute(params![position])?;
        }
        conn.execute(
            "DELETE FROM verified_ahead WHERE position <= ?1",
            params![through],
        )?;
        // All of them stand in the journal; the last says how far this has come.
        conn.execute(
            "DELETE FROM outgoing WHERE payload = x'' AND id < (SELECT max(id) FROM outgoing)",
            [],
        )?;
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

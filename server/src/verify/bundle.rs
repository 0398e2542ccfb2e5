//! One bundle: each of its records is judged, its author told, then what waited for it moves.

use rusqlite::params;
use sync_core::{
    DeviceId, RecordId,
    bundle::JournalPayload,
    change::{HeldReason, RefusedReason},
    record::Header,
    sync::{DeviceItem, Verdict, VerdictStatus},
};

use super::{
    Claim,
    enact::enact,
    judge::{Judged, judge, moves_forgotten},
    retry::retry,
    told::told,
};
use crate::{
    error::{Error, Result},
    intake::{Part, Work},
    records::{self, Stored},
    store::Tx,
};

/// Verifies one bundle.
pub(crate) fn verify_one(tx: &mut Tx<'_>, work: &Work) -> Result<()> {
    verify_as(tx, work, None)
}

/// Verifies one bundle; in a replay as its verdicts say, where records that are not named entered
/// whole.
pub(crate) fn verify_as(tx: &mut Tx<'_>, work: &Work, said: Option<&[Verdict]>) -> Result<()> {
    let mut telling = Telling::new(work.device);
    let mut touched = Vec::new();
    for part in &work.parts {
        let claim = claim(work, part);
        let said = said.map(|said| {
            let named = said.iter().find(|verdict| verdict.record == part.record);
            let whole = u32::try_from(part.chunks.len()).unwrap_or(u32::MAX);
            named.cloned().unwrap_or(Verdict {
                number: work.number,
                record: part.record,
                accepted: whole,
                status: VerdictStatus::Accepted,
                key: None,
            })
        });
        if verify_part(tx, claim, part.header.clone(), said.as_ref(), &mut telling)? {
            touched.push(part.record);
        }
    }
    let setbacks = telling.finish(tx, work.number)?;
    tx.journal(&JournalPayload::Verdicts {
        device: work.device,
        number: work.number,
        verdicts: setbacks,
    })?;
    // In a replay what moved then is told by entries of its own.
    if said.is_none() {
        for record in touched {
            if has_waiting(tx, &record)? {
                retry(tx, &record)?;
            }
        }
    }
    Ok(())
}

fn claim(work: &Work, part: &Part) -> Claim {
    Claim {
        held: None,
        device: work.device,
        number: work.number,
        record: part.record,
        actor: work.device.actor(work.epoch),
        schema: work.schema,
        accepted: 0,
        chunks: part.chunks.clone(),
        scanned: part.scanned.clone(),
        reason: None,
        released: false,
    }
}

fn has_waiting(tx: &Tx<'_>, record: &RecordId) -> Result<bool> {
    Ok(tx
        .conn()
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM held WHERE record = ?1 AND state = 'held')")?
        .query_row(params![record.0], |row| row.get(0))?)
}

/// Judges one record of a bundle; whether something of it changed that others may wait for.
fn verify_part(
    tx: &mut Tx<'_>,
    mut claim: Claim,
    header: Option<Header>,
    said: Option<&Verdict>,
    telling: &mut Telling,
) -> Result<bool> {
    let Some(mut stored) = find_or_create(tx, claim.record, header)? else {
        // Erased since: there is nothing to make again.
        let status = VerdictStatus::Refused(RefusedReason::Superseded);
        telling.before(tx, status)?;
        telling.after(tx, claim.verdict(status, None))?;
        return Ok(false);
    };
    let judged = match said {
        Some(said) => told(tx, &claim, &stored, said)?,
        None => judged(tx, &mut claim, &stored)?,
    };
    let held = matches!(judged.judgement.status, VerdictStatus::Held(_));
    // Nothing waits for a record that is only now made.
    let known = stored.written;
    let moved = known && (!judged.judgement.entered.is_empty() || !held);
    telling.before(tx, judged.judgement.status)?;
    let verdict = enact(tx, &mut claim, &mut stored, judged)?;
    telling.after(tx, verdict)?;
    Ok(moved)
}

fn judged(tx: &Tx<'_>, claim: &mut Claim, stored: &Stored) -> Result<Judged> {
    match judge(tx, claim, stored) {
        Err(error @ Error::Storage(_)) => Err(error),
        // A record whose bytes cannot be read is set aside; others go on.
        Err(error) => {
            tracing::error!(record = %claim.record, %error, "a record cannot be read");
            Ok(Judged::held(HeldReason::MissingDependency))
        }
        judged => judged,
    }
}

/// The record; none if it was erased.
fn find_or_create(
    tx: &mut Tx<'_>,
    record: RecordId,
    header: Option<Header>,
) -> Result<Option<Stored>> {
    let core = tx.core();
    let found = match records::find(tx.conn(), core.keys(), &record) {
        Err(Error::Gone(_)) => return Ok(None),
        found => found?,
    };
    match (found, header) {
        (Some(stored), _) => Ok(Some(stored)),
        (None, Some(mut header)) => {
            header.move_number += moves_forgotten(core);
            match records::create(tx, record, header) {
                Err(Error::Gone(_)) => Ok(None),
                created => created.map(Some),
            }
        }
        // Its salt was known when the bundle was opened.
        (None, None) => Ok(None),
    }
}

/// Tells an author: in one item where all is well, else a verdict on each record, each behind the
/// epoch that came with it.
struct Telling {
    device: DeviceId,
    verdicts: Vec<Verdict>,
    one_by_one: bool,
}

impl Telling {
    const fn new(device: DeviceId) -> Self {
        Self {
            device,
            verdicts: Vec::new(),
            one_by_one: false,
        }
    }

    fn before(&mut self, tx: &mut Tx<'_>, status: VerdictStatus) -> Result<()> {
        if self.one_by_one || status == VerdictStatus::Accepted {
            return Ok(());
        }
        self.one_by_one = true;
        for verdict in &self.verdicts {
            tx.tell(self.device, &DeviceItem::Verdict(verdict.clone()))?;
        }
        Ok(())
    }

    fn after(&mut self, tx: &mut Tx<'_>, verdict: Verdict) -> Result<()> {
        if self.one_by_one {
            tx.tell(self.device, &DeviceItem::Verdict(verdict.clone()))?;
        }
        self.verdicts.push(verdict);
        Ok(())
    }

    /// The verdicts that do not accept everything.
    fn finish(mut self, tx: &mut Tx<'_>, number: u64) -> Result<Vec<Verdict>> {
        if !self.one_by_one {
            tx.tell(self.device, &DeviceItem::Accepted { number })?;
        }
        self.verdicts
            .retain(|verdict| verdict.status != VerdictStatus::Accepted);
        Ok(self.verdicts)
    }
}

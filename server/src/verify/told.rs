//! A judgement as the journal says it was: replaying decides nothing again.

use rusqlite::{OptionalExtension as _, params};
use sync_core::{
    change::{Outcome, admit},
    sync::{Judgement, Scanned, Verdict},
};

use super::{
    Claim,
    enact::enact,
    judge::{Judged, state},
};
use crate::{
    error::{Error, OrNotFound as _, Result},
    records::{self, Stored},
    store::Tx,
};

/// What a verdict made of a claim.
pub(super) fn told(tx: &Tx<'_>, claim: &Claim, stored: &Stored, said: &Verdict) -> Result<Judged> {
    let wanted = said.accepted.saturating_sub(claim.accepted);
    let count = usize::try_from(wanted).unwrap_or(usize::MAX);
    let chunks = claim.chunks.get(..count.min(claim.chunks.len()));
    let scanned = Scanned::of(chunks.unwrap_or_default());
    let (mut state, whole) = state(tx, claim, stored, &scanned)?;
    let admitted = admit(&mut state, &scanned.batch, &());
    let mut entered = Vec::new();
    for (incoming, outcome) in scanned.batch.into_iter().zip(&admitted.outcomes) {
        match outcome {
            Outcome::Accepted(_) => entered.push(incoming),
            Outcome::Duplicate => {}
            Outcome::Stopped(..) => {
                return Err(Error::Internal(
                    "what was accepted once does not enter again",
                ));
            }
        }
    }
    Ok(Judged {
        judgement: Judgement {
            accepted: wanted,
            status: said.status,
            key: said.key.clone(),
            entered,
            outcomes: admitted.outcomes,
            proven: admitted.proven,
        },
        state,
        whole,
    })
}

/// Does again what the journal says became of a part that was held.
pub(crate) fn settle_again(
    tx: &mut Tx<'_>,
    device: sync_core::DeviceId,
    said: &Verdict,
) -> Result<()> {
    let core = tx.core().clone();
    let id: Option<i64> = tx
        .conn()
        .query_row(
            "SELECT id FROM held WHERE device = ?1 AND number = ?2 AND record = ?3
             AND state = 'held'",
            params![device.0, said.number, said.record.0],
            |row| row.get(0),
        )
        .optional()?;
    let Some(id) = id else { return Ok(()) };
    let mut claim = Claim::held(tx.conn(), &core, id)?.or_not_found("held change")?;
    let mut stored = records::find(tx.conn(), core.keys(), &said.record)?.or_not_found("record")?;
    let judged = told(tx, &claim, &stored, said)?;
    let verdict = enact(tx, &mut claim, &mut stored, judged)?;
    tx.tell(device, &sync_core::sync::DeviceItem::Verdict(verdict))
}

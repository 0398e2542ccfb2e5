//! Where an author stands towards a record, and the core's judgement from there.

use rusqlite::{Connection, params};
use schemas::SchemaSet;
use sync_core::{
    ActorId, RecordId,
    change::HeldReason,
    record::RecordState,
    sync::{Judgement, Scanned, Standing, VerdictStatus, judge_scanned},
};

use super::Claim;
use crate::{
    core::Core,
    devices::Device,
    error::Result,
    records::{self, Stored},
    store::Tx,
};

/// Bytes of a record below which its size cannot matter, so that its registers are enough.
const SMALL: u64 = 128 * 1024;
/// More moves of a record than between a backup and the restore from it, or two restores.
const MOVES_A_RESTORE: u64 = 1 << 32;

/// What is added to the move number of a record that a restored server had lost: phones may know
/// of moves of it that it forgot.
pub(crate) fn moves_forgotten(core: &Core) -> u64 {
    MOVES_A_RESTORE * core.epoch().saturating_sub(1)
}

/// A judgement, and the record with what entered.
pub(super) struct Judged {
    pub(super) judgement: Judgement,
    pub(super) state: RecordState,
    /// Whether `state` has all the record's bytes.
    pub(super) whole: bool,
}

impl Judged {
    pub(super) fn held(reason: HeldReason) -> Self {
        Self {
            judgement: Judgement {
                accepted: 0,
                status: VerdictStatus::Held(reason),
                key: None,
                entered: Vec::new(),
                outcomes: Vec::new(),
                proven: None,
            },
            state: RecordState::default(),
            whole: false,
        }
    }
}

/// Judges a claim on a record, and changes nothing.
pub(super) fn judge(tx: &Tx<'_>, claim: &mut Claim, stored: &Stored) -> Result<Judged> {
    let core = tx.core();
    let device = tx.author(claim.device)?;
    let schemas = core.schemas();
    let standing = standing(tx, claim, stored, &device, &schemas)?;
    let ahead = claim.scanned.take();
    let scanned = ahead.unwrap_or_else(|| Scanned::of(&claim.chunks));
    let (mut state, whole) = state(tx, claim, stored, &scanned)?;
    let judgement = judge_scanned(&mut state, scanned, &standing);
    Ok(Judged {
        judgement,
        state,
        whole,
    })
}

/// The record's registers alone where they are enough, else all of it.
pub(super) fn state(
    tx: &Tx<'_>,
    claim: &Claim,
    stored: &Stored,
    scanned: &Scanned,
) -> Result<(RecordState, bool)> {
    let bytes: usize = claim.chunks.iter().map(Vec::len).sum();
    let small = stored.bytes.saturating_add(bytes as u64) < SMALL;
    if small && scanned.is_sequential(&stored.registers) {
        let state = RecordState {
            registers: stored.registers.clone(),
            ..RecordState::default()
        };
        return Ok((state, false));
    }
    Ok((records::load_state(tx.conn(), stored)?, true))
}

/// Whether an earlier change of the actor on the record was refused.
pub(super) fn is_superseded(conn: &Connection, record: &RecordId, actor: ActorId) -> Result<bool> {
    let mut select = conn.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM superseded WHERE record = ?1 AND actor = ?2)",
    )?;
    Ok(select.query_row(params![record.0, actor.0], |row| row.get(0))?)
}

fn standing<'s>(
    tx: &Tx<'_>,
    claim: &Claim,
    stored: &Stored,
    device: &Device,
    schemas: &'s SchemaSet,
) -> Result<Standing<'s>> {
    let now = tx.now_ms();
    let held = if claim.released {
        None
    } else if device.revoked {
        Some(HeldReason::RevokedDevice)
    } else if !device.certificate.may_pull(now) {
        Some(HeldReason::ExpiredCertificate)
    } else if !device.confirmed {
        Some(HeldReason::UnconfirmedDevice)
    } else {
        None
    };
    Ok(Standing {
        actor: claim.actor,
        author: device.certificate.author(),
        schema_known: claim.released || claim.schema <= schemas.version(),
        kind: schemas.kind(&stored.header.kind),
        held,
        opens_grid: claim.released || device.certificate.opens(&stored.header.grid, now),
        // Of a record that is only now made nothing was refused or held.
        superseded: stored.written && is_superseded(tx.conn(), &claim.record, claim.actor)?,
        follows_held: stored.written && claim.follows_held(tx.conn(), tx.core())?,
    })
}

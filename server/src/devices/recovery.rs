//! A phone whose secret was forgotten asks for its data key; a supervisor decides.

use rusqlite::{Connection, OptionalExtension as _, params};
use sync_core::{
    DeviceId,
    bundle::{RecoveryReply, RecoveryRequest, RecoveryState, SealedChange},
};

use crate::{
    error::{Error, OrNotFound as _, Result},
    store::Tx,
};

/// How long a request or its answer lies here, ms.
const LIFE_MS: i64 = 24 * 3_600_000;

/// Takes a phone's request; an earlier one of the same phone goes.
pub fn ask(tx: &Tx<'_>, device: DeviceId, request: &RecoveryRequest) -> Result<()> {
    forget_old(tx)?;
    tx.conn().execute(
        "INSERT OR REPLACE INTO recovery (device, request, asked_ms) VALUES (?1, ?2, ?3)",
        params![device.0, request.to_bytes(), tx.now_ms()],
    )?;
    Ok(())
}

/// Hands the data key on to the phone that asked, or does not.
pub fn decide(tx: &Tx<'_>, device: DeviceId, approve: bool) -> Result<()> {
    forget_old(tx)?;
    let request: Option<Vec<u8>> = tx
        .conn()
        .query_row(
            "SELECT request FROM recovery WHERE device = ?1 AND decided_ms IS NULL",
            params![device.0],
            |row| row.get(0),
        )
        .optional()?;
    let request = request.or_not_found("request for recovery")?;
    let sealed = if approve {
        Some(seal(tx, device, &request)?.to_bytes())
    } else {
        None
    };
    tx.conn().execute(
        "UPDATE recovery SET decided_ms = ?2, sealed = ?3 WHERE device = ?1",
        params![device.0, tx.now_ms(), sealed],
    )?;
    Ok(())
}

fn seal(tx: &Tx<'_>, device: DeviceId, request: &[u8]) -> Result<SealedChange> {
    let request = RecoveryRequest::from_bytes(request)
        .map_err(|_| Error::Internal("a stored request cannot be read"))?;
    let mut random = [0; 32];
    let keys = tx.core().keys();
    keys.fill(&mut random)?;
    keys.open_key()
        .hand_on(device, &request, random)
        .map_err(|_| Error::Conflict("what this phone sent does not open: it has to enrol again"))
}

/// Where a phone's request stands.
pub fn answer(conn: &Connection, device: DeviceId, now_ms: i64) -> Result<RecoveryReply> {
    let row: Option<(Option<i64>, Option<Vec<u8>>)> = conn
        .prepare_cached(
            "SELECT decided_ms, sealed FROM recovery WHERE device = ?1 AND asked_ms > ?2",
        )?
        .query_row(params![device.0, now_ms - LIFE_MS], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    let (decided, sealed) = row.or_not_found("request for recovery")?;
    let sealed = sealed
        .map(|bytes| SealedChange::from_bytes(&bytes))
        .transpose()
        .map_err(|_| Error::Internal("a stored answer cannot be read"))?;
    let state = match (decided, &sealed) {
        (None, _) => RecoveryState::Waiting,
        (Some(_), Some(_)) => RecoveryState::Approved,
        (Some(_), None) => RecoveryState::Refused,
    };
    Ok(RecoveryReply { state, sealed })
}

fn forget_old(tx: &Tx<'_>) -> Result<()> {
    tx.conn().execute(
        "DELETE FROM recovery WHERE asked_ms <= ?1",
        params![tx.now_ms() - LIFE_MS],
    )?;
    Ok(())
}

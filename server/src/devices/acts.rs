//! What happens to a device, each in the transaction it is given.

use sync_core::{
    DeviceId,
    sync::{EnrolReply, EnrolRequest},
};

use crate::{
    error::{Error, Result},
    store::Tx,
};

const LATER: Error = Error::Internal("not built yet");

/// Makes a one-time ticket for an inspector, good for `life_ms`.
pub fn ticket(tx: &mut Tx<'_>, inspector: i64, life_ms: i64, by: &str) -> Result<String> {
    let _ = (tx, inspector, life_ms, by);
    Err(LATER)
}

/// Enrols a phone with its ticket. Grids are served once a supervisor has confirmed it.
pub fn enrol(tx: &mut Tx<'_>, request: &EnrolRequest) -> Result<EnrolReply> {
    let _ = (tx, request);
    Err(LATER)
}

/// The supervisor has compared the fingerprint words.
pub fn confirm(tx: &mut Tx<'_>, device: DeviceId, by: &str) -> Result<()> {
    let _ = (tx, device, by);
    Err(LATER)
}

/// A new certificate with the inspector's present grids, and tells the phone.
pub fn renew(tx: &mut Tx<'_>, device: DeviceId, by: &str) -> Result<()> {
    let _ = (tx, device, by);
    Err(LATER)
}

/// Revokes a device: it may still send, into held, and is then wiped.
pub fn revoke(tx: &mut Tx<'_>, device: DeviceId, by: &str) -> Result<()> {
    let _ = (tx, device, by);
    Err(LATER)
}

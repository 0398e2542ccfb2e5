//! Acts of people at the console, each in the transaction it is given.

use schemas::access::Author;
use sync_core::{ChangeHash, DeviceId, RecordId, record::Edit};

use crate::{
    error::{Error, Result},
    store::Tx,
};

/// Who does it and why: what stands in the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct By {
    /// The account's sign-in name.
    pub person: String,
    /// The reason given.
    pub reason: String,
}

/// What a bulk revert did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reverted {
    /// Records of which something was set back.
    pub records: u32,
    /// Registers set back.
    pub registers: u32,
    /// Registers left alone, because somebody wrote them since.
    pub kept: u32,
}

const LATER: Error = Error::Internal("not built yet");

/// Decides registers of a record: one change by a decision actor over all visible values.
pub fn decide(tx: &mut Tx<'_>, record: RecordId, edits: &[Edit], by: &By) -> Result<ChangeHash> {
    let _ = (tx, record, edits, by);
    Err(LATER)
}

/// Edits a record for an office: an ordinary edit, without precedence. `author` is checked against
/// the kind's write access.
pub fn office_edit(
    tx: &mut Tx<'_>,
    record: RecordId,
    edits: &[Edit],
    author: &Author,
    by: &By,
) -> Result<ChangeHash> {
    let _ = (tx, record, edits, author, by);
    Err(LATER)
}

/// Opens again a conflict that was settled in the field, or confirms it (`open` false).
pub fn reopen(tx: &mut Tx<'_>, record: RecordId, key: &str, open: bool, by: &By) -> Result<()> {
    let _ = (tx, record, key, open, by);
    Err(LATER)
}

/// Lets in what is held, as it is: the row of `held` and those of the author behind it.
pub fn release(tx: &mut Tx<'_>, held: i64, by: &By) -> Result<()> {
    let _ = (tx, held, by);
    Err(LATER)
}

/// Refuses what is held; its author makes again what came after it.
pub fn refuse(tx: &mut Tx<'_>, held: i64, by: &By) -> Result<()> {
    let _ = (tx, held, by);
    Err(LATER)
}

/// Sets back what a device wrote since a time (server time, ms), by new changes, where nobody has
/// written since.
pub fn revert(tx: &mut Tx<'_>, device: DeviceId, since_ms: i64, by: &By) -> Result<Reverted> {
    let _ = (tx, device, since_ms, by);
    Err(LATER)
}

/// Moves a record, and what follows it, to another grid.
pub fn move_record(tx: &mut Tx<'_>, record: RecordId, grid: &str, by: &By) -> Result<()> {
    let _ = (tx, record, grid, by);
    Err(LATER)
}

/// Says that `loser` is the same as `winner`: readers are sent on.
pub fn merge(tx: &mut Tx<'_>, loser: RecordId, winner: RecordId, by: &By) -> Result<()> {
    let _ = (tx, loser, winner, by);
    Err(LATER)
}

/// Takes a merge back.
pub fn unmerge(tx: &mut Tx<'_>, loser: RecordId, by: &By) -> Result<()> {
    let _ = (tx, loser, by);
    Err(LATER)
}

//! Bundles that a restored server lost and that nobody has any more.
//!
//! A phone forgets bundles once they are in enough backups. Restored from a backup older than
//! those, the server never sees them again, and the phone's next bundle does not follow the last
//! one that the server has. Then, and only then, the chain goes on behind the gap.

use rusqlite::{Connection, OptionalExtension as _, params};
use serde::{Deserialize, Serialize};
use sync_core::{
    DeviceId,
    bundle::{ChainHead, Manifest},
    sync::SyncRequest,
};

use crate::{
    error::{Error, Result},
    journal,
    store::{Tx, marks},
};

/// The act under which the journal has a gap.
pub(crate) const ACT: &str = "chain.gap";
/// Where the journal ended when it was restored last, in its own `meta`.
const RESTORED: &str = "restored";

/// A gap in a device's chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Gap {
    device: String,
    /// The first number that is missing.
    pub(crate) from: u64,
    /// The last.
    pub(crate) through: u64,
}

impl Gap {
    pub(super) fn before(manifest: &Manifest, head: &ChainHead) -> Self {
        Self {
            device: manifest.device.to_string(),
            from: head.number + 1,
            through: manifest.number.saturating_sub(1),
        }
    }

    /// The gap that an act in the journal tells of.
    pub(crate) fn read(object: &str) -> Option<(DeviceId, Self)> {
        let gap: Self = serde_json::from_str(object).ok()?;
        Some((DeviceId::parse(&gap.device)?, gap))
    }

    /// Notes it for the journal, ahead of the bundle behind it.
    pub(super) fn note(&self, tx: &mut Tx<'_>) -> Result<()> {
        let object =
            serde_json::to_string(self).map_err(|_| Error::Internal("an act cannot be written"))?;
        tracing::warn!(
            device = self.device,
            from = self.from,
            through = self.through,
            "bundles are lost: they were in a backup newer than the one restored"
        );
        tx.journal_act("server", ACT, &object, "")
    }
}

/// Notes in a journal that it was restored and ends here.
pub(crate) fn mark_restored(journal: &Connection) -> Result<()> {
    marks::set_mark(journal, RESTORED, journal::last_position(journal)?)
}

/// Whether the phone has heard of the server's present epoch, and so of how far the server has its
/// chain: what it then leaves out it has not got.
pub(super) fn knows_the_epoch(request: &SyncRequest, epoch: u64) -> bool {
    let mut cursors = request.cursors.iter();
    cursors.any(|cursor| cursor.grid.is_none() && cursor.epoch == epoch)
}

/// Whether nothing of a device has come since the journal was restored.
pub(super) fn is_as_restored(journal: &Connection, device: DeviceId) -> Result<bool> {
    let Some(restored) = marks::mark(journal, RESTORED)? else {
        return Ok(false);
    };
    let mut select = journal.prepare_cached(
        "SELECT position FROM chain WHERE device = ?1 ORDER BY number DESC LIMIT 1",
    )?;
    let last: Option<u64> = select
        .query_row(params![device.0], |row| row.get(0))
        .optional()?;
    Ok(last.is_none_or(|last| last <= restored))
}

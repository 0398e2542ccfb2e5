//! `gridbook erase`.

use clap::Args;
use sync_core::RecordId;

use super::{Common, Failure, once, say};
use crate::{error::Error, ops, review::By, store::open};

/// Erase a record of a personal kind for good. The server may be running.
///
/// Its key is destroyed, so that nothing of it can be read again: registers, history, journal,
/// photos, nor any copy of them that was not backed up together with its keys. Phones forget it
/// with their next sync.
#[derive(Debug, Args)]
pub(super) struct Erase {
    /// The record's id, 32 hexadecimal digits
    record: String,
    /// Why: stands in the journal
    #[arg(long)]
    reason: String,
    /// Who does it, for the journal
    #[arg(long, value_name = "NAME", default_value = "command line")]
    by: String,
    #[command(flatten)]
    common: Common,
}

impl Erase {
    pub(super) fn run(self) -> Result<(), Failure> {
        let config = self.common.of_data()?;
        let record = RecordId::parse(&self.record)
            .ok_or_else(|| Error::invalid("record", "an id has 32 hexadecimal digits"))?;
        let by = By {
            person: self.by,
            reason: self.reason,
        };
        once(&config, |tx| ops::erase(tx, &record, &by))?;
        // What stood in clear beside it must not linger in the log either.
        let place = crate::store::Place::folder(&config.data);
        ops::tidy(&open(&place, "main.db", false).map_err(Failure::from)?)?;
        say("erased; backups made before still have its key: see the manual");
        Ok(())
    }
}

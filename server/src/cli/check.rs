//! `gridbook verify`.

use clap::Args;
use schemas::SchemaSet;

use super::{Common, Failure, say};
use crate::{error::Error, ops, serve::clock};

/// Check everything that can be checked: signatures, chains, records, feeds.
///
/// Changes nothing; the server may be running. Ends with 1 if anything is wrong.
#[derive(Debug, Args)]
pub(super) struct Check {
    #[command(flatten)]
    common: Common,
}

impl Check {
    pub(super) fn run(self) -> Result<(), Failure> {
        let config = self.common.config()?;
        let schemas =
            SchemaSet::builtin().map_err(|_| Error::Internal("the schemas do not parse"))?;
        let found = ops::check(&config, schemas, clock(&config))?;
        for (what, count) in &found.counts {
            say(&format!("{count:>12}  {what}"));
        }
        for fault in &found.faults {
            say(&format!("FAULT  {fault}"));
        }
        if found.faulty > 0 {
            say(&format!("{} faults", found.faulty));
            return Err(Error::Conflict("the data folder has faults").into());
        }
        say("no faults");
        Ok(())
    }
}

//! `gridbook restore`.

use std::path::PathBuf;

use clap::Args;
use schemas::SchemaSet;

use super::{Common, Failure, say};
use crate::{error::Error, ops, serve::clock};

/// Put a backup in the data folder's place. The server must be stopped.
///
/// What happened after the backup comes back from the phones with their next sync: their own
/// changes, and what the server had signed. What only the server had, such as steps of cases, is
/// as old as the backup. The master key's file must be in place first.
#[derive(Debug, Args)]
pub(super) struct Restore {
    /// The backup's folder
    from: PathBuf,
    /// Put a data folder aside that is not empty
    #[arg(long)]
    force: bool,
    /// The last epoch the lost server had, if it is known and later than any backup's: its log says
    /// so at each start
    #[arg(long, value_name = "N")]
    after_epoch: Option<u64>,
    #[command(flatten)]
    common: Common,
}

impl Restore {
    pub(super) fn run(self) -> Result<(), Failure> {
        let config = self.common.config()?;
        let schemas =
            SchemaSet::builtin().map_err(|_| Error::Internal("the schemas do not parse"))?;
        let how = ops::Restore {
            force: self.force,
            after_epoch: self.after_epoch,
        };
        let done = ops::restore(&self.from, &config, schemas, clock(&config), how)?;
        say(&format!(
            "restored up to entry {} of the journal; {} done again; the server's epoch is {}",
            done.journal_position, done.replay.entries, done.epoch
        ));
        if done.erased > 0 {
            say(&format!(
                "{} records erased since the backup were erased again",
                done.erased
            ));
        }
        if done.replay.failed > 0 {
            say(&format!(
                "{} entries could not be done again",
                done.replay.failed
            ));
        }
        if let Some(aside) = done.aside {
            say(&format!("what was there is in {}", aside.display()));
        }
        Ok(())
    }
}

//! `gridbook backup`.

use std::path::PathBuf;

use clap::Args;

use super::{Common, Failure, say};
use crate::{ops, serve::clock};

/// Copy the data folder, while the server runs or not.
///
/// The backup appears whole or not at all. Phones keep their own changes until they are in two
/// backups (--keep), so that the newest or the one before it can be restored without loss; once
/// this ends, a running server lets them forget what is.
///
/// The master key is not in the backup unless --with-master-key says so: a backup without it tells
/// nothing of anybody, and nothing can be restored without it. Keep it in another place.
#[derive(Debug, Args)]
#[command(after_help = "\
Example, every night:
  gridbook backup --data /var/lib/gridbook /backup/$(date +%F)")]
pub(super) struct Backup {
    /// The backup's folder, which must not exist yet
    to: PathBuf,
    /// Copy the master key too: then whoever has the backup can read everything
    #[arg(long)]
    with_master_key: bool,
    /// Backups, counted from the newest, each of which can be restored without loss: phones keep
    /// what is not in all of them
    #[arg(long, value_name = "N", default_value_t = ops::Backup::default().keep,
          value_parser = clap::value_parser!(u32).range(1..=100))]
    keep: u32,
    #[command(flatten)]
    common: Common,
}

impl Backup {
    pub(super) fn run(self) -> Result<(), Failure> {
        let config = self.common.config()?;
        let now_ms = clock(&config).now_ms();
        let how = ops::Backup {
            with_master_key: self.with_master_key,
            keep: self.keep,
        };
        let made = ops::backup(&config, &self.to, now_ms, how)?;
        say(&format!(
            "{} files, {} bytes, journal up to entry {}, in {}",
            made.files,
            made.bytes,
            made.journal_position,
            self.to.display()
        ));
        let master_key = if self.with_master_key {
            "the master key is in it: keep it as you keep the key"
        } else {
            "the master key is not in it: keep its file in another place"
        };
        say(master_key);
        Ok(())
    }
}

//! `gridbook nightly`.

use clap::Args;

use super::{Common, Failure, once, say};
use crate::{ops, store};

/// Take away what has ended and keep the files small. The server may be running.
#[derive(Debug, Args)]
#[command(after_help = "\
Run it once a night, after the backup.")]
pub(super) struct Nightly {
    #[command(flatten)]
    common: Common,
}

impl Nightly {
    pub(super) fn run(self) -> Result<(), Failure> {
        let config = self.common.of_data()?;
        let mut did = ops::Nightly::default();
        while once(&config, |tx| ops::nightly(tx, &config.data, &mut did))? {}
        let place = store::Place::folder(&config.data);
        for name in ["main.db", "journal.db", "keys.db"] {
            ops::tidy(&store::open(&place, name, false)?)?;
        }
        say(&format!(
            "taken away: {} tickets, {} sessions, {} uploads, {} items that phones have read, {} \
             settled changes; {} snapshots made",
            did.tickets, did.sessions, did.uploads, did.items, did.settled, did.snapshots
        ));
        if did.returned {
            say("phones are no longer asked for what the server had signed before the restore");
        }
        Ok(())
    }
}

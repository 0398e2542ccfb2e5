//! `gridbook rebuild`.

use clap::Args;
use schemas::SchemaSet;

use super::{Common, Failure, say};
use crate::{
    error::Error,
    ops::{self, Difference},
    serve::clock,
};

/// Make main.db anew from the journal. The server must be stopped.
///
/// Accounts, inspectors, tickets and the audit do not stand in the journal: they are taken over
/// from the main.db that there is, which stays beside the new one. If the new one differs in what
/// phones were told, they begin anew, as after a restore.
#[derive(Debug, Args)]
pub(super) struct Rebuild {
    /// Replace nothing: say only whether the journal gives the same
    #[arg(long)]
    compare: bool,
    #[command(flatten)]
    common: Common,
}

impl Rebuild {
    pub(super) fn run(self) -> Result<(), Failure> {
        let config = self.common.config()?;
        let schemas =
            SchemaSet::builtin().map_err(|_| Error::Internal("the schemas do not parse"))?;
        let done = ops::rebuild(&config, schemas, clock(&config), self.compare)?;
        let replay = done.replay;
        say(&format!(
            "{} entries done again, {} of erased records left out, {} failed",
            replay.entries, replay.erased, replay.failed
        ));
        let mut differs = replay.failed > 0;
        if let Some(compared) = done.compared {
            say(&format!("{} rows compared", compared.rows));
            compared.content.iter().for_each(tell);
            compared.streams.iter().for_each(tell);
            differs |= !compared.content.is_empty();
        }
        if let Some(aside) = done.aside {
            say(&format!("the old main.db is {}", aside.display()));
        }
        if differs {
            return Err(Error::Conflict("the rebuilt main.db differs from the old one").into());
        }
        Ok(())
    }
}

fn tell(difference: &Difference) {
    say(&format!(
        "{}: {} rows only before, {} only now",
        difference.what, difference.only_old, difference.only_new
    ));
}

//! What operators do: backup, restore, rebuild, verify, erase, nightly.

mod acts;
mod backup;
mod check;
mod compare;
mod epoch;
mod erase;
pub(crate) mod folder;
mod kept;
mod manifest;
mod nightly;
mod rebuild;
mod replay;
mod restore;

pub use backup::{BackedUp, Backup, backup};
pub use check::{Checked, check, check_at};
use compare::compare;
pub use compare::{Compared, Difference};
pub use erase::erase;
pub(crate) use nightly::tidy;
pub use nightly::{Nightly, nightly};
pub use rebuild::{Rebuilt, rebuild};
pub use replay::Replay;
use replay::journal_rest;
pub(crate) use replay::replay_rest;
pub use restore::{Restore, Restored, restore};

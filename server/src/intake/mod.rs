//! What phones send, up to the acknowledgement: certificate, bounded inflate, expansion, HMACs,
//! signature, place in the chain, sealing, journal. Verification comes after.

mod answer;
mod backlog;
mod gap;
mod index;
mod load;
mod prepare;

pub use answer::answer;
pub use backlog::{Backlog, Part, Work};
pub(crate) use gap::{ACT as GAP, Gap, mark_restored};
pub use index::ServerIndex;
pub(crate) use load::work_of;
pub(crate) use prepare::{open_part, seal_part};

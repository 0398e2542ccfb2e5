//! Behind the acknowledgement: each record of a bundle is judged, what is accepted enters, what is
//! held waits, what is refused is told. Effects are atomic per (bundle, record), in bounded
//! transactions together with the mark that says how far verification has come.

mod bundle;
mod claim;
mod enact;
mod judge;
mod retry;
mod told;
mod worker;

pub(crate) use bundle::verify_as;
pub(crate) use claim::Claim;
pub(crate) use judge::moves_forgotten;
pub(crate) use retry::{Settled, let_in, let_in_known, release, release_again, retry};
pub(crate) use told::settle_again;
pub(crate) use worker::Worker;

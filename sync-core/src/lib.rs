//! Gridbook's shared core: what a record is, which changes may enter it, how they travel and how
//! a phone keeps them.
//!
//! | Module | Duty |
//! | --- | --- |
//! | [`record`] | layout, typed edits, registers, views with every concurrent value, history |
//! | [`change`] | the strict scanner, admission on two paths, the prover |
//! | [`bundle`] | manifests, signatures, the chain, wire versions 1 and 2, sealing |
//! | [`sync`] | messages, cursors, verdicts, the session that is handed bytes |
//! | [`httpsig`] | signatures of HTTP requests, the same text on phone and server |
//! | [`fieldbook`] | the phone: sealed store, outbox, search, attachments, transport |
//!
//! It has no clock, network or randomness of its own: they are arguments. Only
//! [`fieldbook::store`] and [`fieldbook::transport`] do I/O.

pub mod bundle;
mod cbor;
pub mod change;
pub mod error;
pub mod fieldbook;
pub mod httpsig;
pub mod ids;
pub mod limits;
pub mod record;
pub mod sync;

pub use error::FormatError;
pub use ids::{ActorId, AuthorClass, ChangeHash, DeviceId, OpId, RecordId, Salt, Sha256};

//! The fieldbook as apps use it.
//!
//! | Module | Duty |
//! | --- | --- |
//! | [`phone`] | the facade: one open book, asked in JSON, syncing while it answers |
//! | `wasm` | the same as a class of JavaScript, for a browser's dedicated worker |
//!
//! No rule of the product stands here: values are checked by the `schemas` crate, everything else
//! is `sync-core`'s.

pub mod phone;
pub mod secret;

#[cfg(all(target_arch = "wasm32", target_os = "unknown"))]
pub mod wasm;

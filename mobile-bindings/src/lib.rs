//! The fieldbook as apps use it.
//!
//! | Module | Duty |
//! | --- | --- |
//! | [`phone`] | the facade: one open book, asked in JSON, syncing while it answers |
//! | `wasm` | the same as a class of JavaScript, for a browser's dedicated worker |
//! | `native` | the same for Kotlin, Swift and Python, through `UniFFI` |
//!
//! No rule of the product stands here: values are checked by the `schemas` crate, everything else
//! is `sync-core`'s.

pub mod phone;
pub mod secret;

#[cfg(all(target_arch = "wasm32", target_os = "unknown"))]
pub mod wasm;

#[cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]
pub mod native;

#[cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]
uniffi::setup_scaffolding!("gridbook");

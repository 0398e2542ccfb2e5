//! Gridbook's central server.
//!
//! ```text
//! phone ─ http/device ─ intake ─ journal ─ verify ─┬ records ─ feed ─ phones
//!                                                  ├ review ─ console
//!                                                  └ dispatch ─ cases ─ console
//! ```

pub mod app;
pub mod clock;
pub mod config;
pub mod core;
pub mod demo;
pub mod devices;
pub mod error;
pub mod http;
pub mod identity;
pub mod import;
pub mod keys;
pub mod records;
pub mod review;
pub mod store;

pub use app::App;
pub use error::{Error, Result};

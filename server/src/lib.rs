//! Gridbook's central server.
//!
//! ```text
//! phone ─ http/device ─ intake ─ journal ─ verify ─┬ records ─ feed ─ phones
//!                                                  ├ review ─ console
//!                                                  └ dispatch ─ cases ─ console
//! ```

pub mod app;
pub mod cases;
pub mod checks;
pub mod cli;
pub mod clock;
pub mod config;
pub mod core;
pub mod demo;
pub mod devices;
pub mod dispatch;
pub mod error;
pub mod export;
pub mod feed;
pub mod figures;
pub mod grids;
use schemas::hex;
pub mod http;
pub mod identity;
pub mod import;
pub mod intake;
pub mod journal;
pub mod keys;
pub mod lists;
pub mod logging;
pub mod metrics;
pub mod ops;
pub mod outlines;
pub mod own;
pub mod records;
pub mod registration;
pub mod review;
pub mod serve;
pub mod store;
pub mod uploads;
pub mod verify;
pub mod versions;

pub use app::App;
pub use error::{Error, Result};

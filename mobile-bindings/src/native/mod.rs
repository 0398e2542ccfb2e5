//! The book for apps in Kotlin, Swift and Python, through [UniFFI](https://mozilla.github.io/uniffi-rs).
//!
//! | Module | Duty |
//! | --- | --- |
//! | `book` | the facade: one book on the disk, open or locked |
//! | `calls` | what it is asked, answered at once |
//! | `line` | what goes over the network, and can be cancelled |
//! | `gate` | one sync at a time; whoever closes the book waits for what is under way |
//! | `keys`, `network`, `device` | the host's keys, its way to the server, its clocks |
//! | `error` | why a call did nothing |
//! | `types` | what is asked and answered |
//!
//! Nothing is decided here: a call is the same JSON that the browser's app sends, its answer read
//! into records that name the same fields.

mod book;
mod calls;
mod device;
mod error;
mod gate;
mod keys;
mod line;
mod network;
pub mod types;

pub use book::Book;
pub use error::{BookError, KeyStoreError, NetworkError};
pub use keys::{KeyStore, derive_key, new_key, software_keys};
pub use line::{Recovered, SyncListener};
pub use network::{HttpHeader, HttpRequest, HttpResponse, HttpTransport, Network};

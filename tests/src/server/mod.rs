//! The real server: the program `gridbook` on a free port over a folder of its own, and phones
//! that speak to it over HTTP.
//!
//! ```text
//! let server = Server::start(Options::default())?;
//! let mut wang = server.enrolled("1001", &["310112001001001"], Storage::Memory, 1)?;
//! wang.sync()?;
//! ```

mod binary;
mod command;
mod folder;
mod line;
mod phone;
mod process;
mod raw;

pub use folder::Folder;
pub use line::{Counts, Line, PhoneWaiter};
pub use phone::{HttpPhone, PhoneError};
pub use process::{Options, Server, ServerError};
pub use raw::{Answer, Raw};

//! A street that does not exist, to try everything on: its register is imported as a real one
//! would be, its inspectors work on simulated phones, and all of it comes from one seed.
//!
//! ```text
//! staff ─ inspectors, accounts ─┐
//! street ─ survey (import) ─────┼─ App ─ journal, records, feeds, items
//!          round ─ walk (phones) ────┤
//!          office ─ course (cases) ──┘
//! ```
//!
//! It is made under a clock that stood weeks ago and is put forward to now.

mod camera;
mod clock;
mod error;
mod folder;
mod host;
mod make;
mod office;
mod phone;
mod rng;
mod round;
mod staff;
pub mod street;
mod walk;

use clock::PastClock;
pub use error::DemoError;
pub use folder::{Folder, Found};
pub use host::SimHost;
pub use make::{Size, made};
pub use rng::Rng;
pub use staff::{PASSWORD, SignIn, sign_ins, tickets};

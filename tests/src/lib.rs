//! The simulated world.

pub mod central;
pub mod county;
pub mod demo;
pub mod hub;
pub mod powercut;
pub mod props;
pub mod replay;
pub mod server;
pub mod stage;
pub mod versions;
pub mod world;

/// Hostile changes against the scanner, admission and the prover.
pub use gridbook_hostile as hostile;
/// A street that does not exist, from a seed.
pub use gridbook_server::demo::street;

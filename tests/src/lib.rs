//! The simulated world.

pub mod hostile;
pub mod hub;
pub mod powercut;
pub mod world;

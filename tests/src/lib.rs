//! The simulated world.

pub mod hostile;
pub mod powercut;

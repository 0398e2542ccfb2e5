//! The simulated world.

pub mod powercut;

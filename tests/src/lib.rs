//! The simulated world.

pub mod demo;
pub mod hostile;
pub mod hub;
pub mod powercut;
pub mod props;
pub mod street;
pub mod world;

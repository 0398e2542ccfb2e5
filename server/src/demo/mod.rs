//! A street that does not exist, to try everything on: its register is imported as a real one
//! would be, its inspectors' phones are simulated, and all of it comes from one seed.

mod rng;
pub mod street;

pub use rng::Rng;

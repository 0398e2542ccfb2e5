//! Who works at the console: accounts, sign-in, sessions, roles scoped by area.

mod principal;

pub use principal::Principal;

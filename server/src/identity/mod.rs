//! Who works at the console: accounts, sign-in, sessions, roles scoped by area.

pub mod accounts;
pub mod audit;
pub mod password;
mod principal;
mod secret;
pub mod sessions;
pub mod signin;
pub mod totp;

pub use principal::Principal;

use std::hint::black_box;

/// Whether two secrets are the same, in a time that depends on their lengths alone.
pub fn same_secret(left: &[u8], right: &[u8]) -> bool {
    let pairs = left.iter().zip(right);
    let differ = pairs.fold(0_u8, |differ, (one, other)| {
        black_box(differ | (one ^ other))
    });
    left.len() == right.len() && differ == 0
}

//! What the core asks of whoever runs it: clock and randomness are arguments.

use crate::sync::Clock;

/// Clock and randomness of the device.
pub trait Host {
    /// Both clocks, now.
    fn clock(&self) -> Clock;
    /// Fills `to` with cryptographically secure random bytes.
    fn random(&self, to: &mut [u8]);
}

/// A fixed number of random bytes.
pub(crate) fn random<const N: usize>(host: &dyn Host) -> [u8; N] {
    let mut bytes = [0; N];
    host.random(&mut bytes);
    bytes
}

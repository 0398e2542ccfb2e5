//! The chain of a device's bundles: each names the one before it.

use super::Manifest;
use crate::ids::Sha256;

/// The last bundle received from a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct ChainHead {
    /// Its number; 0 before the first.
    pub number: u64,
    /// SHA-256 of its manifest; zeros before the first.
    pub digest: Sha256,
}

/// Where a bundle stands in its device's chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// The next one: append it.
    Next,
    /// Received before: acknowledge it again.
    Known,
    /// Bundles before it are missing: ask for them from this number on.
    Gap(u64),
    /// Another manifest has this number, or the next one names another predecessor: two
    /// installations write under one name. Both are kept, the device must enrol again.
    Fork,
}

impl ChainHead {
    /// Places a manifest. `digest_of` looks up an earlier bundle's manifest digest.
    pub fn place(&self, manifest: &Manifest, digest_of: impl Fn(u64) -> Option<Sha256>) -> Link {
        let digest = manifest.digest();
        if manifest.number == 0 {
            return Link::Fork;
        }
        if manifest.number <= self.number {
            let known = if manifest.number == self.number {
                Some(self.digest)
            } else {
                digest_of(manifest.number)
            };
            return if known == Some(digest) {
                Link::Known
            } else {
                Link::Fork
            };
        }
        if manifest.number > self.number + 1 {
            return Link::Gap(self.number + 1);
        }
        if manifest.previous == self.digest {
            Link::Next
        } else {
            Link::Fork
        }
    }

    /// The head once `manifest` is appended.
    pub fn after(manifest: &Manifest) -> Self {
        Self {
            number: manifest.number,
            digest: manifest.digest(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::DeviceId;

    fn manifest(number: u64, previous: Sha256, schema: u32) -> Manifest {
        Manifest {
            device: DeviceId([1; 6]),
            number,
            previous,
            schema,
            epoch: 1,
            wall_ms: 0,
            server_ms: 0,
            elapsed_ms: 0,
            records: Vec::new(),
        }
    }

    #[test]
    fn bundles_link_repeat_leave_gaps_and_fork() {
        let first = manifest(1, Sha256::default(), 1);
        let second = manifest(2, first.digest(), 1);
        let third = manifest(3, second.digest(), 1);
        let head = ChainHead::after(&second);
        let digest_of = |number| (number == 1).then(|| first.digest());
        assert_eq!(ChainHead::default().place(&first, |_| None), Link::Next);
        assert_eq!(head.place(&third, digest_of), Link::Next);
        assert_eq!(head.place(&first, digest_of), Link::Known);
        assert_eq!(head.place(&second, digest_of), Link::Known);
        assert_eq!(ChainHead::default().place(&third, |_| None), Link::Gap(1));
        assert_eq!(
            head.place(&manifest(2, first.digest(), 2), digest_of),
            Link::Fork
        );
        assert_eq!(
            head.place(&manifest(1, Sha256::default(), 9), digest_of),
            Link::Fork
        );
        assert_eq!(
            head.place(&manifest(3, first.digest(), 1), digest_of),
            Link::Fork
        );
        assert_eq!(
            head.place(&manifest(0, first.digest(), 1), digest_of),
            Link::Fork
        );
    }
}

//! Damage that knows nothing of the format, under a checksum made afresh.

use super::{
    raw::{body_of, seal},
    rng::Rng,
};

/// How bytes are damaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Damage {
    /// One to eight bits turned.
    Flip,
    /// One to eight bytes replaced.
    Substitute,
    /// Bytes put in.
    Insert,
    /// Bytes taken out.
    Delete,
    /// The front of one change and the back of another.
    Splice,
    /// The end cut off.
    Truncate,
    /// A piece repeated.
    Repeat,
    /// Bits turned without a fresh checksum, anywhere in the chunk.
    Unsealed,
}

impl Damage {
    /// Every kind.
    pub const ALL: [Self; 8] = [
        Self::Flip,
        Self::Substitute,
        Self::Insert,
        Self::Delete,
        Self::Splice,
        Self::Truncate,
        Self::Repeat,
        Self::Unsealed,
    ];

    /// `chunk` damaged; `other` is another genuine one.
    pub fn apply(self, rng: &mut Rng, chunk: &[u8], other: &[u8]) -> Vec<u8> {
        if self == Self::Unsealed {
            let mut bytes = chunk.to_vec();
            flip(rng, &mut bytes);
            return bytes;
        }
        let mut body = body_of(chunk).to_vec();
        let at = rng.below(body.len());
        let end = (at + 1 + rng.below(8)).min(body.len());
        match self {
            Self::Flip | Self::Unsealed => {
                (0..=rng.below(8)).for_each(|_| flip(rng, &mut body));
            }
            Self::Substitute => {
                for _ in 0..=rng.below(8) {
                    let at = rng.below(body.len());
                    let byte = edge(rng);
                    body.splice(at..=at, [byte]);
                }
            }
            Self::Insert => {
                let new: Vec<u8> = (0..=rng.below(8)).map(|_| edge(rng)).collect();
                body.splice(at..at, new);
            }
            Self::Delete => drop(body.drain(at..end)),
            Self::Splice => {
                let back = body_of(other);
                body.truncate(at);
                body.extend_from_slice(back.get(rng.below(back.len())..).unwrap_or_default());
            }
            Self::Truncate => body.truncate(at),
            Self::Repeat => {
                let piece = body.get(at..end).unwrap_or_default().to_vec();
                body.splice(at..at, piece);
            }
        }
        seal(&body)
    }
}

fn flip(rng: &mut Rng, bytes: &mut [u8]) {
    let at = rng.below(bytes.len());
    if let Some(byte) = bytes.get_mut(at) {
        *byte ^= 1 << rng.below(8);
    }
}

/// A byte, with a liking for those at which numbers and runs change their meaning.
fn edge(rng: &mut Rng) -> u8 {
    const EDGES: [u8; 10] = [0, 1, 2, 0x3F, 0x40, 0x7E, 0x7F, 0x80, 0x81, 0xFF];
    if rng.one_in(2) {
        rng.byte()
    } else {
        rng.pick(&EDGES).copied().unwrap_or(0)
    }
}

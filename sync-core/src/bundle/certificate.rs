//! A device's certificate: whose key it is, for which grids, until when; signed by the server.

use minicbor::{Decode, Encode};
use schemas::access::{Author, Role};

use super::cose::{Context, CoseError, Signed, verify_attached};
use crate::{
    cbor,
    error::FormatError,
    ids::{DeviceId, Sha256},
};

/// A grid that a certificate opens.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct GridGrant {
    /// The grid's code.
    #[n(0)]
    pub grid: String,
    /// End of a temporary cover (代班), ms; none for the inspector's own grids.
    #[n(1)]
    pub until_ms: Option<i64>,
}

/// What the server says of a device.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Certificate {
    /// The device.
    #[n(1)]
    pub device: DeviceId,
    /// Its Ed25519 public key.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub key: [u8; 32],
    /// The epoch it writes under.
    #[n(3)]
    pub epoch: u16,
    /// The person behind it, as the server names them.
    #[n(4)]
    pub inspector: String,
    /// Their role's name.
    #[n(5)]
    pub role: String,
    /// Their office, for office roles.
    #[n(6)]
    pub office: Option<String>,
    /// The grids it may pull and write.
    #[n(7)]
    pub grids: Vec<GridGrant>,
    /// When it was issued, ms.
    #[n(8)]
    pub issued_ms: i64,
    /// After this it may push and no longer pull, ms.
    #[n(9)]
    pub expires_ms: i64,
}

impl Certificate {
    /// The certificate waiting for the server's signature.
    pub fn to_sign(&self) -> Signed {
        Signed::attached(Context::Certificate, cbor::to_vec(self))
    }

    /// Reads a certificate that `server_key` signed.
    pub fn verify(cose: &[u8], server_key: &[u8; 32]) -> Result<Self, CoseError> {
        let payload = verify_attached(cose, Context::Certificate, server_key)?;
        cbor::from_slice(&payload).map_err(|_: FormatError| CoseError::Form)
    }

    /// Whether it opens `grid` at `now_ms`.
    pub fn opens(&self, grid: &str, now_ms: i64) -> bool {
        self.grids
            .iter()
            .any(|grant| grant.grid == grid && grant.until_ms.is_none_or(|until| now_ms < until))
    }

    /// Whether one of its grids was a cover that has ended by `now_ms`.
    pub fn has_ended(&self, now_ms: i64) -> bool {
        let ended = |grant: &GridGrant| grant.until_ms.is_some_and(|until| until <= now_ms);
        self.grids.iter().any(ended)
    }

    /// Whether it still allows pulling.
    pub const fn may_pull(&self, now_ms: i64) -> bool {
        now_ms < self.expires_ms
    }

    /// The person as the schemas' access lists know them; none for an unknown role.
    pub fn author(&self) -> Option<Author> {
        Some(Author {
            role: Role::parse(&self.role)?,
            office: self.office.clone(),
        })
    }
}

/// Six syllables of a device key's SHA-256 for reading aloud: the supervisor compares them before
/// grids are served. 48 bits, eight a syllable pair, from tables that differ in sound.
pub fn fingerprint_words(key: &[u8; 32]) -> [String; 6] {
    const ONSETS: [&str; 16] = [
        "b", "p", "m", "f", "d", "t", "n", "l", "g", "k", "h", "j", "q", "x", "z", "s",
    ];
    const VOWELS: [&str; 16] = [
        "a", "o", "e", "i", "u", "ai", "ei", "ao", "ou", "an", "en", "ang", "eng", "ia", "ing",
        "ong",
    ];
    let part = |table: &[&'static str; 16], index: u8| -> &'static str {
        table
            .get(usize::from(index & 0x0F))
            .copied()
            .unwrap_or_default()
    };
    let digest = Sha256::of(key);
    let mut bytes = digest.0.into_iter();
    std::array::from_fn(|_| {
        let byte = bytes.next().unwrap_or_default();
        format!("{}{}", part(&ONSETS, byte >> 4), part(&VOWELS, byte))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprint_words_tell_keys_apart() {
        let words = fingerprint_words(&[1; 32]);
        assert_eq!(words, fingerprint_words(&[1; 32]));
        assert_ne!(words, fingerprint_words(&[2; 32]));
        assert!(
            words.iter().all(|word| (2..=5).contains(&word.len())),
            "{words:?}"
        );
    }

    #[test]
    fn a_cover_ends_on_its_date() {
        let certificate = Certificate {
            device: DeviceId([1; 6]),
            key: [0; 32],
            epoch: 1,
            inspector: "i-1".into(),
            role: "inspector".into(),
            office: None,
            grids: vec![GridGrant {
                grid: "310112001001001".into(),
                until_ms: Some(1_000),
            }],
            issued_ms: 0,
            expires_ms: 5_000,
        };
        assert!(certificate.opens("310112001001001", 999));
        assert!(!certificate.opens("310112001001001", 1_000));
        assert!(!certificate.opens("310112001001002", 999));
        assert!(certificate.may_pull(4_999) && !certificate.may_pull(5_000));
    }
}

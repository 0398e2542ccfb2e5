//! AES-256-GCM: 12 random bytes of nonce, ciphertext, 16 bytes of tag.

use std::sync::Arc;

use ring::{
    aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey},
    rand::{SecureRandom as _, SystemRandom},
};
use zeroize::Zeroizing;

use crate::error::{Error, Result};

pub(super) const NONCE_LEN: usize = 12;
const TAG_LEN: usize = 16;

/// A record's key, ready for use.
#[derive(Clone)]
pub struct RecordKey(Arc<Ready>);

struct Ready {
    key: LessSafeKey,
    bytes: Zeroizing<[u8; 32]>,
}

impl RecordKey {
    /// A key of 32 bytes.
    pub fn new(bytes: &[u8; 32]) -> Result<Self> {
        let key = UnboundKey::new(&AES_256_GCM, bytes)
            .map_err(|_| Error::Internal("a record's key cannot be used"))?;
        Ok(Self(Arc::new(Ready {
            key: LessSafeKey::new(key),
            bytes: Zeroizing::new(*bytes),
        })))
    }

    pub(super) fn bytes(&self) -> &[u8; 32] {
        &self.0.bytes
    }

    /// Seals; `aad` says what it is, so that one sealed thing cannot stand in for another.
    pub fn seal(&self, aad: &[u8], plain: &[u8]) -> Result<Vec<u8>> {
        let mut nonce = [0; NONCE_LEN];
        SystemRandom::new()
            .fill(&mut nonce)
            .map_err(|_| Error::Internal("no randomness"))?;
        let unique = Nonce::assume_unique_for_key(nonce);
        seal_with(&self.0.key, unique, &nonce, aad, plain)
    }

    /// Opens what [`RecordKey::seal`] made with the same `aad`.
    pub fn open(&self, aad: &[u8], sealed: &[u8]) -> Result<Vec<u8>> {
        open_with(&self.0.key, Aad::from(aad), sealed)
            .ok_or(Error::Internal("a sealed value cannot be opened"))
    }
}

/// Seals with a key and a nonce that was never used with it.
pub fn seal_with(
    key: &LessSafeKey,
    unique: Nonce,
    nonce: &[u8; NONCE_LEN],
    aad: &[u8],
    plain: &[u8],
) -> Result<Vec<u8>> {
    let mut sealed = Vec::with_capacity(NONCE_LEN + plain.len() + TAG_LEN);
    sealed.extend_from_slice(nonce);
    let mut body = plain.to_vec();
    key.seal_in_place_append_tag(unique, Aad::from(aad), &mut body)
        .map_err(|_| Error::Internal("a value cannot be sealed"))?;
    sealed.extend_from_slice(&body);
    Ok(sealed)
}

pub(super) fn open_with(key: &LessSafeKey, aad: Aad<&[u8]>, sealed: &[u8]) -> Option<Vec<u8>> {
    let (nonce, body) = sealed.split_at_checked(NONCE_LEN)?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
    let mut body = body.to_vec();
    let plain = key.open_in_place(nonce, aad, &mut body).ok()?.len();
    body.truncate(plain);
    Some(body)
}

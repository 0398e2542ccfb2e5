//! The host's keys: the book's data key, and the Ed25519 key that is the device.

use std::sync::Arc;

use ring::{
    rand::{SecureRandom as _, SystemRandom},
    signature::{Ed25519KeyPair, KeyPair as _},
};
use sync_core::{bundle::SIGNATURE_LEN, fieldbook::transport::Signer};
use tokio::task::spawn_blocking;

use super::{BookError, KeyStoreError};
use crate::{
    phone::{Code, Problem},
    secret,
};

/// Where the host keeps its keys. Each may ask the person first, and take its time: none is called
/// on a thread that waits for anything else.
#[uniffi::export(with_foreign)]
pub trait KeyStore: Send + Sync {
    /// The book's data key, 32 bytes.
    fn data_key(&self) -> Result<Vec<u8>, KeyStoreError>;

    /// The device's Ed25519 public key, 32 bytes.
    fn public_key(&self) -> Result<Vec<u8>, KeyStoreError>;

    /// The device's Ed25519 signature over a message, 64 bytes.
    fn sign(&self, message: Vec<u8>) -> Result<Vec<u8>, KeyStoreError>;
}

/// Keys that the app keeps by itself, for hosts whose key store holds no Ed25519 key: `data_key`
/// and the device's `seed` have 32 bytes each, to be wrapped by whatever the host has.
#[uniffi::export]
#[expect(
    clippy::needless_pass_by_value,
    reason = "borrowed, it would be no byte array in Kotlin"
)]
pub fn software_keys(data_key: Vec<u8>, seed: Vec<u8>) -> Result<Arc<dyn KeyStore>, BookError> {
    let pair = Ed25519KeyPair::from_seed_unchecked(&seed).map_err(|_| Problem::call())?;
    whole::<32>(&data_key)?;
    Ok(Arc::new(SoftwareKeys { data_key, pair }))
}

/// 32 random bytes: a data key, a seed, the secret of a recovery.
#[uniffi::export]
pub fn new_key() -> Result<Vec<u8>, BookError> {
    let mut key = vec![0; 32];
    let filled = SystemRandom::new().fill(&mut key);
    filled.map_err(|_| Problem::call())?;
    Ok(key)
}

/// The key of 32 bytes that a passphrase and a salt of 16 bytes make (Argon2id, 19 MiB): about a
/// second of a slow phone.
#[uniffi::export]
#[expect(
    clippy::needless_pass_by_value,
    reason = "borrowed, it would be no byte array in Kotlin"
)]
pub fn derive_key(passphrase: &str, salt: Vec<u8>) -> Result<Vec<u8>, BookError> {
    let key = secret::derive_key(passphrase, &whole(&salt)?);
    Ok(key.map(Vec::from).ok_or_else(Problem::call)?)
}

struct SoftwareKeys {
    data_key: Vec<u8>,
    pair: Ed25519KeyPair,
}

impl KeyStore for SoftwareKeys {
    fn data_key(&self) -> Result<Vec<u8>, KeyStoreError> {
        Ok(self.data_key.clone())
    }

    fn public_key(&self) -> Result<Vec<u8>, KeyStoreError> {
        Ok(self.pair.public_key().as_ref().to_vec())
    }

    fn sign(&self, message: Vec<u8>) -> Result<Vec<u8>, KeyStoreError> {
        Ok(self.pair.sign(&message).as_ref().to_vec())
    }
}

/// The device's key as the line to the server wants it.
pub(super) struct HostSigner(pub(super) Arc<dyn KeyStore>);

impl Signer for HostSigner {
    async fn sign(&self, message: &[u8]) -> Option<[u8; SIGNATURE_LEN]> {
        let (keys, message) = (self.0.clone(), message.to_vec());
        let made = spawn_blocking(move || keys.sign(message)).await.ok()?;
        made.ok()?.try_into().ok()
    }
}

/// The data key, from the host.
pub(super) fn data_key(keys: &dyn KeyStore) -> Result<[u8; 32], Problem> {
    whole(&keys.data_key().map_err(|_| locked())?)
}

/// The public key, from the host.
pub(super) fn public_key(keys: &dyn KeyStore) -> Result<[u8; 32], Problem> {
    whole(&keys.public_key().map_err(|_| locked())?)
}

/// Bytes of a fixed length.
pub(super) fn whole<const N: usize>(bytes: &[u8]) -> Result<[u8; N], Problem> {
    bytes.try_into().map_err(|_| Problem::call())
}

/// The data key is needed and not at hand.
pub(super) fn locked() -> Problem {
    Problem::new(
        Code::Locked,
        "已锁定，请先解锁。",
        "Locked. Unlock it first.",
    )
}

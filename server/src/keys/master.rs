//! The master key: 32 bytes in a file that is not among the data, so that a copied disk or backup
//! tells nothing.

use std::{io::Write as _, path::Path};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use ring::{
    aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey},
    rand::{SecureRandom as _, SystemRandom},
};

use super::seal::{NONCE_LEN, open_with, seal_with};
use crate::error::{Error, Result};

/// The key that wraps all others.
pub struct MasterKey(LessSafeKey);

impl MasterKey {
    /// A key of 32 bytes.
    pub fn new(bytes: &[u8; 32]) -> Result<Self> {
        let key = UnboundKey::new(&AES_256_GCM, bytes)
            .map_err(|_| Error::Internal("the master key cannot be used"))?;
        Ok(Self(LessSafeKey::new(key)))
    }

    /// Reads the file (base64, one line), or makes it, readable by its owner alone.
    pub fn load_or_make(path: &Path) -> Result<Self> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => make(path)?,
            Err(error) => return Err(error.into()),
        };
        Self::parse(&text)
    }

    /// Reads the file, which must be there.
    pub fn load(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => Error::NotFound("master key"),
            _ => error.into(),
        })?;
        Self::parse(&text)
    }

    fn parse(text: &str) -> Result<Self> {
        let bytes = STANDARD
            .decode(text.trim())
            .ok()
            .and_then(|bytes| <[u8; 32]>::try_from(bytes).ok())
            .ok_or(Error::Malformed("the master key is not 32 bytes in base64"))?;
        Self::new(&bytes)
    }

    pub(super) fn wrap(
        &self,
        name: &[u8],
        key: &[u8; 32],
        random: &SystemRandom,
    ) -> Result<Vec<u8>> {
        let mut nonce = [0; NONCE_LEN];
        random
            .fill(&mut nonce)
            .map_err(|_| Error::Internal("no randomness"))?;
        seal_with(
            &self.0,
            Nonce::assume_unique_for_key(nonce),
            &nonce,
            name,
            key,
        )
    }

    pub(super) fn unwrap(&self, name: &[u8], wrapped: &[u8]) -> Result<[u8; 32]> {
        open_with(&self.0, Aad::from(name), wrapped)
            .and_then(|bytes| <[u8; 32]>::try_from(bytes).ok())
            .ok_or(Error::Conflict(
                "the master key is not the one these keys were wrapped with",
            ))
    }
}

fn make(path: &Path) -> Result<String> {
    let mut bytes = [0; 32];
    SystemRandom::new()
        .fill(&mut bytes)
        .map_err(|_| Error::Internal("no randomness"))?;
    let text = STANDARD.encode(bytes);
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    writeln!(file, "{text}")?;
    file.sync_all()?;
    Ok(text)
}

//! Changes sealed to the server's key, so that a locked phone can send them and a file can carry
//! them: HPKE (RFC 9180), base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20-Poly1305.

use hpke::{
    Deserializable as _, Kem as _, OpModeR, OpModeS, Serializable as _, aead::ChaCha20Poly1305,
    kdf::HkdfSha256, kem::X25519HkdfSha256, single_shot_open, single_shot_seal_with_rng,
};
use minicbor::{Decode, Encode};
use thiserror::Error;

use crate::{cbor, error::FormatError, ids::RecordId, record::Header};

type Kem = X25519HkdfSha256;

/// The `info` of every seal: what it is for.
const INFO: &[u8] = b"gridbook/outbox/1";

/// Why something could not be sealed or opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SealError {
    /// The key is not an X25519 key.
    #[error("not an X25519 key")]
    Key,
    /// The seal is damaged, or for another key or record.
    #[error("the seal does not open")]
    Open,
    /// What was sealed is not the documented form.
    #[error(transparent)]
    Form(#[from] FormatError),
}

/// The server's public key for sealing.
#[derive(Clone)]
pub struct ServerSealKey(<Kem as hpke::Kem>::PublicKey);

/// The server's private key for opening.
#[derive(Clone)]
pub struct ServerOpenKey(<Kem as hpke::Kem>::PrivateKey);

/// A sealed change: the encapsulated key and the ciphertext.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct SealedChange {
    /// The sender's ephemeral public key, 32 bytes.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub encapsulated: Vec<u8>,
    /// ChaCha20-Poly1305 over the CBOR of (header or null, chunk).
    #[cbor(n(1), with = "minicbor::bytes")]
    pub ciphertext: Vec<u8>,
}

#[derive(Encode, Decode)]
#[cbor(array)]
struct Plain {
    #[n(0)]
    header: Option<Header>,
    #[cbor(n(1), with = "minicbor::bytes")]
    chunk: Vec<u8>,
}

impl ServerSealKey {
    /// Reads a public key of 32 bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, SealError> {
        <Kem as hpke::Kem>::PublicKey::from_bytes(bytes)
            .map(Self)
            .map_err(|_| SealError::Key)
    }

    /// Seals a chunk, with the header of the record if this device proposes it. `random` are 32
    /// fresh random bytes: the sender's ephemeral key.
    pub fn seal(
        &self,
        record: &RecordId,
        header: Option<&Header>,
        chunk: &[u8],
        random: [u8; 32],
    ) -> Result<SealedChange, SealError> {
        let plain = cbor::to_vec(&Plain {
            header: header.cloned(),
            chunk: chunk.to_vec(),
        });
        self.seal_for(INFO, record.as_bytes(), &plain, random)
    }

    /// Seals for one purpose (`info`) and one thing (`aad`).
    pub(super) fn seal_for(
        &self,
        info: &[u8],
        aad: &[u8],
        plain: &[u8],
        random: [u8; 32],
    ) -> Result<SealedChange, SealError> {
        let (encapsulated, ciphertext) =
            single_shot_seal_with_rng::<ChaCha20Poly1305, HkdfSha256, Kem>(
                &OpModeS::Base,
                &self.0,
                info,
                plain,
                aad,
                &mut Given(random),
            )
            .map_err(|_| SealError::Key)?;
        Ok(SealedChange {
            encapsulated: encapsulated.to_bytes().to_vec(),
            ciphertext,
        })
    }
}

impl ServerOpenKey {
    /// A key pair from 32 secret bytes.
    pub fn derive(secret: &[u8; 32]) -> (Self, [u8; 32]) {
        let (private, public) = Kem::derive_keypair(secret);
        let mut bytes = [0; 32];
        bytes.copy_from_slice(&public.to_bytes());
        (Self(private), bytes)
    }

    /// Opens what a phone sealed for `record`.
    pub fn open(
        &self,
        record: &RecordId,
        sealed: &SealedChange,
    ) -> Result<(Option<Header>, Vec<u8>), SealError> {
        let plain = self.open_for(INFO, record.as_bytes(), sealed)?;
        let plain: Plain = cbor::from_slice(&plain)?;
        Ok((plain.header, plain.chunk))
    }

    /// Opens what [`ServerSealKey::seal_for`] sealed with the same `info` and `aad`.
    pub(super) fn open_for(
        &self,
        info: &[u8],
        aad: &[u8],
        sealed: &SealedChange,
    ) -> Result<Vec<u8>, SealError> {
        let encapsulated = <Kem as hpke::Kem>::EncappedKey::from_bytes(&sealed.encapsulated)
            .map_err(|_| SealError::Open)?;
        single_shot_open::<ChaCha20Poly1305, HkdfSha256, Kem>(
            &OpModeR::Base,
            &self.0,
            &encapsulated,
            info,
            &sealed.ciphertext,
            aad,
        )
        .map_err(|_| SealError::Open)
    }
}

/// Hands out random bytes that the caller gave: this crate has no randomness of its own.
struct Given([u8; 32]);

impl rand_core::TryRng for Given {
    type Error = std::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    /// Pieces of at most 32 bytes; each piece moves on by a hash, so that no two are equal.
    fn try_fill_bytes(&mut self, to: &mut [u8]) -> Result<(), Self::Error> {
        for piece in to.chunks_mut(32) {
            piece
                .iter_mut()
                .zip(self.0)
                .for_each(|(to, from)| *to = from);
            self.0 = crate::ids::Sha256::of(&self.0).0;
        }
        Ok(())
    }
}

impl rand_core::TryCryptoRng for Given {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::Salt;

    fn header() -> Header {
        Header {
            kind: "shop".into(),
            grid: "1".repeat(15),
            move_number: 0,
            salt: Salt([3; 16]),
        }
    }

    #[test]
    fn what_is_sealed_opens_for_its_record_and_key_only() {
        let (key, public) = ServerOpenKey::derive(&[9; 32]);
        let record = RecordId([1; 16]);
        let seal_key = ServerSealKey::from_bytes(&public).unwrap();
        let sealed = seal_key
            .seal(&record, Some(&header()), b"chunk", [5; 32])
            .unwrap();
        assert_eq!(
            key.open(&record, &sealed),
            Ok((Some(header()), b"chunk".to_vec()))
        );
        assert_eq!(key.open(&RecordId([2; 16]), &sealed), Err(SealError::Open));
        let (other, _) = ServerOpenKey::derive(&[8; 32]);
        assert_eq!(other.open(&record, &sealed), Err(SealError::Open));
        let mut cut = sealed.clone();
        cut.ciphertext.pop();
        assert_eq!(key.open(&record, &cut), Err(SealError::Open));
    }

    #[test]
    fn fresh_randomness_gives_another_seal() {
        let (_, public) = ServerOpenKey::derive(&[9; 32]);
        let seal_key = ServerSealKey::from_bytes(&public).unwrap();
        let seal = |random| {
            seal_key
                .seal(&RecordId([1; 16]), None, b"chunk", random)
                .unwrap()
        };
        assert_ne!(seal([5; 32]), seal([6; 32]));
    }
}

//! `COSE_Sign1` (RFC 9052) with Ed25519 (RFC 8032), and nothing else of COSE.
//!
//! The protected header is exactly `{alg: EdDSA}`, the unprotected one empty. What is signed for
//! one purpose cannot be shown for another: the purpose is the external data.

use coset::{
    CoseSign1, CoseSign1Builder, Header, HeaderBuilder, TaggedCborSerializable as _, iana,
};
use ring::signature::{ED25519, UnparsedPublicKey};
use thiserror::Error;

/// Bytes of an Ed25519 public key.
pub const ED25519_KEY_LEN: usize = 32;
/// Bytes of an Ed25519 signature.
pub const SIGNATURE_LEN: usize = 64;
/// Bytes of the largest signed object we read.
const MAX_SIGNED_BYTES: usize = 64 * 1024;

/// What a signature is for; its name is the external data (`external_aad`) that is signed too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Context {
    /// A bundle's manifest.
    Manifest,
    /// A device's certificate.
    Certificate,
}

impl Context {
    const fn name(self) -> &'static [u8] {
        match self {
            Self::Manifest => b"gridbook/manifest/1",
            Self::Certificate => b"gridbook/certificate/1",
        }
    }
}

/// Why a signed object is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum CoseError {
    /// Not a `COSE_Sign1` of the one form we use.
    #[error("not a COSE_Sign1 with EdDSA and nothing else")]
    Form,
    /// The signature is not the key's over these bytes.
    #[error("the signature does not verify")]
    Signature,
}

/// Something waiting for its signature, which may come from a key store that answers later.
#[derive(Clone, Debug)]
pub struct Signed {
    unsigned: CoseSign1,
    /// The bytes to sign (`Sig_structure`).
    pub to_be_signed: Vec<u8>,
}

fn header() -> Header {
    HeaderBuilder::new()
        .algorithm(iana::Algorithm::EdDSA)
        .build()
}

impl Signed {
    /// Over a payload that is not sent along.
    pub fn detached(context: Context, payload: &[u8]) -> Self {
        let unsigned = CoseSign1Builder::new().protected(header()).build();
        let to_be_signed = unsigned.tbs_detached_data(payload, context.name());
        Self {
            unsigned,
            to_be_signed,
        }
    }

    /// Over a payload that is sent along.
    pub fn attached(context: Context, payload: Vec<u8>) -> Self {
        let unsigned = CoseSign1Builder::new()
            .protected(header())
            .payload(payload)
            .build();
        let to_be_signed = unsigned.tbs_data(context.name());
        Self {
            unsigned,
            to_be_signed,
        }
    }

    /// The tagged `COSE_Sign1` with its signature.
    pub fn finish(mut self, signature: [u8; SIGNATURE_LEN]) -> Vec<u8> {
        self.unsigned.signature = signature.to_vec();
        // Writing to memory cannot fail; an empty result would not verify anywhere.
        self.unsigned.to_tagged_vec().unwrap_or_default()
    }
}

fn parse(bytes: &[u8]) -> Result<CoseSign1, CoseError> {
    if bytes.len() > MAX_SIGNED_BYTES {
        return Err(CoseError::Form);
    }
    let sign1 = CoseSign1::from_tagged_slice(bytes).map_err(|_| CoseError::Form)?;
    let plain = sign1.unprotected == Header::default()
        && sign1.protected.header == header()
        && sign1.signature.len() == SIGNATURE_LEN
        && sign1
            .clone()
            .to_tagged_vec()
            .is_ok_and(|again| again == bytes);
    if plain {
        Ok(sign1)
    } else {
        Err(CoseError::Form)
    }
}

/// Verifies a raw Ed25519 signature.
pub fn verify_signature(key: &[u8; 32], message: &[u8], signature: &[u8]) -> Result<(), CoseError> {
    UnparsedPublicKey::new(&ED25519, key)
        .verify(message, signature)
        .map_err(|_| CoseError::Signature)
}

/// Verifies a signature over a payload that was not sent along.
pub(super) fn verify_detached(
    cose: &[u8],
    context: Context,
    payload: &[u8],
    key: &[u8; 32],
) -> Result<(), CoseError> {
    let sign1 = parse(cose)?;
    if sign1.payload.is_some() {
        return Err(CoseError::Form);
    }
    let message = sign1.tbs_detached_data(payload, context.name());
    verify_signature(key, &message, &sign1.signature)
}

/// Verifies a manifest's bytes, as a journal has them, against the signature beside them.
pub fn verify_manifest(
    manifest: &[u8],
    cose: &[u8],
    key: &[u8; ED25519_KEY_LEN],
) -> Result<(), CoseError> {
    verify_detached(cose, Context::Manifest, manifest, key)
}

/// Verifies a signed object and hands out its payload.
pub(super) fn verify_attached(
    cose: &[u8],
    context: Context,
    key: &[u8; 32],
) -> Result<Vec<u8>, CoseError> {
    let sign1 = parse(cose)?;
    let message = sign1.tbs_data(context.name());
    let payload = sign1.payload.ok_or(CoseError::Form)?;
    verify_signature(key, &message, &sign1.signature)?;
    Ok(payload)
}

#[cfg(test)]
mod tests {
    use ring::signature::{Ed25519KeyPair, KeyPair as _};

    use super::*;

    fn pair() -> Ed25519KeyPair {
        Ed25519KeyPair::from_seed_unchecked(&[7; 32]).unwrap()
    }

    fn key(pair: &Ed25519KeyPair) -> [u8; 32] {
        pair.public_key().as_ref().try_into().unwrap()
    }

    fn sign(pair: &Ed25519KeyPair, signed: Signed) -> Vec<u8> {
        let signature = pair.sign(&signed.to_be_signed);
        signed.finish(signature.as_ref().try_into().unwrap())
    }

    #[test]
    fn a_signature_counts_for_its_purpose_and_payload_only() {
        let pair = pair();
        let cose = sign(&pair, Signed::detached(Context::Manifest, b"payload"));
        let verify =
            |context, payload: &[u8]| verify_detached(&cose, context, payload, &key(&pair));
        assert_eq!(verify(Context::Manifest, b"payload"), Ok(()));
        assert_eq!(
            verify(Context::Certificate, b"payload"),
            Err(CoseError::Signature)
        );
        assert_eq!(
            verify(Context::Manifest, b"other"),
            Err(CoseError::Signature)
        );
    }

    #[test]
    fn an_attached_payload_comes_back_and_is_refused_where_it_must_be_detached() {
        let pair = pair();
        let cose = sign(
            &pair,
            Signed::attached(Context::Certificate, b"who".to_vec()),
        );
        let payload = verify_attached(&cose, Context::Certificate, &key(&pair));
        assert_eq!(payload, Ok(b"who".to_vec()));
        let detached = verify_detached(&cose, Context::Certificate, b"who", &key(&pair));
        assert_eq!(detached, Err(CoseError::Form));
    }

    #[test]
    fn any_flipped_bit_of_a_signed_object_is_refused() {
        let pair = pair();
        let cose = sign(
            &pair,
            Signed::attached(Context::Certificate, b"who".to_vec()),
        );
        for bit in 0..cose.len() * 8 {
            let mut forged = cose.clone();
            forged[bit / 8] ^= 1 << (bit % 8);
            assert!(verify_attached(&forged, Context::Certificate, &key(&pair)).is_err());
        }
    }
}

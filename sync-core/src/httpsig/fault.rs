//! What may be wrong with a request's signature.

use thiserror::Error;

/// Why a signature was not taken. No variant holds anything of the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum SignatureFault {
    /// The request bears no signature, or more than one.
    #[error("the request needs exactly one signature-input and one signature")]
    Missing,
    /// The headers are not written as the protocol writes them.
    #[error("the signature's headers are not written as the protocol says")]
    Form,
    /// It covers other parts of the request than this one needs.
    #[error("the signature does not cover what it must")]
    Coverage,
    /// It does not name a device.
    #[error("keyid is not a device")]
    KeyId,
    /// Another algorithm than Ed25519.
    #[error("the signature's algorithm is not ed25519")]
    Algorithm,
    /// The nonce is not 16 bytes.
    #[error("the nonce is not 16 bytes in base64url")]
    Nonce,
    /// The body is not the one that was signed.
    #[error("content-digest is missing, or not that of the body")]
    Digest,
    /// The signature is not the device's over this request.
    #[error("the signature does not verify")]
    Signature,
}

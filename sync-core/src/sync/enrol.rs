//! How a phone becomes a device: a one-time ticket, a key of its own, a certificate back.

use minicbor::{Decode, Encode};

use crate::cbor;

/// What a phone sends with the supervisor's ticket.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct EnrolRequest {
    /// The ticket from the QR code, link or typed code.
    #[n(1)]
    pub ticket: String,
    /// The phone's Ed25519 public key.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub key: [u8; 32],
    /// Version of the app.
    #[n(3)]
    pub app: String,
}

/// What the server answers. Grids are served once the supervisor has compared the words that
/// [`crate::bundle::fingerprint_words`] makes of the phone's key.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct EnrolReply {
    /// The device's certificate.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub certificate: Vec<u8>,
    /// The server's Ed25519 key, which signs certificates and server bundles.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub server_key: [u8; 32],
    /// The server's X25519 key, to which the outbox is sealed.
    #[cbor(n(3), with = "minicbor::bytes")]
    pub seal_key: [u8; 32],
    /// The server's time, ms.
    #[n(4)]
    pub server_ms: i64,
    /// The schema version in force.
    #[n(5)]
    pub schema: u32,
}

cbor::bytes_of!(EnrolRequest, EnrolReply);

//! The manifest: what a device signs. It holds no personal data.
//!
//! A bare hash of a change would commit to an identity number that a minute of guessing reveals,
//! so each change stands in it as an HMAC under the record's salt, which dies with the record's
//! key. The HMACs are signed but not sent: the receiver computes them again.

use minicbor::{Decode, Encode};
use ring::hmac;

use super::Bundle;
use crate::{
    cbor,
    ids::{ChangeHash, DeviceId, RecordId, Salt, Sha256},
    record::Header,
};

/// An HMAC-SHA256 under a record's salt.
pub type Mac = Sha256;

/// The signed content of a bundle.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Manifest {
    /// The author's device.
    #[n(1)]
    pub device: DeviceId,
    /// Its count of bundles, from 1.
    #[n(2)]
    pub number: u64,
    /// SHA-256 of the previous manifest; zeros before the first.
    #[n(3)]
    pub previous: Sha256,
    /// Schema version.
    #[n(4)]
    pub schema: u32,
    /// Epoch of the actor.
    #[n(5)]
    pub epoch: u16,
    /// Wall time, ms.
    #[n(6)]
    pub wall_ms: i64,
    /// Last server time seen, ms.
    #[n(7)]
    pub server_ms: i64,
    /// Monotonic time since then, ms.
    #[n(8)]
    pub elapsed_ms: u64,
    /// The records written, in the order of the body.
    #[n(9)]
    pub records: Vec<ManifestRecord>,
}

/// One record of a manifest.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct ManifestRecord {
    /// The record.
    #[n(0)]
    pub record: RecordId,
    /// An HMAC for each change, in the author's order.
    #[n(1)]
    pub changes: Vec<Mac>,
    /// An HMAC of the header that the device proposes, where it created the record.
    #[n(2)]
    pub header: Option<Mac>,
}

impl Manifest {
    /// The signed bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        cbor::to_vec(self)
    }

    /// SHA-256 of the signed bytes: the link of the chain.
    pub fn digest(&self) -> Sha256 {
        Sha256::of(&self.to_bytes())
    }

    /// The manifest that a bundle must have been signed over, given its records.
    pub fn of_bundle(bundle: &Bundle, records: Vec<ManifestRecord>) -> Self {
        Self {
            device: bundle.device,
            number: bundle.number,
            previous: bundle.previous,
            schema: bundle.schema,
            epoch: bundle.epoch,
            wall_ms: bundle.wall_ms,
            server_ms: bundle.server_ms,
            elapsed_ms: bundle.elapsed_ms,
            records,
        }
    }
}

fn mac(salt: &Salt, message: &[u8]) -> Mac {
    let key = hmac::Key::new(hmac::HMAC_SHA256, &salt.0);
    let mut out = Mac::default();
    out.0.copy_from_slice(hmac::sign(&key, message).as_ref());
    out
}

/// HMAC-SHA256 of a change's hash under its record's salt.
pub fn change_mac(salt: &Salt, hash: &ChangeHash) -> Mac {
    mac(salt, &hash.0)
}

/// HMAC-SHA256 of a proposed header under its own salt: `gridbook/header/1` and the header's CBOR.
pub fn header_mac(header: &Header) -> Mac {
    let mut message = b"gridbook/header/1".to_vec();
    message.extend_from_slice(&cbor::to_vec(header));
    mac(&header.salt, &message)
}

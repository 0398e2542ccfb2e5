//! Bundles: a device's signed, numbered batches of changes, and everything signed beside them.
//!
//! `manifest` says what is signed, `cose` signs and verifies, `chain` orders a device's bundles,
//! `wire` turns changes into a body and back (versions 1, 2 and 3), `build` and `open` put the
//! parts together on either side, `certificate` says whose key it is, `journal` how the server
//! keeps it all.

mod build;
mod certificate;
mod chain;
mod cose;
mod journal;
mod manifest;
mod open;
mod outbox_file;
mod recovery;
mod sealed;
mod wire;

pub use build::{ToSign, Unsigned, build, seal_for_server};
pub use certificate::{Certificate, GridGrant, fingerprint_words};
pub use chain::{ChainHead, Link};
pub use cose::{
    Context, CoseError, ED25519_KEY_LEN, SIGNATURE_LEN, Signed, verify_manifest, verify_signature,
};
pub use journal::{JournalEntry, JournalPart, JournalPayload};
pub use manifest::{Mac, Manifest, ManifestRecord, change_mac, header_mac};
pub use open::{OpenError, Opened, RecordKeeper, open, open_server};
pub use outbox_file::OutboxFile;
pub use recovery::{
    RecoveryReply, RecoveryRequest, RecoveryState, copy_for_recovery, recovery_key, take_recovered,
};
pub use sealed::{SealError, SealedChange, ServerOpenKey, ServerSealKey};
pub use wire::{
    ChangeIndex, NoIndex, RecordChanges, RecordRef, StrippedBody, WireError, WireVersion,
    decode_raw, deflate, encode_raw, expand, inflate, strip,
};

use minicbor::{Decode, Encode};

use crate::ids::{DeviceId, Sha256};

/// A bundle as it travels: the manifest without what the receiver computes again, its signature,
/// and the body.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Bundle {
    /// The author's device.
    #[n(1)]
    pub device: DeviceId,
    /// Its count of bundles, from 1.
    #[n(2)]
    pub number: u64,
    /// SHA-256 of the previous bundle's manifest; zeros before the first.
    #[n(3)]
    pub previous: Sha256,
    /// Schema version the values were entered under.
    #[n(4)]
    pub schema: u32,
    /// Epoch of the actor that wrote every change of the bundle.
    #[n(5)]
    pub epoch: u16,
    /// The device's wall time when the bundle was closed, ms.
    #[n(6)]
    pub wall_ms: i64,
    /// The last server time the device had seen, ms; 0 for none.
    #[n(7)]
    pub server_ms: i64,
    /// Monotonic time since then, ms.
    #[n(8)]
    pub elapsed_ms: u64,
    /// `COSE_Sign1` with a detached payload, which is the manifest.
    #[cbor(n(10), with = "minicbor::bytes")]
    pub signature: Vec<u8>,
    /// Which form the body has: 1, 2 or 3.
    #[n(11)]
    pub wire: u8,
    /// The body, deflated (RFC 1951).
    #[cbor(n(12), with = "minicbor::bytes")]
    pub body: Vec<u8>,
}

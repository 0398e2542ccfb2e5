//! What the server's append-only journal holds: payloads, not how they are stored.
//!
//! Replaying a journal never decides anything again: verdicts and configuration stand in it.

use minicbor::{Decode, Encode};

use crate::{
    cbor,
    error::FormatError,
    ids::{DeviceId, RecordId},
    sync::Verdict,
};

/// One entry of the journal.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct JournalEntry {
    /// Its place, from 1 without gaps.
    #[n(0)]
    pub position: u64,
    /// When the server wrote it, ms.
    #[n(1)]
    pub time_ms: i64,
    /// What happened.
    #[n(2)]
    pub payload: JournalPayload,
}

/// One record's part of a bundle: the CBOR of (header or null, plain chunks), for a personal kind
/// sealed with AES-256-GCM under the record's key (12 bytes nonce, ciphertext, tag; associated
/// data: the record's id), so that erasing the key erases the part and the manifest still
/// verifies.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct JournalPart {
    /// The record.
    #[n(0)]
    pub record: RecordId,
    /// Whether `bytes` is sealed.
    #[n(1)]
    pub sealed: bool,
    /// The part.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub bytes: Vec<u8>,
}

/// What an entry says.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub enum JournalPayload {
    /// A bundle as received from a device.
    #[n(1)]
    Bundle {
        /// The manifest's bytes, HMACs included.
        #[cbor(n(0), with = "minicbor::bytes")]
        manifest: Vec<u8>,
        /// Its `COSE_Sign1`.
        #[cbor(n(1), with = "minicbor::bytes")]
        signature: Vec<u8>,
        /// The changes, by record.
        #[n(2)]
        parts: Vec<JournalPart>,
    },
    /// What became of one record of a bundle.
    #[n(2)]
    Verdict {
        /// The author's device.
        #[n(0)]
        device: DeviceId,
        /// The bundle.
        #[n(1)]
        number: u64,
        /// The record.
        #[n(2)]
        record: RecordId,
        /// 0 accepted, 1 held, 2 refused.
        #[n(3)]
        status: u8,
        /// How many of the record's changes were accepted, from the first.
        #[n(4)]
        accepted: u32,
        /// The reason's number.
        #[n(5)]
        reason: Option<u8>,
        /// The field at fault.
        #[n(6)]
        key: Option<String>,
    },
    /// A supervisor let a held record of a bundle in as it is, or refused it.
    #[n(3)]
    Release {
        /// The author's device.
        #[n(0)]
        device: DeviceId,
        /// The bundle.
        #[n(1)]
        number: u64,
        /// The record.
        #[n(2)]
        record: RecordId,
        /// The person.
        #[n(3)]
        by: String,
        /// Why.
        #[n(4)]
        reason: String,
        /// False where it was refused.
        #[n(5)]
        released: bool,
    },
    /// Changes that the server authored and signed: decisions, office edits, imports, reverts.
    #[n(4)]
    ServerBundle {
        /// The manifest's bytes.
        #[cbor(n(0), with = "minicbor::bytes")]
        manifest: Vec<u8>,
        /// Its `COSE_Sign1` by the server's key.
        #[cbor(n(1), with = "minicbor::bytes")]
        signature: Vec<u8>,
        /// The changes, by record.
        #[n(2)]
        parts: Vec<JournalPart>,
        /// The person behind it.
        #[n(3)]
        by: String,
        /// Why.
        #[n(4)]
        reason: String,
    },
    /// A version of something that is configured: schemas, rules, roles, calendar, grids.
    #[n(5)]
    Configuration {
        /// What.
        #[n(0)]
        what: String,
        /// Its version.
        #[n(1)]
        version: u32,
        /// Its bytes.
        #[cbor(n(2), with = "minicbor::bytes")]
        bytes: Vec<u8>,
        /// The person.
        #[n(3)]
        by: String,
    },
    /// A record's place: its first, or a move between grids.
    #[n(6)]
    Place {
        /// The record.
        #[n(0)]
        record: RecordId,
        /// The grid's code.
        #[n(1)]
        grid: String,
        /// Rises with each move.
        #[n(2)]
        move_number: u64,
        /// The person, or the device that proposed it.
        #[n(3)]
        by: String,
    },
    /// A console act that changes nothing above: case steps, sign-ins, exports, reveals.
    #[n(7)]
    Act {
        /// The person.
        #[n(0)]
        by: String,
        /// What they did.
        #[n(1)]
        act: String,
        /// To what; never a personal value.
        #[n(2)]
        object: String,
        /// Why.
        #[n(3)]
        reason: String,
    },
    /// A record's key was destroyed.
    #[n(8)]
    Erasure {
        /// The record.
        #[n(0)]
        record: RecordId,
        /// The person.
        #[n(1)]
        by: String,
        /// Why.
        #[n(2)]
        reason: String,
    },
    /// A device: enrolled, confirmed, granted an epoch, revoked.
    #[n(9)]
    Device {
        /// The device.
        #[n(0)]
        device: DeviceId,
        /// 1 enrolled, 2 confirmed, 3 certificate or epoch, 4 revoked, 5 fork seen.
        #[n(1)]
        event: u8,
        /// The certificate then in force, if any.
        #[n(2)]
        certificate: Option<minicbor::bytes::ByteVec>,
        /// The person.
        #[n(3)]
        by: String,
    },
    /// What became of a bundle when it was verified.
    #[n(10)]
    Verdicts {
        /// The author's device.
        #[n(0)]
        device: DeviceId,
        /// The bundle.
        #[n(1)]
        number: u64,
        /// On its records; one that is not named entered whole.
        #[n(2)]
        verdicts: Vec<Verdict>,
    },
}

impl JournalEntry {
    /// The entry's bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        cbor::to_vec(self)
    }

    /// Reads an entry.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, FormatError> {
        cbor::from_slice(bytes)
    }
}

//! The request and the response of `POST /v1/sync`, in CBOR with integer keys.

use minicbor::{Decode, Encode, bytes::ByteVec};

use super::{feed::FeedPart, figures::GridFigures, pack::PackPart, verdict::Verdict};
use crate::{
    bundle::Bundle,
    cbor,
    error::FormatError,
    ids::{DeviceId, RecordId, Sha256},
    limits::{MAX_BUNDLES_PER_REQUEST, MAX_REQUEST_BYTES, MAX_RESPONSE_BYTES, MAX_STREAMS},
};

/// The version of the protocol that this crate speaks.
pub const PROTOCOL: u8 = 1;

/// How far a phone has read one stream. A grid's feed bears the grid's code, the device's own
/// stream none. A cursor of an epoch that the server does not know gets a pack, never an error.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Cursor {
    /// The server's epoch; 0 before the first answer.
    #[n(0)]
    pub epoch: u64,
    /// The grid's code; none for the device's own stream.
    #[n(1)]
    pub grid: Option<String>,
    /// The last entry applied.
    #[n(2)]
    pub seq: u64,
    /// A pack that was begun and not finished.
    #[n(3)]
    pub pack: Option<PackProgress>,
}

/// How far a phone has read a pack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct PackProgress {
    /// The feed entry that the pack stands at.
    #[n(0)]
    pub at_seq: u64,
    /// The id of the last record received: packs are ordered by record id.
    #[n(1)]
    pub after: RecordId,
}

/// What a phone says of itself: counts, no content.
#[derive(Clone, Debug, PartialEq, Eq, Default, Encode, Decode)]
#[cbor(map)]
pub struct PhoneStatus {
    /// Version of the app.
    #[n(1)]
    pub app: String,
    /// Changes not yet acknowledged.
    #[n(2)]
    pub pending: u64,
    /// Attachments not yet uploaded.
    #[n(3)]
    pub attachments: u64,
    /// Bytes of the store.
    #[n(4)]
    pub store_bytes: u64,
}

/// What a phone sends.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SyncRequest {
    /// [`PROTOCOL`].
    #[n(1)]
    pub protocol: u8,
    /// The device.
    #[n(2)]
    pub device: DeviceId,
    /// One for each stream it follows; empty for a phone that only sends.
    #[n(3)]
    pub cursors: Vec<Cursor>,
    /// Bundles not yet acknowledged, by number without gaps.
    #[n(4)]
    pub bundles: Vec<Bundle>,
    /// Wall time of the device, ms.
    #[n(5)]
    pub wall_ms: i64,
    /// Counts for the supervisor's list of phones.
    #[n(6)]
    pub status: Option<PhoneStatus>,
    /// Outbox files of other phones that this one carries.
    #[n(7)]
    pub carried: Option<Vec<ByteVec>>,
    /// Server-signed bundles given back to a server that asked for them.
    #[n(8)]
    pub returned: Option<Vec<Bundle>>,
}

/// What is wrong with a bundle as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Problem {
    /// It cannot be expanded: send it as version 1.
    #[n(1)]
    SendRaw,
    /// Earlier ones are missing: send from `number` on.
    #[n(2)]
    SendFrom,
    /// Another manifest has this number: enrol again. Nothing is lost, both are kept.
    #[n(3)]
    Fork,
    /// Signature, form or size: it will not be taken as it is.
    #[n(4)]
    Rejected,
}

/// A bundle that was not acknowledged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct BundleProblem {
    /// The bundle, or the first one missing.
    #[n(0)]
    pub number: u64,
    /// What is wrong.
    #[n(1)]
    pub problem: Problem,
}

/// A task for this inspector: only the door and the question are copied in, and what it is about
/// is named, which the phone may or may not have.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Task {
    /// The record of kind `task`.
    #[n(1)]
    pub id: RecordId,
    /// The task type's code.
    #[n(2)]
    pub task_type: String,
    /// The door, as it is written on it.
    #[n(3)]
    pub door: String,
    /// What to find out.
    #[n(4)]
    pub question: String,
    /// When it is due, ms.
    #[n(5)]
    pub due_ms: Option<i64>,
    /// Done or withdrawn: forget it.
    #[n(6)]
    pub closed: Option<bool>,
    /// The finding to verify, or the person to collect again.
    #[n(7)]
    pub about: Option<RecordId>,
    /// The shop.
    #[n(8)]
    pub shop: Option<RecordId>,
    /// Of a spot check: how its door was drawn.
    #[n(9)]
    pub draw: Option<Draw>,
}

/// How the door of a spot check was drawn. What the register said at the draw stays with the
/// server: the check is blind.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Draw {
    /// The batch.
    #[n(0)]
    pub batch: String,
    /// A code of `check-method`: from the street to the register, or the other way.
    #[n(1)]
    pub method: String,
}

impl Task {
    /// Says that a task is done or withdrawn.
    pub const fn closed(id: RecordId) -> Self {
        Self {
            id,
            task_type: String::new(),
            door: String::new(),
            question: String::new(),
            due_ms: None,
            closed: Some(true),
            about: None,
            shop: None,
            draw: None,
        }
    }
}

/// Where the case of a finding stands, told to whoever reported it. Nobody's name is in it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct CaseStatus {
    /// The finding.
    #[n(0)]
    pub finding: RecordId,
    /// The state's code.
    #[n(1)]
    pub state: String,
    /// The office that has it, by its name in the schemas.
    #[n(2)]
    pub office: Option<String>,
    /// By when, ms.
    #[n(3)]
    pub due_ms: Option<i64>,
    /// Whether its clock stands still.
    #[n(4)]
    pub paused: bool,
    /// When it was closed, ms.
    #[n(5)]
    pub closed_ms: Option<i64>,
    /// When the server said so, ms.
    #[n(6)]
    pub told_ms: i64,
}

/// An entry of a device's own stream.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct DeviceEntry {
    /// Its number in the stream, rising.
    #[n(0)]
    pub seq: u64,
    /// What it says.
    #[n(1)]
    pub item: DeviceItem,
}

/// What the server says to one device.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub enum DeviceItem {
    /// What became of a record of a bundle.
    #[n(1)]
    Verdict(#[n(0)] Verdict),
    /// A new epoch for all changes from now on.
    #[n(2)]
    Epoch(#[n(0)] u16),
    /// A new certificate: other grids, another role, a later expiry.
    #[n(3)]
    Certificate(#[cbor(n(0), with = "minicbor::bytes")] Vec<u8>),
    /// Send what is unsent, then wipe the pulled records.
    #[n(4)]
    Wipe,
    /// A schema version to fetch; a draft goes to test phones only.
    #[n(5)]
    Schema {
        /// The version.
        #[n(0)]
        version: u32,
        /// Whether it is a draft.
        #[n(1)]
        draft: bool,
        /// SHA-256 of what is served as this version. A draft that was uploaded again under its
        /// number is another one.
        #[n(2)]
        digest: Option<Sha256>,
    },
    /// A task for this inspector.
    #[n(6)]
    Task(#[n(0)] Task),
    /// Every change of a bundle entered: stands for an accepting verdict on each of its records.
    #[n(7)]
    Accepted {
        /// The bundle.
        #[n(0)]
        number: u64,
    },
    /// Where the case of a finding stands.
    #[n(8)]
    Case(#[n(0)] CaseStatus),
    /// What spot checks said of an own grid in a month.
    #[n(9)]
    Figures(#[n(0)] GridFigures),
}

/// What the server answers.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SyncResponse {
    /// [`PROTOCOL`].
    #[n(1)]
    pub protocol: u8,
    /// The server's epoch: another one after a restore.
    #[n(2)]
    pub epoch: u64,
    /// The server's time, ms.
    #[n(3)]
    pub server_ms: i64,
    /// The last of the device's bundles that survives a power loss.
    #[n(4)]
    pub acknowledged: u64,
    /// The last of them that is in a backup: what the phone need not keep any more.
    #[n(5)]
    pub backed_up: u64,
    /// The first bundle that was not acknowledged, and why.
    #[n(6)]
    pub problem: Option<BundleProblem>,
    /// The device's own stream, in order.
    #[n(7)]
    pub items: Vec<DeviceEntry>,
    /// Feeds.
    #[n(8)]
    pub feeds: Vec<FeedPart>,
    /// Packs.
    #[n(9)]
    pub packs: Vec<PackPart>,
    /// More is ready: ask again.
    #[n(10)]
    pub more: bool,
    /// Come again after this many ms; the server is busy.
    #[n(11)]
    pub retry_after_ms: Option<u32>,
    /// Whether the server wants its own bundles back, after a restore.
    #[n(12)]
    pub wants_returned: Option<bool>,
    /// For each of the server's own devices, the last bundle that is in a backup: what phones need
    /// not keep any more.
    #[n(13)]
    pub server_backed_up: Option<Vec<(DeviceId, u64)>>,
}

impl SyncRequest {
    /// The request's bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        cbor::to_vec(self)
    }

    /// Reads a request and checks its bounds.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, FormatError> {
        if bytes.len() > MAX_REQUEST_BYTES {
            return Err(FormatError::new("request is larger than allowed"));
        }
        let request: Self = cbor::from_slice(bytes)?;
        if request.protocol != PROTOCOL {
            return Err(FormatError::new("unknown protocol version"));
        }
        if request.bundles.len() > MAX_BUNDLES_PER_REQUEST {
            return Err(FormatError::new("more bundles than allowed"));
        }
        if request.cursors.len() > MAX_STREAMS {
            return Err(FormatError::new("more cursors than allowed"));
        }
        Ok(request)
    }
}

impl SyncResponse {
    /// The response's bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        cbor::to_vec(self)
    }

    /// Reads a response.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, FormatError> {
        if bytes.len() > MAX_RESPONSE_BYTES {
            return Err(FormatError::new("response is larger than allowed"));
        }
        let response: Self = cbor::from_slice(bytes)?;
        if response.protocol != PROTOCOL {
            return Err(FormatError::new("unknown protocol version: update the app"));
        }
        Ok(response)
    }
}

//! A server in memory: the core's own pieces in the order in which the server will use them, so
//! that fieldbooks can be enrolled, sync and disagree in one test process.

mod admin;
mod changes;
mod downstream;
mod keeper;
mod receive;

use std::collections::{BTreeMap, BTreeSet};

use ring::signature::{Ed25519KeyPair, KeyPair as _};
use schemas::SchemaSet;
use sync_core::{
    ActorId, ChangeHash, DeviceId, RecordId, Sha256,
    bundle::{Bundle, Certificate, ChainHead, ServerOpenKey},
    change::HeldReason,
    record::{Header, RecordState},
    sync::{DeviceEntry, DeviceItem},
};

pub use admin::Resolution;

/// A record as the server has it.
#[derive(Clone)]
pub struct HubRecord {
    /// Its header.
    pub header: Header,
    /// Its state.
    pub state: RecordState,
    /// Whether its grid's feed has named it: once something of it was accepted.
    placed: bool,
    index: BTreeMap<(ActorId, u64), ChangeHash>,
}

/// A device as the server knows it.
#[derive(Clone)]
pub(crate) struct Device {
    pub(crate) certificate: Certificate,
    pub(crate) label: String,
    chain: ChainHead,
    digests: BTreeMap<u64, Sha256>,
    stream: Vec<DeviceEntry>,
    revoked: bool,
    superseded: BTreeSet<(RecordId, ActorId)>,
}

/// A part of a bundle that waits.
#[derive(Clone)]
pub(crate) struct HeldPart {
    device: DeviceId,
    number: u64,
    record: RecordId,
    actor: ActorId,
    schema: u32,
    accepted: u32,
    chunks: Vec<Vec<u8>>,
    reason: HeldReason,
    released: bool,
}

/// An entry of a grid's feed.
#[derive(Clone)]
enum Entry {
    Placed {
        record: RecordId,
        header: Header,
        number: u32,
        snapshot: bool,
    },
    Changes {
        record: RecordId,
        author: DeviceId,
        chunks: Vec<Vec<u8>>,
    },
    Forget {
        record: RecordId,
        move_number: u64,
    },
    Author {
        device: DeviceId,
    },
    Server(Bundle),
}

#[derive(Clone, Default)]
struct Feed {
    /// Entry `i` has number `i + 1`.
    entries: Vec<Entry>,
    numbers: BTreeMap<u32, RecordId>,
    /// The last number of each record: one that came back has a new number, because phones forgot
    /// the old one.
    number_of: BTreeMap<RecordId, u32>,
    authors: BTreeSet<DeviceId>,
}

/// What the hub did, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Changes admitted from the registers alone.
    pub register_path: u64,
    /// Changes admitted through the document.
    pub document_path: u64,
    /// Parts held.
    pub held: u64,
    /// Parts refused, superseded ones aside.
    pub refused: u64,
    /// Changes refused because an earlier one was.
    pub superseded: u64,
    /// Changes accepted under a raised epoch: made again, or after that.
    pub raised_epoch: u64,
    /// Requests answered.
    pub requests: u64,
    /// Bytes that came up.
    pub bytes_up: u64,
    /// Bytes that went down.
    pub bytes_down: u64,
}

/// The server.
#[derive(Clone)]
pub struct Hub {
    /// The schemas in force.
    pub schemas: std::sync::Arc<SchemaSet>,
    /// Server time, ms; the world moves it.
    pub now_ms: i64,
    /// Server epoch: raised by a restore.
    pub epoch: u64,
    /// Entries of a response, so that it takes several; small in tests.
    pub page: usize,
    /// Feeds shorter than this behind a cursor are sent, longer ones become a pack.
    pub horizon: usize,
    /// Sends feeds that cannot be read, as a faulty server would.
    pub damage_feeds: bool,
    /// The version of the wire that feeds use.
    pub stripped: bool,
    /// Counters.
    pub tally: Tally,
    seed: [u8; 32],
    records: BTreeMap<RecordId, HubRecord>,
    devices: BTreeMap<DeviceId, Device>,
    feeds: BTreeMap<String, Feed>,
    held: Vec<HeldPart>,
    forks: Vec<sync_core::bundle::Opened>,
    tickets: BTreeMap<String, (String, Vec<String>)>,
    next_device: u32,
    server_chain: ChainHead,
    /// Highest schema version that manifests may name.
    pub known_schema: u32,
    /// Whether phones are asked for the server's own bundles, as after a restore.
    pub wants_returned: bool,
    /// Server bundles that phones gave back and that wait for what they build on.
    returned: Vec<Bundle>,
    /// The last of the server's own bundles that is in a backup.
    server_backed_up: u64,
    /// The same of the devices it had in earlier epochs.
    past_backed_up: BTreeMap<u64, u64>,
    /// The last bundle of each device that is in a backup.
    pub backed_up: BTreeMap<DeviceId, u64>,
}

impl Hub {
    /// A new server with its own keys.
    pub fn new(schemas: std::sync::Arc<SchemaSet>, seed: [u8; 32]) -> Self {
        Self {
            known_schema: schemas.version(),
            schemas,
            now_ms: 1_790_000_000_000,
            epoch: 1,
            page: 64,
            horizon: 1_000_000,
            damage_feeds: false,
            stripped: true,
            tally: Tally::default(),
            seed,
            records: BTreeMap::new(),
            devices: BTreeMap::new(),
            feeds: BTreeMap::new(),
            held: Vec::new(),
            forks: Vec::new(),
            tickets: BTreeMap::new(),
            next_device: 1,
            server_chain: ChainHead::default(),
            wants_returned: false,
            returned: Vec::new(),
            server_backed_up: 0,
            past_backed_up: BTreeMap::new(),
            backed_up: BTreeMap::new(),
        }
    }

    fn signing_pair(&self) -> Ed25519KeyPair {
        // A seed of 32 bytes always makes a key pair.
        #[expect(clippy::expect_used, reason = "the length is fixed by the type")]
        Ed25519KeyPair::from_seed_unchecked(&self.seed).expect("32 bytes")
    }

    fn sign(&self, message: &[u8]) -> [u8; 64] {
        let mut signature = [0; 64];
        signature.copy_from_slice(self.signing_pair().sign(message).as_ref());
        signature
    }

    /// The key that signs certificates and server bundles.
    pub fn server_key(&self) -> [u8; 32] {
        let mut key = [0; 32];
        key.copy_from_slice(self.signing_pair().public_key().as_ref());
        key
    }

    fn open_key(&self) -> (ServerOpenKey, [u8; 32]) {
        let mut secret = self.seed;
        secret.reverse();
        ServerOpenKey::derive(&secret)
    }

    /// Every record that something was accepted of.
    pub fn records(&self) -> impl Iterator<Item = (&RecordId, &HubRecord)> {
        self.records.iter().filter(|(_, record)| record.placed)
    }

    /// One record.
    pub fn record(&self, id: &RecordId) -> Option<&HubRecord> {
        self.records.get(id)
    }

    /// Bundles that another installation sent under a device's name; kept for a person to see.
    pub fn forks(&self) -> &[sync_core::bundle::Opened] {
        &self.forks
    }

    /// Parts that wait, with their reasons, in order of arrival.
    pub fn held(&self) -> Vec<(DeviceId, u64, RecordId, HeldReason)> {
        self.held
            .iter()
            .map(|part| (part.device, part.number, part.record, part.reason))
            .collect()
    }

    /// Puts an entry on a device's own stream.
    fn tell(&mut self, device: DeviceId, item: DeviceItem) {
        if let Some(device) = self.devices.get_mut(&device) {
            let seq = device.stream.len() as u64 + 1;
            device.stream.push(DeviceEntry { seq, item });
        }
    }
}

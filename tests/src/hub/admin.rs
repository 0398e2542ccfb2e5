//! What people do at the console: tickets, decisions, releases, moves, revocations.

use schemas::RegisterKey;
use sync_core::{
    DeviceId, RecordId, Sha256,
    bundle::{
        Bundle, Certificate, ChainHead, GridGrant, Manifest, ManifestRecord, NoIndex,
        RecordChanges, Unsigned, WireVersion, build, open_server,
    },
    change::{Incoming, Outcome, RefusedReason, admit},
    record::{Edit, author},
    sync::{DeviceItem, EnrolReply, EnrolRequest, Verdict, VerdictStatus},
};

use super::{Device, Entry, Hub};

/// What a supervisor does with a part that is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// Lets it in as it is.
    Release,
    /// Refuses it.
    Refuse,
}

/// First bytes of the server's own devices.
const DECISIONS: u8 = 0xFF;
const OFFICES: u8 = 0xFE;
/// More epochs than a device is granted between a backup and the restore from it, or two restores.
const EPOCHS_A_RESTORE: u16 = 256;
/// More moves of a record than between a backup and the restore from it, or two restores.
pub(super) const MOVES_A_RESTORE: u64 = 1 << 32;
/// A certificate's life, ms.
const YEAR_MS: i64 = 366 * 86_400_000;

impl Hub {
    /// A one-time ticket for an inspector and grids.
    pub fn ticket(&mut self, inspector: &str, grids: &[&str]) -> String {
        let ticket = format!("ticket-{}", self.tickets.len() + 1);
        let grids = grids.iter().map(|grid| (*grid).to_owned()).collect();
        self.tickets
            .insert(ticket.clone(), (inspector.to_owned(), grids));
        ticket
    }

    /// Enrols a phone, once per ticket.
    pub fn enrol(&mut self, request: &EnrolRequest) -> Option<EnrolReply> {
        let (inspector, grids) = self.tickets.remove(&request.ticket)?;
        let [_, b, c, d] = self.next_device.to_be_bytes();
        self.next_device += 1;
        let device = DeviceId([0x01, 0xA7, 0x3C, b, c, d]);
        let certificate = Certificate {
            device,
            key: request.key,
            epoch: 1,
            inspector: inspector.clone(),
            role: "inspector".to_owned(),
            office: None,
            grids: grids
                .into_iter()
                .map(|grid| GridGrant {
                    grid,
                    until_ms: None,
                })
                .collect(),
            issued_ms: self.now_ms,
            expires_ms: self.now_ms + YEAR_MS,
        };
        let reply = EnrolReply {
            certificate: self.certify(&certificate),
            server_key: self.server_key(),
            seal_key: self.open_key().1,
            server_ms: self.now_ms,
            schema: self.schemas.version(),
        };
        self.devices.insert(
            device,
            Device {
                certificate,
                label: inspector,
                chain: ChainHead::default(),
                digests: std::collections::BTreeMap::default(),
                stream: Vec::new(),
                revoked: false,
                superseded: std::collections::BTreeSet::default(),
            },
        );
        Some(reply)
    }

    fn certify(&self, certificate: &Certificate) -> Vec<u8> {
        let signed = certificate.to_sign();
        let signature = self.sign(&signed.to_be_signed);
        signed.finish(signature)
    }

    /// A supervisor decides registers of a record.
    pub fn decide(&mut self, record: RecordId, edits: &[Edit]) -> bool {
        self.author(DECISIONS, record, edits)
    }

    /// An office edits a record: an ordinary edit, without precedence.
    pub fn office_edit(&mut self, record: RecordId, edits: &[Edit]) -> bool {
        self.author(OFFICES, record, edits)
    }

    fn author(&mut self, class: u8, record: RecordId, edits: &[Edit]) -> bool {
        let now = self.now_ms;
        let device = own_device(class, self.epoch);
        let Some(known) = self.records.get_mut(&record) else {
            return false;
        };
        let Ok(made) = author(&known.state, device.actor(1), edits, now) else {
            return false;
        };
        let changes = RecordChanges {
            record,
            header: Some(known.header.clone()),
            proposed: false,
            chunks: vec![made.chunk.clone()],
        };
        let Ok(entry) = ManifestRecord::of(&changes, &known.header.salt) else {
            return false;
        };
        let incoming = Incoming {
            change: made.change,
            chunk: made.chunk,
        };
        known.index.insert(
            (incoming.change.actor, incoming.change.seq),
            incoming.change.hash,
        );
        admit(&mut known.state, &[incoming], &());
        let grid = known.header.grid.clone();
        let manifest = Manifest {
            device,
            number: self.server_chain.number + 1,
            previous: self.server_chain.digest,
            schema: self.schemas.version(),
            epoch: 1,
            wall_ms: now,
            server_ms: now,
            elapsed_ms: 0,
            records: vec![entry],
        };
        self.server_chain = ChainHead::after(&manifest);
        let unsigned = Unsigned::new(manifest);
        let signature = self.sign(unsigned.to_be_signed());
        let manifest = unsigned.manifest.clone();
        let cose = unsigned.finish(signature);
        let bundle = build(&manifest, cose, &[changes], WireVersion::Raw, &NoIndex);
        self.feeds
            .entry(grid)
            .or_default()
            .entries
            .push(Entry::Server(bundle));
        true
    }

    /// Bundles that the server once signed come back from phones: what fits enters, the rest waits
    /// for what it builds on.
    pub(super) fn take_back(&mut self, bundles: Vec<Bundle>) {
        self.returned.extend(bundles);
        loop {
            let waiting = std::mem::take(&mut self.returned);
            let before = waiting.len();
            for bundle in waiting {
                if !self.take_one_back(&bundle) {
                    self.returned.push(bundle);
                }
            }
            if self.returned.len() == before {
                return;
            }
        }
    }

    /// Whether a bundle entered, had entered before, or never will.
    fn take_one_back(&mut self, bundle: &Bundle) -> bool {
        let Ok(opened) = open_server(bundle, &self.server_key(), self) else {
            return true;
        };
        let mut new = false;
        for changes in &opened.records {
            let Some(known) = self.records.get_mut(&changes.record) else {
                return false;
            };
            for chunk in &changes.chunks {
                let Ok(incoming) = Incoming::scan(chunk) else {
                    return true;
                };
                let (actor, seq) = (incoming.change.actor, incoming.change.seq);
                let hash = incoming.change.hash;
                match admit(&mut known.state, &[incoming], &()).outcomes.first() {
                    Some(Outcome::Accepted(_)) => {
                        known.index.insert((actor, seq), hash);
                        new = true;
                    }
                    Some(Outcome::Duplicate) => {}
                    _ => return false,
                }
            }
        }
        let first = opened.records.first().map(|changes| changes.record);
        if new && let Some(known) = first.and_then(|record| self.records.get(&record)) {
            let grid = known.header.grid.clone();
            let feed = self.feeds.entry(grid).or_default();
            feed.entries.push(Entry::Server(bundle.clone()));
        }
        if new && let Some(record) = first {
            self.retry(&record);
        }
        true
    }

    /// A supervisor settles the first held part of a record.
    pub fn resolve(&mut self, record: &RecordId, resolution: Resolution) -> bool {
        let Some(at) = self.held.iter().position(|part| part.record == *record) else {
            return false;
        };
        let mut part = self.held.remove(at);
        match resolution {
            Resolution::Release => {
                part.released = true;
                // Those behind it were held for the same reason, or because it was.
                let others = self.held.iter_mut();
                others
                    .filter(|other| other.record == part.record && other.actor == part.actor)
                    .for_each(|other| other.released = true);
                let behind = self.take_behind(&part.record, part.actor);
                self.judge_and_tell(part);
                for part in behind {
                    self.judge_and_tell(part);
                }
            }
            Resolution::Refuse => {
                let (device, actor) = (part.device, part.actor);
                self.supersede(device, *record, actor);
                let verdict = Verdict {
                    number: part.number,
                    record: *record,
                    accepted: part.accepted,
                    status: VerdictStatus::Refused(RefusedReason::BySupervisor),
                    key: None,
                };
                self.tally.refused += 1;
                self.tell(device, DeviceItem::Verdict(verdict));
                for part in self.take_behind(record, actor) {
                    self.judge_and_tell(part);
                }
            }
        }
        true
    }

    fn take_behind(
        &mut self,
        record: &RecordId,
        actor: sync_core::ActorId,
    ) -> Vec<super::HeldPart> {
        let (behind, rest) = std::mem::take(&mut self.held)
            .into_iter()
            .partition(|part| part.record == *record && part.actor == actor);
        self.held = rest;
        behind
    }

    /// Moves a record to another grid.
    pub fn move_record(&mut self, record: RecordId, grid: &str) {
        let Some(known) = self.records.get_mut(&record) else {
            return;
        };
        if known.header.grid == grid {
            return;
        }
        let from = std::mem::replace(&mut known.header.grid, grid.to_owned());
        known.header.move_number += 1;
        let move_number = known.header.move_number;
        if known.placed {
            let feed = self.feeds.entry(from).or_default();
            feed.entries.push(Entry::Forget {
                record,
                move_number,
            });
            self.put_in_feed(grid, record, true);
        }
    }

    /// Changes a device's certificate and tells it.
    pub fn recertify(&mut self, device: DeviceId, change: impl FnOnce(&mut Certificate)) {
        let now = self.now_ms;
        let Some(known) = self.devices.get_mut(&device) else {
            return;
        };
        change(&mut known.certificate);
        known.certificate.issued_ms = now;
        let certificate = known.certificate.clone();
        let cose = self.certify(&certificate);
        self.tell(device, DeviceItem::Certificate(cose));
    }

    /// Revokes a device: it may still send, into held, and is then wiped.
    pub fn revoke(&mut self, device: DeviceId) {
        if let Some(known) = self.devices.get_mut(&device) {
            known.revoked = true;
        }
        self.tell(device, DeviceItem::Wipe);
    }

    /// Tells a phone which version of the schemas is its own, and what it is served as.
    pub fn announce(&mut self, device: DeviceId, version: u32, draft: bool, served: &[u8]) {
        let digest = Some(Sha256::of(served));
        self.tell(
            device,
            DeviceItem::Schema {
                version,
                draft,
                digest,
            },
        );
    }

    /// The server as it was at an earlier backup, under a new epoch.
    #[must_use]
    pub fn restored_from(&self, backup: &Self) -> Self {
        let mut hub = backup.clone();
        hub.epoch = self.epoch + 1;
        hub.wants_returned = true;
        // It writes under new names; of what it wrote under the old one this backup is the last
        // that it knows of.
        hub.past_backed_up
            .insert(backup.epoch, backup.server_backed_up);
        (hub.server_chain, hub.server_backed_up) = (ChainHead::default(), 0);
        hub.now_ms = self.now_ms;
        let restores = u16::try_from(hub.epoch - backup.epoch).unwrap_or(u16::MAX);
        // Past every move that is forgotten: phones take the place with the highest number.
        for record in hub.records.values_mut() {
            record.header.move_number += MOVES_A_RESTORE * u64::from(restores);
        }
        let ids: Vec<DeviceId> = hub.devices.keys().copied().collect();
        for id in ids {
            if let Some(device) = hub.devices.get_mut(&id) {
                // Past every epoch that was granted since and is forgotten: bundles under those
                // are still taken, and what is refused from now on is made again past them.
                let lost = EPOCHS_A_RESTORE.saturating_mul(restores);
                let epoch = device.certificate.epoch.saturating_add(lost);
                device.certificate.epoch = epoch;
                hub.tell(id, DeviceItem::Epoch(epoch));
            }
        }
        hub
    }

    /// What is in a backup need not be kept by phones any more.
    pub fn back_up(&mut self) {
        self.server_backed_up = self.server_chain.number;
        self.backed_up = self
            .devices
            .iter()
            .map(|(id, device)| (*id, device.chain.number))
            .collect();
    }

    /// What of the server's own chains is in a backup, for each of its devices.
    pub(super) fn own_backed_up(&self) -> Vec<(DeviceId, u64)> {
        let past = self
            .past_backed_up
            .iter()
            .map(|(epoch, number)| (*epoch, *number));
        past.chain([(self.epoch, self.server_backed_up)])
            .flat_map(|(epoch, number)| {
                [DECISIONS, OFFICES].map(|class| (own_device(class, epoch), number))
            })
            .collect()
    }

    /// A register's key, for tests.
    pub fn key(text: &str) -> Option<RegisterKey> {
        RegisterKey::parse(text).ok()
    }
}

/// The server's own device of a class. It bears the server's epoch: a restored server has forgotten
/// how far it had counted.
const fn own_device(class: u8, epoch: u64) -> DeviceId {
    let [.., high, low] = epoch.to_be_bytes();
    DeviceId([class, 0, 0, 0, high, low])
}

//! Judging: one record of one bundle, the parts that wait for it, and what a refusal entails.

use std::collections::BTreeMap;

use sync_core::{
    ActorId, DeviceId, RecordId,
    bundle::{Manifest, RecordChanges},
    change::{HeldReason, Incoming, Outcome, Path, RefusedReason},
    record::{Header, RecordState},
    sync::{DeviceItem, Judgement, Standing, Verdict, VerdictStatus, judge},
};

use super::{Entry, HeldPart, Hub, HubRecord};

impl Hub {
    /// Judges one record of a bundle and says so to its author.
    pub(super) fn judge_part(
        &mut self,
        device: DeviceId,
        manifest: &Manifest,
        changes: RecordChanges,
    ) {
        let record = changes.record;
        if let Some(mut header) = changes.header {
            // A record that a restored server lost: phones may know of different moves of it.
            header.move_number += super::admin::MOVES_A_RESTORE * (self.epoch - 1);
            self.records
                .entry(record)
                .or_insert_with(|| HubRecord::new(header));
        }
        let part = HeldPart {
            device,
            number: manifest.number,
            record,
            actor: device.actor(manifest.epoch),
            schema: manifest.schema,
            accepted: 0,
            chunks: changes.chunks,
            reason: HeldReason::FollowsHeld,
            released: false,
        };
        self.judge_and_tell(part);
    }

    /// Judges a part, keeps what is held and goes on with what waited for it.
    pub(super) fn judge_and_tell(&mut self, mut part: HeldPart) {
        let (record, actor, device) = (part.record, part.actor, part.device);
        let judgement = self.judgement(&part);
        self.count(&judgement, actor);
        let entered = judgement.entered.len();
        self.enter(&part, judgement.entered);
        part.accepted += judgement.accepted;
        let verdict = Verdict {
            number: part.number,
            record,
            accepted: part.accepted,
            status: judgement.status,
            key: judgement.key,
        };
        match judgement.status {
            VerdictStatus::Accepted | VerdictStatus::Refused(RefusedReason::Superseded) => {}
            VerdictStatus::Held(reason) => {
                let rest = usize::try_from(judgement.accepted).unwrap_or(usize::MAX);
                part.chunks.drain(..rest.min(part.chunks.len()));
                part.reason = reason;
                part.released = false;
                self.held.push(part);
            }
            VerdictStatus::Refused(_) => self.supersede(device, record, actor),
        }
        self.tell(device, DeviceItem::Verdict(verdict));
        if entered > 0 || !matches!(judgement.status, VerdictStatus::Held(_)) {
            self.retry(&record);
        }
    }

    fn judgement(&mut self, part: &HeldPart) -> Judgement {
        let schemas = self.schemas.clone();
        let follows_held = self
            .held
            .iter()
            .any(|held| held.record == part.record && held.actor == part.actor);
        let (Some(known), Some(device)) = (
            self.records.get_mut(&part.record),
            self.devices.get(&part.device),
        ) else {
            // A bundle without a header for an unknown record is never appended.
            return Judgement {
                accepted: 0,
                status: VerdictStatus::Held(HeldReason::MissingDependency),
                key: None,
                entered: Vec::new(),
                outcomes: Vec::new(),
                proven: None,
            };
        };
        let held = if part.released {
            None
        } else if device.revoked {
            Some(HeldReason::RevokedDevice)
        } else if !device.certificate.may_pull(self.now_ms) {
            Some(HeldReason::ExpiredCertificate)
        } else {
            None
        };
        let opens = device.certificate.opens(&known.header.grid, self.now_ms);
        let standing = Standing {
            actor: part.actor,
            author: device.certificate.author(),
            schema_known: part.released || part.schema <= self.known_schema,
            kind: schemas.kind(&known.header.kind),
            held,
            opens_grid: part.released || opens,
            superseded: device.superseded.contains(&(part.record, part.actor)),
            follows_held,
        };
        judge(&mut known.state, &part.chunks, &standing)
    }

    fn count(&mut self, judgement: &Judgement, actor: ActorId) {
        for outcome in &judgement.outcomes {
            match outcome {
                Outcome::Accepted(path) => {
                    match path {
                        Path::Register => self.tally.register_path += 1,
                        Path::Document => self.tally.document_path += 1,
                    }
                    self.tally.raised_epoch += u64::from(actor.epoch() > 1);
                }
                Outcome::Duplicate | Outcome::Stopped(..) => {}
            }
        }
        match judgement.status {
            VerdictStatus::Accepted => {}
            VerdictStatus::Held(_) => self.tally.held += 1,
            VerdictStatus::Refused(RefusedReason::Superseded) => self.tally.superseded += 1,
            VerdictStatus::Refused(_) => self.tally.refused += 1,
        }
    }

    /// What entered goes to the grid's feed, after the record's place.
    fn enter(&mut self, part: &HeldPart, entered: Vec<Incoming>) {
        let Some(known) = self.records.get_mut(&part.record) else {
            return;
        };
        if entered.is_empty() {
            return;
        }
        for incoming in &entered {
            known.index.insert(
                (incoming.change.actor, incoming.change.seq),
                incoming.change.hash,
            );
        }
        let grid = known.header.grid.clone();
        if !known.placed {
            known.placed = true;
            self.put_in_feed(&grid, part.record, false);
        }
        let chunks = entered.into_iter().map(|incoming| incoming.chunk).collect();
        let feed = self.feeds.entry(grid).or_default();
        if feed.authors.insert(part.device) {
            feed.entries.push(Entry::Author {
                device: part.device,
            });
        }
        feed.entries.push(Entry::Changes {
            record: part.record,
            author: part.device,
            chunks,
        });
    }

    /// Names a record in a grid's feed and gives it a number there.
    pub(super) fn put_in_feed(&mut self, grid: &str, record: RecordId, snapshot: bool) {
        let Some(known) = self.records.get(&record) else {
            return;
        };
        let header = known.header.clone();
        let feed = self.feeds.entry(grid.to_owned()).or_default();
        let number = feed.numbers.keys().next_back().map_or(0, |last| last + 1);
        feed.numbers.insert(number, record);
        feed.number_of.insert(record, number);
        feed.entries.push(Entry::Placed {
            record,
            header,
            number,
            snapshot,
        });
    }

    /// After a refusal: what the device writes after it on the record is to be made again under a
    /// new epoch, which is granted before the verdict is told. That is also what it may have
    /// written under epochs granted since, for other records' sake: it built on what is refused.
    pub(super) fn supersede(&mut self, id: DeviceId, record: RecordId, actor: ActorId) {
        let Some(device) = self.devices.get_mut(&id) else {
            return;
        };
        if device.superseded.contains(&(record, actor)) {
            return;
        }
        let granted = device.certificate.epoch.max(actor.epoch());
        let written = actor.epoch()..=granted;
        device
            .superseded
            .extend(written.map(|epoch| (record, id.actor(epoch))));
        let epoch = granted.saturating_add(1);
        device.certificate.epoch = epoch;
        self.tell(id, DeviceItem::Epoch(epoch));
    }

    /// Parts that waited for something of a record, in order of arrival.
    pub(super) fn retry(&mut self, record: &RecordId) {
        let superseded = |part: &HeldPart| {
            let device = self.devices.get(&part.device);
            device.is_some_and(|device| device.superseded.contains(&(*record, part.actor)))
        };
        let waits = |part: &HeldPart| {
            let reason = part.reason;
            matches!(
                reason,
                HeldReason::MissingDependency | HeldReason::FollowsHeld
            ) || superseded(part)
        };
        let mut heads: BTreeMap<ActorId, usize> = BTreeMap::new();
        for (at, part) in self.held.iter().enumerate() {
            if part.record == *record {
                heads.entry(part.actor).or_insert(at);
            }
        }
        // Only the first of an author's parts can move; those behind it follow when it has.
        let movable = heads
            .into_values()
            .find(|at| self.held.get(*at).is_some_and(waits));
        let Some(at) = movable else { return };
        let part = self.held.remove(at);
        if self.would_move(&part) {
            self.judge_and_tell(part);
        } else {
            self.held.insert(at, part);
        }
    }

    /// Whether judging a part again could end otherwise than before.
    fn would_move(&mut self, part: &HeldPart) -> bool {
        let before = self
            .records
            .get(&part.record)
            .map(|known| known.state.clone());
        let judgement = self.judgement(part);
        if let (Some(known), Some(before)) = (self.records.get_mut(&part.record), before) {
            known.state = before;
        }
        judgement.accepted > 0 || !matches!(judgement.status, VerdictStatus::Held(_))
    }
}

impl HubRecord {
    pub(super) fn new(header: Header) -> Self {
        Self {
            header,
            state: RecordState::default(),
            placed: false,
            index: BTreeMap::new(),
        }
    }
}

//! Bundles that are acknowledged and not yet verified: a bounded queue that is fair to devices.
//!
//! Devices take turns, a bundle each, so that a phone with a thousand bundles holds up another one
//! by one bundle. What is queued is also what later bundles of the same phone may refer to.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet, HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use sync_core::{
    ActorId, ChangeHash, DeviceId, RecordId, Salt, change::Incoming, record::Header, sync::Scanned,
};
use tokio::sync::Notify;

use crate::error::{Error, Result};

/// Bundles of one device that wait at most.
const PER_DEVICE: usize = 32;
/// Bytes of memory that what waits takes at most, of all devices.
const MAX_BYTES: usize = 256 * 1024 * 1024;
/// Bytes of memory that scanned changes may take for a byte of their chunks; honest ones take five.
const SCANNED: usize = 16;
/// How long a device is asked to wait when the queue is full, ms.
const RETRY_AFTER_MS: u32 = 1_000;

/// One record of a bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The record.
    pub record: RecordId,
    /// Its header, where the bundle brought it.
    pub header: Option<Header>,
    /// Plain chunks in the author's order.
    pub chunks: Vec<Vec<u8>>,
    /// The changes that they are, unless they take much memory.
    pub scanned: Option<Scanned>,
}

impl Part {
    /// A part, scanned here so that the writer need not do it.
    pub fn new(record: RecordId, header: Option<Header>, chunks: Vec<Vec<u8>>) -> Self {
        let bytes: usize = chunks.iter().map(Vec::len).sum();
        Self {
            record,
            header,
            scanned: Scanned::within(&chunks, SCANNED * bytes),
            chunks,
        }
    }

    /// Its changes: author, count, name.
    pub fn names(&self) -> Vec<(ActorId, u64, ChangeHash)> {
        let again = || Cow::Owned(Scanned::of(&self.chunks));
        let scanned = self.scanned.as_ref().map_or_else(again, Cow::Borrowed);
        let changes = scanned.batch.iter().map(|incoming| &incoming.change);
        changes
            .map(|change| (change.actor, change.seq, change.hash))
            .collect()
    }

    /// Bytes of memory that it takes.
    fn bytes(&self) -> usize {
        let chunks: usize = self.chunks.iter().map(Vec::len).sum();
        let scanned = self.scanned.iter().flat_map(|scanned| &scanned.batch);
        chunks + scanned.map(Incoming::memory).sum::<usize>()
    }
}

/// A bundle to be verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Work {
    /// Its place in the journal.
    pub position: u64,
    /// When it was received, ms.
    pub time_ms: i64,
    /// Its device.
    pub device: DeviceId,
    /// Its number.
    pub number: u64,
    /// The epoch of the actor that wrote it.
    pub epoch: u16,
    /// The schema version it names.
    pub schema: u32,
    /// Its records.
    pub parts: Vec<Part>,
}

impl Work {
    fn bytes(&self) -> usize {
        self.parts.iter().map(Part::bytes).sum()
    }

    /// Number of its changes.
    pub fn changes(&self) -> usize {
        self.parts.iter().map(|part| part.chunks.len()).sum()
    }
}

/// The queue.
#[derive(Default)]
pub struct Backlog {
    inner: Mutex<Inner>,
    verified: Notify,
}

#[derive(Default)]
struct Inner {
    queues: HashMap<DeviceId, VecDeque<Arc<Work>>>,
    /// Devices with work, in the order of their turns.
    turns: VecDeque<DeviceId>,
    /// Positions that are not verified: queued or in hand.
    open: BTreeSet<u64>,
    /// The last position that was queued.
    last: u64,
    bytes: usize,
    /// Changes in what is open.
    changes: usize,
    /// What waits, by record: for bundles that refer to it.
    records: HashMap<RecordId, Vec<Arc<Work>>>,
}

impl Backlog {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many more bundles the device may bring now; an error if none.
    pub fn room(&self, device: DeviceId) -> Result<usize> {
        let inner = self.inner();
        let waiting = inner.queues.get(&device).map_or(0, VecDeque::len);
        if inner.bytes > MAX_BYTES || waiting >= PER_DEVICE {
            return Err(Error::Busy {
                retry_after_ms: RETRY_AFTER_MS,
            });
        }
        Ok(PER_DEVICE - waiting)
    }

    /// Whether half of what may wait of a device does: it had better wait, too, than be sent away.
    pub fn is_half_full(&self, device: DeviceId) -> bool {
        let inner = self.inner();
        let waiting = inner.queues.get(&device).map_or(0, VecDeque::len);
        waiting >= PER_DEVICE / 2
    }

    /// Queues bundles that are in the journal, in the order of their positions; how many changes
    /// are ahead of them.
    pub fn push(&self, work: Vec<Work>) -> usize {
        let mut inner = self.inner();
        let ahead = inner.changes;
        for work in work {
            let work = Arc::new(work);
            inner.last = inner.last.max(work.position);
            inner.bytes += work.bytes();
            inner.changes += work.changes();
            inner.open.insert(work.position);
            for part in &work.parts {
                let waiting = inner.records.entry(part.record).or_default();
                waiting.push(work.clone());
            }
            let device = work.device;
            let queue = inner.queues.entry(device).or_default();
            let first = queue.is_empty();
            queue.push_back(work);
            if first {
                inner.turns.push_back(device);
            }
        }
        ahead
    }

    /// The next bundles: one of each device in turn, about `changes` changes together.
    pub fn take(&self, changes: usize) -> Vec<Arc<Work>> {
        let mut inner = self.inner();
        let mut taken = Vec::new();
        let mut count = 0;
        while count < changes {
            let Some(device) = inner.turns.pop_front() else {
                break;
            };
            let Some(queue) = inner.queues.get_mut(&device) else {
                continue;
            };
            if let Some(work) = queue.pop_front() {
                count += work.changes();
                taken.push(work);
            }
            if queue.is_empty() {
                inner.queues.remove(&device);
            } else {
                inner.turns.push_back(device);
            }
        }
        taken
    }

    /// Puts bundles back whose verification failed, to be tried again.
    pub fn put_back(&self, work: Vec<Arc<Work>>) {
        let mut inner = self.inner();
        for work in work.into_iter().rev() {
            let device = work.device;
            let queue = inner.queues.entry(device).or_default();
            let first = queue.is_empty();
            queue.push_front(work);
            if first {
                inner.turns.push_front(device);
            }
        }
    }

    /// The position up to which everything is verified once `done` is.
    pub fn through(&self, done: &[Arc<Work>]) -> u64 {
        let inner = self.inner();
        let done: BTreeSet<u64> = done.iter().map(|work| work.position).collect();
        let open = inner.open.iter().find(|position| !done.contains(position));
        open.map_or(inner.last, |position| position - 1)
    }

    /// Bundles are verified, and on disk.
    pub fn finished(&self, done: &[Arc<Work>]) {
        let mut inner = self.inner();
        for work in done {
            inner.open.remove(&work.position);
            inner.bytes = inner.bytes.saturating_sub(work.bytes());
            inner.changes = inner.changes.saturating_sub(work.changes());
            for part in &work.parts {
                if let Some(waiting) = inner.records.get_mut(&part.record) {
                    waiting.retain(|other| other.position != work.position);
                    if waiting.is_empty() {
                        inner.records.remove(&part.record);
                    }
                }
            }
        }
        drop(inner);
        self.verified.notify_waiters();
    }

    /// Whether a position is still to be verified.
    pub fn is_open(&self, position: u64) -> bool {
        self.inner().open.contains(&position)
    }

    /// Bundles that wait.
    pub fn len(&self) -> usize {
        self.inner().open.len()
    }

    /// Whether nothing waits.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Waits until a position is verified.
    pub async fn wait(&self, position: u64) {
        loop {
            let notified = self.verified.notified();
            if !self.is_open(position) {
                return;
            }
            notified.await;
        }
    }

    /// The salt of a record that only waiting bundles have brought.
    pub fn salt(&self, record: &RecordId) -> Option<Salt> {
        self.header(record).map(|header| header.salt)
    }

    /// The header of a record that only waiting bundles have brought.
    pub fn header(&self, record: &RecordId) -> Option<Header> {
        let inner = self.inner();
        let waiting = inner.records.get(record)?;
        let mut parts = waiting.iter().flat_map(|work| &work.parts);
        parts.find_map(|part| part.header.clone().filter(|_| part.record == *record))
    }

    /// The changes of a record that wait: author, count, name.
    pub fn changes(&self, record: &RecordId) -> Vec<(ActorId, u64, ChangeHash)> {
        let waiting = self
            .inner()
            .records
            .get(record)
            .cloned()
            .unwrap_or_default();
        let parts = waiting.iter().flat_map(|work| &work.parts);
        let parts = parts.filter(|part| part.record == *record);
        parts.flat_map(Part::names).collect()
    }

    /// Devices with work, and how much, for the metrics.
    pub fn depth(&self) -> BTreeMap<DeviceId, usize> {
        let inner = self.inner();
        let queues = inner.queues.iter();
        queues
            .map(|(device, queue)| (*device, queue.len()))
            .collect()
    }
}

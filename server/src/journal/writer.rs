//! The thread that appends, many bundles to one fsync.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicI64, Ordering},
        mpsc,
    },
    thread::JoinHandle,
};

use rusqlite::{Connection, TransactionBehavior};
use sync_core::{DeviceId, Sha256};
use tokio::sync::oneshot;

use super::rows::{self, Outgoing};
use crate::{
    core::Core,
    error::{Error, Result},
    store::{JOURNAL, Place, Readers, migrate, open},
};

/// Appends that wait at most.
const QUEUE: usize = 1_024;
/// Bytes that one commit takes at most, unless a single append is larger.
const GROUP_BYTES: usize = 8 * 1024 * 1024;
/// Reading connections.
const READERS: usize = 4;

/// One bundle to be appended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Append {
    /// The payload, encoded.
    pub payload: Vec<u8>,
    /// The device.
    pub device: DeviceId,
    /// The bundle's number.
    pub number: u64,
    /// SHA-256 of its manifest.
    pub digest: Sha256,
}

enum Message {
    Append(Vec<Append>, oneshot::Sender<Result<Vec<u64>>>),
    Outgoing(Vec<Outgoing>),
    Stop,
}

/// The journal's handle.
#[derive(Clone)]
pub struct Journal {
    to: mpsc::SyncSender<Message>,
    readers: Readers,
    thread: Arc<Mutex<Option<JoinHandle<()>>>>,
    last_source: i64,
    /// The last row of `outgoing` that is on disk here.
    journalled: Arc<AtomicI64>,
}

impl Journal {
    /// Opens journal.db and starts its thread. The core's keys are put on disk before anything
    /// that they seal.
    pub fn open(place: &Place, core: Arc<Core>) -> Result<Self> {
        let mut conn = open(place, "journal.db", false)?;
        migrate(&mut conn, JOURNAL)?;
        let last_source = rows::last_source(&conn)?;
        let next = rows::last_position(&conn)? + 1;
        let (to, from) = mpsc::sync_channel(QUEUE);
        let journalled = Arc::new(AtomicI64::new(last_source));
        let told = journalled.clone();
        let thread = std::thread::Builder::new()
            .name("gridbook-journal".to_owned())
            .spawn(move || {
                let unsent = Vec::new();
                Thread {
                    conn,
                    core,
                    next,
                    unsent,
                    journalled: told,
                }
                .run(&from);
            })?;
        Ok(Self {
            to,
            readers: Readers::new(place.clone(), "journal.db", READERS),
            thread: Arc::new(Mutex::new(Some(thread))),
            last_source,
            journalled,
        })
    }

    /// Appends bundles, all or none; their positions, once they are on disk.
    pub async fn append(&self, bundles: Vec<Append>) -> Result<Vec<u64>> {
        let (tell, told) = oneshot::channel();
        match self.to.try_send(Message::Append(bundles, tell)) {
            Ok(()) => {}
            Err(mpsc::TrySendError::Full(_)) => {
                return Err(Error::Busy {
                    retry_after_ms: 1_000,
                });
            }
            Err(mpsc::TrySendError::Disconnected(_)) => {
                return Err(Error::Internal("the journal is closed"));
            }
        }
        told.await
            .unwrap_or(Err(Error::Internal("the journal was closed")))
    }

    /// Hands over what main.db has noted for the journal.
    pub(crate) fn outgoing(&self, rows: Vec<Outgoing>) -> Result<()> {
        self.to
            .send(Message::Outgoing(rows))
            .map_err(|_| Error::Internal("the journal is closed"))
    }

    /// The last row of `outgoing` that was in the journal when it was opened.
    pub const fn source_at_start(&self) -> i64 {
        self.last_source
    }

    /// The last row of `outgoing` that is in the journal, on disk.
    pub(crate) fn journalled(&self) -> i64 {
        self.journalled.load(Ordering::Acquire)
    }

    /// Reading connections.
    pub const fn readers(&self) -> &Readers {
        &self.readers
    }

    /// Ends the thread after what waits.
    pub fn stop(&self) {
        let _ = self.to.send(Message::Stop);
        let thread = self
            .thread
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(thread) = thread {
            let _ = thread.join();
        }
    }
}

struct Thread {
    conn: Connection,
    core: Arc<Core>,
    next: u64,
    /// Handed over and not yet on disk; tried again with the next group.
    unsent: Vec<Outgoing>,
    journalled: Arc<AtomicI64>,
}

type Waiting = (oneshot::Sender<Result<Vec<u64>>>, Result<Vec<u64>>);

impl Thread {
    fn run(mut self, from: &mpsc::Receiver<Message>) {
        while let Ok(first) = from.recv() {
            let mut group = vec![first];
            let mut bytes = 0;
            while bytes < GROUP_BYTES {
                let Ok(message) = from.try_recv() else { break };
                bytes += match &message {
                    Message::Append(bundles, _) => {
                        bundles.iter().map(|bundle| bundle.payload.len()).sum()
                    }
                    Message::Outgoing(rows) => rows.iter().map(|row| row.payload.len()).sum(),
                    Message::Stop => 0,
                };
                group.push(message);
            }
            let stop = group.iter().any(|message| matches!(message, Message::Stop));
            self.commit(group);
            if stop {
                return;
            }
        }
    }

    fn commit(&mut self, group: Vec<Message>) {
        let next = self.next;
        match self.write(group) {
            Ok(waiting) => {
                for (tell, result) in waiting {
                    let _ = tell.send(result);
                }
            }
            Err((error, waiting)) => {
                tracing::error!(%error, "the journal could not be written");
                self.next = next;
                for (tell, _) in waiting {
                    let _ = tell.send(Err(Error::Internal("the journal could not be written")));
                }
            }
        }
    }

    /// Writes a group in one transaction.
    fn write(&mut self, group: Vec<Message>) -> Result<Vec<Waiting>, (Error, Vec<Waiting>)> {
        let mut waiting = Vec::new();
        match self.write_into(group, &mut waiting) {
            Ok(()) => Ok(waiting),
            Err(error) => Err((error, waiting)),
        }
    }

    fn write_into(&mut self, group: Vec<Message>, waiting: &mut Vec<Waiting>) -> Result<()> {
        let now = self.core.now_ms();
        let flushed = self.core.keys().flush();
        let mut tx = self
            .conn
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut next = self.next;
        // What main.db noted comes before the bundles of the group: it may be that their device was
        // enrolled. Verdicts on them cannot be among it, they are not on disk yet.
        let mut appends = Vec::new();
        for message in group {
            match message {
                Message::Append(bundles, tell) => {
                    waiting.push((tell, Ok(Vec::new())));
                    appends.push(bundles);
                }
                Message::Outgoing(rows) => self.unsent.extend(rows),
                Message::Stop => {}
            }
        }
        let last = rows::last_source(&tx)?;
        for row in self.unsent.iter().filter(|row| row.id > last) {
            rows::insert(&tx, next, row.time_ms, Some(row.id), &row.payload)?;
            next += 1;
        }
        if let Some(row) = self.unsent.last().filter(|row| row.id > last) {
            rows::set_source(&tx, row.id)?;
        }
        for ((_, result), bundles) in waiting.iter_mut().zip(&appends) {
            let appended = append(&mut tx, bundles, now, next);
            if let Ok(positions) = &appended {
                next += positions.len() as u64;
            }
            *result = appended;
        }
        flushed?;
        let began = std::time::Instant::now();
        tx.commit()?;
        let took = began.elapsed().as_secs_f64();
        self.core.metrics().fsync.observe(took);
        self.next = next;
        if let Some(row) = self.unsent.last() {
            self.journalled.fetch_max(row.id, Ordering::Release);
        }
        self.unsent.clear();
        Ok(())
    }
}

/// Appends one request's bundles, all or none of them.
fn append(
    tx: &mut rusqlite::Transaction<'_>,
    bundles: &[Append],
    now: i64,
    next: u64,
) -> Result<Vec<u64>> {
    let savepoint = tx.savepoint()?;
    let mut positions = Vec::with_capacity(bundles.len());
    for (position, bundle) in (next..).zip(bundles) {
        rows::insert(&savepoint, position, now, None, &bundle.payload)?;
        rows::insert_chain(
            &savepoint,
            bundle.device,
            bundle.number,
            &bundle.digest,
            position,
        )?;
        positions.push(position);
    }
    savepoint.commit()?;
    Ok(positions)
}

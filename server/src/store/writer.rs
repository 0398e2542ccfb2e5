//! The one thread that writes main.db. Jobs of people go first; in between it works off what the
//! background has, a bounded piece at a time.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, mpsc},
    thread::JoinHandle,
    time::Duration,
};

use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::oneshot;

use super::{Tx, tx::Left};
use crate::{
    core::Core,
    error::{Error, Result},
};

/// Jobs that wait at most; past it a job is told to come again.
const QUEUE: usize = 1_024;
/// How long nothing must come until the writer does what can wait.
const PAUSE: Duration = Duration::from_millis(20);
/// How long the writer sleeps when nothing is to be done, unless it is woken.
const IDLE: Duration = Duration::from_secs(1);

type Job = Box<dyn FnOnce(&mut Connection) -> Effect + Send>;

/// What a job did.
struct Effect {
    left: Left,
    /// Tells whoever waits, after the journal was told.
    done: Box<dyn FnOnce() + Send>,
}

/// What the writer does when no job waits.
pub(crate) trait Background: Send {
    /// Does a bounded piece of work; whether there is more. What can wait only while it is `quiet`.
    fn step(&mut self, conn: &mut Connection, quiet: bool) -> Result<bool>;

    /// Told what a committed transaction left to be done.
    fn after(&mut self, conn: &mut Connection, left: Left) -> Result<()>;
}

enum Message {
    Job(Job),
    Wake,
    Stop,
}

/// The writer's handle.
#[derive(Clone)]
pub struct Writer {
    to: mpsc::SyncSender<Message>,
    core: Arc<Core>,
    thread: Arc<std::sync::Mutex<Option<JoinHandle<()>>>>,
}

impl Writer {
    /// Starts the thread.
    pub(crate) fn spawn(
        conn: Connection,
        core: Arc<Core>,
        background: impl Background + 'static,
    ) -> Result<Self> {
        let (to, from) = mpsc::sync_channel(QUEUE);
        let thread = std::thread::Builder::new()
            .name("gridbook-writer".to_owned())
            .spawn(move || run(conn, &from, background))?;
        Ok(Self {
            to,
            core,
            thread: Arc::new(std::sync::Mutex::new(Some(thread))),
        })
    }

    /// Runs `job` in a transaction of its own, and returns once it is on disk.
    pub async fn write<T, F>(&self, job: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        let (tell, told) = oneshot::channel();
        let core = self.core.clone();
        let job: Job = Box::new(move |conn| {
            let (result, left) = match transact(conn, &core, job) {
                Ok((value, left)) => (Ok(value), left),
                Err(error) => (Err(error), Left::default()),
            };
            Effect {
                left,
                done: Box::new(move || drop(tell.send(result))),
            }
        });
        match self.to.try_send(Message::Job(job)) {
            Ok(()) => {}
            Err(mpsc::TrySendError::Full(_)) => {
                return Err(Error::Busy {
                    retry_after_ms: 1_000,
                });
            }
            Err(mpsc::TrySendError::Disconnected(_)) => {
                return Err(Error::Internal("the store is closed"));
            }
        }
        told.await
            .unwrap_or(Err(Error::Internal("the store was closed")))
    }

    /// Tells the background that there is work.
    pub fn wake(&self) {
        // A full queue wakes it as well.
        let _ = self.to.try_send(Message::Wake);
    }

    /// Ends the thread after the jobs that wait.
    pub fn stop(&self) {
        let _ = self.to.send(Message::Stop);
        let thread = self
            .thread
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .take();
        if let Some(thread) = thread {
            let _ = thread.join();
        }
    }
}

/// Runs `job` in a transaction; its result, and what is left to be done. Schemas that it put in force
/// are so only with it.
pub(crate) fn transact<T>(
    conn: &mut Connection,
    core: &Arc<Core>,
    job: impl FnOnce(&mut Tx<'_>) -> Result<T>,
) -> Result<(T, Left)> {
    let schemas = core.schemas();
    let done = committed(conn, core, job);
    if done.is_err() {
        core.set_schemas(schemas);
    }
    done
}

fn committed<T>(
    conn: &mut Connection,
    core: &Arc<Core>,
    job: impl FnOnce(&mut Tx<'_>) -> Result<T>,
) -> Result<(T, Left)> {
    let transaction = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let run = || {
        let mut tx = Tx::new(&transaction, core, core.now_ms());
        let value = job(&mut tx)?;
        Ok((value, tx.finish()?))
    };
    let done = catch_unwind(AssertUnwindSafe(run));
    let done = done.unwrap_or(Err(Error::Internal("a job failed")))?;
    core.keys().flush()?;
    transaction.commit()?;
    Ok(done)
}

fn run(mut conn: Connection, from: &mpsc::Receiver<Message>, mut background: impl Background) {
    let (mut more, mut quiet) = (true, false);
    loop {
        let message = if more {
            match from.try_recv() {
                Err(mpsc::TryRecvError::Disconnected) => return,
                received => received.ok(),
            }
        } else {
            match from.recv_timeout(if quiet { IDLE } else { PAUSE }) {
                Err(mpsc::RecvTimeoutError::Disconnected) => return,
                received => received.ok(),
            }
        };
        quiet = message.is_none() && (quiet || !more);
        match message {
            Some(Message::Job(job)) => {
                let effect = job(&mut conn);
                if let Err(error) = background.after(&mut conn, effect.left) {
                    tracing::error!(%error, "what a job left could not be done");
                }
                (effect.done)();
            }
            Some(Message::Stop) => return,
            Some(Message::Wake) | None => {}
        }
        // After each job a piece of the background: neither starves the other.
        more = background.step(&mut conn, quiet).unwrap_or_else(|error| {
            tracing::error!(%error, "background work failed");
            false
        });
    }
}

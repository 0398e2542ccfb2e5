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

use super::Tx;
use crate::{
    core::Core,
    error::{Error, Result},
};

/// Jobs that wait at most; past it a job is told to come again.
const QUEUE: usize = 1_024;
/// How long the writer sleeps when nothing is to be done, unless it is woken.
const IDLE: Duration = Duration::from_secs(1);

type Job = Box<dyn FnOnce(&mut Connection) -> Effect + Send>;

/// What a job did.
struct Effect {
    journalled: bool,
    /// Tells whoever waits, after the journal was told.
    done: Box<dyn FnOnce() + Send>,
}

/// What the writer does when no job waits.
pub trait Background: Send {
    /// Does a bounded piece of work; whether there is more.
    fn step(&mut self, conn: &mut Connection) -> Result<bool>;

    /// Told after a transaction that left something for the journal.
    fn journalled(&mut self, conn: &mut Connection) -> Result<()>;
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
    pub fn spawn(
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
            let (result, journalled) = match transact(conn, &core, job) {
                Ok((value, journalled)) => (Ok(value), journalled),
                Err(error) => (Err(error), false),
            };
            Effect {
                journalled,
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

/// Runs `job` in a transaction; whether it left something for the journal.
pub(crate) fn transact<T>(
    conn: &mut Connection,
    core: &Arc<Core>,
    job: impl FnOnce(&mut Tx<'_>) -> Result<T>,
) -> Result<(T, bool)> {
    let transaction = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let run = || {
        let mut tx = Tx::new(&transaction, core, core.now_ms());
        job(&mut tx).map(|value| (value, tx.journalled))
    };
    let done = catch_unwind(AssertUnwindSafe(run));
    let (value, journalled) = done.unwrap_or(Err(Error::Internal("a job failed")))?;
    core.keys().flush()?;
    transaction.commit()?;
    Ok((value, journalled))
}

fn run(mut conn: Connection, from: &mpsc::Receiver<Message>, mut background: impl Background) {
    let mut more = true;
    loop {
        let message = if more {
            match from.try_recv() {
                Ok(message) => Some(message),
                Err(mpsc::TryRecvError::Empty) => None,
                Err(mpsc::TryRecvError::Disconnected) => return,
            }
        } else {
            match from.recv_timeout(IDLE) {
                Ok(message) => Some(message),
                Err(mpsc::RecvTimeoutError::Timeout) => None,
                Err(mpsc::RecvTimeoutError::Disconnected) => return,
            }
        };
        match message {
            Some(Message::Job(job)) => {
                let effect = job(&mut conn);
                if effect.journalled
                    && let Err(error) = background.journalled(&mut conn)
                {
                    tracing::error!(%error, "the journal could not be told");
                }
                (effect.done)();
            }
            Some(Message::Stop) => return,
            Some(Message::Wake) => more = true,
            None => {
                more = background.step(&mut conn).unwrap_or_else(|error| {
                    tracing::error!(%error, "background work failed");
                    false
                });
            }
        }
    }
}

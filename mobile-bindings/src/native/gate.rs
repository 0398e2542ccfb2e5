//! What is under way over the network: one sync at a time, and nothing when the book closes.
//!
//! Work runs on the runtime's own thread, so that whoever waits for it, a user interface for one,
//! is never held up by a step of it. Dropping the wait ends the work, at its next wait for the
//! network.

use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use sync_core::fieldbook::transport::TransportError;
use tokio::{
    sync::{Mutex, OwnedRwLockWriteGuard, RwLock, watch},
    task::JoinSet,
};

use crate::phone::{Problem, busy, fell_over};

/// Who may use the line.
#[derive(Default)]
pub(super) struct Gate {
    /// Whether somebody waits for a sync or an enrolment.
    awaited: AtomicBool,
    /// Held by that one, until it has really ended.
    line: Arc<Mutex<()>>,
    /// Read by whatever uses the book over the network.
    users: Arc<RwLock<()>>,
    /// Counts the times that somebody asked to stop.
    stops: watch::Sender<u64>,
}

impl Gate {
    /// Ends everything that is under way.
    pub(super) fn stop(&self) {
        self.stops.send_modify(|stops| *stops += 1);
    }

    /// Ends everything that is under way, and lets nothing begin until what it gives is dropped.
    pub(super) async fn alone(&self) -> OwnedRwLockWriteGuard<()> {
        self.stop();
        self.users.clone().write_owned().await
    }

    /// Does work, until it is done, stopped, or nobody waits for it any more.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, Problem>> + Send + 'static,
    ) -> Result<T, Problem> {
        self.run_unless(self.stops.subscribe(), work).await
    }

    /// The same, heeding whoever asked to stop since `stops` began to listen.
    async fn run_unless<T: Send + 'static>(
        &self,
        mut stops: watch::Receiver<u64>,
        work: impl Future<Output = Result<T, Problem>> + Send + 'static,
    ) -> Result<T, Problem> {
        let user = self.users.clone().read_owned().await;
        let mut task = JoinSet::new();
        task.spawn(async move {
            let _user = user;
            tokio::select! {
                biased;
                _ = stops.changed() => Err(TransportError::Cancelled.into()),
                done = work => done,
            }
        });
        match task.join_next().await {
            Some(Ok(done)) => done,
            // It panicked.
            _ => Err(fell_over()),
        }
    }

    /// The same for work of which there may be one.
    pub(super) async fn run_alone<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, Problem>> + Send + 'static,
    ) -> Result<T, Problem> {
        if self.awaited.swap(true, Ordering::AcqRel) {
            return Err(busy());
        }
        let _awaited = Awaited(&self.awaited);
        // Whoever asks to stop while this waits means this too.
        let stops = self.stops.subscribe();
        // One that nobody waits for any more may need a moment to end.
        let line = self.line.clone().lock_owned().await;
        self.run_unless(stops, async move {
            let _line = line;
            work.await
        })
        .await
    }
}

struct Awaited<'a>(&'a AtomicBool);

impl Drop for Awaited<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::phone::Code;

    #[tokio::test]
    async fn what_waits_for_a_cancelled_one_to_end_hears_a_stop() {
        let gate = Gate::default();
        let cancelled = gate.line.clone().lock_owned().await;
        let second = gate.run_alone(std::future::pending::<Result<(), Problem>>());
        let stop = async {
            // The second has begun to wait, and nothing has begun to work.
            tokio::task::yield_now().await;
            gate.stop();
            drop(cancelled);
        };
        let (ended, ()) = tokio::join!(second, stop);
        assert_eq!(ended.unwrap_err().code, Code::Cancelled);
    }
}

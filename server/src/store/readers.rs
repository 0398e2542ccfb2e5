//! Reading connections: each job sees one moment of main.db.

use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::Semaphore;

use super::{Place, open};
use crate::error::{Error, Result};

/// A bounded pool.
#[derive(Clone)]
pub struct Readers(Arc<Inner>);

struct Inner {
    idle: Mutex<Vec<Connection>>,
    turns: Arc<Semaphore>,
    place: Place,
    name: &'static str,
}

impl Readers {
    /// A pool of at most `size` connections, opened as they are needed.
    pub fn new(place: Place, name: &'static str, size: usize) -> Self {
        Self(Arc::new(Inner {
            idle: Mutex::default(),
            turns: Arc::new(Semaphore::new(size)),
            place,
            name,
        }))
    }

    /// Runs `job` on a thread that may block, in one read transaction.
    pub async fn read<T, F>(&self, job: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T> + Send + 'static,
    {
        let turns = self.0.turns.clone();
        let turn = turns
            .acquire_owned()
            .await
            .map_err(|_| Error::Internal("shutting down"))?;
        let pool = self.clone();
        let run = move || {
            let _turn = turn;
            pool.read_now(job)
        };
        tokio::task::spawn_blocking(run)
            .await
            .map_err(|_| Error::Internal("a read failed"))?
    }

    /// The same on the calling thread.
    pub fn read_now<T>(&self, job: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let idle = || self.0.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = idle().pop();
        let mut conn = match taken {
            Some(conn) => conn,
            None => open(&self.0.place, self.0.name, true)?,
        };
        let tx = conn.transaction_with_behavior(TransactionBehavior::Deferred)?;
        let result = job(&tx);
        drop(tx);
        idle().push(conn);
        result
    }
}

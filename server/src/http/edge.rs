//! What the HTTP side keeps in memory: bounded, and worth nothing after a restart.

use std::sync::Arc;

use tokio::sync::{Semaphore, watch};

use super::{attempts::Attempts, replay::Replays};
use crate::{config::Limits, metrics::Metrics, uploads::Lanes};

/// Shared by all requests. Cheap to clone.
#[derive(Clone)]
pub struct Edge(Arc<Parts>);

struct Parts {
    limits: Limits,
    metrics: Metrics,
    replays: Replays,
    attempts: Attempts,
    requests: Arc<Semaphore>,
    streams: Arc<Semaphore>,
    uploads: Lanes,
    stopping: watch::Sender<bool>,
}

impl Edge {
    /// An edge with these limits.
    pub fn new(limits: Limits, metrics: Metrics) -> Self {
        Self(Arc::new(Parts {
            requests: Arc::new(Semaphore::new(limits.requests)),
            streams: Arc::new(Semaphore::new(limits.live_streams)),
            limits,
            metrics,
            replays: Replays::default(),
            attempts: Attempts::default(),
            uploads: Lanes::default(),
            stopping: watch::Sender::new(false),
        }))
    }

    /// Bounds of requests and connections.
    pub fn limits(&self) -> &Limits {
        &self.0.limits
    }

    /// Counters.
    pub fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }

    /// Signatures that were seen.
    pub fn replays(&self) -> &Replays {
        &self.0.replays
    }

    /// Failed attempts at secrets.
    pub fn attempts(&self) -> &Attempts {
        &self.0.attempts
    }

    /// Turns of requests.
    pub fn requests(&self) -> &Arc<Semaphore> {
        &self.0.requests
    }

    /// Turns of live streams.
    pub fn streams(&self) -> &Arc<Semaphore> {
        &self.0.streams
    }

    /// Lanes of uploads.
    pub fn uploads(&self) -> &Lanes {
        &self.0.uploads
    }

    /// Becomes true when the server stops.
    pub fn stopping(&self) -> watch::Receiver<bool> {
        self.0.stopping.subscribe()
    }

    /// Asks everything that lasts to end.
    pub fn stop(&self) {
        self.0.stopping.send_replace(true);
    }
}

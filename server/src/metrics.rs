//! What is counted, for Prometheus. Labels are route templates, methods and statuses: never a
//! name, a record or a device.

use std::{sync::Arc, time::Duration};

use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{
        counter::Counter,
        family::Family,
        gauge::Gauge,
        histogram::{Histogram, exponential_buckets},
    },
    registry::Registry,
};

use crate::error::{Error, Result};

/// A route and how a request to it ended.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Served {
    /// Template of the path.
    pub route: String,
    /// Method.
    pub method: String,
    /// HTTP status.
    pub status: u16,
}

/// A route.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Route {
    /// Template of the path.
    pub route: String,
}

/// Everything that is counted. Cheap to clone.
#[derive(Clone)]
pub struct Metrics {
    registry: Arc<Registry>,
    /// Requests by route, method and status.
    pub requests: Family<Served, Counter>,
    /// Seconds from a request's head to its answer's.
    pub seconds: Family<Route, Histogram>,
    /// Bytes of bodies received.
    pub bytes_in: Family<Route, Counter>,
    /// Bytes of bodies sent.
    pub bytes_out: Family<Route, Counter>,
    /// Requests turned away because too many were under way.
    pub shed: Counter,
    /// Connections open.
    pub connections: Gauge,
    /// Live streams open.
    pub live_streams: Gauge,
    /// Seconds that a durable append to the journal took.
    pub fsync: Histogram,
    /// Last position of the journal.
    pub journal_position: Gauge,
    /// Position up to which it is verified.
    pub verified_position: Gauge,
    /// Entries between the two.
    pub backlog: Gauge,
    /// Parts of bundles that are held.
    pub held: Gauge,
    /// Parts of bundles that were refused.
    pub refused: Gauge,
    /// Records that are still to be looked at after another version of the schemas.
    pub reproject_left: Gauge,
    /// Files taken whole.
    pub files_stored: Counter,
    /// Bytes of all files.
    pub files_bytes: Gauge,
    /// Uploads that are not finished.
    pub uploads_open: Gauge,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut all = Self {
            registry: Arc::default(),
            requests: Family::default(),
            seconds: Family::new_with_constructor(latencies),
            bytes_in: Family::default(),
            bytes_out: Family::default(),
            shed: Counter::default(),
            connections: Gauge::default(),
            live_streams: Gauge::default(),
            fsync: latencies(),
            journal_position: Gauge::default(),
            verified_position: Gauge::default(),
            backlog: Gauge::default(),
            held: Gauge::default(),
            refused: Gauge::default(),
            reproject_left: Gauge::default(),
            files_stored: Counter::default(),
            files_bytes: Gauge::default(),
            uploads_open: Gauge::default(),
        };
        all.registry = Arc::new(all.register());
        all
    }
}

impl Metrics {
    /// All of them as Prometheus reads it.
    pub fn text(&self) -> Result<String> {
        let mut text = String::new();
        encode(&mut text, &self.registry)
            .map_err(|_| Error::Internal("metrics cannot be written"))?;
        Ok(text)
    }

    fn register(&self) -> Registry {
        let mut r = Registry::with_prefix("gridbook");
        let requests = self.requests.clone();
        r.register("requests", "Requests answered", requests);
        let seconds = self.seconds.clone();
        r.register("request_seconds", "Seconds until the answer", seconds);
        let bytes_in = self.bytes_in.clone();
        r.register("request_bytes", "Bytes of bodies received", bytes_in);
        let bytes_out = self.bytes_out.clone();
        r.register("response_bytes", "Bytes of bodies sent", bytes_out);
        r.register("shed", "Requests turned away when busy", self.shed.clone());
        let fsync = self.fsync.clone();
        r.register("journal_append_seconds", "Durable append", fsync);
        let stored = self.files_stored.clone();
        r.register("files_stored", "Files taken whole", stored);
        for (name, help, gauge) in [
            ("connections", "Connections open", &self.connections),
            ("live_streams", "Live streams open", &self.live_streams),
            (
                "journal_position",
                "Last entry of the journal",
                &self.journal_position,
            ),
            (
                "verified_position",
                "Last entry of the journal that is verified",
                &self.verified_position,
            ),
            ("backlog", "Entries not yet verified", &self.backlog),
            ("held", "Parts of bundles held", &self.held),
            ("refused", "Parts of bundles refused", &self.refused),
            (
                "reproject_left",
                "Records to be looked at after another version of the schemas",
                &self.reproject_left,
            ),
            ("files_bytes", "Bytes of all files", &self.files_bytes),
            ("uploads_open", "Uploads unfinished", &self.uploads_open),
        ] {
            r.register(name, help, gauge.clone());
        }
        r
    }

    /// Notes a request that was answered.
    pub fn served(&self, route: &str, method: &str, status: u16, took: Duration) {
        let served = Served {
            route: route.to_owned(),
            method: method.to_owned(),
            status,
        };
        self.requests.get_or_create(&served).inc();
        let route = Route {
            route: route.to_owned(),
        };
        self.seconds
            .get_or_create(&route)
            .observe(took.as_secs_f64());
    }
}

/// From half a millisecond to half a minute.
fn latencies() -> Histogram {
    Histogram::new(exponential_buckets(0.000_5, 2.0, 16))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_counted_by_its_route() {
        let metrics = Metrics::default();
        metrics.served("/v1/sync", "POST", 200, Duration::from_millis(3));
        let text = metrics.text().unwrap();
        let line = "gridbook_requests_total{route=\"/v1/sync\",method=\"POST\",status=\"200\"} 1";
        assert!(text.contains(line), "{text}");
        assert!(text.contains("gridbook_held 0"), "{text}");
    }
}

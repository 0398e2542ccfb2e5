//! What a simulated phone needs of a server: the hub in memory, or the server's own pieces in this
//! process.

use sync_core::{
    DeviceId,
    sync::{EnrolReply, EnrolRequest},
};

use crate::hub::Hub;

/// A server as phones meet it.
pub trait Upstream {
    /// Server time, ms.
    fn now_ms(&self) -> i64;

    /// Answers a sync request of a device; none where it is not taken at all.
    fn answer(&mut self, device: DeviceId, request: &[u8]) -> Option<Vec<u8>>;

    /// A one-time ticket for an inspector and grids.
    fn issue(&mut self, inspector: &str, grids: &[&str]) -> String;

    /// Enrols a phone, and has a supervisor confirm it.
    fn enrol_phone(&mut self, request: &EnrolRequest) -> Option<EnrolReply>;
}

impl Upstream for Hub {
    fn now_ms(&self) -> i64 {
        self.now_ms
    }

    fn answer(&mut self, _: DeviceId, request: &[u8]) -> Option<Vec<u8>> {
        self.sync(request).ok()
    }

    fn issue(&mut self, inspector: &str, grids: &[&str]) -> String {
        self.ticket(inspector, grids)
    }

    fn enrol_phone(&mut self, request: &EnrolRequest) -> Option<EnrolReply> {
        self.enrol(request)
    }
}

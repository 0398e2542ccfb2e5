//! What both books need of the browser: where they lie, the way to their server, and how a sync is
//! told.

use std::future::Future;

use js_sys::Function;
use sync_core::fieldbook::{Location, transport::HttpTransport};
use wasm_bindgen::prelude::*;

use super::{
    VFS,
    browser::{HostSigner, Timer, tell},
    or_throw, thrown,
};
use crate::phone::{Line, Problem, SyncProgress, SyncReport};

/// Where a book lies in the private file system.
pub(super) const fn location(name: &str) -> Location<'_> {
    Location::Vfs {
        name,
        vfs: VFS,
        shared_memory: false,
    }
}

/// The way to a server, or why there is none.
pub(super) fn transport(server: Result<String, Problem>) -> Result<HttpTransport, JsValue> {
    let server = or_throw(server)?;
    or_throw(HttpTransport::new(&server).map_err(Problem::from))
}

/// A line over it.
pub(super) const fn line<'a>(
    transport: &'a HttpTransport,
    signer: &'a HostSigner,
) -> Line<'a, HttpTransport, HostSigner, Timer> {
    Line {
        transport,
        signer,
        waiter: &Timer,
    }
}

/// Says what a sync is at to a listener, as JSON.
pub(super) fn teller(listener: &Function) -> impl FnMut(&SyncProgress) {
    move |progress| tell(listener, progress)
}

/// A sync's report as JSON.
pub(super) async fn report(
    sync: impl Future<Output = Result<SyncReport, Problem>>,
) -> Result<String, JsValue> {
    let report = or_throw(sync.await)?;
    serde_json::to_string(&report).map_err(|_| thrown(&Problem::call()))
}

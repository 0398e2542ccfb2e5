//! A book without its key: it can close, sign and send the outbox, and nothing else.

use std::sync::Arc;

use schemas::SchemaSet;

use super::{
    Fieldbook,
    enrol::Identity,
    error::{FieldbookError, Result},
    host::Host,
    store::{DataKey, Location, Store},
};
use crate::{
    bundle::{Bundle, Unsigned},
    sync::{Applied, Clock, Desk, PROTOCOL, SyncRequest, SyncResponse},
};

/// A phone's book, locked.
pub struct LockedBook {
    pub(super) store: Store,
    pub(super) identity: Identity,
}

impl LockedBook {
    /// Opens a book that exists, without its key.
    pub fn open(location: Location<'_>, host: Arc<dyn Host + Send + Sync>) -> Result<Self> {
        let store = Store::open(location, host)?;
        let identity = Identity::load(&store)?.ok_or(FieldbookError::NotEnrolled)?;
        Ok(Self { store, identity })
    }

    /// Opens it with its key: the file stays open.
    pub fn unlock(self, key: DataKey, schemas: Arc<SchemaSet>) -> Result<Fieldbook> {
        Fieldbook::unlock(self.store, Some(self.identity), key, schemas)
    }

    /// Own changes that the server has not acknowledged.
    pub fn pending(&self) -> Result<u64> {
        self.store.count_pending(self.store.meta_cbor("acked")?)
    }

    /// Files that the server does not have whole. They are sealed under the data key alone: they
    /// wait until the book is open.
    pub fn pending_attachments(&self) -> Result<usize> {
        Ok(self.store.pending_attachments()?.len())
    }

    /// Everything that is in no backup, sealed to the server, as a file.
    pub fn export_outbox(&self) -> Result<Vec<u8>> {
        self.store.export()
    }

    /// Forgets everything pulled, after too many wrong secrets. The outbox stays and can be sent.
    pub fn wipe(&mut self) -> Result<()> {
        self.store.transaction(|| self.store.wipe())
    }
}

impl Desk for LockedBook {
    type Error = FieldbookError;

    fn close_bundle(&mut self, clock: Clock) -> Result<Option<Unsigned>> {
        self.store.close_bundle(&self.identity, clock)
    }

    fn put_signature(&mut self, number: u64, cose: Vec<u8>) -> Result<()> {
        self.store.sign_bundle(number, &cose)
    }

    fn outgoing(&mut self) -> Result<Vec<Bundle>> {
        self.store.unacknowledged(|row| self.store.sealed_form(row))
    }

    fn has_outgoing(&mut self) -> Result<bool> {
        self.store.has_outgoing()
    }

    fn request(&mut self, bundles: Vec<Bundle>, clock: Clock) -> Result<SyncRequest> {
        Ok(SyncRequest {
            protocol: PROTOCOL,
            device: self.identity.certificate.device,
            cursors: Vec::new(),
            bundles,
            wall_ms: clock.wall_ms,
            status: None,
            carried: None,
            returned: None,
        })
    }

    /// Takes note of acknowledgements; everything else waits for the key.
    fn apply(&mut self, response: SyncResponse, clock: Clock) -> Result<Applied> {
        self.store
            .transaction(|| self.store.acknowledge(&response, clock))
    }
}

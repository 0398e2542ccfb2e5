//! A book without its key: what waits can be sent, carried out as a file, and nothing read.

use std::sync::{Arc, Mutex, MutexGuard, OnceLock};

use schemas::SchemaSet;
use sync_core::{
    DeviceId,
    fieldbook::{
        DataKey, FieldbookError, Host, Location, LockedBook,
        transport::{SignedLink, Signer, Transport, Waiter},
    },
};

use super::{
    Line, Phone, Problem, SyncProgress, SyncReport, builtin, fell_over,
    shared::{Tally, text},
    stop::Stop,
};

/// A phone's book, locked.
pub struct LockedPhone {
    book: Mutex<LockedBook>,
    host: Arc<dyn Host + Send + Sync>,
    stop: Stop,
    /// What opening needs, once it is prepared.
    schemas: OnceLock<Arc<SchemaSet>>,
}

impl Tally for LockedBook {
    fn tally(&self) -> Result<(u64, usize), FieldbookError> {
        Ok((self.pending()?, 0))
    }
}

impl LockedPhone {
    /// Opens a book that exists, without its key.
    pub fn open(
        location: Location<'_>,
        host: Arc<dyn Host + Send + Sync>,
    ) -> Result<Self, Problem> {
        let book = LockedBook::open(location, host.clone())?;
        Ok(Self {
            book: Mutex::new(book),
            host,
            stop: Stop::default(),
            schemas: OnceLock::new(),
        })
    }

    /// Does what opening needs and no secret, while the person is asked for one.
    pub fn prepare(&self) -> Result<(), Problem> {
        if self.schemas.get().is_none() {
            // Another call may have been first; what it made is the same.
            let _ = self.schemas.set(builtin()?);
        }
        Ok(())
    }

    /// Opens it with its key.
    pub fn unlock(self, key: &[u8; 32]) -> Result<Phone, Problem> {
        let schemas = match self.schemas.into_inner() {
            Some(schemas) => schemas,
            None => builtin()?,
        };
        let book = self.book.into_inner().map_err(|_| fell_over())?;
        let book = book.unlock(DataKey::new(key), schemas)?;
        Ok(Phone::around(book, self.host))
    }

    /// Own changes that the server has not acknowledged.
    pub fn pending(&self) -> Result<u64, Problem> {
        Ok(self.book()?.pending()?)
    }

    /// Photos that the server does not have whole; they wait until the book is open.
    pub fn photos(&self) -> Result<usize, Problem> {
        Ok(self.book()?.pending_attachments()?)
    }

    /// The address of the book's server.
    pub fn server(&self) -> Result<String, Problem> {
        Ok(self.book()?.contact()?.server)
    }

    /// Sends what waits.
    pub async fn sync<T, S, W, P>(
        &self,
        line: Line<'_, T, S, W>,
        progress: &mut P,
    ) -> Result<SyncReport, Problem>
    where
        T: Transport,
        S: Signer,
        W: Waiter,
        P: FnMut(&SyncProgress) + ?Sized,
    {
        self.stop.unless_asked(self.send(line, progress)).await
    }

    /// Ends a sync that is under way.
    pub fn stop(&self) {
        self.stop.ask();
    }

    async fn send<T, S, W, P>(
        &self,
        line: Line<'_, T, S, W>,
        progress: &mut P,
    ) -> Result<SyncReport, Problem>
    where
        T: Transport,
        S: Signer,
        W: Waiter,
        P: FnMut(&SyncProgress) + ?Sized,
    {
        let signed = self.link(line)?;
        let of = self.pending()?;
        let (report, sent_bundles) = text(&signed, &self.book, of, progress).await?;
        Ok(SyncReport::of_text(&report, sent_bundles))
    }

    /// Its device.
    pub(super) fn device(&self) -> Result<DeviceId, Problem> {
        Ok(self.book()?.identity().certificate.device)
    }

    /// The signed line of this device. What its clock is off by, the server says anew.
    pub(super) fn link<'a, T, S, W>(
        &'a self,
        line: Line<'a, T, S, W>,
    ) -> Result<SignedLink<'a, T, S, W>, Problem>
    where
        T: Transport,
        S: Signer,
        W: Waiter,
    {
        let (transport, signer, waiter) = (line.transport, line.signer, line.waiter);
        let device = self.device()?;
        Ok(SignedLink::new(
            transport,
            signer,
            waiter,
            &*self.host,
            device,
            0,
        ))
    }

    /// Everything that is in no backup, sealed to the server, as a file.
    pub fn export_outbox(&self) -> Result<Vec<u8>, Problem> {
        Ok(self.book()?.export_outbox()?)
    }

    /// Forgets everything pulled, after too many wrong secrets. The outbox stays and can be sent.
    pub fn wipe(&self) -> Result<(), Problem> {
        Ok(self.book()?.wipe()?)
    }

    fn book(&self) -> Result<MutexGuard<'_, LockedBook>, Problem> {
        self.book.lock().map_err(|_| fell_over())
    }
}

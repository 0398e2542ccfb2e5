//! A phone with a real fieldbook that speaks to a real server.

use std::{
    future::Future,
    sync::{Arc, OnceLock},
};

use ring::signature::{Ed25519KeyPair, KeyPair as _};
use sync_core::{
    DeviceId, FormatError,
    fieldbook::{
        Fieldbook, FieldbookError, LockedBook,
        transport::{
            Backoff, Patience, Request, Response, SignedLink, SyncError, Transport as _,
            TransportError, Uploaded, sync, upload,
        },
    },
    sync::{EnrolReply, Report, Session, SessionError, Step},
};
use thiserror::Error;
use tokio::runtime::Runtime;

use super::{Counts, Line, PhoneWaiter, ServerError};
use crate::world::{Link, SimHost, Storage};

/// Why a phone did not get what it wanted.
#[derive(Debug, Error)]
pub enum PhoneError {
    /// The line, or an answer that refuses.
    #[error("{0}")]
    Transport(#[from] TransportError),
    /// The phone's own store.
    #[error("{0}")]
    Book(#[from] FieldbookError),
    /// A sync that ended early.
    #[error("{0}")]
    Sync(#[from] SyncError<FieldbookError>),
    /// A session that its store ended.
    #[error("{0}")]
    Session(#[from] SessionError<FieldbookError>),
    /// An answer that cannot be read.
    #[error("{0}")]
    Format(#[from] FormatError),
    /// The server or its commands.
    #[error("{0}")]
    Server(#[from] ServerError),
}

/// A phone. Its clock stands where the test puts it; requests are signed by the server's.
pub struct HttpPhone {
    /// The open book.
    pub book: Fieldbook,
    /// Its clock and randomness.
    pub host: Arc<SimHost>,
    /// Its line.
    pub line: Line,
    /// What it waited.
    pub waiter: PhoneWaiter,
    /// How often it tries.
    pub patience: Patience,
    /// The server's clock less the phone's, as far as it knows.
    pub offset_ms: i64,
    storage: Storage,
    pair: Ed25519KeyPair,
    data_key: [u8; 32],
}

impl HttpPhone {
    /// A phone that is not enrolled.
    #[expect(clippy::missing_panics_doc, reason = "it cannot: see below")]
    pub fn new(url: &str, storage: Storage, seed: u64, now_ms: i64) -> Result<Self, PhoneError> {
        let host = Arc::new(SimHost::new(now_ms, seed));
        let mut key = [0x44; 32];
        key.iter_mut()
            .zip(seed.to_be_bytes())
            .for_each(|(to, from)| *to ^= from);
        #[expect(
            clippy::expect_used,
            reason = "a seed of 32 bytes always makes a key pair"
        )]
        let pair = Ed25519KeyPair::from_seed_unchecked(&key).expect("32 bytes");
        Ok(Self {
            book: storage.open(&key, &host)?,
            line: Line::new(url, seed ^ 0x11FE)?,
            host,
            waiter: PhoneWaiter::new(2_000),
            patience: Patience {
                attempts: 6,
                backoff: Backoff {
                    first_ms: 20,
                    max_ms: 500,
                },
            },
            offset_ms: 0,
            storage,
            pair,
            data_key: key,
        })
    }

    /// Enrols with a ticket; the device it became.
    pub fn enrol(&mut self, ticket: &str) -> Result<DeviceId, PhoneError> {
        let key = self.public_key();
        let request = self.book.enrol_request(ticket, key, "test").to_bytes();
        let request = Request::post("/v1/enrol", "application/cbor", request);
        let response = wait_for(self.line.send(request))?.expecting("application/cbor")?;
        let reply = EnrolReply::from_bytes(&response.body)?;
        self.book.enrol(&reply, &key)?;
        let now = sync_core::fieldbook::Host::clock(&*self.host).wall_ms;
        self.offset_ms = reply.server_ms - now;
        Ok(self.device())
    }

    /// Syncs until nothing is left, or patience ends.
    pub fn sync(&mut self) -> Result<Report, PhoneError> {
        let signer = |message: &[u8]| sign(&self.pair, message);
        let device = self.book.identity().map(|known| known.certificate.device);
        let device = device.ok_or(FieldbookError::NotEnrolled)?;
        let link = SignedLink::new(
            &self.line,
            &signer,
            &self.waiter,
            &*self.host,
            device,
            self.offset_ms,
        )
        .with_patience(self.patience);
        let report = wait_for(sync(&link, &mut self.book));
        self.offset_ms = link.offset_ms();
        Ok(report?)
    }

    /// Sends attached files that wait.
    pub fn upload(&mut self) -> Result<Uploaded, PhoneError> {
        let pair = &self.pair;
        let signer = |message: &[u8]| sign(pair, message);
        let link = SignedLink::new(
            &self.line,
            &signer,
            &self.waiter,
            &*self.host,
            self.device(),
            self.offset_ms,
        )
        .with_patience(self.patience);
        let report = wait_for(upload(&link, &mut self.book, &mut |_| {}));
        self.offset_ms = link.offset_ms();
        Ok(report?)
    }

    /// The body of the next `POST /v1/sync`, from a session that is then given up.
    pub fn next_sync_body(&mut self) -> Result<Vec<u8>, PhoneError> {
        let mut session = Session::new();
        loop {
            let clock = sync_core::fieldbook::Host::clock(&*self.host);
            match session.next(&mut self.book, clock)? {
                Step::Sign(message) => {
                    let signature = sign(&self.pair, &message);
                    session.signed(&mut self.book, signature)?;
                }
                Step::Send(body) => return Ok(body),
                Step::Done(_) => return Ok(Vec::new()),
            }
        }
    }

    /// Sends the outbox without the data key, as a locked phone does.
    pub fn sync_locked(&mut self) -> Result<Report, PhoneError> {
        let mut locked = LockedBook::open(self.storage.location(), self.host.clone())?;
        let signer = self.signer();
        let link = self.link(&signer);
        Ok(wait_for(sync(&link, &mut locked))?)
    }

    /// Sends a signed request, with the phone's patience.
    pub fn call(&self, request: &Request<'_>) -> Result<Response, PhoneError> {
        let signer = self.signer();
        let link = self.link(&signer);
        Ok(wait_for(link.call(request))?)
    }

    /// A request signed as this phone would sign it now.
    pub fn signed<'r>(&self, request: &Request<'r>) -> Result<Request<'r>, PhoneError> {
        let signer = self.signer();
        let link = self.link(&signer);
        Ok(wait_for(link.sign(request))?)
    }

    /// Sends a request as it stands, once.
    pub fn send(&self, request: Request<'_>) -> Result<Response, PhoneError> {
        Ok(wait_for(self.line.send(request))?)
    }

    /// Closes the app and opens it again; a book in memory stays.
    pub fn restart(&mut self) -> Result<(), PhoneError> {
        if self.storage != Storage::Memory {
            // The old one is closed first.
            self.book = Storage::Memory.open(&self.data_key, &self.host)?;
            self.book = self.storage.open(&self.data_key, &self.host)?;
        }
        Ok(())
    }

    /// Makes the line as good or bad as `link`.
    pub fn set_link(&self, link: Link) {
        self.line.set(link);
    }

    /// What the line carried so far.
    pub fn counts(&self) -> Counts {
        self.line.counts()
    }

    /// Its device id, once enrolled.
    pub fn device(&self) -> DeviceId {
        self.book
            .identity()
            .map(|identity| identity.certificate.device)
            .unwrap_or_default()
    }

    /// Its public key.
    pub fn public_key(&self) -> [u8; 32] {
        let mut key = [0; 32];
        key.copy_from_slice(self.pair.public_key().as_ref());
        key
    }

    /// Its signature over a message.
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        sign(&self.pair, message)
    }

    fn signer(&self) -> impl Fn(&[u8]) -> [u8; 64] + Send + Sync + '_ {
        let pair = &self.pair;
        move |message: &[u8]| sign(pair, message)
    }

    fn link<'a, S: sync_core::fieldbook::transport::Signer>(
        &'a self,
        signer: &'a S,
    ) -> SignedLink<'a, Line, S, PhoneWaiter> {
        SignedLink::new(
            &self.line,
            signer,
            &self.waiter,
            &*self.host,
            self.device(),
            self.offset_ms,
        )
        .with_patience(self.patience)
    }
}

fn sign(pair: &Ed25519KeyPair, message: &[u8]) -> [u8; 64] {
    let mut signature = [0; 64];
    signature.copy_from_slice(pair.sign(message).as_ref());
    signature
}

/// Waits for a request, on the runtime that all phones of the process share.
#[expect(clippy::expect_used, reason = "without threads no test can go on")]
pub(super) fn wait_for<T>(future: impl Future<Output = T>) -> T {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    let make = || {
        tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .expect("threads")
    };
    RUNTIME.get_or_init(make).block_on(future)
}

//! A simulated phone: a fieldbook, its keys and its line to the hub.

use std::sync::Arc;

use ring::signature::{Ed25519KeyPair, KeyPair as _};
use sync_core::{
    DeviceId,
    fieldbook::{
        DataKey, Fieldbook, FieldbookError, Location, LockedBook,
        transport::{SignedLink, SyncError, Transport, fetch_schema},
    },
    sync::{Desk, Report, Session, SessionError, Step},
};

use super::{Rng, SimHost, Upstream, schemas};
use crate::server::PhoneWaiter;

/// Where a simulated phone keeps its book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Storage {
    /// In memory: lost when the book is closed.
    Memory,
    /// On a SQLite VFS.
    Vfs {
        /// The VFS's name.
        vfs: String,
        /// Whether it shares memory: with it a write-ahead log, without it a truncated journal,
        /// as in a browser.
        shared_memory: bool,
    },
    /// In a file.
    File(String),
}

impl Storage {
    /// Where that is for a fieldbook.
    pub fn location(&self) -> Location<'_> {
        match self {
            Self::Memory => Location::Memory,
            Self::Vfs { vfs, shared_memory } => Location::Vfs {
                name: "book.db",
                vfs,
                shared_memory: *shared_memory,
            },
            Self::File(path) => Location::File(path),
        }
    }

    /// Opens the book there.
    pub fn open(&self, key: &[u8; 32], host: &Arc<SimHost>) -> Result<Fieldbook, FieldbookError> {
        let key = DataKey::new(key);
        Fieldbook::open(self.location(), key, schemas(), host.clone())
    }
}

/// How good the line to the hub is, in percent of requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Link {
    /// Requests that never arrive.
    pub lost: usize,
    /// Answers that never arrive, though the hub did its work.
    pub cut: usize,
    /// Requests that arrive twice.
    pub doubled: usize,
}

/// What a phone's line carried, lost pieces too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Traffic {
    /// Requests that the phone sent.
    pub requests: u64,
    /// Those that no answer came to.
    pub broken: u64,
    /// Bytes that it sent.
    pub up: u64,
    /// Bytes that arrived.
    pub down: u64,
}

/// A phone.
pub struct Phone {
    /// The open book.
    pub book: Fieldbook,
    /// Its clock.
    pub host: Arc<SimHost>,
    /// Its line.
    pub link: Link,
    /// What the line carried.
    pub traffic: Traffic,
    storage: Storage,
    pair: Ed25519KeyPair,
    data_key: [u8; 32],
    rng: Rng,
}

/// A session ended by the line, or by the phone itself.
#[derive(Debug)]
pub enum Broken {
    /// No answer came.
    Line,
    /// The phone's own trouble.
    Phone(FieldbookError),
}

impl Phone {
    /// A phone that is not enrolled.
    #[expect(clippy::missing_panics_doc, reason = "it cannot: see below")]
    pub fn new(storage: Storage, seed: u64, now_ms: i64) -> Result<Self, FieldbookError> {
        let host = Arc::new(SimHost::new(now_ms, seed));
        let mut key = [0x33; 32];
        key.iter_mut()
            .zip(seed.to_be_bytes())
            .for_each(|(to, from)| *to ^= from);
        #[expect(
            clippy::expect_used,
            reason = "a seed of 32 bytes always makes a key pair"
        )]
        let pair = Ed25519KeyPair::from_seed_unchecked(&key).expect("32 bytes");
        let book = storage.open(&key, &host)?;
        let rng = Rng::new(seed ^ 0x00F0_0D00);
        Ok(Self {
            book,
            host,
            link: Link::default(),
            traffic: Traffic::default(),
            storage,
            pair,
            data_key: key,
            rng,
        })
    }

    /// A phone that a hub has enrolled for an inspector and grids.
    pub fn enrolled(
        hub: &mut dyn Upstream,
        storage: Storage,
        seed: u64,
        inspector: &str,
        grids: &[&str],
    ) -> Result<Self, FieldbookError> {
        let mut phone = Self::new(storage, seed, hub.now_ms())?;
        let ticket = hub.issue(inspector, grids);
        phone.enrol(hub, &ticket)?;
        Ok(phone)
    }

    /// Enrols with a ticket.
    pub fn enrol(&mut self, hub: &mut dyn Upstream, ticket: &str) -> Result<(), FieldbookError> {
        let key = self.public_key();
        let request = self.book.enrol_request(ticket, key, "test");
        let reply = hub
            .enrol_phone(&request)
            .ok_or(FieldbookError::NotEnrolled)?;
        self.book.enrol(&reply, &key)
    }

    /// The phone's public key.
    pub fn public_key(&self) -> [u8; 32] {
        let mut key = [0; 32];
        key.copy_from_slice(self.pair.public_key().as_ref());
        key
    }

    /// Its signature over a message.
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        sign(&self.pair, message)
    }

    /// Its device id, once enrolled.
    pub fn device(&self) -> DeviceId {
        self.book
            .identity()
            .map(|identity| identity.certificate.device)
            .unwrap_or_default()
    }

    /// Closes the app and opens it again.
    pub fn restart(&mut self) -> Result<(), FieldbookError> {
        if self.storage != Storage::Memory {
            // The old one is closed first.
            self.book = Storage::Memory.open(&self.data_key, &self.host)?;
            self.book = self.storage.open(&self.data_key, &self.host)?;
        }
        Ok(())
    }

    /// Syncs until nothing is left, or the line breaks.
    pub fn sync(&mut self, hub: &mut dyn Upstream) -> Result<Report, Broken> {
        let host = self.host.clone();
        host.set(hub.now_ms());
        let line = Line {
            pair: &self.pair,
            device: self.book.identity().map(|known| known.certificate.device),
            host: &host,
            link: self.link,
            rng: &mut self.rng,
            traffic: &mut self.traffic,
        };
        line.drive(&mut self.book, hub)
    }

    /// Fetches the version of the schemas that a server announced, over HTTP.
    pub async fn fetch_schema<T: Transport>(
        &mut self,
        transport: &T,
    ) -> Result<bool, SyncError<FieldbookError>> {
        let (pair, device) = (&self.pair, self.device());
        let signer = |message: &[u8]| sign(pair, message);
        let waiter = PhoneWaiter::new(0);
        let link = SignedLink::new(transport, &signer, &waiter, &*self.host, device, 0);
        fetch_schema(&link, &mut self.book).await
    }

    /// Closes and signs what is open, as a session does before it asks anything of the line.
    pub fn close_bundles(&mut self) -> Result<(), FieldbookError> {
        use sync_core::fieldbook::Host as _;
        while let Some(unsigned) = self.book.close_bundle(self.host.clock())? {
            let signature = sign(&self.pair, unsigned.to_be_signed());
            let number = unsigned.manifest.number;
            self.book
                .put_signature(number, unsigned.finish(signature))?;
        }
        Ok(())
    }

    /// Sends the outbox without the data key, as a locked phone does.
    pub fn sync_locked(&mut self, hub: &mut dyn Upstream) -> Result<Report, Broken> {
        let mut locked = self.locked().map_err(Broken::Phone)?;
        let host = self.host.clone();
        let line = Line {
            pair: &self.pair,
            device: self.book.identity().map(|known| known.certificate.device),
            host: &host,
            link: self.link,
            rng: &mut self.rng,
            traffic: &mut self.traffic,
        };
        line.drive(&mut locked, hub)
    }

    /// The same book, locked.
    pub fn locked(&self) -> Result<LockedBook, FieldbookError> {
        LockedBook::open(self.storage.location(), self.host.clone())
    }
}

/// A phone's key, clock and line, for one session.
struct Line<'a> {
    pair: &'a Ed25519KeyPair,
    device: Option<DeviceId>,
    host: &'a SimHost,
    link: Link,
    rng: &'a mut Rng,
    traffic: &'a mut Traffic,
}

impl Line<'_> {
    fn drive<D>(mut self, desk: &mut D, hub: &mut dyn Upstream) -> Result<Report, Broken>
    where
        D: Desk<Error = FieldbookError>,
    {
        use sync_core::fieldbook::Host as _;
        let trouble = |error| match error {
            SessionError::Desk(error) => Broken::Phone(error),
            SessionError::Response(_) | SessionError::OutOfTurn => Broken::Line,
        };
        let mut session = Session::new();
        loop {
            let step = session.next(desk, self.host.clock()).map_err(trouble)?;
            match step {
                Step::Sign(message) => {
                    let signature = sign(self.pair, &message);
                    session.signed(desk, signature).map_err(trouble)?;
                }
                Step::Send(request) => {
                    let response = self.post(hub, &request)?;
                    session
                        .received(desk, request.len(), &response, self.host.clock())
                        .map_err(trouble)?;
                }
                Step::Done(report) => return Ok(report),
            }
        }
    }

    /// One request over the line, as good as it is.
    fn post(&mut self, hub: &mut dyn Upstream, request: &[u8]) -> Result<Vec<u8>, Broken> {
        let times = if self.rng.chance(self.link.lost) {
            0
        } else {
            1 + u64::from(self.rng.chance(self.link.doubled))
        };
        self.traffic.requests += 1;
        self.traffic.up += request.len() as u64 * times.max(1);
        let mut answer = None;
        for _ in 0..times {
            let device = self.device.unwrap_or_default();
            answer = Some(hub.answer(device, request).ok_or(Broken::Line)?);
        }
        match answer {
            Some(response) if !self.rng.chance(self.link.cut) => {
                self.traffic.down += response.len() as u64;
                Ok(response)
            }
            _ => {
                self.traffic.broken += 1;
                Err(Broken::Line)
            }
        }
    }
}

fn sign(pair: &Ed25519KeyPair, message: &[u8]) -> [u8; 64] {
    let mut signature = [0; 64];
    signature.copy_from_slice(pair.sign(message).as_ref());
    signature
}

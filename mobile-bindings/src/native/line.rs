//! What goes over the network. Each ends when whoever waits for it is cancelled, or by
//! [`Book::stop`].

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use super::{
    Book, BookError,
    book::{State, blocking},
    device::Timer,
    keys::{HostSigner, data_key, locked, public_key, whole},
    network::Way,
    types::{SyncProgress, SyncReport, Waiting, read},
};
use crate::phone::{self, Line, LockedPhone, Phone, Problem, Recovery};

/// Hears how far a sync is.
#[uniffi::export(with_foreign)]
pub trait SyncListener: Send + Sync {
    /// Called after each step, on a thread of the library.
    fn on_progress(&self, progress: SyncProgress);
}

/// Where a request for the data key stands.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Recovered {
    /// Nothing was asked, or it is gone after a day.
    None,
    /// Nobody has decided yet.
    Waiting,
    /// Approved.
    Approved {
        /// The data key, to be kept by the host.
        data_key: Vec<u8>,
    },
    /// Refused.
    Refused,
}

#[uniffi::export(async_runtime = "tokio")]
impl Book {
    /// Enrols with a supervisor's ticket at `server`. `app` names the app and its version.
    pub async fn enrol(
        self: Arc<Self>,
        server: String,
        ticket: String,
        app: String,
    ) -> Result<(), BookError> {
        let book = self.clone();
        let enrolment = async move {
            let phone = book.phone()?;
            let way = book.network.to(&server)?;
            let key = public_key(&*book.keys)?;
            phone.enrol(&way, &server, &ticket, key, &app).await
        };
        Ok(self.gate.run_alone(enrolment).await?)
    }

    /// Syncs text, then photos. A locked book sends what waits and receives nothing.
    #[uniffi::method(default(listener = None))]
    pub async fn sync(
        self: Arc<Self>,
        listener: Option<Arc<dyn SyncListener>>,
    ) -> Result<SyncReport, BookError> {
        let book = self.clone();
        let sync = Box::pin(async move {
            let mut say = teller(listener);
            let report = match book.held()? {
                Held::Open(phone) => {
                    let way = book.network.to(&phone.server()?)?;
                    let signer = HostSigner(book.keys.clone());
                    phone.sync(line(&way, &signer), &mut say).await
                }
                Held::Locked(phone) => {
                    let way = book.network.to(&phone.server()?)?;
                    let signer = HostSigner(book.keys.clone());
                    phone.sync(line(&way, &signer), &mut say).await
                }
            };
            read(&report?)
        });
        Ok(self.gate.run_alone(sync).await?)
    }

    /// The bytes of a photo, kept here or fetched.
    pub async fn photo(
        self: Arc<Self>,
        record: String,
        sha256: String,
    ) -> Result<Vec<u8>, BookError> {
        let book = self.clone();
        let fetch = async move {
            let phone = book.phone()?;
            let way = book.network.to(&phone.server()?)?;
            let signer = HostSigner(book.keys.clone());
            phone.photo(line(&way, &signer), &record, &sha256).await
        };
        Ok(self.gate.run(fetch).await?)
    }

    /// What waits to be sent, also of a locked book.
    pub fn waiting(&self) -> Result<Waiting, BookError> {
        Ok(match &*self.state() {
            State::Open(phone) => phone.ask("counts", &())?,
            State::Locked(phone) => Waiting {
                waiting: phone.pending()?,
                photos: phone.photos()? as u64,
            },
            State::Closed => return Err(locked().into()),
        })
    }

    /// Everything that is in no backup, sealed to the server, as a file; also of a locked book.
    pub fn export_outbox(&self) -> Result<Vec<u8>, BookError> {
        Ok(match &*self.state() {
            State::Open(phone) => phone.export_outbox()?,
            State::Locked(phone) => phone.export_outbox()?,
            State::Closed => return Err(locked().into()),
        })
    }

    /// Forgets everything pulled; what is unsent stays, sealed to the server. Also of a locked book.
    pub fn wipe(&self) -> Result<(), BookError> {
        match &*self.state() {
            State::Open(phone) => phone.wipe()?,
            State::Locked(phone) => phone.wipe()?,
            State::Closed => return Err(locked().into()),
        }
        Ok(())
    }

    /// The data key sealed to the server, to be kept for the day on which it is lost.
    pub async fn recovery_copy(self: Arc<Self>) -> Result<Vec<u8>, BookError> {
        blocking(move || self.phone()?.recovery_copy(&data_key(&*self.keys)?)).await
    }

    /// Asks the server for the data key of a locked book. `copy` is what `recovery_copy` made,
    /// `secret` 32 fresh random bytes, to be kept until the answer is taken.
    pub async fn recovery_ask(
        self: Arc<Self>,
        copy: Vec<u8>,
        secret: Vec<u8>,
    ) -> Result<(), BookError> {
        let book = self.clone();
        let ask = async move {
            let secret = whole(&secret)?;
            let phone = book.locked_phone()?;
            let way = book.network.to(&phone.server()?)?;
            let signer = HostSigner(book.keys.clone());
            let line = line(&way, &signer);
            phone.recovery_ask(line, &copy, &secret).await
        };
        Ok(self.gate.run(ask).await?)
    }

    /// What became of it.
    pub async fn recovery_poll(self: Arc<Self>, secret: Vec<u8>) -> Result<Recovered, BookError> {
        let book = self.clone();
        let poll = async move {
            let secret = whole(&secret)?;
            let phone = book.locked_phone()?;
            let way = book.network.to(&phone.server()?)?;
            let signer = HostSigner(book.keys.clone());
            let line = line(&way, &signer);
            Ok(match phone.recovery_poll(line, &secret).await? {
                Recovery::None => Recovered::None,
                Recovery::Waiting => Recovered::Waiting,
                Recovery::Refused => Recovered::Refused,
                Recovery::Approved(key) => Recovered::Approved {
                    data_key: key.to_vec(),
                },
            })
        };
        Ok(self.gate.run(poll).await?)
    }
}

/// A book that is not closed.
enum Held {
    Open(Arc<Phone>),
    Locked(Arc<LockedPhone>),
}

impl Book {
    fn held(&self) -> Result<Held, Problem> {
        match &*self.state() {
            State::Open(phone) => Ok(Held::Open(phone.clone())),
            State::Locked(phone) => Ok(Held::Locked(phone.clone())),
            State::Closed => Err(locked()),
        }
    }

    fn locked_phone(&self) -> Result<Arc<LockedPhone>, Problem> {
        match self.held()? {
            Held::Locked(phone) => Ok(phone),
            // The key is here: nothing is to be asked.
            Held::Open(_) => Err(Problem::call()),
        }
    }
}

const fn line<'a>(way: &'a Way, signer: &'a HostSigner) -> Line<'a, Way, HostSigner, Timer> {
    Line {
        transport: way,
        signer,
        waiter: &Timer,
    }
}

/// Says what a sync is at. A listener that fails is left alone: the sync is not its fault.
fn teller(listener: Option<Arc<dyn SyncListener>>) -> impl FnMut(&phone::SyncProgress) + Send {
    move |progress| {
        if let (Some(listener), Ok(progress)) = (&listener, read(progress)) {
            let _ = catch_unwind(AssertUnwindSafe(|| listener.on_progress(progress)));
        }
    }
}

//! One book on the disk, open or locked.

use std::{
    fs::{File, TryLockError},
    sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
};

use sync_core::fieldbook::{FieldbookError, Location};
use tokio::task::spawn_blocking;

use super::{
    BookError, KeyStore, Network,
    device::Device,
    gate::Gate,
    keys::{data_key, locked},
};
use crate::phone::{LockedPhone, Phone, Problem, busy, fell_over};

/// A phone's book. Every method may be called from every thread.
#[derive(uniffi::Object)]
pub struct Book {
    path: String,
    /// Locked for as long as the book is not closed: what one book knows another would not.
    claim: Mutex<Option<File>>,
    pub(super) keys: Arc<dyn KeyStore>,
    pub(super) network: Network,
    pub(super) gate: Gate,
    state: RwLock<State>,
}

pub(super) enum State {
    Open(Arc<Phone>),
    Locked(Arc<LockedPhone>),
    Closed,
}

#[uniffi::export(async_runtime = "tokio")]
impl Book {
    /// Opens or creates the book at `path`. The first data key is the book's.
    #[uniffi::constructor(default(network = None))]
    pub async fn open(
        path: String,
        keys: Arc<dyn KeyStore>,
        network: Option<Network>,
    ) -> Result<Arc<Self>, BookError> {
        Self::around(path, keys, network, |path, keys| {
            let key = data_key(keys)?;
            let phone = Phone::open(Location::File(path), &key, Arc::new(Device))?;
            Ok(State::Open(Arc::new(phone)))
        })
        .await
    }

    /// Opens a book that exists, without its data key: what waits can be sent or carried out,
    /// nothing read.
    #[uniffi::constructor(default(network = None))]
    pub async fn open_locked(
        path: String,
        keys: Arc<dyn KeyStore>,
        network: Option<Network>,
    ) -> Result<Arc<Self>, BookError> {
        Self::around(path, keys, network, |path, _| shut(path)).await
    }

    /// Opens a locked book with the host's data key. After a wrong one it is locked as before.
    pub async fn unlock(self: Arc<Self>) -> Result<(), BookError> {
        self.alone(|book, state| {
            if !matches!(state, State::Locked(_)) {
                return Ok(());
            }
            let key = data_key(&*book.keys)?;
            let State::Locked(phone) = std::mem::replace(state, State::Closed) else {
                return Err(fell_over());
            };
            let opened = Arc::into_inner(phone).ok_or_else(busy);
            let opened = opened.and_then(|phone| phone.unlock(&key));
            *state = match &opened {
                Ok(_) => State::Closed,
                Err(_) => shut(&book.path)?,
            };
            *state = State::Open(Arc::new(opened?));
            Ok(())
        })
        .await
    }

    /// Forgets the data key. Ends what is under way over the network. A book that is not enrolled
    /// stays open: there is nothing in it.
    pub async fn lock(self: Arc<Self>) -> Result<(), BookError> {
        self.alone(|book, state| {
            if let State::Open(phone) = state {
                phone.server()?;
                // The file is let go before it is opened again.
                *state = State::Closed;
                *state = shut(&book.path)?;
            }
            Ok(())
        })
        .await
    }

    /// Closes it for good, and lets go of the file. Ends what is under way over the network.
    /// Not `close`: in Kotlin that is what lets go of the object.
    pub async fn shut(self: Arc<Self>) -> Result<(), BookError> {
        self.alone(|book, state| {
            *state = State::Closed;
            *book.claim.lock().unwrap_or_else(PoisonError::into_inner) = None;
            Ok(())
        })
        .await
    }

    /// Whether its data key is not at hand.
    pub fn is_locked(&self) -> bool {
        !matches!(&*self.state(), State::Open(_))
    }

    /// Ends what is under way over the network, with the problem `Cancelled`. What was sent stays
    /// sent.
    pub fn stop(&self) {
        self.gate.stop();
    }
}

impl Book {
    async fn around(
        path: String,
        keys: Arc<dyn KeyStore>,
        network: Option<Network>,
        open: impl FnOnce(&str, &dyn KeyStore) -> Result<State, Problem> + Send + 'static,
    ) -> Result<Arc<Self>, BookError> {
        let opened = blocking(move || {
            let claim = claimed(&path)?;
            let state = open(&path, &*keys)?;
            Ok(Self {
                path,
                claim: Mutex::new(Some(claim)),
                keys,
                network: network.unwrap_or_default(),
                gate: Gate::default(),
                state: RwLock::new(state),
            })
        });
        Ok(Arc::new(opened.await?))
    }

    /// Changes the state, when nobody uses the book.
    async fn alone(
        self: Arc<Self>,
        change: impl FnOnce(&Self, &mut State) -> Result<(), Problem> + Send + 'static,
    ) -> Result<(), BookError> {
        let alone = self.gate.alone().await;
        blocking(move || {
            let _alone = alone;
            change(&self, &mut self.state_mut())
        })
        .await
    }

    /// The phone that is open, for a call. It is not closed meanwhile.
    pub(super) fn with<T>(
        &self,
        call: impl FnOnce(&Phone) -> Result<T, Problem>,
    ) -> Result<T, BookError> {
        match &*self.state() {
            State::Open(phone) => Ok(call(phone)?),
            State::Locked(_) | State::Closed => Err(locked().into()),
        }
    }

    /// The phone that is open, for work over the network, which the gate lets end first.
    pub(super) fn phone(&self) -> Result<Arc<Phone>, Problem> {
        match &*self.state() {
            State::Open(phone) => Ok(phone.clone()),
            State::Locked(_) | State::Closed => Err(locked()),
        }
    }

    pub(super) fn state(&self) -> RwLockReadGuard<'_, State> {
        // A panic inside a call is told by the phone; what is on disk is whole.
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn state_mut(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes a file beside the book's, which the system lets go of with the process.
fn claimed(path: &str) -> Result<File, Problem> {
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(format!("{path}.lock"));
    let file = file.map_err(|_| FieldbookError::Store("no file beside it".to_owned()))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(FieldbookError::Busy.into()),
        Err(TryLockError::Error(_)) => Err(FieldbookError::Store("no lock".to_owned()).into()),
    }
}

fn shut(path: &str) -> Result<State, Problem> {
    let phone = LockedPhone::open(Location::File(path), Arc::new(Device))?;
    Ok(State::Locked(Arc::new(phone)))
}

/// Does what reads the disk for long or asks the person, away from the threads that wait.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, BookError> {
    let done = spawn_blocking(work).await;
    Ok(done.map_err(|_| fell_over())??)
}

//! A line to the server that can be cut and stalled: phones know its address alone.

use std::{
    io::{self, Read as _, Write as _},
    net::{Shutdown, TcpListener, TcpStream},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

/// Longest wait for a request that is to come.
const PATIENCE: Duration = Duration::from_secs(30);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// Everything goes through.
    Pass,
    /// Nobody answers.
    Cut,
    /// Requests are taken and not passed on.
    Stall,
}

struct State {
    way: Way,
    /// Whether a request came that was not passed on, and that nobody has waited for yet.
    stalled: bool,
    open: Vec<TcpStream>,
}

struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

pub(super) struct Valve {
    shared: Arc<Shared>,
    address: String,
    server: String,
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Valve {
    /// A line to `server` (`host:port`).
    pub(super) fn to(server: &str) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let valve = Self {
            address: listener.local_addr()?.to_string(),
            server: server.to_owned(),
            shared: Arc::new(Shared {
                state: Mutex::new(State {
                    way: Way::Pass,
                    stalled: false,
                    open: Vec::new(),
                }),
                changed: Condvar::new(),
            }),
        };
        valve.listen(listener);
        Ok(valve)
    }

    /// Takes connections until the line is cut; then the port is closed.
    fn listen(&self, listener: TcpListener) {
        let (shared, server) = (self.shared.clone(), self.server.clone());
        thread::spawn(move || {
            for phone in listener.incoming().flatten() {
                if shared.state().way == Way::Cut {
                    return;
                }
                let (shared, server) = (shared.clone(), server.clone());
                // A connection that breaks is what a line does.
                thread::spawn(move || drop(carry(&shared, phone, &server)));
            }
        });
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// From now on the line is so; connections that were open are closed.
    pub(super) fn set(&self, way: Way) -> io::Result<()> {
        let before = {
            let mut state = self.shared.state();
            state.stalled = false;
            for open in state.open.drain(..) {
                let _ = open.shutdown(Shutdown::Both);
            }
            std::mem::replace(&mut state.way, way)
        };
        if way == Way::Cut {
            // Whoever listens finds it cut; once the port is closed nobody gets through.
            while TcpStream::connect(&self.address).is_ok() {}
        } else if before == Way::Cut {
            self.listen(TcpListener::bind(&self.address)?);
        }
        Ok(())
    }

    /// Waits for a request that the line holds, and that nobody waited for before.
    pub(super) fn wait(&self) -> bool {
        let state = self.shared.state();
        let waited = self
            .shared
            .changed
            .wait_timeout_while(state, PATIENCE, |state| !state.stalled);
        waited.is_ok_and(|(mut state, _)| std::mem::take(&mut state.stalled))
    }
}

fn carry(shared: &Shared, mut phone: TcpStream, server: &str) -> io::Result<()> {
    let way = {
        let mut state = shared.state();
        state.open.push(phone.try_clone()?);
        state.way
    };
    match way {
        // Cut meanwhile.
        Way::Cut => Ok(()),
        Way::Stall => {
            if phone.read(&mut [0; 1_024])? > 0 {
                shared.state().stalled = true;
                shared.changed.notify_all();
            }
            // Until the phone gives up or the line changes.
            io::copy(&mut phone, &mut io::sink()).map(drop)
        }
        Way::Pass => {
            let mut up = TcpStream::connect(server)?;
            let (mut from_phone, mut to_server) = (phone.try_clone()?, up.try_clone()?);
            thread::spawn(move || {
                let _ = io::copy(&mut from_phone, &mut to_server);
                let _ = to_server.shutdown(Shutdown::Write);
            });
            let copied = io::copy(&mut up, &mut phone);
            phone.flush()?;
            let _ = phone.shutdown(Shutdown::Both);
            copied.map(drop)
        }
    }
}

//! A phone's line: HTTP that loses, cuts and doubles, and counts what it carries.

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use sync_core::fieldbook::transport::{
    HttpTransport, Request, Response, Transport, TransportError, Waiter,
};

use crate::world::{Link, Rng};

/// What a line carried, lost pieces too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Requests that were sent.
    pub requests: u64,
    /// Those that no answer came to.
    pub broken: u64,
    /// Answers that refuse: status 400 and above.
    pub refused: u64,
    /// Bytes of bodies up.
    pub up: u64,
    /// Bytes of bodies down.
    pub down: u64,
    /// Bytes of methods, paths and headers, both ways, as HTTP/1.1 writes them.
    pub heads: u64,
}

/// A line to one server.
pub struct Line {
    inner: HttpTransport,
    state: Mutex<State>,
}

struct State {
    link: Link,
    rng: Rng,
    counts: Counts,
}

impl Line {
    /// A good line to `url`.
    pub fn new(url: &str, seed: u64) -> Result<Self, TransportError> {
        Ok(Self {
            inner: HttpTransport::new(url)?,
            state: Mutex::new(State {
                link: Link::default(),
                rng: Rng::new(seed),
                counts: Counts::default(),
            }),
        })
    }

    /// Makes it as good or bad as `link`.
    pub fn set(&self, link: Link) {
        self.with(|state| state.link = link);
    }

    /// What it carried so far.
    pub fn counts(&self) -> Counts {
        self.with(|state| state.counts)
    }

    fn with<T>(&self, work: impl FnOnce(&mut State) -> T) -> T {
        work(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn broken(&self) -> TransportError {
        self.with(|state| state.counts.broken += 1);
        TransportError::Protocol("the line broke")
    }
}

impl Transport for Line {
    async fn send(&self, request: Request<'_>) -> Result<Response, TransportError> {
        let (lost, doubled, cut) = self.with(|state| {
            let State { link, rng, counts } = state;
            let chances = (
                rng.chance(link.lost),
                rng.chance(link.doubled),
                rng.chance(link.cut),
            );
            let times = 1 + u64::from(chances.1);
            counts.requests += 1;
            counts.up += times * request.body.len() as u64;
            counts.heads += times * head_up(&request);
            chances
        });
        if lost {
            return Err(self.broken());
        }
        let again = doubled.then(|| request.clone());
        let answer = self.inner.send(request).await;
        if let Some(again) = again {
            // Nobody reads what comes to the second.
            let _ = self.inner.send(again).await;
        }
        let Ok(answer) = answer else {
            self.broken();
            return answer;
        };
        if cut {
            return Err(self.broken());
        }
        self.with(|state| {
            state.counts.down += answer.body.len() as u64;
            state.counts.heads += head_down(&answer);
            state.counts.refused += u64::from(answer.status >= 400);
        });
        Ok(answer)
    }
}

/// Bytes of the request's head: "POST /v1/sync HTTP/1.1" and a line a header, with line ends.
fn head_up(request: &Request<'_>) -> u64 {
    let first = request.method.as_str().len() + request.path.len() + 12;
    let kind = request
        .content_type
        .map_or(0, |kind| "content-type: ".len() + kind.len() + 2);
    let headers: usize = request
        .headers
        .iter()
        .map(|(name, value)| name.len() + value.len() + 4)
        .sum();
    // Host, content-length and accept, which the client adds.
    (first + kind + headers + 64) as u64
}

fn head_down(response: &Response) -> u64 {
    let headers = response.headers.iter();
    let bytes: usize = headers
        .map(|(name, value)| name.len() + value.len() + 4)
        .sum();
    (bytes + 19) as u64
}

/// Something that happens while a phone waits so many ms.
type Meanwhile = Box<dyn FnMut(u64) + Send>;

/// Waits as long as it is told, up to a bound, and adds it up.
pub struct PhoneWaiter {
    /// Longest wait, ms.
    pub longest_ms: u64,
    waited_ms: AtomicU64,
    meanwhile: Mutex<Option<Meanwhile>>,
}

impl PhoneWaiter {
    /// A waiter with this bound.
    pub const fn new(longest_ms: u64) -> Self {
        Self {
            longest_ms,
            waited_ms: AtomicU64::new(0),
            meanwhile: Mutex::new(None),
        }
    }

    /// From now on no time passes while the phone waits: instead this happens.
    pub fn instead(&self, meanwhile: impl FnMut(u64) + Send + 'static) {
        let mut slot = self
            .meanwhile
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *slot = Some(Box::new(meanwhile));
    }

    /// All that it was told to wait, ms.
    pub fn asked_ms(&self) -> u64 {
        self.waited_ms.load(Ordering::Relaxed)
    }
}

impl Waiter for PhoneWaiter {
    async fn wait(&self, ms: u64) {
        self.waited_ms.fetch_add(ms, Ordering::Relaxed);
        {
            let mut slot = self
                .meanwhile
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            if let Some(meanwhile) = slot.as_mut() {
                meanwhile(ms);
                return;
            }
        }
        tokio::time::sleep(Duration::from_millis(ms.min(self.longest_ms))).await;
    }
}

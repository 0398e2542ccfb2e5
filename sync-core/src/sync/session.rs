//! A session: closes and signs what is open, sends it, applies what comes back, until nothing is
//! left. It is handed bytes and hands back bytes; whoever drives it owns network, clock and key.

use thiserror::Error;

use super::messages::{SyncRequest, SyncResponse};
use crate::{
    bundle::{Bundle, SIGNATURE_LEN, Unsigned},
    error::FormatError,
    limits::MAX_SESSION_ROUNDS,
};

/// The two clocks of a device, as its host reads them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Clock {
    /// Wall time, ms since 1970; may be wrong.
    pub wall_ms: i64,
    /// Time since some moment of this run, ms; never goes back.
    pub monotonic_ms: u64,
}

/// What a response did.
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent facts for a report"
)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Applied {
    /// Whether anything was newly acknowledged, applied, or is now to be sent in another form.
    pub progressed: bool,
    /// Whether the server has more.
    pub more: bool,
    /// Changes that other people made.
    pub changes: u64,
    /// Records that came in packs.
    pub packed: u64,
    /// Verdicts that hold or refuse something.
    pub setbacks: u64,
    /// Another installation writes under this device's name: enrol again.
    pub fork: bool,
    /// The first bundle the server will not take as it is.
    pub rejected: Option<u64>,
    /// The pulled records were wiped on the server's order.
    pub wiped: bool,
    /// The server asked to come again after so many ms.
    pub retry_after_ms: Option<u32>,
}

/// The phone's side of a session: a fieldbook, open or locked.
pub trait Desk {
    /// What may go wrong on the phone itself.
    type Error;

    /// Closes open changes into a bundle, durably, and says what to sign; none if nothing is open.
    fn close_bundle(&mut self, clock: Clock) -> Result<Option<Unsigned>, Self::Error>;
    /// Keeps a bundle's signature, durably.
    fn put_signature(&mut self, number: u64, cose: Vec<u8>) -> Result<(), Self::Error>;
    /// Signed bundles that are not acknowledged, by number without gaps, as many as a request
    /// holds.
    fn outgoing(&mut self) -> Result<Vec<Bundle>, Self::Error>;
    /// The rest of the request.
    fn request(&mut self, bundles: Vec<Bundle>, clock: Clock) -> Result<SyncRequest, Self::Error>;
    /// Applies a response, durably.
    fn apply(&mut self, response: SyncResponse, clock: Clock) -> Result<Applied, Self::Error>;
    /// Whether something is left to send.
    fn has_outgoing(&mut self) -> Result<bool, Self::Error>;
}

/// What the driver of a session does next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Sign these bytes with the device's key and call [`Session::signed`].
    Sign(Vec<u8>),
    /// Send these bytes to the server and call [`Session::received`].
    Send(Vec<u8>),
    /// Nothing is left to do, or nothing can be done now.
    Done(Report),
}

/// What a session did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Report {
    /// Requests sent.
    pub rounds: u32,
    /// Bytes sent.
    pub sent_bytes: u64,
    /// Bytes received.
    pub received_bytes: u64,
    /// Everything that the responses did.
    pub applied: Applied,
    /// Whether everything was sent and received.
    pub complete: bool,
}

/// Why a session ended early. What was committed before stays committed.
#[derive(Debug, Error)]
pub enum SessionError<E> {
    /// The phone's own store.
    #[error(transparent)]
    Desk(E),
    /// The server answered something that is not a response.
    #[error("the server's answer cannot be read: {0}")]
    Response(#[from] FormatError),
    /// The driver answered a step that was not asked.
    #[error("not what the session waits for")]
    OutOfTurn,
}

enum State {
    Ready,
    Signing(Box<Unsigned>),
    Waiting,
    Finished,
}

/// A session in progress. Dropping it loses nothing: the next one goes on where this one ended.
pub struct Session {
    state: State,
    report: Report,
}

impl Default for Session {
    fn default() -> Self {
        Self::new()
    }
}

impl Session {
    /// A new session.
    pub fn new() -> Self {
        Self {
            state: State::Ready,
            report: Report::default(),
        }
    }

    /// What to do next. Asking again repeats the step.
    pub fn next<D: Desk>(
        &mut self,
        desk: &mut D,
        clock: Clock,
    ) -> Result<Step, SessionError<D::Error>> {
        match &self.state {
            State::Signing(unsigned) => return Ok(Step::Sign(unsigned.to_be_signed().to_vec())),
            State::Finished => return Ok(Step::Done(self.report)),
            State::Waiting | State::Ready => {}
        }
        if self.report.rounds >= MAX_SESSION_ROUNDS {
            self.state = State::Finished;
            return Ok(Step::Done(self.report));
        }
        if let Some(unsigned) = desk.close_bundle(clock).map_err(SessionError::Desk)? {
            let bytes = unsigned.to_be_signed().to_vec();
            self.state = State::Signing(Box::new(unsigned));
            return Ok(Step::Sign(bytes));
        }
        let bundles = desk.outgoing().map_err(SessionError::Desk)?;
        let request = desk
            .request(bundles, clock)
            .map_err(SessionError::Desk)?
            .to_bytes();
        self.state = State::Waiting;
        Ok(Step::Send(request))
    }

    /// The signature that [`Step::Sign`] asked for.
    pub fn signed<D: Desk>(
        &mut self,
        desk: &mut D,
        signature: [u8; SIGNATURE_LEN],
    ) -> Result<(), SessionError<D::Error>> {
        let State::Signing(unsigned) = std::mem::replace(&mut self.state, State::Ready) else {
            return Err(SessionError::OutOfTurn);
        };
        let number = unsigned.manifest.number;
        desk.put_signature(number, unsigned.finish(signature))
            .map_err(SessionError::Desk)
    }

    /// The answer to [`Step::Send`], and how many bytes the request had.
    pub fn received<D: Desk>(
        &mut self,
        desk: &mut D,
        sent_bytes: usize,
        response: &[u8],
        clock: Clock,
    ) -> Result<(), SessionError<D::Error>> {
        if !matches!(self.state, State::Waiting) {
            return Err(SessionError::OutOfTurn);
        }
        self.state = State::Ready;
        self.report.rounds += 1;
        self.report.sent_bytes += sent_bytes as u64;
        self.report.received_bytes += response.len() as u64;
        let response = SyncResponse::from_bytes(response)?;
        let applied = desk.apply(response, clock).map_err(SessionError::Desk)?;
        let left = desk.has_outgoing().map_err(SessionError::Desk)?;
        self.report.add(&applied);
        let blocked = applied.fork || applied.rejected.is_some();
        let again = (applied.more || left) && applied.progressed && !blocked;
        if !again || applied.retry_after_ms.is_some() {
            self.report.complete = !applied.more && !left && !blocked;
            self.state = State::Finished;
        }
        Ok(())
    }
}

impl Report {
    /// Adds what the session after this one did.
    pub(crate) fn follow(&mut self, next: &Self) {
        self.rounds += next.rounds;
        self.sent_bytes += next.sent_bytes;
        self.received_bytes += next.received_bytes;
        self.add(&next.applied);
        self.complete = next.complete;
    }

    fn add(&mut self, applied: &Applied) {
        let sum = &mut self.applied;
        sum.progressed |= applied.progressed;
        sum.more = applied.more;
        sum.changes += applied.changes;
        sum.packed += applied.packed;
        sum.setbacks += applied.setbacks;
        sum.fork |= applied.fork;
        sum.rejected = sum.rejected.or(applied.rejected);
        sum.wiped |= applied.wiped;
        sum.retry_after_ms = applied.retry_after_ms;
    }
}

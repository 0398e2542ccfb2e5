//! Drives a [`Session`] over a [`SignedLink`].

use thiserror::Error;

use super::{Request, SignedLink, Signer, Transport, TransportError, Waiter};
use crate::sync::{Desk, Report, Session, SessionError, Step};

const PATH: &str = "/v1/sync";
pub(super) const CBOR: &str = "application/cbor";

/// Why a sync ended early. What was committed before stays committed.
#[derive(Debug, Error)]
pub enum SyncError<E> {
    /// The phone's own store, or an answer that cannot be read.
    #[error(transparent)]
    Session(#[from] SessionError<E>),
    /// No answer, or one that refuses.
    #[error(transparent)]
    Transport(#[from] TransportError),
}

/// Syncs until nothing is left, the server refuses, or patience ends.
pub async fn sync<D, T, S, W>(
    link: &SignedLink<'_, T, S, W>,
    desk: &mut D,
) -> Result<Report, SyncError<D::Error>>
where
    D: Desk,
    T: Transport,
    S: Signer,
    W: Waiter,
{
    let mut total = Report::default();
    let mut turned_away = 0;
    loop {
        let report = session(link, desk).await?;
        total.follow(&report);
        let asked = report.applied.retry_after_ms;
        turned_away += 1;
        if report.complete || asked.is_none() || turned_away >= link.patience().attempts {
            return Ok(total);
        }
        link.pause(turned_away, asked.map(u64::from)).await;
    }
}

async fn session<D, T, S, W>(
    link: &SignedLink<'_, T, S, W>,
    desk: &mut D,
) -> Result<Report, SyncError<D::Error>>
where
    D: Desk,
    T: Transport,
    S: Signer,
    W: Waiter,
{
    let mut session = Session::new();
    loop {
        match session.next(desk, link.host().clock())? {
            Step::Sign(message) => {
                let signature = link.signer().sign(&message).await;
                let signature = signature.ok_or(TransportError::Unsendable("signature"))?;
                session.signed(desk, signature)?;
            }
            Step::Send(body) => {
                let sent_bytes = body.len();
                let request = Request::post(PATH, CBOR, body);
                let response = link.call(&request).await?.expecting(CBOR)?;
                session.received(desk, sent_bytes, &response.body, link.host().clock())?;
            }
            Step::Done(report) => return Ok(report),
        }
    }
}

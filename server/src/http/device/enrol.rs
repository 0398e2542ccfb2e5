//! POST /v1/enrol: a ticket against a certificate. Unsigned: the phone has no name yet.

use axum::{
    Extension,
    body::Bytes,
    extract::{Request, State},
    response::{IntoResponse as _, Response},
};
use sync_core::sync::EnrolRequest;

use super::signed::{cbor, need_cbor};
use crate::{
    app::App,
    devices,
    error::{Error, Result},
    http::{Edge, Peer, body},
};

/// Bytes of a request: a ticket, a key, a version.
const MAX_ENROL_BYTES: usize = 4 * 1024;
/// Characters of a ticket that guesses are counted by.
const PREFIX: usize = 4;

pub(super) async fn enrol(
    State(app): State<App>,
    Extension(edge): Extension<Edge>,
    request: Request,
) -> Response {
    if let Err(error) = need_cbor(request.headers()) {
        return error.into_response();
    }
    let peer = request.extensions().get::<Peer>().copied();
    let bytes = match body::whole(request.into_body(), MAX_ENROL_BYTES, edge.limits()).await {
        Ok(bytes) => bytes,
        Err(refused) => return refused,
    };
    match admit(&app, &edge, peer, &bytes).await {
        Ok(reply) => cbor(Bytes::from(reply)),
        Err(error) => error.into_response(),
    }
}

async fn admit(app: &App, edge: &Edge, peer: Option<Peer>, bytes: &[u8]) -> Result<Vec<u8>> {
    let request = EnrolRequest::from_bytes(bytes)
        .map_err(|_| Error::Malformed("not the CBOR of an enrolment"))?;
    let prefix: String = request.ticket.chars().take(PREFIX).collect();
    let by_ticket = format!("ticket {prefix}");
    let by_peer = peer.map(|Peer(at)| format!("peer {}", at.ip()));
    let mut keys = vec![by_ticket.as_str()];
    keys.extend(by_peer.as_deref());
    let now_ms = app.core().now_ms();
    edge.attempts().allow(&keys, now_ms)?;
    let enrolled = app.write(move |tx| devices::enrol(tx, &request)).await;
    let guessed = matches!(
        enrolled,
        Err(Error::NotFound(_)
            | Error::Gone(_)
            | Error::Unauthenticated(_)
            | Error::Invalid { .. })
    );
    if guessed {
        edge.attempts().failed(&keys, now_ms);
    }
    Ok(enrolled?.to_bytes())
}

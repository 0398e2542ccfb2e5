//! Who signed a request: checked before a handler sees it.
//!
//! In this order, the cheap first: the headers' form, the clock, the device, the body, its digest,
//! the signature, whether it was seen before.

use axum::{
    Extension,
    body::{Body, Bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use sync_core::{
    DeviceId, Sha256,
    fieldbook::transport::TIME_HEADER,
    httpsig::{Covered, Sent, SignatureFault, needs_digest, parse_content_digest},
    limits::MAX_REQUEST_BYTES,
};

use crate::{
    app::App,
    error::{Error, Result},
    http::{Edge, body, layers::SignedBy, problem::Problem},
};

/// How far a signature's time may be from the server's, ms.
pub(in crate::http) const WINDOW_MS: i64 = 5 * 60 * 1_000;

/// The device that signed the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::http) struct Caller {
    pub(in crate::http) device: DeviceId,
}

/// Lets a request through if a known device signed it; its whole body is read by then.
pub(super) async fn check(
    State(app): State<App>,
    Extension(edge): Extension<Edge>,
    request: Request,
    next: Next,
) -> Response {
    match verified(&app, &edge, request).await {
        Ok((caller, request)) => {
            let mut response = next.run(request).await;
            response.extensions_mut().insert(SignedBy(caller.device));
            response
        }
        Err(refused) => refused,
    }
}

async fn verified(app: &App, edge: &Edge, request: Request) -> Result<(Caller, Request), Response> {
    let sent = sent(request.headers()).map_err(refuse)?;
    let now_ms = app.core().now_ms();
    in_window(&sent, now_ms)?;
    let device = app
        .device(sent.device)
        .await
        .map_err(axum::response::IntoResponse::into_response)?;
    let (mut parts, body) = request.into_parts();
    let bytes = if needs_digest(parts.method.as_str()) {
        body::whole(body, MAX_REQUEST_BYTES, edge.limits()).await?
    } else {
        Vec::new()
    };
    verify(&sent, &parts, &bytes, &device.certificate.key).map_err(refuse)?;
    let until_ms = sent.created_s.saturating_mul(1_000) + WINDOW_MS;
    if !edge
        .replays()
        .first(sent.device, sent.nonce, until_ms, now_ms)
    {
        return Err(sign_again(
            "replayed",
            "This signature was used before",
            now_ms,
        ));
    }
    let caller = Caller {
        device: sent.device,
    };
    parts.extensions.insert(caller);
    Ok((
        caller,
        Request::from_parts(parts, Body::from(Bytes::from(bytes))),
    ))
}

fn sent(headers: &HeaderMap) -> Result<Sent, SignatureFault> {
    let one = |name| {
        let mut values = headers.get_all(name).iter();
        let first = values.next().and_then(|value| value.to_str().ok());
        first
            .filter(|_| values.next().is_none())
            .ok_or(SignatureFault::Missing)
    };
    Sent::read(one("signature-input")?, one("signature")?)
}

#[expect(clippy::result_large_err, reason = "it is the answer")]
fn in_window(sent: &Sent, now_ms: i64) -> Result<(), Response> {
    let created_ms = sent.created_s.saturating_mul(1_000);
    let over = |at_s: i64| at_s.saturating_mul(1_000) < now_ms;
    if created_ms.abs_diff(now_ms) > WINDOW_MS.unsigned_abs() || sent.expires_s.is_some_and(over) {
        let title = "The signature's time is too far from the server's";
        return Err(sign_again("clock", title, now_ms));
    }
    Ok(())
}

fn verify(
    sent: &Sent,
    parts: &axum::http::request::Parts,
    body: &[u8],
    key: &[u8; 32],
) -> Result<(), SignatureFault> {
    let target = parts
        .extensions
        .get::<axum::extract::OriginalUri>()
        .map_or(&parts.uri, |original| &original.0)
        .path_and_query()
        .map_or("/", axum::http::uri::PathAndQuery::as_str);
    let header = |name: &'static str| {
        let mut values = parts.headers.get_all(name).iter();
        let first = values.next()?.to_str().ok()?;
        values.next().is_none().then_some(first)
    };
    let covered = Covered::of(parts.method.as_str(), target, header)?;
    if needs_digest(parts.method.as_str()) {
        let digest = header("content-digest").ok_or(SignatureFault::Digest)?;
        if parse_content_digest(digest)? != Sha256::of(body) {
            return Err(SignatureFault::Digest);
        }
    }
    sent.verify(&covered, key)
}

fn refuse(fault: SignatureFault) -> Response {
    let title = "The request is not signed as it must be";
    Problem::new(StatusCode::UNAUTHORIZED, "signature", title)
        .with_detail(fault.to_string())
        .into_response()
}

/// Asks for a new signature by the server's time.
fn sign_again(name: &str, title: &str, now_ms: i64) -> Response {
    let problem = Problem::new(StatusCode::UNAUTHORIZED, name, title)
        .with_detail(format!("server time {now_ms} ms"));
    let mut response = problem.into_response();
    let headers = response.headers_mut();
    headers.insert(TIME_HEADER, HeaderValue::from(now_ms));
    response
}

/// The body must be CBOR.
pub(super) fn need_cbor(headers: &HeaderMap) -> Result<()> {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .map(str::trim);
    match kind {
        Some(kind) if kind.eq_ignore_ascii_case("application/cbor") => Ok(()),
        _ => Err(Error::Unsupported("application/cbor is needed")),
    }
}

/// An answer in CBOR.
pub(super) fn cbor(bytes: Bytes) -> Response {
    ([(header::CONTENT_TYPE, "application/cbor")], bytes).into_response()
}

//! Reading a request's body: whole, below a cap, and in time.

use std::time::Duration;

use axum::{
    body::{Body, Bytes},
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use http_body_util::BodyExt as _;
use tokio::time::{Instant, timeout, timeout_at};

use super::problem::Problem;
use crate::config::Limits;

/// Bytes of a refused body that are still read, so that the sender gets to read why.
const DRAINED: usize = 16 * 1024 * 1024;
/// Time for that.
const DRAIN: Duration = Duration::from_secs(2);

/// Reads the whole body of at most `cap` bytes, in the time that `limits` give it.
pub async fn whole(body: Body, cap: usize, limits: &Limits) -> Result<Vec<u8>, Response> {
    let mut body = body;
    let until = Instant::now() + limits.body;
    let announced = hyper::body::Body::size_hint(&body).lower();
    if usize::try_from(announced).map_or(true, |bytes| bytes > cap) {
        drain(body).await;
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    loop {
        let piece = match timeout_at(until, timeout(limits.body_pause, body.frame())).await {
            Ok(Ok(None)) => return Ok(bytes),
            Ok(Ok(Some(Ok(frame)))) => frame.into_data().unwrap_or_default(),
            Ok(Ok(Some(Err(_)))) => return Err(broken()),
            Ok(Err(_)) | Err(_) => return Err(too_slow()),
        };
        if piece.len() > cap - bytes.len() {
            drain(body).await;
            return Err(too_large());
        }
        bytes.extend_from_slice(&piece);
    }
}

/// The request with its whole body read.
pub async fn gather(request: Request, cap: usize, limits: &Limits) -> Result<Request, Response> {
    let (parts, body) = request.into_parts();
    let bytes = whole(body, cap, limits).await?;
    Ok(Request::from_parts(parts, Body::from(Bytes::from(bytes))))
}

async fn drain(mut body: Body) {
    let mut left = DRAINED;
    let reading = async {
        while let Some(Ok(frame)) = body.frame().await {
            let bytes = frame.into_data().map_or(0, |data| data.len());
            match left.checked_sub(bytes) {
                Some(rest) => left = rest,
                None => return,
            }
        }
    };
    let _ = timeout(DRAIN, reading).await;
}

fn too_large() -> Response {
    closing(Problem::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "too-large",
        "The body is larger than allowed",
    ))
}

fn too_slow() -> Response {
    closing(Problem::new(
        StatusCode::REQUEST_TIMEOUT,
        "too-slow",
        "The body did not come in time",
    ))
}

fn broken() -> Response {
    closing(Problem::new(
        StatusCode::BAD_REQUEST,
        "malformed",
        "The body broke off",
    ))
}

/// What is left of the body is not read, so the connection cannot go on.
fn closing(problem: Problem) -> Response {
    let mut response = problem.into_response();
    let close = HeaderValue::from_static("close");
    response.headers_mut().insert(header::CONNECTION, close);
    response
}

//! /v1/recovery: a phone whose secret was forgotten asks for its data key, and asks again whether
//! a supervisor has decided.

use axum::{
    Extension,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use sync_core::bundle::RecoveryRequest;

use super::{
    Caller,
    signed::{cbor, need_cbor},
    standing,
};
use crate::{
    app::App,
    devices::recovery,
    error::{Error, Result},
};

pub(super) async fn ask(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<StatusCode> {
    need_cbor(&headers)?;
    let request = RecoveryRequest::from_bytes(&body)
        .map_err(|_| Error::Malformed("not the CBOR of a request for recovery"))?;
    let device = caller.device;
    standing::need_good(&app, device).await?;
    app.write(move |tx| recovery::ask(tx, device, &request))
        .await?;
    Ok(StatusCode::ACCEPTED)
}

pub(super) async fn answer(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
) -> Result<Response> {
    let device = caller.device;
    standing::need_good(&app, device).await?;
    let now_ms = app.core().now_ms();
    let reply = app.read(move |conn| recovery::answer(conn, device, now_ms));
    Ok(cbor(Bytes::from(reply.await?.to_bytes())))
}

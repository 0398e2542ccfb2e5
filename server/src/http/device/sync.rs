//! POST /v1/sync: a device's bundles and cursors against verdicts and entries.

use axum::{Extension, body::Bytes, extract::State, http::HeaderMap, response::Response};

use super::{
    Caller,
    signed::{cbor, need_cbor},
};
use crate::{app::App, error::Result, intake};

pub(super) async fn sync(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response> {
    need_cbor(&headers)?;
    let answer = intake::answer(&app, caller.device, body.to_vec()).await?;
    Ok(cbor(Bytes::from(answer)))
}

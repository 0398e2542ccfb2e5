//! GET /v1/schemas/{version}: the files of a version, in CBOR: `[version, [[name, text], …]]`.

use axum::{
    Extension,
    body::Bytes,
    extract::{Path, State},
    response::Response,
};

use super::{Caller, signed::cbor, standing};
use crate::{
    app::App,
    error::{Error, Result},
    versions,
};

pub(super) async fn schemas(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path(version): Path<String>,
) -> Result<Response> {
    standing::need_good(&app, caller.device).await?;
    let wrong = || Error::NotFound("version of the schemas");
    let version: u32 = version.parse().map_err(|_| wrong())?;
    let bytes = app.read(move |conn| versions::served(conn, caller.device, version));
    Ok(cbor(Bytes::from(bytes.await?)))
}

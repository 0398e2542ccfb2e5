//! GET /v1/schemas/{version}: the files of a version, in CBOR: `[version, [[name, text], …]]`.

use axum::{
    Extension,
    body::Bytes,
    extract::{Path, State},
    response::Response,
};
use schemas::builtin::FILES;

use super::{Caller, signed::cbor, standing};
use crate::{
    app::App,
    error::{Error, Result},
};

pub(super) async fn schemas(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path(version): Path<String>,
) -> Result<Response> {
    standing::need_good(&app, caller.device).await?;
    let here = app.core().schemas().version();
    if version != here.to_string() {
        return Err(Error::NotFound("version of the schemas"));
    }
    let files: Vec<(&str, &str)> = FILES.iter().map(|file| (file.name, file.text)).collect();
    let bytes = minicbor::to_vec((here, files))
        .map_err(|_| Error::Internal("schemas cannot be written"))?;
    Ok(cbor(Bytes::from(bytes)))
}

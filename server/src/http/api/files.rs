//! Photos at the console: fetched one by one, each look in the audit trail.

use axum::{Extension, extract::State, response::Response};
use serde_json::json;
use sync_core::Sha256;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    extract::{At, record_id},
    reading::within,
};
use crate::{
    App,
    error::{Error, Result},
    http::device::files::picture,
    identity::{Principal, audit},
    uploads,
};

/// Work on what was sent that takes a while, beside the threads that answer.
pub(super) async fn beside<T: Send + 'static>(
    job: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    let done = tokio::task::spawn_blocking(job).await;
    done.unwrap_or(Err(Error::Internal("the work broke off")))
}

/// The routes of this file.
pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get))
}

/// A file of a record that one may read.
#[utoipa::path(get, path = "/records/{id}/files/{sha256}", tag = "records",
    params(("id" = String, Path), ("sha256" = String, Path)),
    responses((status = 200, description = "The picture", content_type = "image/jpeg",
        body = Vec<u8>)))]
async fn get(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    At((id, sha256)): At<(String, String)>,
) -> Result<Response> {
    let id = record_id(&id)?;
    let sha256 = Sha256::parse(&sha256).ok_or(Error::NotFound("file"))?;
    app.write(move |tx| {
        let stored = within(tx, &who, |reader| reader.find(&id))?;
        uploads::find_file(tx.conn(), &id, &sha256)?.ok_or(Error::NotFound("file"))?;
        let object = json!({ "record": id.to_string(), "file": sha256.to_string() });
        let grid = Some(stored.header.grid.as_str());
        audit::note(tx, &who, "file.view", &object.to_string(), grid, "")
    })
    .await?;
    let (file, bytes) = uploads::read(&app, id, sha256).await?;
    Ok(picture(&file.media, bytes))
}

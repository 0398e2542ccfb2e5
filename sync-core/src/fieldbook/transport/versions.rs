//! Fetches the version of the schemas that the server announced.

use super::{
    super::{Announced, Fieldbook, FieldbookError},
    Method, Request, SignedLink, Signer, SyncError, Transport, Waiter,
    drive::CBOR,
};
use crate::{limits::MAX_SCHEMA_BYTES, sync::SessionError};

/// Who wants a version: an open fieldbook, or one that is shared and locked for each of these
/// calls.
pub trait Versions {
    /// The version that is to be fetched.
    fn missing(&mut self) -> Result<Option<Announced>, FieldbookError>;
    /// Keeps it, durably, if it is what was announced and can be used.
    fn keep(&mut self, announced: Announced, bytes: &[u8]) -> Result<(), FieldbookError>;
}

impl Versions for Fieldbook {
    fn missing(&mut self) -> Result<Option<Announced>, FieldbookError> {
        self.missing_schema()
    }

    fn keep(&mut self, announced: Announced, bytes: &[u8]) -> Result<(), FieldbookError> {
        self.keep_schema(announced, bytes)
    }
}

/// Fetches what is missing; whether something was. It is kept, not taken: see
/// [`Fieldbook::take_schema`].
pub async fn fetch_schema<T, S, W, V>(
    link: &SignedLink<'_, T, S, W>,
    versions: &mut V,
) -> Result<bool, SyncError<FieldbookError>>
where
    T: Transport,
    S: Signer,
    W: Waiter,
    V: Versions,
{
    let own = |error| SyncError::Session(SessionError::Desk(error));
    let Some(announced) = versions.missing().map_err(own)? else {
        return Ok(false);
    };
    let path = format!("/v1/schemas/{}", announced.version);
    let request = Request {
        max_response_bytes: MAX_SCHEMA_BYTES,
        ..Request::new(Method::Get, &path)
    };
    let response = link.call(&request).await?.expecting(CBOR)?;
    versions.keep(announced, &response.body).map_err(own)?;
    Ok(true)
}

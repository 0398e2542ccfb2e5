//! What handlers take of a request. Whatever cannot be read is answered as a problem, with fixed
//! words: what was sent may hold a person's data.

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Path, Query, Request, rejection::BytesRejection},
    http::{StatusCode, header, request::Parts},
};
use serde::de::DeserializeOwned;
use sync_core::{DeviceId, RecordId};

use crate::error::{Error, Result};
use crate::hex::unhex;

/// A JSON body.
#[derive(Clone, Debug)]
pub struct Body<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self> {
        let kind = request.headers().get(header::CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let essence = kind.split(';').next().unwrap_or_default().trim();
        if !essence.eq_ignore_ascii_case("application/json") {
            return Err(Error::Unsupported("application/json is wanted"));
        }
        let bytes = Bytes::from_request(request, state).await.map_err(unread)?;
        match serde_json::from_slice(&bytes) {
            Ok(body) => Ok(Self(body)),
            Err(error) if error.is_data() => Err(Error::Invalid {
                at: format!("line {} column {}", error.line(), error.column()),
                reason: "the body does not have the form of this request",
            }),
            Err(_) => Err(Error::Malformed("the body is not JSON")),
        }
    }
}

#[expect(clippy::needless_pass_by_value, reason = "as map_err hands it over")]
fn unread(rejection: BytesRejection) -> Error {
    if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
        Error::TooLarge("the body")
    } else {
        Error::Malformed("the body broke off")
    }
}

/// The query.
#[derive(Clone, Debug)]
pub struct Params<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Params<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let query = Query::from_request_parts(parts, state).await;
        query
            .map(|Query(query)| Self(query))
            .map_err(|_| Error::Malformed("the query does not have the form of this request"))
    }
}

/// What stands in the path. A path that cannot be read leads nowhere.
#[derive(Clone, Debug)]
pub struct At<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for At<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let path = Path::from_request_parts(parts, state).await;
        path.map(|Path(at)| Self(at))
            .map_err(|_| Error::NotFound("path"))
    }
}

/// A record's id from a path.
pub fn record_id(text: &str) -> Result<RecordId> {
    unhex(text).map(RecordId).ok_or(Error::NotFound("record"))
}

/// A device's id from a path.
pub fn device_id(text: &str) -> Result<DeviceId> {
    unhex(text).map(DeviceId).ok_or(Error::NotFound("device"))
}

/// A reason as people give it: needed, one to 200 characters.
pub fn reason(text: &str) -> Result<String> {
    let text = text.trim();
    if schemas::checks::text::check_remark(text, 200).is_err() {
        let wanted = "a reason of 1 to 200 characters is needed";
        return Err(Error::invalid("reason", wanted));
    }
    Ok(text.to_owned())
}

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
    from_hex(text)
        .map(RecordId)
        .ok_or(Error::NotFound("record"))
}

/// A device's id from a path.
pub fn device_id(text: &str) -> Result<DeviceId> {
    from_hex(text)
        .map(DeviceId)
        .ok_or(Error::NotFound("device"))
}

/// Bytes from lower-case hex of exactly that length.
pub fn from_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    if text.len() != N * 2 {
        return None;
    }
    let mut bytes = [0; N];
    for (to, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        let &[high, low] = pair else { return None };
        *to = digit(high)? << 4 | digit(low)?;
    }
    Some(bytes)
}

/// Bytes as lower-case hex.
pub fn to_hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_is_read_in_one_form_alone() {
        assert_eq!(from_hex::<3>("00ff1a"), Some([0, 255, 26]));
        for bad in ["00FF1A", "00ff1", "00ff1a0", "00ff1g", "十十"] {
            assert_eq!(from_hex::<3>(bad), None, "{bad}");
        }
        assert_eq!(to_hex(&[0, 255, 26]), "00ff1a");
    }
}

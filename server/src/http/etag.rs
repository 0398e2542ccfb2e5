//! Versions of things over HTTP: strong `ETag`s, and `If-Match` on changes (RFC 9110).

use axum::{
    extract::FromRequestParts,
    http::{HeaderValue, header, request::Parts},
    response::{IntoResponse, Response},
};

use crate::error::Error;

/// The version that a change was made on, from `If-Match: "v<version>"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IfMatch(pub u64);

impl IfMatch {
    /// [`Error::Stale`] unless this is the version now.
    pub fn check(self, version: u64) -> Result<(), Error> {
        if self.0 == version {
            Ok(())
        } else {
            Err(Error::Stale)
        }
    }
}

impl<S: Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        let mut given = parts.headers.get_all(header::IF_MATCH).iter();
        let one = given.next().ok_or(Error::NeedsVersion)?;
        let text = one.to_str().unwrap_or_default().trim();
        if text == "*" || given.next().is_some() {
            return Err(Error::NeedsVersion);
        }
        // Whatever is no version of ours is not the version now.
        parse(text).map(Self).ok_or(Error::Stale)
    }
}

fn parse(text: &str) -> Option<u64> {
    let version = text.strip_prefix("\"v")?.strip_suffix('"')?;
    version.parse().ok()
}

/// An answer with the `ETag` of a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Versioned<T>(pub u64, pub T);

impl<T: IntoResponse> IntoResponse for Versioned<T> {
    fn into_response(self) -> Response {
        let mut response = self.1.into_response();
        if let Ok(etag) = HeaderValue::try_from(format!("\"v{}\"", self.0)) {
            response.headers_mut().insert(header::ETAG, etag);
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn only_our_own_strong_tags_are_versions() {
        assert_eq!(parse("\"v17\""), Some(17));
        for other in ["v17", "\"17\"", "W/\"v17\"", "\"v-1\"", "\"v\"", ""] {
            assert_eq!(parse(other), None, "{other}");
        }
    }
}

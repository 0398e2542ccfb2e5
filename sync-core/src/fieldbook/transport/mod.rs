//! The phone's network edge: one request out, one answer back, and why there is none.
//!
//! [`Transport`] is what the rest of the fieldbook knows; tests and simulations bring their own.
//! [`HttpTransport`] (feature `transport`, on by default) is HTTP/1.1 over rustls natively and
//! `fetch` in a browser. Its fixed habits:
//!
//! | Habit | Why |
//! | --- | --- |
//! | follows no redirect | requests are signed for their path; only sign-in pages redirect |
//! | keeps and sends no cookie, no referrer | a device is known by its signature |
//! | caches nothing | answers hold personal data |
//! | uses no proxy from the environment | what a phone's process inherits decides nothing |
//! | asks for no compression | bodies are deflated where it helps, inside a cap |
//! | stops reading at a cap | a faulty server cannot fill a phone's memory |
//!
//! It repeats nothing: sync is idempotent, so whoever asks decides, by
//! [`TransportError::retryable`] and [`Backoff`], as [`SignedLink`] does for [`sync`].

use std::{fmt, future::Future};

mod backoff;
mod drive;
mod error;
#[cfg(feature = "transport")]
mod http;
mod signed;
mod upload;
mod versions;

pub use backoff::{Backoff, MAX_RETRY_AFTER_MS};
pub use drive::{SyncError, sync};
pub use error::TransportError;
#[cfg(feature = "transport")]
pub use http::HttpTransport;
pub use signed::{Patience, SignedLink, Signer, TIME_HEADER, Waiter};
pub use upload::{Files, Uploaded, upload};
pub use versions::{Versions, fetch_schema};

pub use crate::limits::MAX_RESPONSE_BYTES;
/// Bytes of one answer's header names and values.
pub const MAX_RESPONSE_HEADER_BYTES: usize = 16 * 1024;
/// Time a request may take, ms, unless it says otherwise: a full request over 100 kbit/s.
pub const DEFAULT_TIMEOUT_MS: u32 = 90_000;

/// `Send`, except in a browser, where futures stay on their thread.
#[cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]
pub trait MaybeSend: Send {}
#[cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]
impl<T: Send + ?Sized> MaybeSend for T {}

/// `Send`, except in a browser, where futures stay on their thread.
#[cfg(all(target_arch = "wasm32", target_os = "unknown"))]
pub trait MaybeSend {}
#[cfg(all(target_arch = "wasm32", target_os = "unknown"))]
impl<T: ?Sized> MaybeSend for T {}

/// Carries a request to the server and its answer back.
pub trait Transport {
    /// Sends `request` once. Every HTTP status is an answer, also one that refuses: see
    /// [`Response::expecting`]. Dropping the future cancels.
    fn send(
        &self,
        request: Request<'_>,
    ) -> impl Future<Output = Result<Response, TransportError>> + MaybeSend;
}

/// What a request does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Reads the headers only: how far an upload got.
    Head,
    /// Hands something over.
    Post,
    /// Replaces.
    Put,
    /// Continues an upload.
    Patch,
    /// Gives something up.
    Delete,
}

impl Method {
    /// The method as HTTP and signatures write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// One request. Its host is the transport's.
#[derive(Clone)]
pub struct Request<'a> {
    /// What it does.
    pub method: Method,
    /// Path and query below the transport's base, from the slash on: `/v1/sync`.
    pub path: &'a str,
    /// Content-Type of the body.
    pub content_type: Option<&'a str>,
    /// Further headers: the signature, the digest, an upload's offset.
    pub headers: Vec<(&'a str, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// Time from sending to the answer's last byte, ms.
    pub timeout_ms: u32,
    /// Bytes that the answer's body may have.
    pub max_response_bytes: usize,
}

impl<'a> Request<'a> {
    /// A request without a body.
    pub const fn new(method: Method, path: &'a str) -> Self {
        Self {
            method,
            path,
            content_type: None,
            headers: Vec::new(),
            body: Vec::new(),
            timeout_ms: DEFAULT_TIMEOUT_MS,
            max_response_bytes: MAX_RESPONSE_BYTES,
        }
    }

    /// A POST of `body`.
    pub fn post(path: &'a str, content_type: &'a str, body: Vec<u8>) -> Self {
        Self {
            content_type: Some(content_type),
            body,
            ..Self::new(Method::Post, path)
        }
    }

    /// The request with one more header.
    #[must_use]
    pub fn with_header(mut self, name: &'a str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

/// Says neither query, headers nor body: they name people and hold signatures.
impl fmt::Debug for Request<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.split('?').next().unwrap_or_default();
        write!(
            f,
            "{} {path} ({} bytes)",
            self.method.as_str(),
            self.body.len()
        )
    }
}

/// The server's answer.
#[derive(Clone, PartialEq, Eq)]
pub struct Response {
    /// HTTP status.
    pub status: u16,
    /// Headers that are text, names in small letters. A page of another origin sees only those
    /// that the server exposes to it.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Response {
    /// The first header of this name, given in small letters.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(at, _)| at == name)
            .map(|(_, value)| value.as_str())
    }

    /// Content-Type without its parameters.
    pub fn content_type(&self) -> Option<&str> {
        self.header("content-type")?
            .split(';')
            .next()
            .map(str::trim)
    }

    /// How long the server asks to be left alone, ms. A date in Retry-After counts as none: it
    /// would need a clock that is right.
    pub fn retry_after_ms(&self) -> Option<u64> {
        let seconds: u32 = self.header("retry-after")?.trim().parse().ok()?;
        Some(u64::from(seconds) * 1_000)
    }

    /// The answer if it is a success of the type expected; else the error that a caller acts on.
    ///
    /// A redirect, a demand to sign in to the network, and a success of another type come from
    /// somebody between phone and server.
    pub fn expecting(self, content_type: &str) -> Result<Self, TransportError> {
        let of_type = self
            .content_type()
            .is_some_and(|found| found.eq_ignore_ascii_case(content_type));
        match self.status {
            204 => Ok(self),
            200..=299 if of_type => Ok(self),
            200..=399 | 511 => Err(TransportError::Intercepted),
            code => Err(TransportError::Status {
                code,
                retry_after_ms: self.retry_after_ms(),
            }),
        }
    }
}

/// Says neither headers nor body.
impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({} bytes)", self.status, self.body.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(status: u16, headers: &[(&str, &str)]) -> Response {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Response {
            status,
            headers: headers.iter().map(owned).collect(),
            body: Vec::new(),
        }
    }

    #[test]
    fn an_answer_of_the_expected_type_is_taken() {
        let cbor = [("content-type", "Application/CBOR; x=y")];
        assert!(response(200, &cbor).expecting("application/cbor").is_ok());
        assert!(response(204, &[]).expecting("application/cbor").is_ok());
    }

    #[test]
    fn an_answer_by_somebody_else_is_recognised() {
        let page = [("content-type", "text/html")];
        for (status, headers) in [(200, &page[..]), (200, &[]), (302, &[]), (511, &page)] {
            let taken = response(status, headers).expecting("application/cbor");
            assert_eq!(taken, Err(TransportError::Intercepted), "{status}");
        }
    }

    #[test]
    fn a_refusal_carries_its_status_and_how_long_to_wait() {
        let refused = |code, retry_after| {
            response(code, &[("retry-after", retry_after)]).expecting("application/cbor")
        };
        assert_eq!(
            refused(429, " 7 "),
            Err(TransportError::Status {
                code: 429,
                retry_after_ms: Some(7_000)
            })
        );
        for unusable in [
            "Wed, 21 Oct 2026 07:28:00 GMT",
            "-1",
            "1.5",
            "99999999999",
            "",
        ] {
            assert_eq!(
                refused(503, unusable),
                Err(TransportError::Status {
                    code: 503,
                    retry_after_ms: None
                })
            );
        }
    }

    #[test]
    fn what_is_printed_for_a_log_holds_no_query_and_no_body() {
        let request = Request::post("/v1/find?phone=138", "text/plain", b"secret".to_vec())
            .with_header("signature", "s");
        assert_eq!(format!("{request:?}"), "POST /v1/find (6 bytes)");
        assert_eq!(
            format!("{:?}", response(200, &[("x", "y")])),
            "200 (0 bytes)"
        );
    }
}

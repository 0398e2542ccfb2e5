//! [`Transport`] over HTTP: what both platforms share.

use super::{MAX_RESPONSE_HEADER_BYTES, Request, Response, Transport, TransportError};

#[cfg(all(target_arch = "wasm32", target_os = "unknown"))]
#[path = "web.rs"]
mod platform;
#[cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]
#[path = "native.rs"]
mod platform;
#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
#[path = "server.rs"]
mod server;
#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
#[path = "http_tests.rs"]
mod tests;

/// HTTP to one server.
///
/// Natively its futures must be polled inside a Tokio runtime with I/O and time.
#[derive(Clone)]
pub struct HttpTransport {
    base: String,
    client: platform::Client,
}

impl HttpTransport {
    /// A transport to the server at `base`, such as `https://gridbook.example` or, behind a path,
    /// `https://example.org/gridbook`. Certificates are checked as the platform does.
    ///
    /// Plain `http` is for this machine alone.
    pub fn new(base: &str) -> Result<Self, TransportError> {
        let base = checked_base(base)?;
        let client = platform::Client::new(base.starts_with("https:"))?;
        Ok(Self { base, client })
    }

    /// A transport that trusts these certificate authorities (DER) and no other: for a server
    /// whose authority is its own, as its ticket names it, or where the library cannot ask the
    /// system. Those that cannot be read are passed over; an error if that is all of them. A browser
    /// decides by itself.
    #[cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]
    pub fn trusting(base: &str, authorities: &[Vec<u8>]) -> Result<Self, TransportError> {
        let base = checked_base(base)?;
        Ok(Self {
            base,
            client: platform::Client::trusting(authorities)?,
        })
    }
}

impl Transport for HttpTransport {
    async fn send(&self, request: Request<'_>) -> Result<Response, TransportError> {
        let sendable = request.path.starts_with('/')
            && request
                .path
                .bytes()
                .all(|byte| byte.is_ascii_graphic() && byte != b'#');
        if !sendable {
            return Err(TransportError::Unsendable("path"));
        }
        self.client
            .send(&format!("{}{}", self.base, request.path), request)
            .await
    }
}

/// The base without its last slash, if it names a server that may be spoken to.
fn checked_base(base: &str) -> Result<String, TransportError> {
    let bad = Err(TransportError::Unsendable("server address"));
    let Some((scheme, rest)) = base.split_once("://") else {
        return bad;
    };
    let authority = rest.split('/').next().unwrap_or_default();
    let plain = |byte: u8| byte.is_ascii_graphic() && !b"@?#\\".contains(&byte);
    if authority.is_empty() || !rest.bytes().all(plain) {
        return bad;
    }
    match scheme {
        "https" => {}
        "http" if is_this_machine(authority) => {}
        _ => return bad,
    }
    Ok(base.trim_end_matches('/').to_owned())
}

fn is_this_machine(authority: &str) -> bool {
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    };
    matches!(host, "localhost" | "127.0.0.1" | "[::1]")
}

/// Collects an answer's headers below a cap; those that are no text are left out.
fn collect_headers<'h>(
    headers: impl Iterator<Item = (&'h str, &'h [u8])>,
) -> Result<Vec<(String, String)>, TransportError> {
    let mut bytes = 0;
    let mut collected = Vec::new();
    for (name, value) in headers {
        bytes += name.len() + value.len();
        if bytes > MAX_RESPONSE_HEADER_BYTES {
            return Err(TransportError::TooLarge);
        }
        if let Ok(value) = std::str::from_utf8(value) {
            collected.push((name.to_ascii_lowercase(), value.to_owned()));
        }
    }
    Ok(collected)
}

/// Checks what the answer says of its length, so that nothing of a body too large is read.
/// It need not say anything, nor the truth: the body is counted as well.
fn check_announced(length: Option<u64>, cap: usize) -> Result<(), TransportError> {
    match length.map(usize::try_from) {
        Some(Ok(length)) if length <= cap => Ok(()),
        None => Ok(()),
        _ => Err(TransportError::TooLarge),
    }
}

//! The way to the server: the library's own, or the host's.

use std::{sync::Arc, time::Duration};

use sync_core::fieldbook::transport::{
    self, MAX_RESPONSE_HEADER_BYTES, Request, Response, Transport, TransportError,
};

use super::NetworkError;

/// How a book reaches its server.
#[derive(Clone, Default, uniffi::Enum)]
pub enum Network {
    /// HTTP over TLS, trusting what the platform trusts. Not on Android, where an app hands in what
    /// that is: `systemNetwork()` of the Kotlin layer.
    #[default]
    Platform,
    /// The same, trusting these certificate authorities (DER) and no other. Those that cannot be
    /// read are passed over.
    Trusting {
        /// The authorities.
        authorities: Vec<Vec<u8>>,
    },
    /// The host's own.
    Own {
        /// What carries requests.
        transport: Arc<dyn HttpTransport>,
    },
}

/// The host's own HTTP. It follows no redirect, keeps no cookie, caches nothing and repeats nothing.
#[uniffi::export(with_foreign)]
#[async_trait::async_trait]
pub trait HttpTransport: Send + Sync {
    /// Sends a request once. Every HTTP status is an answer.
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, NetworkError>;
}

/// A request to be sent as it is.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct HttpRequest {
    /// `GET`, `POST` …
    pub method: String,
    /// The server's address as the book was enrolled with.
    pub server: String,
    /// Path and query below it, from the slash on.
    pub path: String,
    /// Headers, the content type among them.
    pub headers: Vec<HttpHeader>,
    /// The body.
    pub body: Vec<u8>,
    /// Time that it may take.
    pub timeout_ms: u32,
    /// Bytes that the answer's body may have: stop reading there.
    pub max_response_bytes: u64,
}

/// One header.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct HttpHeader {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// The server's answer.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct HttpResponse {
    /// HTTP status.
    pub status: u16,
    /// Headers.
    pub headers: Vec<HttpHeader>,
    /// The body.
    pub body: Vec<u8>,
}

/// A way to one server.
#[derive(Clone)]
pub(super) enum Way {
    Http(transport::HttpTransport),
    Own {
        server: String,
        transport: Arc<dyn HttpTransport>,
    },
}

impl Network {
    /// The way to a server.
    pub(super) fn to(&self, server: &str) -> Result<Way, TransportError> {
        Ok(match self {
            Self::Platform => Way::Http(transport::HttpTransport::new(server)?),
            Self::Trusting { authorities } => {
                Way::Http(transport::HttpTransport::trusting(server, authorities)?)
            }
            Self::Own { transport } => Way::Own {
                server: server.trim_end_matches('/').to_owned(),
                transport: transport.clone(),
            },
        })
    }
}

impl Transport for Way {
    async fn send(&self, request: Request<'_>) -> Result<Response, TransportError> {
        match self {
            Self::Http(http) => http.send(request).await,
            Self::Own { server, transport } => own(server, &**transport, request).await,
        }
    }
}

async fn own(
    server: &str,
    transport: &dyn HttpTransport,
    request: Request<'_>,
) -> Result<Response, TransportError> {
    let cap = request.max_response_bytes;
    let patience = Duration::from_millis(request.timeout_ms.into());
    let sending = transport.send(written(server, request));
    let answer = tokio::time::timeout(patience, sending).await;
    let answer = answer.map_err(|_| TransportError::Timeout)?.map_err(why)?;
    let head = answer.headers.iter();
    let head: usize = head.map(|one| one.name.len() + one.value.len()).sum();
    // A host that did not stop reading.
    if answer.body.len() > cap || head > MAX_RESPONSE_HEADER_BYTES {
        return Err(TransportError::TooLarge);
    }
    let header = |header: HttpHeader| (header.name.to_ascii_lowercase(), header.value);
    Ok(Response {
        status: answer.status,
        headers: answer.headers.into_iter().map(header).collect(),
        body: answer.body,
    })
}

fn written(server: &str, request: Request<'_>) -> HttpRequest {
    let header = |name: &str, value: String| HttpHeader {
        name: name.to_owned(),
        value,
    };
    let content = request.content_type;
    let content = content.map(|content| header("content-type", content.to_owned()));
    let others = request.headers.into_iter();
    let others = others.map(|(name, value)| header(name, value));
    HttpRequest {
        method: request.method.as_str().to_owned(),
        server: server.to_owned(),
        path: request.path.to_owned(),
        headers: content.into_iter().chain(others).collect(),
        body: request.body,
        timeout_ms: request.timeout_ms,
        max_response_bytes: request.max_response_bytes as u64,
    }
}

const fn why(error: NetworkError) -> TransportError {
    match error {
        NetworkError::Offline => TransportError::Offline,
        NetworkError::Timeout => TransportError::Timeout,
        NetworkError::Untrusted => TransportError::Tls,
        NetworkError::Cancelled => TransportError::Cancelled,
        NetworkError::Broken => TransportError::Protocol("in the host's own transport"),
    }
}

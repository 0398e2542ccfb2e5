//! HTTP outside a browser: reqwest over rustls, with ring for cryptography.

use std::{error::Error, io, time::Duration};

use reqwest::{Certificate, ClientBuilder, redirect};
use rustls::{
    RootCertStore,
    crypto::{CryptoProvider, ring},
};

use super::{
    super::{Method, Request, Response, TransportError},
    check_announced, collect_headers,
};

/// Longest time to establish a connection: on a phone without signal packets vanish in silence,
/// and waiting for the whole request's time would hide that.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);
/// Time after which an unused connection is closed: mobile networks forget it after about a minute.
const IDLE_TIMEOUT: Duration = Duration::from_secs(45);

/// Connections to one server.
#[derive(Clone)]
pub(super) struct Client(reqwest::Client);

impl Client {
    /// A client that trusts what the platform trusts; with `tls` false, for plain HTTP to this
    /// machine, nothing, which spares a machine without certificates an error.
    pub(super) fn new(tls: bool) -> Result<Self, TransportError> {
        let builder = builder();
        Self::build(if tls {
            builder
        } else {
            builder.tls_certs_only([])
        })
    }

    /// A client that trusts these authorities alone. A system's list may hold some that cannot be
    /// read here: they are passed over, unless none is left.
    pub(super) fn trusting(authorities: &[Vec<u8>]) -> Result<Self, TransportError> {
        let mut readable = RootCertStore::empty();
        let mut taken = Vec::new();
        for der in authorities {
            if readable.add(der.as_slice().into()).is_ok() {
                taken.push(Certificate::from_der(der).map_err(|_| TransportError::Tls)?);
            }
        }
        if taken.is_empty() && !authorities.is_empty() {
            return Err(TransportError::Tls);
        }
        Self::build(builder().tls_certs_only(taken))
    }

    fn build(builder: ClientBuilder) -> Result<Self, TransportError> {
        // Without this, reqwest would panic for want of a default. An application that has chosen
        // another provider keeps it, and losing a race to choose is as good.
        if CryptoProvider::get_default().is_none() {
            let _ = ring::default_provider().install_default();
        }
        builder.build().map(Self).map_err(|_| TransportError::Tls)
    }

    pub(super) async fn send(
        &self,
        url: &str,
        request: Request<'_>,
    ) -> Result<Response, TransportError> {
        let head = request.method == Method::Head;
        let cap = request.max_response_bytes;
        let mut answer = self
            .prepare(url, request)
            .send()
            .await
            .map_err(|error| why(&error))?;
        let status = answer.status().as_u16();
        let named = answer
            .headers()
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_bytes()));
        let headers = collect_headers(named)?;
        // An answer to HEAD announces a body that does not come.
        if !head {
            check_announced(answer.content_length(), cap)?;
        }
        let mut body = Vec::new();
        while let Some(piece) = answer.chunk().await.map_err(|error| why(&error))? {
            if piece.len() > cap - body.len() {
                return Err(TransportError::TooLarge);
            }
            body.extend_from_slice(&piece);
        }
        Ok(Response {
            status,
            headers,
            body,
        })
    }

    fn prepare(&self, url: &str, request: Request<'_>) -> reqwest::RequestBuilder {
        let method = match request.method {
            Method::Get => reqwest::Method::GET,
            Method::Head => reqwest::Method::HEAD,
            Method::Post => reqwest::Method::POST,
            Method::Put => reqwest::Method::PUT,
            Method::Patch => reqwest::Method::PATCH,
            Method::Delete => reqwest::Method::DELETE,
        };
        let timeout = Duration::from_millis(request.timeout_ms.into());
        let mut prepared = self.0.request(method, url).timeout(timeout);
        if let Some(content_type) = request.content_type {
            prepared = prepared.header(reqwest::header::CONTENT_TYPE, content_type);
        }
        for (name, value) in request.headers {
            prepared = prepared.header(name, value);
        }
        // A GET with a body, even an empty one, is refused by some servers.
        if request.body.is_empty() && request.method == Method::Get {
            return prepared;
        }
        prepared.body(request.body)
    }
}

fn builder() -> ClientBuilder {
    reqwest::Client::builder()
        .redirect(redirect::Policy::none())
        .referer(false)
        .no_proxy()
        .connect_timeout(CONNECT_TIMEOUT)
        .pool_idle_timeout(IDLE_TIMEOUT)
}

/// What went wrong, without the address and the texts that the libraries add.
fn why(error: &reqwest::Error) -> TransportError {
    if error.is_builder() {
        TransportError::Unsendable("header")
    } else if error.is_timeout() {
        TransportError::Timeout
    } else if causes(error).any(is_tls) {
        TransportError::Tls
    } else if error.is_connect() {
        TransportError::Offline
    } else if error.is_request() {
        TransportError::Protocol("before an answer")
    } else {
        TransportError::Protocol("within an answer")
    }
}

/// The error and what caused it, also what I/O errors hide inside.
fn causes<'e>(error: &'e (dyn Error + 'static)) -> impl Iterator<Item = &'e (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&at| {
        match at.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(inside) => Some(inside),
            None => at.source(),
        }
    })
}

fn is_tls(error: &(dyn Error + 'static)) -> bool {
    error.is::<rustls::Error>()
}

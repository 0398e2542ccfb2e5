//! Requests signed as the device, by the server's clock, and repeated where repeating helps.

use std::{
    future::{Future, ready},
    sync::atomic::{AtomicI64, Ordering},
};

use super::{
    super::host::{Host, random},
    Backoff, MaybeSend, Request, Response, Transport, TransportError,
};
use crate::{
    bundle::SIGNATURE_LEN,
    httpsig::{Covered, ToSign, content_digest, needs_digest},
    ids::DeviceId,
};

/// Header of an answer that asks for another signature: the server's time, ms.
pub const TIME_HEADER: &str = "gridbook-time";
/// Longest pause that the server may ask for inside a call, ms. A longer one is for whoever called:
/// nobody watches a sync for ten minutes, and what else waits need not wait with it.
const MAX_PAUSE_MS: u64 = 120_000;
/// Signatures made for one request at most, when the server asks for another.
const SIGNATURES: u32 = 3;

/// The device's key, which may answer later, as a browser's does.
pub trait Signer {
    /// The signature over `message`; none if the key is not to be had.
    fn sign(&self, message: &[u8])
    -> impl Future<Output = Option<[u8; SIGNATURE_LEN]>> + MaybeSend;
}

impl<F: Fn(&[u8]) -> [u8; SIGNATURE_LEN]> Signer for F {
    fn sign(
        &self,
        message: &[u8],
    ) -> impl Future<Output = Option<[u8; SIGNATURE_LEN]>> + MaybeSend {
        ready(Some(self(message)))
    }
}

/// Lets time pass.
pub trait Waiter {
    /// Returns after so many ms.
    fn wait(&self, ms: u64) -> impl Future<Output = ()> + MaybeSend;
}

/// How often a request is tried, and how long it waits in between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// Times that a request is sent at most.
    pub attempts: u32,
    /// Waiting times.
    pub backoff: Backoff,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            attempts: 4,
            backoff: Backoff::default(),
        }
    }
}

/// A device's line to its server.
pub struct SignedLink<'a, T, S, W> {
    transport: &'a T,
    signer: &'a S,
    waiter: &'a W,
    host: &'a (dyn Host + Send + Sync),
    device: DeviceId,
    patience: Patience,
    /// The server's clock less the phone's, ms.
    offset_ms: AtomicI64,
}

impl<'a, T: Transport, S: Signer, W: Waiter> SignedLink<'a, T, S, W> {
    /// A line for `device`. `offset_ms` is the server's clock less the phone's as far as it is
    /// known; the server corrects it.
    pub fn new(
        transport: &'a T,
        signer: &'a S,
        waiter: &'a W,
        host: &'a (dyn Host + Send + Sync),
        device: DeviceId,
        offset_ms: i64,
    ) -> Self {
        Self {
            transport,
            signer,
            waiter,
            host,
            device,
            patience: Patience::default(),
            offset_ms: AtomicI64::new(offset_ms),
        }
    }

    /// The same with another patience.
    #[must_use]
    pub const fn with_patience(mut self, patience: Patience) -> Self {
        self.patience = patience;
        self
    }

    /// The server's clock less the phone's, ms: worth keeping for the next time.
    pub fn offset_ms(&self) -> i64 {
        self.offset_ms.load(Ordering::Relaxed)
    }

    /// The device's key.
    pub const fn signer(&self) -> &'a S {
        self.signer
    }

    /// The phone's clock and randomness.
    pub const fn host(&self) -> &'a (dyn Host + Send + Sync) {
        self.host
    }

    /// How patient the line is.
    pub const fn patience(&self) -> Patience {
        self.patience
    }

    /// Waits before attempt `failed` + 1, at least as long as the server asked.
    pub async fn pause(&self, failed: u32, asked_ms: Option<u64>) {
        let bits = u64::from_be_bytes(random(self.host));
        let ms = self.patience.backoff.delay_ms(failed, bits, asked_ms);
        self.waiter.wait(ms).await;
    }

    /// Sends a request, signed. Again, after a pause, while there is hope and patience; an answer
    /// that refuses for good is an answer.
    pub async fn call(&self, request: &Request<'_>) -> Result<Response, TransportError> {
        let mut failed = 0;
        loop {
            let outcome = self.call_once(request).await;
            let error = match outcome {
                Ok(response) => match busy(&response) {
                    Some(error) => error,
                    None => return Ok(response),
                },
                Err(error) => error,
            };
            failed += 1;
            let long = error.retry_after_ms().is_some_and(|ms| ms > MAX_PAUSE_MS);
            if !error.retryable() || long || failed >= self.patience.attempts {
                return Err(error);
            }
            self.pause(failed, error.retry_after_ms()).await;
        }
    }

    /// Sends a request once, and signs anew where the server says that its clock is another or
    /// that it has seen the signature.
    async fn call_once(&self, request: &Request<'_>) -> Result<Response, TransportError> {
        let mut signatures = 0;
        loop {
            let response = self.transport.send(self.sign(request).await?).await?;
            signatures += 1;
            let told = response
                .header(TIME_HEADER)
                .and_then(|text| text.trim().parse::<i64>().ok());
            match told {
                Some(server_ms) if response.status == 401 && signatures < SIGNATURES => {
                    let offset = server_ms.saturating_sub(self.host.clock().wall_ms);
                    self.offset_ms.store(offset, Ordering::Relaxed);
                }
                _ => return Ok(response),
            }
        }
    }

    /// The request, signed at this moment.
    pub async fn sign<'r>(&self, request: &Request<'r>) -> Result<Request<'r>, TransportError> {
        let mut signed = request.clone();
        if needs_digest(request.method.as_str()) {
            signed = signed.with_header("content-digest", content_digest(&request.body));
        }
        let now_ms = self.host.clock().wall_ms.saturating_add(self.offset_ms());
        let to_sign = {
            let header = |name: &'static str| {
                let mut fields = signed.headers.iter();
                let found = fields.find(|(at, _)| at.eq_ignore_ascii_case(name))?;
                Some(found.1.as_str())
            };
            Covered::of(request.method.as_str(), request.path, header)
                .map_err(|_| TransportError::Unsendable("digest"))?
                .to_sign(self.device, now_ms.div_euclid(1_000), random(self.host))
        };
        let signature = self
            .signer
            .sign(&to_sign.message)
            .await
            .ok_or(TransportError::Unsendable("signature"))?;
        Ok(signed
            .with_header("signature-input", to_sign.input)
            .with_header("signature", ToSign::signature(&signature)))
    }
}

/// The error of an answer that asks to come again.
fn busy(response: &Response) -> Option<TransportError> {
    let error = TransportError::Status {
        code: response.status,
        retry_after_ms: response.retry_after_ms(),
    };
    (response.status >= 400 && error.retryable()).then_some(error)
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
#[path = "signed_tests.rs"]
mod tests;

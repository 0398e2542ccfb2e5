//! Why a request brought no answer, in words that a caller can act on.

use thiserror::Error;

/// Why a request failed. No variant names an address, a query or anything of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TransportError {
    /// No connection: no signal, no such host, port closed. In a browser also whatever it does not
    /// tell apart from that, an untrusted certificate for one. Wait for the network.
    #[error("no connection to the server")]
    Offline,
    /// No complete answer in the time allowed. The server may have done what was asked.
    #[error("no answer in time")]
    Timeout,
    /// The answer is larger than the request allows; reading stopped there.
    #[error("the answer is larger than allowed")]
    TooLarge,
    /// The server's certificate is not trusted, or it speaks no TLS. A person should look at the
    /// phone's date and at the certificate.
    #[error("no trusted connection: check the date of this device and the server's certificate")]
    Tls,
    /// Whoever asked no longer wants the answer. A future of [`send`](super::Transport::send) that
    /// is dropped cancels too, and says nothing.
    #[error("cancelled")]
    Cancelled,
    /// Somebody else answered, as the sign-in page of a public network does. A person should open
    /// it, or use another network.
    #[error("this network answers in place of the server: sign in to it or use another one")]
    Intercepted,
    /// The connection broke off, or what came is no HTTP. Sending again is right.
    #[error("the exchange with the server broke off: {0}")]
    Protocol(&'static str),
    /// The request cannot be sent as it is: a mistake of the caller or in a setting.
    #[error("the request cannot be sent: {0}")]
    Unsendable(&'static str),
    /// The server refused or failed, with an HTTP status.
    #[error("the server answered {code}")]
    Status {
        /// HTTP status.
        code: u16,
        /// How long the server asks to be left alone.
        retry_after_ms: Option<u64>,
    },
}

impl TransportError {
    /// Whether the same request may succeed later without anybody doing anything but wait, so
    /// that trying again after a [`Backoff`](super::Backoff) is right.
    pub const fn retryable(&self) -> bool {
        match self {
            Self::Offline | Self::Timeout | Self::Intercepted | Self::Protocol(_) => true,
            Self::TooLarge | Self::Tls | Self::Cancelled | Self::Unsendable(_) => false,
            // Too slow, too early, too many, and failures of the server or of what stands before it.
            Self::Status { code, .. } => matches!(code, 408 | 425 | 429 | 500 | 502 | 503 | 504),
        }
    }

    /// How long the server asks to be left alone, ms.
    pub const fn retry_after_ms(&self) -> Option<u64> {
        match self {
            Self::Status { retry_after_ms, .. } => *retry_after_ms,
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waiting_mends_is_retried_and_nothing_else() {
        let status = |code| TransportError::Status {
            code,
            retry_after_ms: None,
        };
        for error in [
            TransportError::Offline,
            TransportError::Timeout,
            TransportError::Intercepted,
            TransportError::Protocol("x"),
            status(429),
            status(503),
        ] {
            assert!(error.retryable(), "{error}");
        }
        for error in [
            TransportError::TooLarge,
            TransportError::Tls,
            TransportError::Cancelled,
            TransportError::Unsendable("x"),
            status(400),
            status(401),
            status(404),
            status(413),
            status(501),
        ] {
            assert!(!error.retryable(), "{error}");
        }
    }
}

//! A small HTTP client that sends exactly what it is told.

use std::net::SocketAddr;

use gridbook_tests::server::{self, Raw};
use serde_json::Value;

/// An answer.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub bytes: Vec<u8>,
}

impl Answer {
    /// A header's first value.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The body as JSON; null if it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or(Value::Null)
    }

    /// The version in its `ETag`.
    pub fn version(&self) -> u64 {
        let etag = self.header("etag").expect("an ETag");
        etag.trim_matches(['"', 'v']).parse().unwrap()
    }

    /// The status, after a check that an error is a problem.
    pub fn checked(&self) -> u16 {
        if self.status >= 400 {
            let kind = self.header("content-type");
            assert_eq!(kind, Some("application/problem+json"), "{self:?}");
            assert_eq!(self.json()["status"], self.status, "{self:?}");
            let name = self.json()["type"].as_str().unwrap_or_default().to_owned();
            assert!(name.starts_with("/problems/"), "{self:?}");
        }
        self.status
    }

    /// The last part of a problem's type.
    pub fn problem(&self) -> String {
        self.checked();
        let body = self.json();
        let kind = body["type"].as_str().unwrap_or_default();
        kind.trim_start_matches("/problems/").to_owned()
    }
}

/// One request, one connection.
pub fn call(at: SocketAddr, head: &str, body: &[u8]) -> Answer {
    let mut raw = Raw::to(at).unwrap();
    // A server that refuses early may close before all was sent.
    raw.send(format!("{head}Content-Length: {}\r\n\r\n", body.len()).as_bytes());
    raw.send(body);
    let whole = if head.starts_with("HEAD ") {
        // It says how long the body would be, and has none.
        raw.head().map(|(status, headers)| server::Answer {
            status,
            headers,
            body: Vec::new(),
        })
    } else {
        raw.answer()
    };
    let server::Answer {
        status,
        headers,
        body: bytes,
    } = whole.unwrap();
    Answer {
        status,
        headers,
        bytes,
    }
}

/// Sends a request and hands out the connection, for answers that go on.
pub fn stream(at: SocketAddr, head: &str) -> Raw {
    let mut raw = Raw::to(at).unwrap();
    assert!(raw.send(format!("{head}\r\n").as_bytes()));
    raw
}

//! A small HTTP client: one connection, one request at a time.

use std::{io, net::SocketAddr};

use gridbook_tests::server::{self, Raw};
use serde_json::Value;

/// An answer.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub version: Option<u64>,
    pub cookie: Option<String>,
    pub body: Value,
}

impl From<server::Answer> for Answer {
    fn from(answer: server::Answer) -> Self {
        let etag = answer.header("etag");
        let cookie = answer.header("set-cookie");
        Self {
            status: answer.status,
            version: etag.and_then(|etag| etag.trim_matches(['"', 'v']).parse().ok()),
            cookie: cookie.and_then(|cookie| cookie.split(';').next().map(str::to_owned)),
            body: serde_json::from_slice(&answer.body).unwrap_or(Value::Null),
        }
    }
}

pub struct Client {
    at: SocketAddr,
    open: Option<Raw>,
}

impl Client {
    pub fn new(at: SocketAddr) -> Self {
        Self { at, open: None }
    }

    pub fn call(&mut self, head: &str, body: &[u8]) -> Answer {
        for _ in 0..2 {
            if let Ok(answer) = self.attempt(head, body) {
                return answer;
            }
            // A connection that has idled was closed.
            self.open = None;
        }
        panic!("no answer");
    }

    fn attempt(&mut self, head: &str, body: &[u8]) -> io::Result<Answer> {
        let mut raw = match self.open.take() {
            Some(raw) => raw,
            None => Raw::to(self.at)?,
        };
        let length = body.len();
        let host = self.at;
        raw.send(format!("{head}Host: {host}\r\nContent-Length: {length}\r\n\r\n").as_bytes());
        raw.send(body);
        let answer = raw.answer()?;
        self.open = Some(raw);
        Ok(answer.into())
    }
}

//! A small HTTP client that sends exactly what it is told.

use std::{
    io::{self, BufRead as _, BufReader, Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

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
    let mut stream = open(at);
    let length = body.len();
    let close = "Connection: close\r\n";
    let mut request = format!("{head}Content-Length: {length}\r\n{close}\r\n").into_bytes();
    request.extend_from_slice(body);
    // A server that refuses early may close before all was sent.
    let _ = stream.write_all(&request);
    let mut stream = BufReader::new(stream);
    read(&mut stream).unwrap()
}

/// Sends a request and hands out the connection, for answers that go on.
pub fn stream(at: SocketAddr, head: &str) -> BufReader<TcpStream> {
    let mut stream = open(at);
    stream.write_all(format!("{head}\r\n").as_bytes()).unwrap();
    BufReader::new(stream)
}

fn open(at: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(at).unwrap();
    stream.set_nodelay(true).unwrap();
    let patience = Some(Duration::from_secs(60));
    stream.set_read_timeout(patience).unwrap();
    stream
}

fn read(stream: &mut BufReader<TcpStream>) -> io::Result<Answer> {
    let mut line = String::new();
    stream.read_line(&mut line)?;
    let status = line
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok());
    let status = status.ok_or(io::ErrorKind::UnexpectedEof)?;
    let mut headers = Vec::new();
    loop {
        line.clear();
        stream.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(": ") else {
            break;
        };
        headers.push((name.to_ascii_lowercase(), value.to_owned()));
    }
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let length = length.and_then(|(_, length)| length.parse().ok());
    let mut bytes = Vec::new();
    // HEAD says how long the body would be, and has none.
    stream.take(length.unwrap_or(0)).read_to_end(&mut bytes)?;
    Ok(Answer {
        status,
        headers,
        bytes,
    })
}

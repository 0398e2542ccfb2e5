//! HTTP by hand, for requests that no client would send.

use std::{
    fmt::Write as _,
    io::{self, BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpStream, ToSocketAddrs},
    time::Duration,
};

use sync_core::fieldbook::transport::{Method, Request};

use super::Server;

/// Longest silence of a server that has not hung.
const SILENCE: Duration = Duration::from_secs(60);

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Headers, names in small letters.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The first header of this name.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(at, _)| at == name)?;
        Some(&found.1)
    }

    /// The last part of a problem's type; none if the answer is no problem, or a malformed one.
    pub fn problem(&self) -> Option<String> {
        if self.header("content-type") != Some("application/problem+json") {
            return None;
        }
        let problem: serde_json::Value = serde_json::from_slice(&self.body).ok()?;
        let same = problem.get("status")?.as_u64() == Some(u64::from(self.status));
        let kind = problem.get("type")?.as_str()?;
        let kind = kind.strip_prefix("/problems/")?;
        let titled = problem.get("title")?.is_string();
        (same && titled).then(|| kind.to_owned())
    }
}

/// A connection.
pub struct Raw {
    stream: BufReader<TcpStream>,
}

impl Raw {
    /// Connects.
    pub fn connect(server: &Server) -> io::Result<Self> {
        let url = server.url();
        Self::to(url.trim_start_matches("http://"))
    }

    /// The connection of a request that has the only turn of a server with one. `begin` sends the
    /// request's beginning; who asks whether it has the turn may have had it first, and then it is
    /// begun again.
    pub fn with_the_turn(server: &Server, begin: impl Fn(&mut Self)) -> io::Result<Self> {
        for _ in 0..200 {
            let mut raw = Self::connect(server)?;
            begin(&mut raw);
            std::thread::sleep(Duration::from_millis(50));
            let mut asking = Self::connect(server)?;
            asking.request(&Request::new(Method::Get, "/v1/time"));
            if asking.answer()?.status == 503 {
                return Ok(raw);
            }
        }
        Err(io::Error::other("no request gets the only turn"))
    }

    /// Connects to an address.
    pub fn to(address: impl ToSocketAddrs) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        // Heads and bodies are sent apart.
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(SILENCE))?;
        stream.set_write_timeout(Some(SILENCE))?;
        Ok(Self {
            stream: BufReader::new(stream),
        })
    }

    /// Sends bytes. A server that closes early is no error here: its answer may be there.
    pub fn send(&mut self, bytes: &[u8]) -> bool {
        self.stream.get_mut().write_all(bytes).is_ok()
    }

    /// Sends a request as it stands.
    pub fn request(&mut self, request: &Request<'_>) -> bool {
        self.begin(request) && self.send(&request.body)
    }

    /// Sends a request's head, which announces its body.
    pub fn begin(&mut self, request: &Request<'_>) -> bool {
        let mut head = format!(
            "{} {} HTTP/1.1\r\nhost: test\r\n",
            request.method.as_str(),
            request.path
        );
        let kind = request
            .content_type
            .map(|kind| ("content-type", kind.to_owned()));
        let headers = request.headers.iter().cloned().chain(kind);
        for (name, value) in headers {
            // Writing to a String cannot fail, here and below.
            let _ = write!(head, "{name}: {value}\r\n");
        }
        let _ = write!(head, "content-length: {}\r\n\r\n", request.body.len());
        self.send(head.as_bytes())
    }

    /// Reads an answer's head: status and headers.
    pub fn head(&mut self) -> io::Result<(u16, Vec<(String, String)>)> {
        let bad = || io::Error::from(io::ErrorKind::InvalidData);
        let first = self.line()?;
        let status = first
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok())
            .ok_or_else(bad)?;
        let mut headers = Vec::new();
        loop {
            let line = self.line()?;
            if line.is_empty() {
                return Ok((status, headers));
            }
            let (name, value) = line.split_once(':').ok_or_else(bad)?;
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
    }

    /// Reads an answer whose length is said.
    pub fn answer(&mut self) -> io::Result<Answer> {
        let (status, headers) = self.head()?;
        let length = headers
            .iter()
            .find(|(name, _)| name == "content-length")
            .and_then(|(_, length)| length.parse().ok())
            .unwrap_or(0);
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body)?;
        Ok(Answer {
            status,
            headers,
            body,
        })
    }

    /// Reads a line.
    pub fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        if self.stream.read_line(&mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(line.trim_end().to_owned())
    }
}

impl Server {
    /// Sends bytes on a connection of their own; the answer.
    pub fn raw(&self, bytes: &[u8]) -> io::Result<Answer> {
        let mut raw = Raw::connect(self)?;
        raw.send(bytes);
        raw.answer()
    }
}

//! A small HTTP client: one connection, one request at a time.

use std::{
    io::{self, BufRead as _, BufReader, Read as _, Write as _},
    net::{SocketAddr, TcpStream},
};

use serde_json::Value;

/// An answer.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub version: Option<u64>,
    pub cookie: Option<String>,
    pub body: Value,
}

pub struct Client {
    at: SocketAddr,
    open: Option<BufReader<TcpStream>>,
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
        let mut stream = if let Some(stream) = self.open.take() {
            stream
        } else {
            let stream = TcpStream::connect(self.at)?;
            stream.set_nodelay(true)?;
            BufReader::new(stream)
        };
        let length = body.len();
        let head = format!(
            "{head}Host: {}\r\nContent-Length: {length}\r\n\r\n",
            self.at
        );
        let mut request = head.into_bytes();
        request.extend_from_slice(body);
        stream.get_mut().write_all(&request)?;
        let answer = read(&mut stream)?;
        self.open = Some(stream);
        Ok(answer)
    }
}

fn read(stream: &mut BufReader<TcpStream>) -> io::Result<Answer> {
    let mut line = String::new();
    stream.read_line(&mut line)?;
    let status = line
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok());
    let status = status.ok_or(io::ErrorKind::UnexpectedEof)?;
    let (mut length, mut version, mut cookie) = (0, None, None);
    loop {
        line.clear();
        stream.read_line(&mut line)?;
        let Some((name, value)) = line.trim().split_once(':') else {
            break;
        };
        let value = value.trim();
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.parse().unwrap(),
            "etag" => version = value.trim_matches(['"', 'v']).parse().ok(),
            "set-cookie" => cookie = value.split(';').next().map(str::to_owned),
            _ => {}
        }
    }
    let mut bytes = vec![0; length];
    stream.read_exact(&mut bytes)?;
    let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
    Ok(Answer {
        status,
        version,
        cookie,
        body,
    })
}

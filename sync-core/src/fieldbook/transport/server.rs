//! An HTTP/1.1 server for tests: takes one connection, reads one request, does what it is told.

use std::{net::SocketAddr, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// What the server does once it has read the request.
pub(super) enum Act {
    /// Writes bytes.
    Say(Vec<u8>),
    /// Writes nothing for a while.
    Wait(Duration),
    /// Writes the same bytes until nobody listens any more, or this many bytes are written.
    Flood(&'static [u8], usize),
    /// Breaks the connection off, so that the other side notices at once.
    Reset,
}

/// What the server saw.
pub(super) struct Seen {
    /// The request, head and body.
    pub(super) request: String,
    /// Bytes it could write.
    pub(super) written: usize,
}

/// Starts a server on a free port of this machine.
pub(super) async fn serve(acts: Vec<Act>) -> (SocketAddr, JoinHandle<Seen>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let task = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let request = read_request(&mut stream).await;
        let written = act(&mut stream, acts).await;
        Seen { request, written }
    });
    (address, task)
}

/// A response with a body of the announced length.
pub(super) fn answer(status: &str, headers: &str, body: &str) -> Act {
    let length = body.len();
    Act::Say(
        format!("HTTP/1.1 {status}\r\n{headers}content-length: {length}\r\n\r\n{body}")
            .into_bytes(),
    )
}

async fn act(stream: &mut TcpStream, acts: Vec<Act>) -> usize {
    let mut written = 0;
    for act in acts {
        match act {
            Act::Say(bytes) => {
                if stream.write_all(&bytes).await.is_ok() {
                    written += bytes.len();
                }
            }
            Act::Wait(time) => tokio::time::sleep(time).await,
            Act::Flood(piece, most) => {
                while written < most && stream.write_all(piece).await.is_ok() {
                    written += piece.len();
                }
            }
            Act::Reset => stream.set_zero_linger().unwrap(),
        }
    }
    written
}

async fn read_request(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length: "));
            if body.len() >= length.map_or(0, |length| length.parse().unwrap()) {
                return text;
            }
        }
        let mut piece = [0; 4096];
        match stream.read(&mut piece).await {
            Ok(read) if read > 0 => bytes.extend_from_slice(&piece[..read]),
            _ => return text,
        }
    }
}

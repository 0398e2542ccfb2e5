use std::time::Duration;

use tokio::{io::AsyncWriteExt, net::TcpListener};

use super::{
    super::Method,
    server::{Act, Seen, answer, serve},
    *,
};

const CBOR: &str = "application/cbor";

fn sync() -> Request<'static> {
    Request::post("/v1/sync?x=1", CBOR, b"bundle".to_vec())
}

/// Sends a request to a server that acts as told.
async fn exchange(
    request: Request<'_>,
    acts: Vec<Act>,
) -> (Result<Response, TransportError>, Seen) {
    let (address, server) = serve(acts).await;
    let transport = HttpTransport::new(&format!("http://{address}")).unwrap();
    let outcome = transport.send(request).await;
    drop(transport);
    (outcome, server.await.unwrap())
}

#[tokio::test]
async fn a_request_arrives_as_written_and_its_answer_comes_back() {
    let request = sync().with_header("signature", "sig1=:AA==:");
    let said = answer(
        "200 OK",
        "Content-Type: application/cbor\r\nUpload-Offset: 7\r\n",
        "acks",
    );
    let (outcome, seen) = exchange(request, vec![said]).await;
    let response = outcome.unwrap().expecting(CBOR).unwrap();
    assert_eq!(
        (response.status, response.body.as_slice()),
        (200, &b"acks"[..])
    );
    assert_eq!(response.header("upload-offset"), Some("7"));
    let (head, body) = seen.request.split_once("\r\n\r\n").unwrap();
    assert_eq!(body, "bundle");
    assert!(head.starts_with("POST /v1/sync?x=1 HTTP/1.1\r\n"), "{head}");
    for line in [
        "signature: sig1=:AA==:",
        "content-type: application/cbor",
        "content-length: 6",
    ] {
        assert!(head.lines().any(|at| at == line), "{line} in {head}");
    }
    for name in ["cookie", "referer", "accept-encoding"] {
        assert!(!head.contains(name), "{name} in {head}");
    }
}

#[tokio::test]
async fn a_busy_server_says_when_to_come_back() {
    for (status, code) in [
        ("429 Too Many Requests", 429),
        ("503 Service Unavailable", 503),
    ] {
        let (outcome, _) = exchange(sync(), vec![answer(status, "Retry-After: 30\r\n", "")]).await;
        let error = outcome.unwrap().expecting(CBOR).unwrap_err();
        assert_eq!(
            error,
            TransportError::Status {
                code,
                retry_after_ms: Some(30_000)
            }
        );
        assert!(error.retryable());
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let moved = answer("302 Found", "Location: http://127.0.0.1:1/login\r\n", "");
    let (outcome, _) = exchange(sync(), vec![moved]).await;
    let response = outcome.unwrap();
    assert_eq!(response.status, 302);
    assert_eq!(response.expecting(CBOR), Err(TransportError::Intercepted));
}

#[tokio::test]
async fn a_server_that_says_nothing_or_never_ends_runs_out_of_time() {
    let begun = Act::Say(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nab".to_vec());
    let wait = || Act::Wait(Duration::from_millis(400));
    for acts in [vec![wait()], vec![begun, wait()]] {
        let request = Request {
            timeout_ms: 100,
            ..sync()
        };
        let (outcome, _) = exchange(request, acts).await;
        assert_eq!(outcome, Err(TransportError::Timeout));
    }
}

#[tokio::test]
async fn a_body_announced_as_too_large_is_not_read() {
    let huge = b"HTTP/1.1 200 OK\r\ncontent-length: 1000000000000\r\n\r\n".to_vec();
    let (outcome, _) = exchange(sync(), vec![Act::Say(huge)]).await;
    assert_eq!(outcome, Err(TransportError::TooLarge));
}

#[tokio::test]
async fn a_body_of_unknown_length_is_left_at_the_cap() {
    const FLOOD: usize = 64 * 1024 * 1024;
    let head = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
    let flood = Act::Flood(b"8\r\n12345678\r\n", FLOOD);
    let request = Request {
        max_response_bytes: 64 * 1024,
        ..sync()
    };
    let (outcome, seen) = exchange(request, vec![Act::Say(head), flood]).await;
    assert_eq!(outcome, Err(TransportError::TooLarge));
    assert!(seen.written < FLOOD / 2, "{} bytes taken", seen.written);
}

#[tokio::test]
async fn a_body_may_have_exactly_as_many_bytes_as_allowed() {
    for (cap, taken) in [(4, true), (3, false)] {
        let request = Request {
            max_response_bytes: cap,
            ..sync()
        };
        let (outcome, _) = exchange(request, vec![answer("200 OK", "", "acks")]).await;
        assert_eq!(outcome.is_ok(), taken);
    }
}

#[tokio::test]
async fn more_headers_than_allowed_are_too_large() {
    let long = format!("x: {}\r\n", "y".repeat(MAX_RESPONSE_HEADER_BYTES));
    let (outcome, _) = exchange(sync(), vec![answer("200 OK", &long, "")]).await;
    assert_eq!(outcome, Err(TransportError::TooLarge));
}

#[tokio::test]
async fn a_connection_that_breaks_off_is_worth_another_try() {
    let begun = || Act::Say(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nab".to_vec());
    let pause = || Act::Wait(Duration::from_millis(50));
    for acts in [
        vec![begun()],
        vec![begun(), pause(), Act::Reset],
        vec![Act::Reset],
        vec![],
    ] {
        let (outcome, _) = exchange(sync(), acts).await;
        let error = outcome.unwrap_err();
        assert!(matches!(error, TransportError::Protocol(_)), "{error}");
        assert!(error.retryable());
    }
}

#[tokio::test]
async fn what_is_no_http_is_a_broken_exchange() {
    let (outcome, _) = exchange(sync(), vec![Act::Say(b"SSH-2.0-x\r\n".to_vec())]).await;
    assert!(matches!(outcome, Err(TransportError::Protocol(_))));
}

#[tokio::test]
async fn a_closed_port_is_no_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let transport = HttpTransport::new(&format!("http://{address}")).unwrap();
    assert_eq!(transport.send(sync()).await, Err(TransportError::Offline));
}

#[tokio::test]
async fn a_server_that_speaks_no_tls_is_not_trusted() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream
            .write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            .await
            .unwrap();
        tokio::time::sleep(Duration::from_secs(1)).await;
    });
    let transport = HttpTransport::trusting(&format!("https://{address}"), &[]).unwrap();
    assert_eq!(transport.send(sync()).await, Err(TransportError::Tls));
}

#[tokio::test]
async fn an_answer_to_head_announces_a_length_without_a_body() {
    let (address, _server) = serve(vec![Act::Say(
        b"HTTP/1.1 200 OK\r\ncontent-length: 99999999\r\n\r\n".to_vec(),
    )])
    .await;
    let transport = HttpTransport::new(&format!("http://{address}")).unwrap();
    let response = transport
        .send(Request::new(Method::Head, "/v1/files/1"))
        .await
        .unwrap();
    assert_eq!((response.status, response.body.len()), (200, 0));
}

#[tokio::test]
async fn a_request_that_would_not_arrive_as_written_is_not_sent() {
    let transport = HttpTransport::new("http://127.0.0.1:1").unwrap();
    for path in ["", "v1", "/v1 x", "/v1\r\nhost: x", "/路", "/v1#x"] {
        let request = Request { path, ..sync() };
        assert_eq!(
            transport.send(request).await,
            Err(TransportError::Unsendable("path"))
        );
    }
    let request = sync().with_header("x", "a\r\ny: b");
    assert_eq!(
        transport.send(request).await,
        Err(TransportError::Unsendable("header"))
    );
}

#[test]
fn only_this_machine_is_spoken_to_in_the_clear() {
    for base in [
        "https://a.example",
        "https://a.example:8443/gridbook/",
        "http://localhost:8080",
    ] {
        assert!(checked_base(base).is_ok(), "{base}");
    }
    assert_eq!(checked_base("http://[::1]:80/").unwrap(), "http://[::1]:80");
    for base in [
        "http://a.example",
        "http://localhost.example",
        "http://127.0.0.1@a.example",
        "https://",
        "https:///v1",
        "https://a.example?x",
        "https://a b",
        "ftp://localhost",
        "a.example",
        "",
    ] {
        assert!(checked_base(base).is_err(), "{base}");
    }
}

#[test]
fn a_certificate_authority_that_is_no_certificate_is_refused() {
    let made = HttpTransport::trusting("https://a.example", &[b"no certificate".to_vec()]);
    assert_eq!(made.err(), Some(TransportError::Tls));
}

#[test]
fn a_generic_caller_may_move_its_request_to_another_thread() {
    fn sent<T: Transport>(transport: &T) -> impl Send {
        transport.send(sync())
    }
    drop(sent(&HttpTransport::new("http://localhost").unwrap()));
}

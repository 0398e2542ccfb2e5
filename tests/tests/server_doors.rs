//! Bad input at every door of the real server: a precise problem, never a 500 or a hang.
#![cfg(test)]

mod common;

use std::time::{Duration, Instant};

use common::{GRID, OTHER};
use gridbook_tests::{
    server::{Answer, HttpPhone, Options, Raw, Server},
    world::Storage,
};
use sync_core::fieldbook::transport::{Method, Request, TIME_HEADER};

const CBOR: &str = "application/cbor";

/// What is done to a header.
type Change<'c> = &'c dyn Fn(&str) -> String;

fn server() -> Server {
    let options = Options::default()
        .with("--head-timeout-s", 1)
        .with("--body-pause-s", 1)
        .with("--body-timeout-s", 2);
    Server::start(options).unwrap()
}

fn phone(server: &Server, seed: u64) -> HttpPhone {
    let inspector = format!("{seed}");
    server
        .enrolled(&inspector, &[GRID], Storage::Memory, seed)
        .unwrap()
}

/// Sends a request on a connection of its own.
fn ask(server: &Server, request: &Request<'_>) -> Answer {
    let mut raw = Raw::connect(server).unwrap();
    raw.request(request);
    raw.answer().unwrap()
}

/// Signed as it should be.
fn ask_signed(server: &Server, phone: &HttpPhone, request: &Request<'_>) -> Answer {
    ask(server, &phone.signed(request).unwrap())
}

fn refused(answer: &Answer, status: u16, problem: &str) {
    assert_eq!(
        (answer.status, answer.problem().as_deref()),
        (status, Some(problem)),
        "{answer:?}"
    );
}

#[test]
fn paths_methods_and_types_that_there_are_not() {
    let server = server();
    for (method, path, status, problem) in [
        (Method::Get, "/nothing", 404, "not-found"),
        (Method::Get, "/v1", 404, "not-found"),
        (Method::Get, "/v1/nothing", 404, "not-found"),
        (Method::Get, "/v1/sync/../healthz", 404, "not-found"),
        (Method::Get, "/api/v1/nothing", 404, "not-found"),
        (Method::Get, "/v1/sync", 405, "wrong-method"),
        (Method::Delete, "/v1/enrol", 405, "wrong-method"),
        (Method::Post, "/healthz", 405, "wrong-method"),
        (Method::Put, "/v1/files", 405, "wrong-method"),
    ] {
        refused(&ask(&server, &Request::new(method, path)), status, problem);
    }
    for path in ["/v1/enrol", "/v1/sync"] {
        let request = Request::post(path, "text/plain", b"x".to_vec());
        let answer = match path {
            "/v1/sync" => ask_signed(&server, &phone(&server, 1), &request),
            _ => ask(&server, &request),
        };
        refused(&answer, 415, "unsupported");
    }
}

#[test]
fn malformed_cbor_and_tickets_that_nobody_made() {
    let server = server();
    let phone = phone(&server, 1);
    for body in [
        &b""[..],
        b"\xff",
        b"\xa1\x01",
        &[0x9f; 4096],
        b"{\"json\":1}",
    ] {
        let sync = Request::post("/v1/sync", CBOR, body.to_vec());
        refused(&ask_signed(&server, &phone, &sync), 400, "malformed");
        let enrol = Request::post("/v1/enrol", CBOR, body.to_vec());
        let answer = ask(&server, &enrol);
        let large = body.len() > 4_095;
        assert!(answer.status == 400 || large, "{answer:?}");
    }
    let guess = |n: u32| {
        let ticket = format!("guess{n:04}");
        let request = phone
            .book
            .enrol_request(&ticket, [1; 32], "test")
            .to_bytes();
        ask(&server, &Request::post("/v1/enrol", CBOR, request))
    };
    refused(&guess(0), 404, "not-found");
    let last = (1..200).map(guess).find(|answer| answer.status != 404);
    let last = last.expect("guessing is bounded");
    refused(&last, 429, "too-many");
    assert!(last.header("retry-after").is_some());
}

#[test]
fn a_ticket_is_good_once() {
    let server = server();
    let ticket = server.ticket("1001", &[GRID]).unwrap();
    let mut first = server.phone(Storage::Memory, 1).unwrap();
    first.enrol(&ticket).unwrap();
    let second = server.phone(Storage::Memory, 2).unwrap();
    let request = second
        .book
        .enrol_request(&ticket, second.public_key(), "test");
    let request = Request::post("/v1/enrol", CBOR, request.to_bytes());
    refused(&ask(&server, &request), 410, "gone");
}

#[test]
fn bodies_too_large_and_too_slow() {
    let server = server();
    let phone = phone(&server, 1);
    let huge = Request::post("/v1/sync", CBOR, vec![0; 1024 * 1024 + 1]);
    refused(&ask_signed(&server, &phone, &huge), 413, "too-large");
    let huge = Request::post("/v1/enrol", CBOR, vec![0; 3 * 1024 * 1024]);
    refused(&ask(&server, &huge), 413, "too-large");
    let announced = b"POST /v1/enrol HTTP/1.1\r\nhost: x\r\ncontent-type: application/cbor\r\n\
        content-length: 99999999999999\r\n\r\n";
    refused(&server.raw(announced).unwrap(), 413, "too-large");
    // One byte, then silence.
    let began = Instant::now();
    for head in [
        "POST /v1/enrol HTTP/1.1\r\nhost: x\r\ncontent-type: application/cbor\r\n",
        "POST /api/v1/session HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n",
    ] {
        let slow = format!("{head}content-length: 100\r\n\r\nx");
        refused(&server.raw(slow.as_bytes()).unwrap(), 408, "too-slow");
    }
    // A byte now and then keeps nobody waiting for ever.
    let mut raw = Raw::connect(&server).unwrap();
    raw.send(b"POST /v1/enrol HTTP/1.1\r\nhost: x\r\ncontent-type: application/cbor\r\n");
    raw.send(b"content-length: 100\r\n\r\n");
    for _ in 0..20 {
        if !raw.send(b"x") {
            break;
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    refused(&raw.answer().unwrap(), 408, "too-slow");
    // A head that never ends is cut off.
    let mut raw = Raw::connect(&server).unwrap();
    raw.send(b"GET /healthz HTTP/1.1\r\nhost:");
    assert!(raw.answer().is_err() || began.elapsed() < Duration::from_secs(15));
    assert!(began.elapsed() < Duration::from_secs(30));
}

#[test]
fn absurd_heads() {
    let server = server();
    let long = "x".repeat(100_000);
    let many = "a: b\r\n".repeat(1_000);
    for (head, allowed) in [
        (
            format!("GET /{long} HTTP/1.1\r\nhost: x\r\n\r\n"),
            &[400, 404, 414, 431][..],
        ),
        (
            format!("GET /healthz HTTP/1.1\r\nhost: x\r\ny: {long}\r\n\r\n"),
            &[431],
        ),
        (
            format!("GET /healthz HTTP/1.1\r\nhost: x\r\n{many}\r\n"),
            &[431],
        ),
        ("NONSENSE\r\n\r\n".to_owned(), &[400]),
        ("GET /healthz HTTP/9.9\r\n\r\n".to_owned(), &[400, 505]),
        (
            "GET /health\0z HTTP/1.1\r\nhost: x\r\n\r\n".to_owned(),
            &[400],
        ),
        (
            "BREW /v1/sync HTTP/1.1\r\nhost: x\r\n\r\n".to_owned(),
            &[405],
        ),
        (
            "POST /v1/enrol HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n".to_owned(),
            &[400],
        ),
        (
            "POST /v1/enrol HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n"
                .to_owned(),
            &[400],
        ),
    ] {
        let begins: String = head.chars().take(60).collect();
        // Closed without a word is an answer to what is no HTTP.
        if let Ok(answer) = server.raw(head.as_bytes()) {
            assert!(allowed.contains(&answer.status), "{begins}: {answer:?}");
        }
    }
    refused_health(&server);
}

fn refused_health(server: &Server) {
    let answer = ask(server, &Request::new(Method::Get, "/healthz"));
    assert_eq!((answer.status, answer.body.as_slice()), (200, &b"ok\n"[..]));
}

#[test]
fn signatures_that_are_not_good() {
    let server = server();
    let phone = phone(&server, 1);
    let request = Request::post("/v1/sync", CBOR, b"\xa0".to_vec());
    refused(&ask(&server, &request), 401, "signature");
    let good = phone.signed(&request).unwrap();
    let altered = |name: &str, change: &dyn Fn(&str) -> String| {
        let mut altered = phone.signed(&request).unwrap();
        for (at, value) in &mut altered.headers {
            if *at == name {
                *value = change(value);
            }
        }
        ask(&server, &altered)
    };
    let cases: [(&str, Change<'_>); 9] = [
        ("signature", &|_| "sig=:AAAA:".to_owned()),
        ("signature", &|value| value.replace("sig=", "other=")),
        ("signature", &|_| format!("sig=:{}==:", "A".repeat(86))),
        ("signature-input", &|value| value.replace("\"@query\" ", "")),
        ("signature-input", &|value| value.replace("ed25519", "rsa")),
        ("signature-input", &|value| {
            value.replace("created=1", "created=x1")
        }),
        ("signature-input", &|value| format!("{value};tag=\"x\"")),
        ("signature-input", &|value| {
            value.replace(";nonce=\"", ";nonce=\"A")
        }),
        ("content-digest", &|_| "sha-256=:AA==:".to_owned()),
    ];
    for (name, change) in cases {
        refused(&altered(name, change), 401, "signature");
    }
    let mut other = good.clone();
    other.body = b"\xa1\x01\x01".to_vec();
    refused(&ask(&server, &other), 401, "signature");
    let mut elsewhere = phone.signed(&request).unwrap();
    elsewhere.path = "/v1/sync?x=1";
    refused(&ask(&server, &elsewhere), 401, "signature");
    let mut twice = phone.signed(&request).unwrap();
    let signature = twice.headers.last().unwrap().clone();
    twice.headers.push(signature);
    refused(&ask(&server, &twice), 401, "signature");
    // A device that there is not.
    let stranger = altered("signature-input", &|value| {
        value.replace(&phone.device().to_string(), "010203040506")
    });
    refused(&stranger, 401, "unauthenticated");
    // The one that was good is still good, once.
    assert_eq!(ask(&server, &good).status, 400);
    let again = ask(&server, &good);
    refused(&again, 401, "replayed");
    assert!(again.header(TIME_HEADER).is_some());
}

#[test]
fn a_signature_of_another_time_is_told_the_time() {
    let server = server();
    let mut phone = phone(&server, 1);
    let request = Request::new(Method::Get, "/v1/live");
    for minutes in [-6, 6, 600_000] {
        phone.offset_ms += minutes * 60_000;
        let answer = ask_signed(&server, &phone, &request);
        refused(&answer, 401, "clock");
        let told: i64 = answer.header(TIME_HEADER).unwrap().parse().unwrap();
        assert!((told - server.now_ms()).abs() < 10_000);
        phone.offset_ms -= minutes * 60_000;
    }
}

#[test]
fn what_is_not_this_phones() {
    let server = server();
    let phone = phone(&server, 1);
    let other = server.enrolled("2", &[OTHER], Storage::Memory, 2).unwrap();
    // A request under another device's name.
    let body = other.book.enrol_request("x", [0; 32], "x").to_bytes();
    let request = Request::post("/v1/sync", CBOR, body);
    refused(&ask_signed(&server, &phone, &request), 400, "malformed");
    for path in [
        "/v1/files/00000000000000000000000000000000/1111111111111111111111111111111111111111111111111111111111111111",
        "/v1/files/x/y",
        "/v1/files/..%2f..%2fetc/passwd",
        "/v1/schemas/999999",
        "/v1/schemas/-1",
    ] {
        let answer = ask_signed(&server, &phone, &Request::new(Method::Get, path));
        refused(&answer, 404, "not-found");
    }
    let unconfirmed = {
        let mut phone = server.phone(Storage::Memory, 3).unwrap();
        phone.enrol(&server.ticket("3", &[GRID]).unwrap()).unwrap();
        phone
    };
    let live = Request::new(Method::Get, "/v1/live");
    refused(&ask_signed(&server, &unconfirmed, &live), 403, "forbidden");
}

#[test]
fn uploads_that_do_not_fit() {
    let server = server();
    let phone = phone(&server, 1);
    let begin = |headers: &[(&'static str, &str)]| {
        let request = headers.iter().fold(
            Request::new(Method::Post, "/v1/files"),
            |request, (name, value)| request.with_header(name, *value),
        );
        ask_signed(&server, &phone, &request)
    };
    let tus = ("tus-resumable", "1.0.0");
    // record, sha256 and filetype in base64, of a record that there is not.
    let told = "record MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA=,\
        sha256 MTExMTExMTExMTExMTExMTExMTExMTExMTExMTExMTExMTExMTExMTExMTExMTExMTExMTExMTExMTExMTExMQ==,\
        filetype aW1hZ2UvanBlZw==";
    let told_text = told.replace("aW1hZ2UvanBlZw==", "dGV4dC9odG1s");
    for (headers, status, problem) in [
        (&[][..], 412, "tus-version"),
        (&[("tus-resumable", "0.2.2")], 412, "tus-version"),
        (&[tus], 422, "invalid"),
        (&[tus, ("upload-length", "5")], 422, "invalid"),
        (
            &[tus, ("upload-length", "-5"), ("upload-metadata", told)],
            422,
            "invalid",
        ),
        (
            &[tus, ("upload-length", "5"), ("upload-metadata", "record x")],
            400,
            "malformed",
        ),
        (
            &[tus, ("upload-length", "0"), ("upload-metadata", told)],
            422,
            "invalid",
        ),
        (
            &[tus, ("upload-length", "4194305"), ("upload-metadata", told)],
            413,
            "too-large",
        ),
        (
            &[
                tus,
                ("upload-length", "5"),
                ("upload-metadata", told_text.as_str()),
            ],
            415,
            "unsupported",
        ),
        (
            &[tus, ("upload-length", "5"), ("upload-metadata", told)],
            404,
            "not-found",
        ),
    ] {
        refused(&begin(headers), status, problem);
    }
    let options = server
        .raw(b"OPTIONS /v1/files HTTP/1.1\r\nhost: x\r\n\r\n")
        .unwrap();
    assert_eq!(options.status, 204);
    assert_eq!(options.header("tus-max-size"), Some("4194304"));
}

#[test]
fn when_all_turns_are_taken_one_is_told_to_come_again() {
    let options = Options::default()
        .with("--max-requests", 1)
        .with("--body-pause-s", 100);
    let server = Server::start(options).unwrap();
    let _holding = Raw::with_the_turn(&server, |raw| {
        raw.send(b"POST /v1/enrol HTTP/1.1\r\nhost: x\r\ncontent-type: application/cbor\r\n");
        raw.send(b"content-length: 100\r\n\r\nx");
    })
    .unwrap();
    let busy = ask(&server, &Request::new(Method::Get, "/v1/time"));
    refused(&busy, 503, "busy");
    assert!(busy.header("retry-after").is_some());
    // Operators still get in.
    refused_health(&server);
}

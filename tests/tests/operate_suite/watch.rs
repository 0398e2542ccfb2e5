//! What operators' machines look at and do: readiness, figures, and an orderly stop.

use std::{
    net::TcpStream,
    time::{Duration, Instant},
};

use crate::common::text;
use crate::field::{finding, once, photographed, read, resident, surveyor};
use gridbook_server::{
    http::{Edge, serve, service_with},
    intake::Work,
};
use gridbook_tests::{
    central::Central,
    county::scratch,
    server::{Options, Raw, Server},
};
use rusqlite::Connection;
use sync_core::{
    DeviceId,
    fieldbook::transport::{Method, Request},
};

const NOW: i64 = 1_790_000_000_000;
/// One more than may wait on a server that is ready.
const TOO_MANY: u64 = 20_001;

#[test]
fn a_server_that_is_far_behind_is_not_ready_and_lives() {
    let dir = scratch("ready");
    let central = Central::start(&dir, NOW).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let app = central.app.clone();
    let edge = Edge::new(app.config().limits.clone(), app.metrics().clone());
    let bound = tokio::net::TcpListener::bind("127.0.0.1:0");
    let listener = runtime.block_on(bound).unwrap();
    let at = listener.local_addr().unwrap();
    let router = service_with(app.clone(), &edge);
    runtime.spawn(serve(listener, router, edge, std::future::pending()));
    let ask = |path: &str| {
        let mut raw = Raw::to(at).unwrap();
        raw.request(&Request::new(Method::Get, path));
        raw.answer().unwrap()
    };
    assert_eq!(ask("/readyz").status, 200);
    // Nothing is verified while a job of somebody takes its time.
    let (go_on, wait) = std::sync::mpsc::channel::<()>();
    let (begun, begins) = std::sync::mpsc::channel();
    let busy = {
        let central = central.share();
        std::thread::spawn(move || {
            central.write(move |_| {
                begun.send(()).unwrap();
                let _ = wait.recv();
                Ok(())
            })
        })
    };
    begins.recv().unwrap();
    let waiting = |position| Work {
        position,
        time_ms: NOW,
        device: DeviceId([1, 2, 3, 4, 5, 6]),
        number: position,
        epoch: 1,
        schema: 1,
        parts: Vec::new(),
    };
    app.backlog().push((1..=TOO_MANY).map(waiting).collect());
    let far_behind = ask("/readyz");
    assert_eq!(far_behind.status, 503);
    assert_eq!(far_behind.problem().as_deref(), Some("busy"));
    assert!(far_behind.header("retry-after").is_some());
    assert_eq!(ask("/healthz").status, 200, "it lives");
    let figures = String::from_utf8(ask("/metrics").body).unwrap();
    let line = format!("gridbook_backlog {TOO_MANY}\n");
    assert!(figures.contains(&line), "{figures}");
    let all = app.backlog().take(usize::MAX);
    app.backlog().finished(&all[..1]);
    assert_eq!(ask("/readyz").status, 200, "as many as may wait");
    app.backlog().finished(&all);
    go_on.send(()).unwrap();
    busy.join().unwrap().unwrap();
    drop(runtime);
    central.stop();
    std::fs::remove_dir_all(dir).unwrap();
}

#[test]
fn a_server_whose_stores_do_not_answer_is_not_ready_and_lives() {
    let server = Server::start(Options::default()).unwrap();
    assert_eq!(read(&server, "/readyz").status, 200);
    // The disk is gone, as far as anybody who opens a file can tell.
    let away = server.data().with_file_name("away");
    std::fs::rename(server.data(), &away).unwrap();
    let lost = read(&server, "/readyz");
    assert_eq!(lost.status, 503);
    assert_eq!(lost.problem().as_deref(), Some("busy"));
    assert_eq!(read(&server, "/healthz").status, 200);
    std::fs::rename(&away, server.data()).unwrap();
    assert_eq!(read(&server, "/readyz").status, 200);
    // A disk that takes nothing: it can be read, and what is to be written there cannot be.
    let probe = server.data().join("ready.probe");
    std::fs::create_dir(&probe).unwrap();
    assert_eq!(read(&server, "/readyz").status, 503);
    std::fs::remove_dir(&probe).unwrap();
    assert_eq!(read(&server, "/readyz").status, 200);
    assert!(!probe.exists());
}

/// Texts of a table that would tell somebody or some place.
fn texts(main: &Connection, sql: &str) -> Vec<String> {
    let mut select = main.prepare(sql).unwrap();
    let rows = select.query_map([], |row| row.get::<_, String>(0)).unwrap();
    let telling = |text: &String| {
        let digits = text.chars().filter(char::is_ascii_digit).count();
        !text.is_ascii() || digits >= 6
    };
    rows.map(Result::unwrap).filter(telling).collect()
}

#[test]
fn figures_and_log_name_nobody_and_no_record() {
    let server = Server::start(Options::default()).unwrap();
    let (mut phone, shop) = surveyor(&server, 1);
    let (who, person) = resident(&mut phone, shop, 5);
    let found = finding(&mut phone, shop, server.now_ms());
    assert!(phone.sync().unwrap().complete);
    photographed(&mut phone, found, 7);
    // Paths and queries of nobody's routes, too.
    let path = format!("/v1/nothing/{who}?phone={}", person.phone);
    assert_eq!(read(&server, &path).status, 404);
    assert_eq!(once(&phone, &Request::new(Method::Get, &path)).status, 404);
    let figures = String::from_utf8(read(&server, "/metrics").body).unwrap();
    let log = server.log();
    assert!(
        figures.contains("gridbook_files_stored_total 1"),
        "{figures}"
    );
    let main = Connection::open(server.data().join("main.db")).unwrap();
    let mut words = vec![person.name, person.identity, person.phone];
    for sql in [
        "SELECT lower(hex(id)) FROM record",
        "SELECT DISTINCT grid FROM record",
        "SELECT value FROM field_value",
        "SELECT text FROM search_text",
        "SELECT lower(hex(sha256)) FROM file",
    ] {
        let found = texts(&main, sql);
        assert!(!found.is_empty(), "{sql}");
        words.extend(found);
    }
    words.push("Inspector".to_owned());
    for word in words {
        assert!(!figures.contains(&word), "{word}");
        assert!(!log.contains(&word), "{word}");
    }
    // The log says which phone; the figures not even that.
    let device = phone.device().to_string();
    assert!(log.contains(&device) && !figures.contains(&device));
}

/// Waits until nobody is let in any more.
fn closed(server: &Server) {
    let url = server.url();
    let address = url.trim_start_matches("http://");
    let until = Instant::now() + Duration::from_secs(20);
    while TcpStream::connect(address).is_ok() {
        assert!(Instant::now() < until, "it still listens");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_request_under_way_is_finished_and_kept_when_the_server_is_told_to_stop() {
    let mut server = Server::start(Options::default().with("--max-requests", 1)).unwrap();
    let (mut phone, shop) = surveyor(&server, 1);
    let edit = [text("sign_name", "小王面馆")];
    phone.book.edit(&shop, &edit).unwrap();
    // What the phone would send, taken from a session that is given up.
    let body = phone.next_sync_body().unwrap();
    let request = Request::post("/v1/sync", "application/cbor", body);
    let signed = phone.signed(&request).unwrap();
    let (first, rest) = signed.body.split_at(signed.body.len() / 2);
    let mut raw = Raw::with_the_turn(&server, |raw| {
        raw.begin(&signed);
        raw.send(first);
    })
    .unwrap();
    server.ask_to_stop().unwrap();
    closed(&server);
    raw.send(rest);
    let answer = raw.answer().unwrap();
    assert_eq!(answer.status, 200, "{answer:?}");
    assert!(server.stopped().unwrap().success());
    let journal = Connection::open(server.data().join("journal.db")).unwrap();
    let sql = "SELECT max(number) FROM chain WHERE device = ?1";
    let device = phone.device().0;
    let kept: u64 = journal.query_row(sql, [device], |row| row.get(0)).unwrap();
    assert_eq!(kept, 2, "acknowledged and on disk");
    drop(journal);
    server.restart().unwrap();
    assert!(phone.sync().unwrap().complete);
    assert_eq!(phone.book.pending().unwrap(), 0);
    let said = server.command(&["verify"]).unwrap();
    assert!(said.ends_with("no faults\n"), "{said}");
}

#[test]
fn a_request_that_never_ends_holds_up_a_stop_for_a_bounded_time() {
    let options = Options::default()
        .with("--shutdown-timeout-s", 1)
        .with("--max-requests", 1);
    let mut server = Server::start(options).unwrap();
    let _raw = Raw::with_the_turn(&server, |raw| {
        raw.send(b"POST /v1/enrol HTTP/1.1\r\nhost: x\r\ncontent-type: application/cbor\r\n");
        raw.send(b"content-length: 100\r\n\r\nx");
    })
    .unwrap();
    let began = Instant::now();
    assert!(server.terminate().unwrap().success());
    let took = began.elapsed();
    assert!(took < Duration::from_secs(10), "{took:?}");
    assert!(server.log().contains("cut off"), "{}", server.log());
}

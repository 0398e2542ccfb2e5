//! A server that has too much to do says when to come again, and the real phone comes then, by its
//! own clock, and gets through.

use std::{
    fmt::Write as _,
    sync::{Arc, Mutex},
};

use crate::common::text;
use crate::field::{half_sent, on_line, picture, surveyor};
use gridbook_tests::{
    server::{HttpPhone, Options, Raw, Server},
    world::Link,
};
use rusqlite::Connection;
use sync_core::fieldbook::transport::{Method, Request};

/// What the phone was told to wait, each time.
type Waits = Arc<Mutex<Vec<u64>>>;

/// While the phone waits its clock goes on by as much, and `meanwhile` happens the first time.
fn waits(phone: &HttpPhone, meanwhile: impl FnOnce() + Send + 'static) -> Waits {
    let waits = Waits::default();
    let (noted, host) = (waits.clone(), phone.host.clone());
    let mut meanwhile = Some(meanwhile);
    phone.waiter.instead(move |ms| {
        noted.lock().unwrap().push(ms);
        let now = sync_core::fieldbook::Host::clock(&*host).wall_ms;
        host.set(now + i64::try_from(ms).unwrap());
        if let Some(meanwhile) = meanwhile.take() {
            meanwhile();
        }
    });
    waits
}

#[test]
fn a_phone_that_found_all_turns_taken_comes_again_when_it_was_told() {
    let options = Options::default()
        .with("--max-requests", 1)
        .with("--body-pause-s", 60);
    let server = Server::start(options).unwrap();
    let (mut phone, shop) = surveyor(&server, 1);
    let edit = [text("sign_name", "小王面馆")];
    phone.book.edit(&shop, &edit).unwrap();
    // Somebody takes the only turn and lets the server wait for the rest.
    let mut holding = Raw::with_the_turn(&server, |raw| {
        raw.send(b"POST /v1/enrol HTTP/1.1\r\nhost: x\r\ncontent-type: application/cbor\r\n");
        raw.send(b"content-length: 3\r\n\r\nx");
    })
    .unwrap();
    let waits = waits(&phone, move || {
        holding.send(b"xx");
        assert_eq!(holding.answer().unwrap().status, 400);
    });
    assert!(phone.sync().unwrap().complete);
    assert_eq!(phone.book.pending().unwrap(), 0);
    let waits = waits.lock().unwrap().clone();
    // Retry-After: 2. Without it the phone would try again after 20 ms.
    assert!(!waits.is_empty(), "it was never sent away");
    assert!(waits.iter().all(|ms| *ms >= 2_000), "{waits:?}");
    assert_eq!(phone.counts().refused, waits.len() as u64);
}

#[test]
fn a_phone_whose_queue_is_full_comes_again_when_it_was_told() {
    let server = Server::start(Options::default()).unwrap();
    let (mut phone, shop) = surveyor(&server, 1);
    let dead = Link {
        lost: 100,
        ..Link::default()
    };
    on_line(&mut phone, dead, |phone| {
        for number in 0..70 {
            let sign = format!("招牌 {number}");
            phone.book.edit(&shop, &[text("sign_name", &sign)]).unwrap();
            // A session closes the bundle, and nothing arrives.
            assert!(phone.sync().is_err());
        }
    });
    // Nothing is verified while somebody else writes; what is in hand by then waits beside the 32 of
    // the queue.
    let main = Connection::open(server.data().join("main.db")).unwrap();
    main.execute_batch("BEGIN IMMEDIATE").unwrap();
    let figures = server.url();
    let waits = waits(&phone, move || {
        main.execute_batch("ROLLBACK").unwrap();
        drop(main);
        // The queue has room again once something is verified.
        let address = figures.trim_start_matches("http://").to_owned();
        loop {
            let mut raw = Raw::to(&address).unwrap();
            raw.request(&Request::new(Method::Get, "/metrics"));
            let text = String::from_utf8(raw.answer().unwrap().body).unwrap();
            if text.contains("gridbook_backlog 0\n") {
                break;
            }
            std::thread::yield_now();
        }
    });
    assert!(phone.sync().unwrap().complete);
    assert_eq!(phone.book.pending().unwrap(), 0);
    let waits = waits.lock().unwrap().clone();
    assert!(!waits.is_empty(), "it was never sent away");
    assert!(waits.iter().all(|ms| *ms >= 1_000), "{waits:?}");
    let shown = phone.book.get(&shop).unwrap();
    let sign = shown.view.fields["sign_name"].shown();
    assert_eq!(sign.as_text(), Some("招牌 69"));
}

#[test]
fn a_phone_that_began_too_much_sends_the_photo_another_time() {
    let options = Options::default().with("--max-device-upload-bytes", 10_000);
    let server = Server::start(options).unwrap();
    let (mut phone, shop) = surveyor(&server, 1);
    let first = picture(6_000, 1);
    let of_first = half_sent(&mut phone, shop, &first);
    phone.book.drop_attachment(&shop, &of_first).unwrap();
    let second = picture(6_000, 2);
    phone.book.attach(&shop, "image/jpeg", &second).unwrap();
    let path = format!("/v1/files/{shop}/{of_first}");
    let give_up = Request::new(Method::Delete, &path).with_header("tus-resumable", "1.0.0");
    let signed = phone.signed(&give_up).unwrap();
    let mut line = Raw::connect(&server).unwrap();
    let mut head = format!("DELETE {path} HTTP/1.1\r\nhost: test\r\ncontent-length: 0\r\n");
    for (name, value) in &signed.headers {
        write!(head, "{name}: {value}\r\n").unwrap();
    }
    // Ten minutes are asked for: the photo is left for later and nobody waits.
    let waits = waits(&phone, || {});
    let uploaded = phone.upload().unwrap();
    assert_eq!((uploaded.done, uploaded.later), (0, 1), "{uploaded:?}");
    assert!(waits.lock().unwrap().is_empty(), "{waits:?}");
    line.send(format!("{head}\r\n").as_bytes());
    assert_eq!(line.head().unwrap().0, 204);
    let uploaded = phone.upload().unwrap();
    assert_eq!((uploaded.done, uploaded.later), (1, 0), "{uploaded:?}");
}

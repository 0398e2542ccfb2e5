//! Phones against the real server, over HTTP.
#![cfg(test)]

mod common;
mod field;

use std::{path::Path, sync::Arc};

use common::{GRID, OTHER, shop_edits, text};
use field::{picture, surveyor};
use gridbook_server::{App, clock::ShiftedClock, config::Config, demo::street, uploads};
use gridbook_tests::{
    server::{HttpPhone, Options, Raw, Server},
    world::{Link, Rng, Storage},
};
use schemas::{SchemaSet, SourceFile};
use sync_core::{
    bundle::{
        RecoveryReply, RecoveryRequest, RecoveryState, ServerSealKey, copy_for_recovery,
        recovery_key,
    },
    fieldbook::{
        Place,
        transport::{Method, Request},
    },
};

#[test]
fn a_shop_of_one_phone_reaches_the_other_over_http() {
    let server = Server::start(Options::default()).unwrap();
    let mut wang = server
        .enrolled("1001", &[GRID], Storage::Memory, 1)
        .unwrap();
    let mut li = server
        .enrolled("1002", &[GRID], Storage::Memory, 2)
        .unwrap();
    let place = Place::Grid(GRID.to_owned());
    let edits = shop_edits("古美路 12 号", "小李面馆");
    let id = wang.book.create("shop", &place, &edits).unwrap().record;
    let report = wang.sync().unwrap();
    assert!(report.complete, "{report:?}");
    let report = li.sync().unwrap();
    assert!(report.complete, "{report:?}");
    let title = li.book.listed(&id).unwrap().title.clone();
    assert_eq!(title, "小李面馆 · 古美路 12 号");
}

#[test]
fn a_phone_asks_for_its_data_key_signed_and_waits_for_a_person() {
    let server = Server::start(Options::default()).unwrap();
    let wang = server
        .enrolled("1001", &[GRID], Storage::Memory, 1)
        .unwrap();
    let get = Request::new(Method::Get, "/v1/recovery");
    assert_eq!(wang.call(&get).unwrap().status, 404, "nobody asked");
    let identity = wang.book.identity().unwrap();
    let key = ServerSealKey::from_bytes(&identity.seal_key).unwrap();
    let request = RecoveryRequest {
        copy: copy_for_recovery(&key, identity.certificate.device, &[7; 32], [8; 32]).unwrap(),
        key: recovery_key(&[9; 32]),
    };
    let post = |body| Request::post("/v1/recovery", "application/cbor", body);
    assert_eq!(wang.send(post(request.to_bytes())).unwrap().status, 401);
    assert_eq!(wang.call(&post(vec![0xFF])).unwrap().status, 400);
    assert_eq!(wang.call(&post(request.to_bytes())).unwrap().status, 202);
    let reply = wang.call(&get).unwrap();
    let reply = RecoveryReply::from_bytes(&reply.body).unwrap();
    assert_eq!(reply.state, RecoveryState::Waiting);
    assert_eq!(reply.sealed, None);
}

#[test]
fn a_photo_cut_off_again_and_again_arrives_whole_and_is_sent_once() {
    let server = Server::start(Options::default()).unwrap();
    let (mut phone, shop) = surveyor(&server, 1);
    let bytes = picture(1_500_000, 7);
    let sha256 = phone.book.attach(&shop, "image/jpeg", &bytes).unwrap();
    phone.set_link(Link {
        lost: 20,
        cut: 30,
        doubled: 10,
    });
    let before = phone.counts();
    let mut sessions = 0;
    while !phone.book.pending_attachments().unwrap().is_empty() {
        sessions += 1;
        assert!(sessions < 50, "no progress");
        let _ = phone.upload();
    }
    let counts = phone.counts();
    assert!(counts.broken > before.broken, "the line was good");
    let sent = counts.up - before.up;
    assert!(sent < 6_000_000, "{sent} bytes for 1,500,000");
    phone.set_link(Link::default());
    let path = format!("/v1/files/{shop}/{sha256}");
    let response = phone.call(&Request::new(Method::Get, &path)).unwrap();
    assert_eq!(response.status, 200);
    assert_eq!(response.content_type(), Some("image/jpeg"));
    assert!(response.body == bytes);
}

#[test]
fn a_phone_whose_clock_is_decades_off_syncs_all_the_same() {
    let server = Server::start(Options::default()).unwrap();
    let (mut phone, _) = surveyor(&server, 1);
    for year_2001_ms in [978_307_200_000, 4_102_444_800_000] {
        phone.host.set(year_2001_ms);
        let report = phone.sync().unwrap();
        assert!(report.complete, "{report:?}");
        phone.offset_ms = 0;
    }
    assert!(phone.counts().refused > 0, "the server named its time");
}

#[test]
fn a_lossy_line_loses_nothing_and_repeats_nothing() {
    let server = Server::start(Options::default()).unwrap();
    let (mut wang, shop) = surveyor(&server, 1);
    let (mut li, _) = surveyor(&server, 2);
    let bad = Link {
        lost: 25,
        cut: 25,
        doubled: 25,
    };
    wang.set_link(bad);
    li.set_link(bad);
    for n in 0..10 {
        let name = format!("小李面馆 {n}");
        wang.book.edit(&shop, &[text("sign_name", &name)]).unwrap();
        let _ = wang.sync();
        let _ = li.sync();
    }
    wang.set_link(Link::default());
    li.set_link(Link::default());
    assert!(wang.sync().unwrap().complete);
    assert!(li.sync().unwrap().complete);
    let view = |phone: &HttpPhone| phone.book.get(&shop).unwrap().view;
    assert_eq!(view(&wang), view(&li));
    let sign = view(&li).fields["sign_name"]
        .shown()
        .as_text()
        .map(str::to_owned);
    assert_eq!(sign.as_deref(), Some("小李面馆 9"));
    assert!(wang.book.pending().unwrap() == 0);
}

#[test]
fn a_server_killed_at_any_time_goes_on_where_it_was() {
    let mut server = Server::start(Options::default()).unwrap();
    let (mut phone, shop) = surveyor(&server, 1);
    let bytes = picture(900_000, 3);
    phone.book.attach(&shop, "image/jpeg", &bytes).unwrap();
    phone.set_link(Link {
        cut: 100,
        ..Link::default()
    });
    // Something arrives, and nobody hears of it.
    let _ = phone.upload();
    server.kill9().unwrap();
    server.restart().unwrap();
    phone.set_link(Link::default());
    let uploaded = phone.upload().unwrap();
    assert_eq!((uploaded.done, uploaded.later), (1, 0), "{uploaded:?}");
    let edit = [text("sign_name", "小王面馆")];
    phone.book.edit(&shop, &edit).unwrap();
    assert!(phone.sync().unwrap().complete);
    assert!(server.terminate().unwrap().success());
}

#[test]
fn photos_that_are_not_what_they_should_be() {
    let server = Server::start(Options::default()).unwrap();
    let (mut phone, shop) = surveyor(&server, 1);
    // A page that calls itself a picture; a PNG that calls itself a JPEG; no picture by its name.
    let page = b"<html><script>alert(1)</script></html>".repeat(10);
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    png.extend([7; 300]);
    for (media, bytes) in [
        ("image/jpeg", page),
        ("image/jpeg", png),
        ("text/html", picture(500, 1)),
    ] {
        let sha256 = phone.book.attach(&shop, media, &bytes).unwrap();
        let uploaded = phone.upload().unwrap();
        let statuses: Vec<u16> = uploaded.refused.iter().map(|(_, status)| *status).collect();
        assert_eq!(statuses, [415], "{media}");
        phone.book.drop_attachment(&shop, &sha256).unwrap();
    }
    let (other, elsewhere) = surveyor(&server, 2);
    // A phone of another grid neither sends to the record nor fetches from it.
    let mut stranger = server
        .enrolled("3001", &[OTHER], Storage::Memory, 31)
        .unwrap();
    stranger.sync().unwrap();
    let bytes = picture(5_000, 5);
    let sha256 = phone.book.attach(&shop, "image/jpeg", &bytes).unwrap();
    assert_eq!(phone.upload().unwrap().done, 1);
    let path = format!("/v1/files/{shop}/{sha256}");
    let fetch = Request::new(Method::Get, &path);
    assert_eq!(stranger.call(&fetch).unwrap().status, 404);
    assert_eq!(other.call(&fetch).unwrap().status, 200);
    // The same picture with another record is taken, and noted.
    let mut other = other;
    other.book.attach(&elsewhere, "image/jpeg", &bytes).unwrap();
    assert_eq!(other.upload().unwrap().done, 1);
    let main = rusqlite::Connection::open(server.data().join("main.db")).unwrap();
    let earlier: Vec<u8> = main
        .query_row("SELECT earlier FROM file_reuse", [], |row| row.get(0))
        .unwrap();
    assert_eq!(earlier, shop.0);
}

#[test]
fn a_piece_that_was_damaged_on_the_way_is_not_taken() {
    let server = Server::start(Options::default()).unwrap();
    let (mut phone, shop) = surveyor(&server, 1);
    let bytes = picture(5_000, 5);
    let sha256 = phone.book.attach(&shop, "image/jpeg", &bytes).unwrap();
    let path = format!("/v1/files/{shop}/{sha256}");
    phone.set_link(Link {
        cut: 100,
        ..Link::default()
    });
    phone.patience.attempts = 1;
    let _ = phone.upload();
    phone.set_link(Link::default());
    let send = |offset: &str, checksum: &str, body: &[u8]| {
        let request = Request {
            content_type: Some("application/offset+octet-stream"),
            body: body.to_vec(),
            ..Request::new(Method::Patch, &path)
        };
        let request = request
            .with_header("tus-resumable", "1.0.0")
            .with_header("upload-offset", offset)
            .with_header("upload-checksum", checksum);
        phone.call(&request).unwrap()
    };
    let zeros = "sha256 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    assert_eq!(send("0", zeros, &bytes).status, 460);
    assert_eq!(send("0", "md5 AA==", &bytes).status, 422);
    let head = Request::new(Method::Head, &path).with_header("tus-resumable", "1.0.0");
    let head = phone.call(&head).unwrap();
    assert_eq!(head.header("upload-offset"), Some("0"));
    assert_eq!(head.header("upload-length"), Some("5000"));
    assert_eq!(phone.upload().unwrap().done, 1);
}

#[test]
fn an_expired_phone_may_send_and_not_fetch() {
    const YEARS_MS: i64 = 400 * 86_400_000;
    let mut server = Server::start(Options::default()).unwrap();
    let (mut phone, shop) = surveyor(&server, 1);
    let bytes = picture(5_000, 5);
    let sha256 = phone.book.attach(&shop, "image/jpeg", &bytes).unwrap();
    assert_eq!(phone.upload().unwrap().done, 1);
    let path = format!("/v1/files/{shop}/{sha256}");
    let fetch = Request::new(Method::Get, &path);
    let live = Request::new(Method::Get, "/v1/live");
    server.terminate().unwrap();
    server.options_mut().clock_offset_ms = YEARS_MS;
    server.restart().unwrap();
    assert_eq!(phone.call(&fetch).unwrap().status, 403);
    assert_eq!(phone.call(&live).unwrap().status, 403);
    let edit = [text("sign_name", "小王面馆")];
    phone.book.edit(&shop, &edit).unwrap();
    assert!(phone.sync().is_ok());
    assert_eq!(phone.book.pending().unwrap(), 0);
    phone
        .book
        .attach(&shop, "image/jpeg", &picture(900, 9))
        .unwrap();
    assert_eq!(phone.upload().unwrap().done, 1);
}

/// Every file below a folder, as bytes.
fn bytes_below(folder: &Path) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(bytes_below(&path));
        } else {
            found.push(std::fs::read(path).unwrap());
        }
    }
    found
}

#[test]
fn a_photo_of_a_finding_lies_sealed_and_one_of_a_shop_as_it_is() {
    let server = Server::start(Options::default()).unwrap();
    let (mut phone, shop) = surveyor(&server, 1);
    let mut rng = Rng::new(4);
    let edits = street::finding(&mut rng, server.now_ms());
    let place = Place::With(shop);
    let finding = phone.book.create("finding", &place, &edits).unwrap().record;
    assert!(phone.sync().unwrap().complete);
    let files = server.data().join("files");
    let lies_open = |bytes: &[u8]| {
        let part = &bytes[100..200];
        let mut all = bytes_below(&files).into_iter();
        all.any(|file| file.windows(part.len()).any(|window| window == part))
    };
    for (record, open) in [(finding, false), (shop, true)] {
        let bytes = picture(3_000, 20 + u64::from(open));
        let sha256 = phone.book.attach(&record, "image/jpeg", &bytes).unwrap();
        assert_eq!(phone.upload().unwrap().done, 1);
        assert_eq!(lies_open(&bytes), open);
        let path = format!("/v1/files/{record}/{sha256}");
        let fetched = phone.call(&Request::new(Method::Get, &path)).unwrap();
        assert!(fetched.body == bytes);
    }
}

#[test]
fn an_upload_that_nobody_goes_on_with_expires() {
    const WEEK_AND_MORE_MS: i64 = 8 * 86_400_000;
    let mut server = Server::start(Options::default()).unwrap();
    let (mut phone, shop) = surveyor(&server, 1);
    phone
        .book
        .attach(&shop, "image/jpeg", &picture(600_000, 5))
        .unwrap();
    phone.patience.attempts = 1;
    phone.set_link(Link {
        cut: 100,
        ..Link::default()
    });
    assert!(phone.upload().is_err());
    server.terminate().unwrap();
    let partial = server.data().join("files/partial");
    assert_eq!(bytes_below(&partial).len(), 1);
    let mut config = Config::in_folder(server.data());
    let key = server.data().with_file_name("data-master.key");
    config.master_key = key;
    let clock = ShiftedClock {
        offset_ms: WEEK_AND_MORE_MS,
    };
    let app = App::open(config, SchemaSet::builtin().unwrap(), Arc::new(clock)).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    assert_eq!(runtime.block_on(uploads::expire(&app)).unwrap(), 1);
    assert_eq!(runtime.block_on(uploads::expire(&app)).unwrap(), 0);
    app.close();
    assert_eq!(bytes_below(&partial).len(), 0);
}

#[test]
fn a_revoked_phone_may_send_and_not_fetch() {
    let server = Server::start(Options::default()).unwrap();
    let (mut phone, shop) = surveyor(&server, 1);
    let edit = [text("sign_name", "小王面馆")];
    phone.book.edit(&shop, &edit).unwrap();
    let main = rusqlite::Connection::open(server.data().join("main.db")).unwrap();
    main.execute("UPDATE device SET revoked_ms = 1", [])
        .unwrap();
    assert!(phone.sync().is_ok());
    let held: u32 = main
        .query_row(
            "SELECT count(*) FROM held WHERE state = 'held' AND reason = 5",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(held, 1, "taken, and held");
    for path in ["/v1/live", "/v1/schemas/1"] {
        let answer = phone.call(&Request::new(Method::Get, path)).unwrap();
        assert_eq!(answer.status, 403, "{path}");
    }
}

#[test]
fn a_live_stream_says_that_there_is_more_and_ends_when_the_server_stops() {
    let mut server = Server::start(Options::default()).unwrap();
    let (mut wang, shop) = surveyor(&server, 1);
    let (li, _) = surveyor(&server, 2);
    let mut stream = Raw::connect(&server).unwrap();
    let asked = li.signed(&Request::new(Method::Get, "/v1/live")).unwrap();
    stream.request(&asked);
    let (status, headers) = stream.head().unwrap();
    assert_eq!(status, 200, "{headers:?}");
    // Chunks: a length and a line.
    let mut next_line = || loop {
        match stream.line() {
            Ok(text) if text.starts_with('{') => return Some(text),
            Ok(_) => {}
            Err(_) => return None,
        }
    };
    assert_eq!(next_line().as_deref(), Some("{}"));
    let edit = [text("sign_name", "小王面馆")];
    wang.book.edit(&shop, &edit).unwrap();
    wang.sync().unwrap();
    assert_eq!(next_line().as_deref(), Some("{\"more\":true}"));
    let began = std::time::Instant::now();
    assert!(server.terminate().unwrap().success());
    assert!(began.elapsed() < std::time::Duration::from_secs(10));
    while next_line().is_some() {}
}

#[test]
fn the_schemas_of_the_version_in_force_can_be_fetched() {
    let server = Server::start(Options::default()).unwrap();
    let (phone, _) = surveyor(&server, 1);
    let version = phone.book.schemas().version();
    let path = format!("/v1/schemas/{version}");
    let response = phone.call(&Request::new(Method::Get, &path)).unwrap();
    let (found, files): (u32, Vec<(String, String)>) = minicbor::decode(&response.body).unwrap();
    let files: Vec<SourceFile<'_>> = files
        .iter()
        .map(|(name, text)| SourceFile { name, text })
        .collect();
    let schemas = SchemaSet::parse(&files).unwrap();
    assert_eq!((found, schemas.version()), (version, version));
}

#[test]
fn what_operators_look_at() {
    let server = Server::start(Options::default()).unwrap();
    let (phone, _) = surveyor(&server, 1);
    for (path, holds) in [
        ("/healthz", "ok"),
        ("/readyz", "ready"),
        (
            "/metrics",
            "gridbook_requests_total{route=\"/v1/sync\",method=\"POST\",status=\"200\"}",
        ),
        ("/metrics", "gridbook_journal_position"),
        ("/metrics", "gridbook_held 0"),
    ] {
        let response = phone.send(Request::new(Method::Get, path)).unwrap();
        let text = String::from_utf8(response.body).unwrap();
        assert!(
            response.status == 200 && text.contains(holds),
            "{path}: {text}"
        );
    }
    // The log has the route and the device, and neither names nor what was written.
    let log = server.log();
    assert!(log.contains("/v1/sync") && log.contains(&phone.device().to_string()));
    for word in ["Inspector", "小李面馆", "古美路"] {
        assert!(!log.contains(word), "{word}");
    }
}

#[test]
fn what_commands_write_beside_an_idle_server_is_journalled_soon() {
    let server = Server::start(Options::default()).unwrap();
    let number = |name: &str, sql: &str| -> i64 {
        let conn = rusqlite::Connection::open(server.data().join(name)).unwrap();
        conn.query_row(sql, [], |row| row.get(0)).unwrap()
    };
    // An inspector and a ticket; nobody else does anything.
    server.ticket("1001", &[GRID]).unwrap();
    let noted = number("main.db", "SELECT max(id) FROM outgoing");
    assert!(noted >= 2);
    let until = std::time::Instant::now() + std::time::Duration::from_secs(60);
    while number("journal.db", "SELECT count(*) FROM entry") < noted {
        assert!(std::time::Instant::now() < until, "it waits for an entry");
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
}

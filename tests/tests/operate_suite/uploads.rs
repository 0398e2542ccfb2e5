//! Uploads by hand: bounds of room, pieces that are cut off, bytes that are not what was announced.

use crate::common::GRID;
use crate::field::{fetched, head, once, picture, problem, read, surveyor};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use gridbook_tests::{
    server::{HttpPhone, Options, Raw, Server},
    world::Storage,
};
use sync_core::{
    RecordId, Sha256,
    fieldbook::transport::{Method, Request, Response},
};

const TUS: (&str, &str) = ("tus-resumable", "1.0.0");

fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

fn begin(phone: &HttpPhone, record: RecordId, sha256: Sha256, bytes: usize) -> Response {
    let said = |text: String| base64(text.as_bytes());
    let told = format!(
        "record {},sha256 {},filetype {}",
        said(record.to_string()),
        said(sha256.to_string()),
        said("image/jpeg".to_owned()),
    );
    let request = Request::new(Method::Post, "/v1/files")
        .with_header(TUS.0, TUS.1)
        .with_header("upload-length", bytes.to_string())
        .with_header("upload-metadata", told);
    once(phone, &request)
}

fn piece<'p>(path: &'p str, from: usize, bytes: &[u8]) -> Request<'p> {
    let checksum = format!("sha256 {}", base64(&Sha256::of(bytes).0));
    Request {
        content_type: Some("application/offset+octet-stream"),
        body: bytes.to_vec(),
        ..Request::new(Method::Patch, path)
    }
    .with_header(TUS.0, TUS.1)
    .with_header("upload-offset", from.to_string())
    .with_header("upload-checksum", checksum)
}

fn path(record: RecordId, sha256: Sha256) -> String {
    format!("/v1/files/{record}/{sha256}")
}

fn offset(response: &Response) -> Option<&str> {
    response.header("upload-offset")
}

#[test]
fn a_server_without_room_says_so_and_keeps_what_it_has() {
    let options = Options::default().with("--max-files-bytes", 10_000);
    let server = Server::start(options).unwrap();
    let (mut phone, shop) = surveyor(&server, 1);
    let first = picture(6_000, 1);
    let sha256 = phone.book.attach(&shop, "image/jpeg", &first).unwrap();
    assert_eq!(phone.upload().unwrap().done, 1);
    let second = picture(6_000, 2);
    let of_second = phone.book.attach(&shop, "image/jpeg", &second).unwrap();
    let uploaded = phone.upload().unwrap();
    assert_eq!((uploaded.done, uploaded.later), (0, 1), "{uploaded:?}");
    let full = begin(&phone, shop, of_second, second.len());
    assert_eq!((full.status, problem(&full).as_str()), (507, "full"));
    // What is begun counts as if it were there.
    let third = picture(4_000, 3);
    let of_third = Sha256::of(&third);
    assert_eq!(begin(&phone, shop, of_third, third.len()).status, 201);
    assert_eq!(begin(&phone, shop, Sha256::of(b"x"), 1).status, 507);
    // Begun is begun: it goes on although all is full, and given up it makes room.
    let to_third = path(shop, of_third);
    let sent = once(&phone, &piece(&to_third, 0, &third[..1_000]));
    assert_eq!((sent.status, offset(&sent)), (204, Some("1000")));
    let given_up = Request::new(Method::Delete, &to_third).with_header(TUS.0, TUS.1);
    assert_eq!(once(&phone, &given_up).status, 204);
    assert_eq!(head(&phone, &shop, &of_third).status, 404);
    assert_eq!(begin(&phone, shop, Sha256::of(b"x"), 4_000).status, 201);
    assert!(fetched(&phone, &shop, &sha256).body == first);
    let figures = String::from_utf8(read(&server, "/metrics").body).unwrap();
    for line in ["gridbook_files_bytes 10000", "gridbook_uploads_open 1"] {
        assert!(figures.contains(&format!("{line}\n")), "{figures}");
    }
}

#[test]
fn a_phone_that_began_too_much_is_told_when_to_come_again_and_no_other_phone_is() {
    let options = Options::default().with("--max-device-upload-bytes", 10_000);
    let server = Server::start(options).unwrap();
    let (phone, shop) = surveyor(&server, 1);
    let other = server
        .enrolled("2001", &[GRID], Storage::Memory, 2)
        .unwrap();
    let first = picture(6_000, 1);
    let of_first = Sha256::of(&first);
    assert_eq!(begin(&phone, shop, of_first, 6_000).status, 201);
    let of_second = Sha256::of(b"second");
    let refused = begin(&phone, shop, of_second, 6_000);
    assert_eq!(
        (refused.status, problem(&refused).as_str()),
        (429, "too-many")
    );
    assert_eq!(refused.header("retry-after"), Some("600"));
    assert_eq!(begin(&other, shop, of_second, 6_000).status, 201);
    // The one that stands is no new one; once it is whole it no longer counts.
    assert_eq!(begin(&phone, shop, of_first, 6_000).status, 200);
    let whole = once(&phone, &piece(&path(shop, of_first), 0, &first));
    assert_eq!(whole.status, 204);
    assert_eq!(begin(&phone, shop, of_second, 6_000).status, 201);
}

#[test]
fn photos_beyond_what_a_phone_may_begin_are_for_later_and_nobody_waits_for_them() {
    let options = Options::default().with("--max-device-upload-bytes", 10_000);
    let server = Server::start(options).unwrap();
    let (mut phone, shop) = surveyor(&server, 1);
    let small = phone.book.attach(&shop, "image/jpeg", &picture(3_000, 1));
    small.unwrap();
    for seed in [2, 3] {
        let large = picture(12_000, seed);
        phone.book.attach(&shop, "image/jpeg", &large).unwrap();
    }
    // The server asks for ten minutes; this ends now.
    let uploaded = phone.upload().unwrap();
    assert!(
        uploaded.refused.is_empty() && uploaded.later >= 2,
        "{uploaded:?}"
    );
    assert_eq!(uploaded.done + uploaded.later, 3);
}

#[test]
fn bytes_that_are_not_what_was_announced_are_not_taken() {
    let server = Server::start(Options::default()).unwrap();
    let (phone, shop) = surveyor(&server, 1);
    let bytes = picture(6_000, 1);
    let sha256 = Sha256::of(&bytes);
    let to = path(shop, sha256);
    assert_eq!(begin(&phone, shop, sha256, bytes.len()).status, 201);
    let elsewhere = begin(&phone, shop, sha256, bytes.len() - 1);
    assert_eq!(elsewhere.status, 422, "another length of the same file");
    let longer = [&bytes[..], &[0]].concat();
    let large = once(&phone, &piece(&to, 0, &longer));
    assert_eq!((large.status, problem(&large).as_str()), (413, "too-large"));
    // Each piece as its checksum says, and the whole another file.
    let mut other = bytes.clone();
    other[5_000] ^= 1;
    assert_eq!(once(&phone, &piece(&to, 0, &other[..3_000])).status, 204);
    let wrong = once(&phone, &piece(&to, 3_000, &other[3_000..]));
    assert_eq!((wrong.status, problem(&wrong).as_str()), (460, "checksum"));
    assert_eq!(head(&phone, &shop, &sha256).status, 404, "begun anew");
    assert_eq!(fetched(&phone, &shop, &sha256).status, 404);
    // A page under the name of a picture is seen with its first piece.
    let page = b"<html><script>alert(1)</script></html>".repeat(10);
    let of_page = Sha256::of(&page);
    assert_eq!(begin(&phone, shop, of_page, page.len()).status, 201);
    let seen = once(&phone, &piece(&path(shop, of_page), 0, &page[..200]));
    assert_eq!((seen.status, problem(&seen).as_str()), (415, "unsupported"));
    assert_eq!(head(&phone, &shop, &of_page).status, 404);
    assert_eq!(begin(&phone, shop, sha256, bytes.len()).status, 201);
    assert_eq!(once(&phone, &piece(&to, 0, &bytes)).status, 204);
    assert!(fetched(&phone, &shop, &sha256).body == bytes);
}

#[test]
fn an_upload_goes_on_where_the_server_says_after_a_cut_and_after_kill_9() {
    let mut server = Server::start(Options::default()).unwrap();
    let (phone, shop) = surveyor(&server, 1);
    let bytes = picture(200_000, 1);
    let sha256 = Sha256::of(&bytes);
    let to = path(shop, sha256);
    let begun = begin(&phone, shop, sha256, bytes.len());
    assert_eq!((begun.status, offset(&begun)), (201, Some("0")));
    assert_eq!(begun.header("location"), Some(to.as_str()));
    let sent = once(&phone, &piece(&to, 0, &bytes[..100_000]));
    assert_eq!((sent.status, offset(&sent)), (204, Some("100000")));
    // The line breaks in the middle of the next piece: nothing of it counts.
    let next = phone
        .signed(&piece(&to, 100_000, &bytes[100_000..]))
        .unwrap();
    let mut line = Raw::connect(&server).unwrap();
    line.begin(&next);
    line.send(&next.body[..50_000]);
    drop(line);
    let stands = head(&phone, &shop, &sha256);
    assert_eq!((stands.status, offset(&stands)), (200, Some("100000")));
    assert_eq!(stands.header("upload-length"), Some("200000"));
    server.kill9().unwrap();
    server.restart().unwrap();
    let stands = head(&phone, &shop, &sha256);
    assert_eq!(offset(&stands), Some("100000"), "after kill -9");
    // A piece from elsewhere is told where the upload stands.
    let behind = once(&phone, &piece(&to, 50_000, &bytes[50_000..]));
    assert_eq!((behind.status, problem(&behind).as_str()), (409, "offset"));
    assert_eq!(offset(&behind), Some("100000"));
    let last = once(&phone, &piece(&to, 100_000, &bytes[100_000..]));
    assert_eq!((last.status, offset(&last)), (204, Some("200000")));
    let whole = head(&phone, &shop, &sha256);
    assert_eq!((whole.status, offset(&whole)), (200, Some("200000")));
    assert!(fetched(&phone, &shop, &sha256).body == bytes);
}

//! Phones with shops, people and pictures on a real server.
#![allow(
    dead_code,
    unreachable_pub,
    reason = "each test file uses a part of it"
)]

use gridbook_server::demo::street;
use gridbook_tests::{
    server::{Answer, HttpPhone, Raw, Server},
    world::{Link, Rng, Storage},
};
use sync_core::{
    RecordId, Sha256,
    fieldbook::{
        Place,
        transport::{Method, Request, Response},
    },
};

use crate::common::{GRID, shop_edits};

/// A picture as far as anybody looks: the first bytes of a JPEG, then whatever.
pub fn picture(bytes: usize, seed: u64) -> Vec<u8> {
    let mut rng = Rng::new(seed);
    let mut picture = vec![0xFF, 0xD8, 0xFF, 0xE0];
    picture.extend((4..bytes).map(|_| u8::try_from(rng.below(256)).unwrap()));
    picture
}

/// A phone with a shop that the server has.
pub fn surveyor(server: &Server, seed: u64) -> (HttpPhone, RecordId) {
    let inspector = format!("10{seed:02}");
    let mut phone = server
        .enrolled(&inspector, &[GRID], Storage::Memory, seed)
        .unwrap();
    let place = Place::Grid(GRID.to_owned());
    let edits = shop_edits(&format!("古美路 {seed} 号"), "小李面馆");
    let id = phone.book.create("shop", &place, &edits).unwrap().record;
    assert!(phone.sync().unwrap().complete);
    (phone, id)
}

/// Somebody who lives in the shop, not yet sent.
pub fn resident(phone: &mut HttpPhone, shop: RecordId, seed: u64) -> (RecordId, street::Person) {
    let mut rng = Rng::new(seed);
    let person = street::Person::any(&mut rng);
    let edits = street::resident(&mut rng, &person);
    let place = Place::With(shop);
    let id = phone.book.create("resident", &place, &edits).unwrap();
    (id.record, person)
}

/// Something found in the shop, not yet sent.
pub fn finding(phone: &mut HttpPhone, shop: RecordId, now_ms: i64) -> RecordId {
    let edits = street::finding(&mut Rng::new(4), now_ms);
    let place = Place::With(shop);
    phone.book.create("finding", &place, &edits).unwrap().record
}

/// A picture of a record that the server has whole.
pub fn photographed(phone: &mut HttpPhone, record: RecordId, seed: u64) -> (Sha256, Vec<u8>) {
    let bytes = picture(3_000, seed);
    let sha256 = phone.book.attach(&record, "image/jpeg", &bytes).unwrap();
    assert_eq!(phone.upload().unwrap().done, 1);
    (sha256, bytes)
}

/// What happens while the phone has this line and tries once.
pub fn on_line<T>(phone: &mut HttpPhone, link: Link, act: impl FnOnce(&mut HttpPhone) -> T) -> T {
    let patience = phone.patience;
    phone.patience.attempts = 1;
    phone.set_link(link);
    let out = act(phone);
    phone.set_link(Link::default());
    phone.patience = patience;
    out
}

/// A picture whose upload was begun, and nobody heard of it.
pub fn half_sent(phone: &mut HttpPhone, record: RecordId, bytes: &[u8]) -> Sha256 {
    let sha256 = phone.book.attach(&record, "image/jpeg", bytes).unwrap();
    let silent = Link {
        cut: 100,
        ..Link::default()
    };
    assert!(on_line(phone, silent, HttpPhone::upload).is_err());
    sha256
}

/// The picture as the server gives it.
pub fn fetched(phone: &HttpPhone, record: &RecordId, sha256: &Sha256) -> Response {
    let path = format!("/v1/files/{record}/{sha256}");
    once(phone, &Request::new(Method::Get, &path))
}

/// Where an upload or file stands.
pub fn head(phone: &HttpPhone, record: &RecordId, sha256: &Sha256) -> Response {
    let path = format!("/v1/files/{record}/{sha256}");
    let head = Request::new(Method::Head, &path).with_header("tus-resumable", "1.0.0");
    once(phone, &head)
}

/// Signs a request and sends it once.
pub fn once(phone: &HttpPhone, request: &Request<'_>) -> Response {
    phone.send(phone.signed(request).unwrap()).unwrap()
}

/// The last part of a problem's type.
pub fn problem(response: &Response) -> String {
    assert_eq!(response.content_type(), Some("application/problem+json"));
    let body: serde_json::Value = serde_json::from_slice(&response.body).unwrap();
    assert_eq!(body["status"], response.status);
    let kind = body["type"].as_str().unwrap();
    kind.strip_prefix("/problems/").unwrap().to_owned()
}

/// What stands in an answer to anybody.
pub fn read(server: &Server, path: &str) -> Answer {
    let mut raw = Raw::connect(server).unwrap();
    raw.request(&Request::new(Method::Get, path));
    raw.answer().unwrap()
}

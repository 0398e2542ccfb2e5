//! Phones against the real server, over HTTP.
#![cfg(test)]

mod common;

use common::{GRID, shop_edits};
use gridbook_tests::{
    server::{HttpPhone, Options, Server},
    world::{Link, Rng, Storage},
};
use sync_core::{
    RecordId,
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

/// A picture as far as anybody looks: the first bytes of a JPEG, then whatever.
fn picture(bytes: usize, seed: u64) -> Vec<u8> {
    let mut rng = Rng::new(seed);
    let mut picture = vec![0xFF, 0xD8, 0xFF, 0xE0];
    picture.extend((4..bytes).map(|_| u8::try_from(rng.below(256)).unwrap()));
    picture
}

/// A phone with a shop that the server has.
fn surveyor(server: &Server, seed: u64) -> (HttpPhone, RecordId) {
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

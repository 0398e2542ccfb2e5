//! Phones against the real server, over HTTP.
#![cfg(test)]

mod common;

use common::{GRID, shop_edits};
use gridbook_tests::{
    server::{Options, Server},
    world::Storage,
};
use sync_core::fieldbook::Place;

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

//! Real fieldbooks and the server's own pieces, in one process.
#![cfg(test)]

mod common;

use gridbook_tests::{
    central::Central,
    street,
    world::{Phone, Rng, Storage},
};
use sync_core::{fieldbook::Place, record::View};

const NOW: i64 = 1_790_000_000_000;

fn folder(name: &str) -> std::path::PathBuf {
    let dir = std::env::temp_dir().join(format!("gridbook-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&dir);
    dir
}

#[test]
fn two_phones_see_each_others_edits_and_the_conflict() {
    let dir = folder("two-phones");
    let mut central = Central::start(&dir, NOW).unwrap();
    let grid = street::GRIDS[0];
    let mut wang = Phone::enrolled(&mut central, Storage::Memory, 1, "王", &[grid]).unwrap();
    let mut li = Phone::enrolled(&mut central, Storage::Memory, 2, "李", &[grid]).unwrap();
    let mut rng = Rng::new(7);
    let shop = wang
        .book
        .create(
            "shop",
            &Place::Grid(grid.to_owned()),
            &street::shop(&mut rng, 1),
        )
        .unwrap()
        .record;
    wang.sync(&mut central).unwrap();
    central.settle();
    wang.sync(&mut central).unwrap();
    li.sync(&mut central).unwrap();
    assert!(li.book.listed(&shop).is_some());
    for (phone, name) in [(&mut wang, "甲店"), (&mut li, "乙店")] {
        let edit = street::text("sign_name", name).unwrap();
        phone.book.edit(&shop, &[edit]).unwrap();
    }
    for _ in 0..2 {
        wang.sync(&mut central).unwrap();
        li.sync(&mut central).unwrap();
        central.settle();
    }
    let on_wang = wang.book.get(&shop).unwrap().view;
    let on_li = li.book.get(&shop).unwrap().view;
    assert_eq!(on_wang, on_li);
    assert_eq!(on_wang.conflicts, ["sign_name"]);
    let stored = {
        let core = central.app.core().clone();
        central
            .read(move |conn| gridbook_server::records::find(conn, core.keys(), &shop))
            .unwrap()
            .unwrap()
    };
    assert_eq!(View::of(&stored.registers), on_wang);
    assert_eq!(stored.conflicted, 1);
    central.stop();
    std::fs::remove_dir_all(dir).unwrap();
}

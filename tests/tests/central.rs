//! Real fieldbooks and the server's own pieces, in one process.
#![cfg(test)]

mod common;

use gridbook_server::{Error, devices};
use gridbook_tests::{
    central::Central,
    street,
    world::{Phone, Rng, Storage},
};
use schemas::Scalar;
use sync_core::{
    bundle::{Certificate, JournalPayload},
    fieldbook::Place,
    record::{Edit, View},
    sync::EnrolRequest,
};

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

#[test]
fn an_enrolment_whose_answer_was_lost_is_answered_again_to_the_same_key_alone() {
    let dir = folder("enrolled-again");
    let central = Central::start(&dir, NOW).unwrap();
    let ticket = central.ticket("王", &[street::GRIDS[0]]).unwrap();
    let ask = |key: [u8; 32]| {
        let request = EnrolRequest {
            ticket: ticket.clone(),
            key,
            app: "1.0".to_owned(),
        };
        central.write(move |tx| devices::enrol(tx, &request))
    };
    let gone = |key| matches!(ask(key), Err(Error::Gone(_)));
    let first = ask([7; 32]).unwrap();
    assert_eq!(ask([7; 32]).unwrap(), first);
    assert!(gone([8; 32]), "the ticket of somebody else");
    let devices = "SELECT count(*) FROM device";
    let count = central.read(|conn| Ok(conn.query_row(devices, [], |row| row.get::<_, i64>(0))?));
    assert_eq!(count.unwrap(), 1);
    // Not for longer than the ticket lasts, and not once the phone is revoked.
    central.clock.set(NOW + 2 * 86_400_000);
    assert!(gone([7; 32]));
    central.clock.set(NOW);
    let known = Certificate::verify(&first.certificate, &first.server_key).unwrap();
    let revoked = central.write(move |tx| devices::revoke(tx, known.device, "supervisor"));
    revoked.unwrap();
    assert!(gone([7; 32]));
    central.stop();
    std::fs::remove_dir_all(dir).unwrap();
}

#[test]
fn the_second_bundle_of_a_forked_phone_lies_sealed() {
    let dir = folder("forked");
    std::fs::create_dir_all(&dir).unwrap();
    let mut central = Central::start(&dir.join("data"), NOW).unwrap();
    let grid = street::GRIDS[0];
    let book = |name: &str| dir.join(name).to_str().unwrap().to_owned();
    let storage = Storage::File(book("book.db"));
    let mut wang = Phone::enrolled(&mut central, storage, 1, "王", &[grid]).unwrap();
    let mut rng = Rng::new(3);
    let place = Place::Grid(grid.to_owned());
    let shop = wang.book.create("shop", &place, &street::shop(&mut rng, 1));
    let shop = shop.unwrap().record;
    wang.sync(&mut central).unwrap();
    let copy = rusqlite::Connection::open(book("book.db")).unwrap();
    copy.execute("VACUUM INTO ?1", [book("twin.db")]).unwrap();
    let mut twin = Phone::new(Storage::File(book("twin.db")), 1, NOW).unwrap();
    for (phone, name) in [(&mut wang, "本机居民"), (&mut twin, "副本居民")] {
        let person = street::Person::any(&mut rng);
        let mut edits = street::resident(&mut rng, &person);
        let named =
            |edit: &Edit| matches!(edit, Edit::Set { key, .. } if key.to_string() == "name");
        edits.retain(|edit| !named(edit));
        edits.push(street::text("name", name).unwrap());
        let shop_key = schemas::RegisterKey::parse("shop").unwrap();
        edits.push(Edit::Set {
            key: shop_key,
            value: Scalar::Bytes(shop.0.to_vec()),
        });
        let made = phone.book.create("resident", &Place::With(shop), &edits);
        made.unwrap();
    }
    assert!(wang.sync(&mut central).unwrap().complete);
    assert!(twin.sync(&mut central).unwrap().applied.fork);
    let kept = central.read(|conn| {
        let sql = "SELECT bundle FROM fork";
        Ok(conn.query_row(sql, [], |row| row.get::<_, Vec<u8>>(0))?)
    });
    let payload: JournalPayload = minicbor::decode(&kept.unwrap()).unwrap();
    let JournalPayload::Bundle { parts, .. } = payload else {
        panic!("not a bundle");
    };
    assert!(!parts.is_empty() && parts.iter().all(|part| part.sealed));
    central.stop();
    std::fs::remove_dir_all(dir).unwrap();
}

#[test]
fn what_a_phone_sends_before_it_is_confirmed_waits_and_enters_then() {
    let dir = folder("unconfirmed");
    let mut central = Central::start(&dir, NOW).unwrap();
    let grid = street::GRIDS[0];
    let mut li = Phone::enrolled(&mut central, Storage::Memory, 2, "李", &[grid]).unwrap();
    let mut wang = Phone::new(Storage::Memory, 1, NOW).unwrap();
    let ticket = central.ticket("王", &[grid]).unwrap();
    let key = wang.public_key();
    let request = wang.book.enrol_request(&ticket, key, "1.0");
    let reply = central.write(move |tx| devices::enrol(tx, &request));
    wang.book.enrol(&reply.unwrap(), &key).unwrap();
    let place = Place::Grid(grid.to_owned());
    let mut rng = Rng::new(9);
    let shop = wang.book.create("shop", &place, &street::shop(&mut rng, 1));
    let shop = shop.unwrap().record;
    wang.sync(&mut central).unwrap();
    for name in ["甲店", "乙店"] {
        let edit = street::text("sign_name", name).unwrap();
        wang.book.edit(&shop, &[edit]).unwrap();
        wang.sync(&mut central).unwrap();
    }
    central.settle();
    wang.sync(&mut central).unwrap();
    li.sync(&mut central).unwrap();
    assert!(li.book.listed(&shop).is_none(), "nobody vouches for it yet");
    assert!(wang.book.get(&shop).unwrap().pending);
    let device = wang.device();
    let confirmed = central.write(move |tx| devices::confirm(tx, device, "supervisor"));
    confirmed.unwrap();
    wang.sync(&mut central).unwrap();
    li.sync(&mut central).unwrap();
    assert!(!wang.book.get(&shop).unwrap().pending);
    let views = [&wang, &li].map(|phone| phone.book.get(&shop).unwrap().view);
    assert_eq!(views[0], views[1]);
    assert_eq!(views[0].fields["sign_name"].shown().as_text(), Some("乙店"));
    central.stop();
    std::fs::remove_dir_all(dir).unwrap();
}

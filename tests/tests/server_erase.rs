//! A person erased is gone from every file, while signatures still verify, the journal still gives
//! the same main.db, and phones forget.
#![cfg(test)]

mod common;

use std::{path::Path, sync::Arc};

use common::shop_edits;
use gridbook_server::{Error, clock::ManualClock, config::Config, ops, records, review::By};
use gridbook_tests::{
    central::Central,
    county::scratch,
    street::{self, GRIDS},
    world::{Phone, Rng, Storage, schemas},
};
use rusqlite::{Connection, params};
use sync_core::{RecordId, fieldbook::Place};

const NOW: i64 = 1_790_000_000_000;

/// Whether bytes stand in any file below a folder.
fn stands(folder: &Path, bytes: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(stands(&path, bytes));
        } else {
            let content = std::fs::read(&path).unwrap();
            if content.windows(bytes.len()).any(|piece| piece == bytes) {
                found.push(path.display().to_string());
            }
        }
    }
    found
}

fn query(data: &Path, name: &str, sql: &str, record: RecordId) -> Vec<Vec<u8>> {
    let conn = Connection::open(data.join(name)).unwrap();
    let mut select = conn.prepare(sql).unwrap();
    let rows = select.query_map(params![record.0], |row| row.get(0));
    rows.unwrap().map(Result::unwrap).collect()
}

/// A shop with two residents, on a phone and on a server.
struct Home {
    central: Central,
    phone: Phone,
    person: street::Person,
    shop: RecordId,
    gone: RecordId,
    stays: RecordId,
}

impl Home {
    fn new(data: &Path) -> Self {
        let mut central = Central::start(data, NOW).unwrap();
        let grids = [GRIDS[0]];
        let mut phone = Phone::enrolled(&mut central, Storage::Memory, 1, "王", &grids).unwrap();
        let place = Place::Grid(GRIDS[0].to_owned());
        let shop = phone.book.create("shop", &place, &shop_edits("1 号", "店"));
        let shop = shop.unwrap().record;
        let mut rng = Rng::new(5);
        let mut person = street::Person::any(&mut rng);
        person.name = "欧阳不见了".to_owned();
        let edits = street::resident(&mut rng, &person);
        let place = Place::With(shop);
        let mut make = |edits: &[_]| phone.book.create("resident", &place, edits).unwrap().record;
        let gone = make(&edits);
        let other = street::Person::any(&mut Rng::new(6));
        let stays = make(&street::resident(&mut rng, &other));
        for _ in 0..3 {
            phone.sync(&mut central).unwrap();
            central.settle();
        }
        Self {
            central,
            phone,
            person,
            shop,
            gone,
            stays,
        }
    }
}

#[test]
fn nothing_of_an_erased_person_is_left_in_any_file() {
    let dir = scratch("erase");
    let config = Config::in_folder(&dir);
    let clock = || Arc::new(ManualClock::new(NOW));
    let Home {
        mut central,
        mut phone,
        person,
        shop,
        gone,
        stays,
    } = Home::new(&dir);
    assert!(phone.book.listed(&gone).is_some());
    let hashes = query(
        &dir,
        "main.db",
        "SELECT hash FROM change WHERE n = (SELECT n FROM record WHERE id = ?1)",
        gone,
    );
    let causes = query(
        &dir,
        "main.db",
        "SELECT cause FROM item WHERE record = ?1",
        gone,
    );
    let wrapped = query(
        &dir,
        "keys.db",
        "SELECT wrapped FROM record_key WHERE record = ?1",
        gone,
    );
    assert!(!hashes.is_empty() && !causes.is_empty() && wrapped.len() == 1);
    // Sealed from the first row: not even before is anything readable.
    for text in [&person.name, &person.identity, &person.phone] {
        assert_eq!(stands(&dir, text.as_bytes()), [""; 0]);
    }
    let by = By {
        person: "administrator".to_owned(),
        reason: "asked for it".to_owned(),
    };
    let (once, again) = (by.clone(), by.clone());
    central
        .write(move |tx| ops::erase(tx, &gone, &once))
        .unwrap();
    // Asked for again it is well.
    central
        .write(move |tx| ops::erase(tx, &gone, &again))
        .unwrap();
    let open = central.write(move |tx| ops::erase(tx, &shop, &by));
    assert!(
        matches!(open, Err(Error::Conflict(_))),
        "a shop is no person"
    );
    phone.sync(&mut central).unwrap();
    assert!(phone.book.listed(&gone).is_none(), "the phone forgets");
    assert!(phone.book.listed(&stays).is_some());
    let core = central.app.core().clone();
    let read = central.read(move |conn| records::find(conn, core.keys(), &gone).map(|_| ()));
    assert!(matches!(read, Err(Error::Gone(_))));
    // A phone that comes with its pack does not get it either.
    let mut late = Phone::enrolled(&mut central, Storage::Memory, 2, "李", &[GRIDS[0]]).unwrap();
    assert!(late.sync(&mut central).unwrap().complete);
    assert!(late.book.listed(&gone).is_none() && late.book.listed(&stays).is_some());
    central.settle();
    central.stop();
    for name in ["main.db", "journal.db", "keys.db"] {
        let conn = Connection::open(dir.join(name)).unwrap();
        conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
            .unwrap();
    }
    for secret in hashes.iter().chain(&causes).chain(&wrapped) {
        assert_eq!(stands(&dir, secret), [""; 0]);
    }
    // Signatures, chains and all the rest still hold.
    let found = ops::check(&config, (*schemas()).clone(), clock()).unwrap();
    assert_eq!(found.faulty, 0, "{:?}", found.faults);
    let erased = found
        .counts
        .iter()
        .find(|(what, _)| *what == "erased records");
    assert_eq!(erased, Some(&("erased records", 1)));
    let rebuilt = ops::rebuild(&config, (*schemas()).clone(), clock(), false).unwrap();
    let compared = rebuilt.compared.unwrap();
    assert_eq!(compared.content, []);
    assert_eq!(rebuilt.replay.failed, 0);
    // Feeds are shorter without it: phones begin anew, and all is as it was.
    assert_eq!(rebuilt.epoch, 2);
    let mut central = Central::start(&dir, NOW).unwrap();
    for phone in [&mut phone, &mut late] {
        for _ in 0..2 {
            assert!(phone.sync(&mut central).unwrap().complete);
            central.settle();
        }
        assert!(phone.book.listed(&gone).is_none() && phone.book.listed(&stays).is_some());
    }
    central.stop();
    std::fs::remove_dir_all(dir).unwrap();
}

#[test]
fn what_was_erased_after_a_backup_stays_erased_in_a_restore_over_the_old_data() {
    let dir = scratch("erase-restore");
    let data = dir.join("data");
    let config = Config::in_folder(&data);
    let Home {
        central,
        mut phone,
        gone,
        ..
    } = Home::new(&data);
    let backup = dir.join("backup");
    ops::backup(&config, &backup, NOW, ops::Backup::default()).unwrap();
    let by = By {
        person: "administrator".to_owned(),
        reason: "asked for it".to_owned(),
    };
    central.write(move |tx| ops::erase(tx, &gone, &by)).unwrap();
    central.settle();
    central.stop();
    let how = ops::Restore {
        force: true,
        after_epoch: None,
    };
    let clock = Arc::new(ManualClock::new(NOW));
    let restored = ops::restore(&backup, &config, (*schemas()).clone(), clock.clone(), how);
    assert_eq!(restored.unwrap().erased, 1);
    let hashes = query(
        &data,
        "main.db",
        "SELECT hash FROM change WHERE n = (SELECT n FROM record WHERE id = ?1)",
        gone,
    );
    assert!(hashes.is_empty());
    let mut central = Central::start(&data, NOW).unwrap();
    for _ in 0..3 {
        assert!(phone.sync(&mut central).unwrap().complete);
        central.settle();
    }
    assert!(phone.book.listed(&gone).is_none(), "the phone forgets");
    central.stop();
    let found = ops::check(&config, (*schemas()).clone(), clock).unwrap();
    assert_eq!(found.faulty, 0, "{:?}", found.faults);
    std::fs::remove_dir_all(dir).unwrap();
}

//! The real program is killed again and again in the middle of an evening, phones are closed and
//! opened, and lines lose and cut: nothing acknowledged is lost, nothing is told twice, and in the
//! end everybody has the same.
#![cfg(test)]
#![allow(clippy::print_stdout, reason = "the seed")]

mod common;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use common::{shop_edits, text};
use gridbook_server::journal;
use gridbook_tests::{
    server::{HttpPhone, Options, Server},
    street,
    world::{Link, Rng, Storage},
};
use rusqlite::{Connection, OpenFlags};
use sync_core::{
    DeviceId, RecordId, Sha256,
    fieldbook::{Filter, Place},
};

const GRID: &str = street::GRIDS[0];
const OTHER: &str = street::GRIDS[1];
const PHONES: u64 = 4;

fn read_only(data: &Path, name: &str) -> Connection {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(data.join(name), flags).unwrap();
    conn.busy_timeout(Duration::from_secs(10)).unwrap();
    conn
}

/// What was acknowledged: the bundle that a phone's complete sync ended with. It must stay.
#[derive(Default)]
struct Acknowledged(BTreeMap<DeviceId, (u64, Sha256)>);

impl Acknowledged {
    fn look(&mut self, data: &Path, device: DeviceId) {
        let journal = read_only(data, "journal.db");
        if let Some((number, digest)) = self.0.get(&device) {
            let found = journal::chain_digest(&journal, device, *number).unwrap();
            assert_eq!(found, Some(*digest), "bundle {number} of {device} is lost");
        }
        let head = journal::chain_head(&journal, device).unwrap();
        self.0.insert(device, (head.number, head.digest));
    }
}

/// One phone does something, and tries to sync over a bad line.
fn evening(phone: &mut HttpPhone, rng: &mut Rng, mark: &mut u64) {
    *mark += 1;
    let listed = phone.book.list(&Filter::default(), None, 500);
    let shops: Vec<RecordId> = listed
        .iter()
        .filter(|one| one.kind == "shop")
        .map(|one| one.record)
        .collect();
    if shops.is_empty() || rng.chance(15) {
        let grid = if rng.chance(50) { GRID } else { OTHER };
        let place = Place::Grid(grid.to_owned());
        let edits = shop_edits(&format!("{mark} 号"), "店");
        phone.book.create("shop", &place, &edits).unwrap();
    } else if rng.chance(15) {
        let shop = shops[rng.below(shops.len())];
        let place = Place::With(shop);
        let person = street::Person::any(rng);
        let mut edits = street::resident(rng, &person);
        edits.extend(street::set("shop", schemas::Scalar::Bytes(shop.0.to_vec())));
        phone.book.create("resident", &place, &edits).unwrap();
    } else {
        let shop = shops[rng.below(shops.len())];
        let mut edits = vec![text("sign_name", &format!("招牌 {mark}"))];
        if rng.chance(20) {
            let code = ["6210", "5211", "8040"][rng.below(3)];
            edits.push(text("business_type", code));
        }
        phone.book.edit(&shop, &edits).unwrap();
    }
    phone.set_link(Link {
        lost: rng.below(20),
        cut: rng.below(20),
        doubled: rng.below(20),
    });
    if rng.chance(20) {
        phone.restart().unwrap();
    }
}

fn killed(kills: usize, seed: u64) {
    println!("GRIDBOOK_SEED={seed}");
    let server = Server::start(Options::default()).unwrap();
    let data: PathBuf = server.data().to_owned();
    let mut phones: Vec<HttpPhone> = (1..=PHONES)
        .map(|number| {
            let book = server.folder().join(format!("phone-{number}.db"));
            let storage = Storage::File(book.to_string_lossy().into_owned());
            let inspector = format!("10{number:02}");
            let grids = [GRID, OTHER];
            let seed = seed.wrapping_mul(31).wrapping_add(number);
            server.enrolled(&inspector, &grids, storage, seed).unwrap()
        })
        .collect();
    let server = Mutex::new(server);
    let over = AtomicBool::new(false);
    let mut rng = Rng::new(seed);
    let mut acknowledged = Acknowledged::default();
    let (mut mark, mut synced, mut broken) = (0, 0, 0);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut rng = Rng::new(seed ^ 0x000D_EAD0);
            for _ in 0..kills {
                std::thread::sleep(Duration::from_millis(20 + rng.below(400) as u64));
                let restarted = server.lock().unwrap().restart();
                restarted.unwrap();
            }
            over.store(true, Ordering::Relaxed);
        });
        while !over.load(Ordering::Relaxed) {
            for phone in &mut phones {
                evening(phone, &mut rng, &mut mark);
                match phone.sync() {
                    Ok(_) => {
                        synced += 1;
                        acknowledged.look(&data, phone.device());
                    }
                    Err(_) => broken += 1,
                }
            }
        }
    });
    println!("{kills} kills; {mark} edits, {synced} syncs done, {broken} broken");
    let mut server = server.into_inner().unwrap();
    for _ in 0..4 {
        for phone in &mut phones {
            phone.set_link(Link::default());
            let report = phone.sync().unwrap();
            assert!(!report.applied.fork, "{report:?}");
            acknowledged.look(&data, phone.device());
        }
    }
    // A phone that starts now has what the server has.
    let late = server.enrolled("1099", &[GRID, OTHER], Storage::Memory, seed + 99);
    let mut late = late.unwrap();
    assert!(late.sync().unwrap().complete);
    let of = |phone: &HttpPhone| -> BTreeMap<RecordId, _> {
        let listed = phone.book.list(&Filter::default(), None, 500);
        listed
            .iter()
            .map(|one| (one.record, phone.book.get(&one.record).unwrap().view))
            .collect()
    };
    let expected = of(&late);
    assert!(!expected.is_empty());
    for phone in &phones {
        assert_eq!(phone.book.pending().unwrap(), 0);
        assert_eq!(of(phone), expected);
    }
    assert!(server.terminate().unwrap().success());
    let main = read_only(&data, "main.db");
    let (all, once): (i64, i64) = main
        .query_row(
            "SELECT (SELECT count(*) FROM item),
                    (SELECT count(*) FROM (SELECT DISTINCT rule, record, cause FROM item))",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .unwrap();
    assert_eq!(all, once, "items told twice");
    drop(main);
    println!("{}", server.command(&["verify"]).unwrap());
    println!("{}", server.command(&["rebuild", "--compare"]).unwrap());
}

fn seed() -> u64 {
    let given = std::env::var("GRIDBOOK_SEED").ok();
    let now = || {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        since.map_or(1, |since| u64::from(since.subsec_nanos()))
    };
    given.and_then(|seed| seed.parse().ok()).unwrap_or_else(now)
}

#[test]
fn a_server_killed_twenty_times_loses_nothing() {
    killed(20, seed());
}

#[test]
#[ignore = "long"]
fn soak_a_server_killed_a_hundred_times_loses_nothing() {
    killed(100, seed());
}

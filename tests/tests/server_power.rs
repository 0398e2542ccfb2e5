//! Power goes at the sync points of a small morning, under the journal, the keys and main.db at
//! once: nothing acknowledged is lost, nothing is told twice, and everybody ends alike.
#![cfg(test)]
#![allow(clippy::print_stdout, reason = "what was covered")]

mod common;

use std::{collections::BTreeMap, path::PathBuf};

use common::{shop_edits, text};
use gridbook_server::{
    Error, ops, records,
    review::{self, By},
    store::Place as Files,
};
use gridbook_tests::{
    central::Central,
    county::scratch,
    powercut::{Cut, Disk, Survivors},
    street,
    world::{Phone, Rng, Storage, Upstream, schemas},
};
use sync_core::{
    DeviceId, RecordId,
    fieldbook::Place,
    record::View,
    sync::{EnrolReply, EnrolRequest, SyncResponse},
};

const GRID: &str = street::GRIDS[0];
const OTHER: &str = street::GRIDS[1];
const NOW: i64 = 1_790_000_000_000;
/// Sync points of which one is tried in `make test`.
const EVERY: u64 = 2;

/// A server, and what it told phones that it has.
struct Watched {
    central: Central,
    acknowledged: BTreeMap<DeviceId, u64>,
}

impl Upstream for Watched {
    fn now_ms(&self) -> i64 {
        self.central.now_ms()
    }

    fn answer(&mut self, device: DeviceId, request: &[u8]) -> Option<Vec<u8>> {
        let answer = self.central.answer(device, request)?;
        if let Ok(response) = SyncResponse::from_bytes(&answer) {
            let known = self.acknowledged.entry(device).or_default();
            *known = response.acknowledged.max(*known);
        }
        Some(answer)
    }

    fn issue(&mut self, inspector: &str, grids: &[&str]) -> String {
        self.central.issue(inspector, grids)
    }

    fn enrol_phone(&mut self, request: &EnrolRequest) -> Option<EnrolReply> {
        self.central.enrol_phone(request)
    }
}

/// Two phones, and what was done on them so far.
struct Morning {
    phones: Vec<Phone>,
    shop: Option<RecordId>,
    resident: Option<RecordId>,
    done: usize,
}

/// What the phones do; between the steps the server may lose power.
const STEPS: usize = 9;

impl Morning {
    fn new() -> Self {
        Self {
            phones: (0..2)
                .map(|n| Phone::new(Storage::Memory, n + 1, NOW).unwrap())
                .collect(),
            shop: None,
            resident: None,
            done: 0,
        }
    }

    /// Enrols whoever is not; false where the server does not answer.
    fn enrol(&mut self, server: &mut Watched) -> bool {
        for (number, phone) in self.phones.iter_mut().enumerate() {
            if phone.book.identity().is_some() {
                continue;
            }
            let ticket = server.issue(&format!("员{number}"), &[GRID, OTHER]);
            let enrolled = phone.enrol(server, &ticket);
            if let Err(error) = enrolled {
                println!("a phone does not enrol: {error}");
                return false;
            }
        }
        true
    }

    /// Goes on with what is not done yet; false where the server does not answer.
    fn go_on(&mut self, server: &mut Watched) -> bool {
        if !self.enrol(server) {
            return false;
        }
        while self.done < STEPS {
            self.step(self.done);
            self.done += 1;
            for phone in &mut self.phones {
                if let Err(broken) = phone.sync(server) {
                    println!("a phone does not sync: {broken:?}");
                    return false;
                }
            }
            if let (5, Some(shop)) = (self.done, self.shop) {
                let by = By {
                    person: "supervisor".to_owned(),
                    reason: "a reason".to_owned(),
                };
                let edits = [text("sign_name", "裁定")];
                let moved = server.central.write(move |tx| {
                    review::decide(tx, shop, &edits, &by)?;
                    review::move_record(tx, shop, OTHER, &by)
                });
                if let Err(error) = moved {
                    println!("no decision: {error}");
                    return false;
                }
            }
        }
        true
    }

    fn step(&mut self, number: usize) {
        let place = Place::Grid(GRID.to_owned());
        let sign = format!("招牌 {number}");
        match number {
            0 => {
                let made = self.phones[0]
                    .book
                    .create("shop", &place, &shop_edits("1 号", "店"));
                self.shop = Some(made.unwrap().record);
            }
            3 => {
                let mut rng = Rng::new(3);
                let person = street::Person::any(&mut rng);
                let mut edits = street::resident(&mut rng, &person);
                let shop = self.shop.unwrap();
                edits.extend(street::set("shop", schemas::Scalar::Bytes(shop.0.to_vec())));
                let with = Place::With(shop);
                let made = self.phones[1].book.create("resident", &with, &edits);
                self.resident = Some(made.unwrap().record);
            }
            6 => {
                let shop = self.shop.unwrap();
                let _ = self.phones[0]
                    .book
                    .edit(&shop, &[text("business_type", "5211")]);
            }
            _ => {
                let shop = self.shop.unwrap();
                for phone in &mut self.phones {
                    // One that has not got it yet writes nothing.
                    let _ = phone.book.edit(&shop, &[text("sign_name", &sign)]);
                }
            }
        }
    }
}

struct Run {
    disk: Disk,
    dir: PathBuf,
    acknowledged: BTreeMap<DeviceId, u64>,
    morning: Morning,
}

impl Run {
    /// A morning that ends at a cut, or goes to its end.
    fn until(cut: Option<Cut>) -> Self {
        let disk = Disk::new(0).unwrap();
        if let Some(cut) = cut {
            disk.cut(cut);
        }
        let mut run = Self {
            disk,
            dir: scratch("power"),
            acknowledged: BTreeMap::new(),
            morning: Morning::new(),
        };
        std::fs::create_dir_all(&run.dir).unwrap();
        run.live();
        run
    }

    fn place(&self) -> Files {
        Files {
            dir: self.dir.clone(),
            vfs: Some(self.disk.vfs_name().to_owned()),
        }
    }

    /// Starts a server and goes on as far as power lasts; whether to the end.
    fn live(&mut self) -> bool {
        let central = match Central::start_at(&self.place(), &self.dir, NOW) {
            Ok(central) => central,
            Err(error) => {
                println!("it does not start: {error}");
                return false;
            }
        };
        let mut server = Watched {
            central,
            acknowledged: std::mem::take(&mut self.acknowledged),
        };
        let ended = self.morning.go_on(&mut server);
        self.acknowledged = server.acknowledged;
        server.central.stop();
        ended
    }

    /// After the outage: nothing acknowledged is lost; then the morning goes on, and everybody
    /// has the same.
    fn check(&mut self, what: &str) -> Ended {
        let central = Central::start_at(&self.place(), &self.dir, NOW).unwrap();
        for (device, number) in &self.acknowledged {
            let (device, number) = (*device, *number);
            let head = central
                .app
                .journal()
                .readers()
                .read_now(|conn| gridbook_server::journal::chain_head(conn, device));
            let head = head.unwrap().number;
            assert!(head >= number, "{what}: {head} of {number} acknowledged");
        }
        central.stop();
        // A server that lost power once more at the same place is started again, too.
        assert!(self.live(), "{what}: it does not go on");
        let central = Central::start_at(&self.place(), &self.dir, NOW).unwrap();
        let mut server = Watched {
            central,
            acknowledged: BTreeMap::new(),
        };
        for _ in 0..4 {
            for phone in &mut self.morning.phones {
                let report = phone.sync(&mut server).unwrap();
                assert!(
                    report.complete && !report.applied.fork,
                    "{what}: {report:?}"
                );
            }
            server.central.settle();
        }
        let ended = self.ended(&server.central, what);
        server.central.stop();
        let found = ops::check_at(
            &self.place(),
            &self.dir.join("master.key"),
            (*schemas()).clone(),
            std::sync::Arc::new(gridbook_server::clock::SystemClock),
        )
        .unwrap();
        assert_eq!(found.faulty, 0, "{what}: {:?}", found.faults);
        ended
    }

    fn ended(&self, central: &Central, what: &str) -> Ended {
        for phone in &self.morning.phones {
            assert_eq!(phone.book.pending().unwrap(), 0, "{what}");
        }
        for record in [self.morning.shop, self.morning.resident] {
            let record = record.unwrap();
            let core = central.app.core().clone();
            let stored = central.read(move |conn| records::find(conn, core.keys(), &record));
            let stored = stored.unwrap().ok_or(Error::NotFound("record")).unwrap();
            for phone in &self.morning.phones {
                let seen = phone.book.get(&record).unwrap();
                assert_eq!(seen.view, View::of(&stored.registers), "{what}");
                assert_eq!(seen.header, stored.header, "{what}");
            }
        }
        let resident = self.morning.resident.unwrap();
        let items = central.read(move |conn| {
            let sql = "SELECT count(*) FROM item WHERE record = ?1";
            Ok(conn.query_row(sql, [resident.0], |row| row.get(0))?)
        });
        let waiting = central.read(|conn| {
            let sql = "SELECT count(*) FROM held WHERE state = 'held'";
            Ok(conn.query_row(sql, [], |row| row.get(0))?)
        });
        Ended {
            items: items.unwrap(),
            held: waiting.unwrap(),
        }
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

/// What must be the same with and without outages.
#[derive(Debug, PartialEq, Eq)]
struct Ended {
    items: i64,
    held: i64,
}

fn sweep(every: u64, cut_at: fn(u64) -> Cut, points: fn(&Disk) -> u64) {
    let mut whole = Run::until(None);
    let count = points(&whole.disk);
    whole.disk.power_off();
    whole.disk.power_on(Survivors::None);
    let expected = whole.check("without an outage in between");
    assert!(expected.items >= 1 && expected.held == 0, "{expected:?}");
    let mut outages = 0;
    for point in (1..=count + 1).step_by(usize::try_from(every).unwrap()) {
        let cut = cut_at(point);
        let mut run = Run::until(Some(cut));
        let survivors = if outages % 2 == 0 {
            Survivors::None
        } else {
            Survivors::Random(point)
        };
        run.disk.power_on(survivors);
        let what = format!("{cut:?}, {survivors:?}");
        assert_eq!(run.check(&what), expected, "{what}");
        outages += 1;
    }
    println!("{count} points, {outages} outages");
    assert!(count > 40, "{count} points");
}

#[test]
fn nothing_acknowledged_is_lost_when_power_goes() {
    sweep(EVERY, Cut::AtSync, Disk::syncs);
}

#[test]
#[ignore = "long: every sync point"]
fn soak_nothing_acknowledged_is_lost_at_any_sync_point() {
    sweep(1, Cut::AtSync, Disk::syncs);
    sweep(1, Cut::AfterSync, Disk::syncs);
}

#[test]
#[ignore = "long: every third write"]
fn soak_nothing_acknowledged_is_lost_at_any_write() {
    sweep(3, Cut::AtWrite, Disk::writes);
}

//! What supervisors do, on the server's own pieces and with real fieldbooks.
#![cfg(test)]

use std::path::PathBuf;

use gridbook_server::{
    records::{self, Stored},
    review::{self, By},
};
use gridbook_tests::{
    central::Central,
    street::{self, GRIDS},
    world::{Phone, Rng, Storage},
};
use schemas::{
    RegisterKey, Scalar,
    access::{Author, Role},
};
use sync_core::{
    DeviceId, RecordId,
    fieldbook::Place,
    record::{Edit, View},
};

const NOW: i64 = 1_790_000_000_000;
const HOUR: i64 = 3_600_000;

struct Town {
    central: Central,
    dir: PathBuf,
}

impl Town {
    fn new(name: &str) -> Self {
        let dir = std::env::temp_dir().join(format!("gridbook-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&dir);
        let central = Central::start(&dir, NOW).unwrap();
        Self { central, dir }
    }

    fn phone(&mut self, seed: u64, name: &str, grids: &[&str]) -> Phone {
        Phone::enrolled(&mut self.central, Storage::Memory, seed, name, grids).unwrap()
    }

    fn sync(&mut self, phone: &mut Phone) {
        for _ in 0..2 {
            phone.sync(&mut self.central).unwrap();
            self.central.settle();
        }
        phone.sync(&mut self.central).unwrap();
    }

    fn stored(&self, record: RecordId) -> Stored {
        let core = self.central.app.core().clone();
        let found = self
            .central
            .read(move |conn| records::find(conn, core.keys(), &record));
        found.unwrap().unwrap()
    }

    fn count(&self, sql: &'static str) -> i64 {
        self.central
            .read(move |conn| Ok(conn.query_row(sql, [], |row| row.get(0))?))
            .unwrap()
    }

    fn held(&self) -> Vec<i64> {
        self.central
            .read(|conn| {
                let mut select = conn.prepare("SELECT id FROM held WHERE state = 'held'")?;
                let ids = select.query_map([], |row| row.get(0))?;
                Ok(ids.collect::<rusqlite::Result<_>>()?)
            })
            .unwrap()
    }
}

impl Drop for Town {
    fn drop(&mut self) {
        self.central.app.close();
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

fn by(reason: &str) -> By {
    By {
        person: "s-0007".to_owned(),
        reason: reason.to_owned(),
    }
}

fn set(key: &str, text: &str) -> Edit {
    Edit::Set {
        key: RegisterKey::parse(key).unwrap(),
        value: Scalar::text(text),
    }
}

fn create(phone: &mut Phone, kind: &str, grid: &str, edits: &[Edit]) -> RecordId {
    let place = Place::Grid(grid.to_owned());
    phone.book.create(kind, &place, edits).unwrap().record
}

fn with(phone: &mut Phone, kind: &str, shop: RecordId, mut edits: Vec<Edit>) -> RecordId {
    edits.push(Edit::Set {
        key: RegisterKey::parse("shop").unwrap(),
        value: Scalar::Bytes(shop.0.to_vec()),
    });
    let place = Place::With(shop);
    phone.book.create(kind, &place, &edits).unwrap().record
}

fn name_on(phone: &Phone, record: &RecordId) -> Option<Scalar> {
    let view = phone.book.get(record).ok()?.view;
    view.fields
        .get("sign_name")
        .map(|field| field.shown().clone())
}

#[test]
fn a_decision_reaches_both_phones_and_an_edit_that_had_not_seen_it_shows_anew() {
    let mut town = Town::new("decision");
    let mut wang = town.phone(1, "王", &[GRIDS[0]]);
    let mut li = town.phone(2, "李", &[GRIDS[0]]);
    let mut rng = Rng::new(3);
    let shop = create(&mut wang, "shop", GRIDS[0], &street::shop(&mut rng, 1));
    town.sync(&mut wang);
    town.sync(&mut li);
    wang.book.edit(&shop, &[set("sign_name", "甲")]).unwrap();
    li.book.edit(&shop, &[set("sign_name", "乙")]).unwrap();
    town.sync(&mut wang);
    town.sync(&mut li);
    assert_eq!(town.stored(shop).conflicted, 1);
    town.central
        .write(move |tx| review::decide(tx, shop, &[set("sign_name", "丙")], &by("现场核对")))
        .unwrap();
    li.book.edit(&shop, &[set("sign_name", "丁")]).unwrap();
    town.sync(&mut wang);
    town.sync(&mut li);
    town.sync(&mut wang);
    let stored = town.stored(shop);
    let view = View::of(&stored.registers);
    let field = &view.fields["sign_name"];
    assert_eq!(*field.shown(), Scalar::text("丙"), "the decision stands");
    assert!(field.contested(), "the edit beside it is to be decided");
    assert_eq!(wang.book.get(&shop).unwrap().view, view);
    assert_eq!(li.book.get(&shop).unwrap().view, view);
    assert_eq!(
        town.count("SELECT count(*) FROM conflict WHERE state = 'contested'"),
        1
    );
}

#[test]
fn a_conflict_settled_on_the_spot_is_listed_to_be_confirmed_or_opened_again() {
    let mut town = Town::new("settled");
    let mut wang = town.phone(1, "王", &[GRIDS[0]]);
    let mut li = town.phone(2, "李", &[GRIDS[0]]);
    let mut rng = Rng::new(3);
    let shop = create(&mut wang, "shop", GRIDS[0], &street::shop(&mut rng, 1));
    town.sync(&mut wang);
    town.sync(&mut li);
    wang.book.edit(&shop, &[set("sign_name", "甲")]).unwrap();
    li.book.edit(&shop, &[set("sign_name", "乙")]).unwrap();
    town.sync(&mut wang);
    town.sync(&mut li);
    town.sync(&mut wang);
    wang.book.edit(&shop, &[set("sign_name", "乙")]).unwrap();
    town.sync(&mut wang);
    assert_eq!(town.stored(shop).conflicted, 0);
    let settled = "SELECT count(*) FROM conflict WHERE state = 'settled'";
    assert_eq!(town.count(settled), 1);
    town.central
        .write(move |tx| review::reopen(tx, shop, "sign_name", false, &by("看过")))
        .unwrap();
    assert_eq!(town.count(settled), 0);
}

#[test]
fn what_a_lost_grid_holds_up_is_let_in_as_it_is_or_refused_and_nothing_is_lost() {
    let mut town = Town::new("held");
    let mut wang = town.phone(1, "王", &[GRIDS[0]]);
    let mut li = town.phone(2, "李", &[GRIDS[0], GRIDS[1]]);
    let mut rng = Rng::new(3);
    let shop = create(&mut li, "shop", GRIDS[0], &street::shop(&mut rng, 1));
    let other = create(&mut li, "shop", GRIDS[0], &street::shop(&mut rng, 2));
    town.sync(&mut li);
    town.sync(&mut wang);
    for record in [shop, other] {
        wang.book.edit(&record, &[set("sign_name", "甲")]).unwrap();
        wang.book
            .edit(&record, &[set("sign_name", "甲一")])
            .unwrap();
        town.central
            .write(move |tx| review::move_record(tx, record, GRIDS[1], &by("换格")))
            .unwrap();
    }
    town.sync(&mut wang);
    let held = town.held();
    assert_eq!(held.len(), 2, "one part a record");
    let (first, second) = (held[0], held[1]);
    town.central
        .write(move |tx| review::release(tx, first, &by("换格期间")))
        .unwrap();
    town.central
        .write(move |tx| review::refuse(tx, second, &by("不实")))
        .unwrap();
    town.sync(&mut wang);
    town.sync(&mut li);
    let waiting = town.held();
    assert_eq!(
        waiting.len(),
        1,
        "the later edit, made again, is of a lost grid too"
    );
    assert!(!held.contains(&waiting[0]));
    assert_eq!(name_on(&li, &shop), Some(Scalar::text("甲一")), "let in");
    assert_ne!(name_on(&li, &other), Some(Scalar::text("甲一")), "refused");
    let returned = wang.book.returned().unwrap();
    assert!(!returned.is_empty(), "the refused edit is with its author");
    let kept = town.count("SELECT count(*) FROM held WHERE state = 'refused'");
    assert!(kept >= 1, "its bytes are kept");
}

#[test]
fn a_record_moves_with_what_follows_it_and_leaves_the_phones_of_its_old_grid() {
    let mut town = Town::new("move");
    let mut wang = town.phone(1, "王", &[GRIDS[0]]);
    let mut li = town.phone(2, "李", &[GRIDS[1]]);
    let mut rng = Rng::new(3);
    let shop = create(&mut wang, "shop", GRIDS[0], &street::shop(&mut rng, 1));
    let person = street::Person::any(&mut rng);
    let resident = with(
        &mut wang,
        "resident",
        shop,
        street::resident(&mut rng, &person),
    );
    town.sync(&mut wang);
    town.central
        .write(move |tx| review::move_record(tx, shop, GRIDS[1], &by("划界")))
        .unwrap();
    town.sync(&mut wang);
    town.sync(&mut li);
    for record in [shop, resident] {
        assert!(wang.book.listed(&record).is_none(), "left the old grid");
        assert!(li.book.listed(&record).is_some(), "came to the new one");
        let view = View::of(&town.stored(record).registers);
        assert_eq!(li.book.get(&record).unwrap().view, view);
    }
}

#[test]
fn a_revoked_phone_may_send_into_held_and_is_wiped() {
    let mut town = Town::new("revoked");
    let mut wang = town.phone(1, "王", &[GRIDS[0]]);
    let mut rng = Rng::new(3);
    let shop = create(&mut wang, "shop", GRIDS[0], &street::shop(&mut rng, 1));
    town.sync(&mut wang);
    wang.book
        .edit(&shop, &[set("sign_name", "最后一笔")])
        .unwrap();
    let device: DeviceId = wang.device();
    town.central
        .write(move |tx| gridbook_server::devices::revoke(tx, device, "s-0007"))
        .unwrap();
    let _ = wang.sync(&mut town.central);
    town.central.settle();
    let _ = wang.sync(&mut town.central);
    assert_eq!(town.held().len(), 1, "what it still sent is held");
    assert!(wang.book.listed(&shop).is_none(), "what it pulled is gone");
}

#[test]
fn a_devices_edits_since_a_time_are_set_back_where_nobody_wrote_since() {
    let mut town = Town::new("revert");
    let mut wang = town.phone(1, "王", &[GRIDS[0]]);
    let mut li = town.phone(2, "李", &[GRIDS[0]]);
    let mut rng = Rng::new(3);
    let shop = create(&mut li, "shop", GRIDS[0], &street::shop(&mut rng, 1));
    let other = create(&mut li, "shop", GRIDS[0], &street::shop(&mut rng, 2));
    town.sync(&mut li);
    town.sync(&mut wang);
    let before = name_on(&wang, &shop);
    town.central.clock.set(NOW + HOUR);
    for record in [shop, other] {
        wang.book
            .edit(&record, &[set("sign_name", "乱填")])
            .unwrap();
    }
    let made = create(&mut wang, "shop", GRIDS[0], &street::shop(&mut rng, 3));
    town.sync(&mut wang);
    town.sync(&mut li);
    li.book.edit(&other, &[set("sign_name", "改对了")]).unwrap();
    town.sync(&mut li);
    let device = wang.device();
    let done = town
        .central
        .write(move |tx| review::revert(tx, device, NOW + HOUR, &by("试用期误录")))
        .unwrap();
    assert_eq!(done.records, 2, "the sign and the new shop");
    town.sync(&mut wang);
    town.sync(&mut li);
    assert_eq!(name_on(&li, &shop), before);
    assert_eq!(name_on(&li, &other), Some(Scalar::text("改对了")));
    assert!(!town.stored(made).alive, "what it had made is gone");
}

#[test]
fn merged_duplicates_send_readers_on_until_the_merge_is_taken_back() {
    let mut town = Town::new("merge");
    let mut wang = town.phone(1, "王", &[GRIDS[0]]);
    let mut rng = Rng::new(3);
    let winner = create(&mut wang, "shop", GRIDS[0], &street::shop(&mut rng, 1));
    let loser = create(&mut wang, "shop", GRIDS[0], &street::shop(&mut rng, 1));
    town.sync(&mut wang);
    town.central
        .write(move |tx| {
            let author = Author::new(Role::Supervisor);
            review::merge(tx, (loser, winner), &[], &author, &by("同一家"))
        })
        .unwrap();
    assert_eq!(town.stored(loser).merged_into, Some(winner));
    town.central
        .write(move |tx| review::unmerge(tx, loser, &by("看错")))
        .unwrap();
    assert_eq!(town.stored(loser).merged_into, None);
}

#[test]
fn residents_and_findings_reach_their_offices_once_and_imports_tell_nobody() {
    let mut town = Town::new("dispatch");
    let mut wang = town.phone(1, "王", &[GRIDS[0]]);
    let mut rng = Rng::new(3);
    let shop = create(&mut wang, "shop", GRIDS[0], &street::shop(&mut rng, 1));
    let person = street::Person::any(&mut rng);
    with(
        &mut wang,
        "resident",
        shop,
        street::resident(&mut rng, &person),
    );
    with(&mut wang, "finding", shop, street::finding(&mut rng, NOW));
    with(&mut wang, "worker", shop, street::worker(&mut rng, &person));
    town.sync(&mut wang);
    wang.book
        .edit(&shop, &[set("business_type", "8051")])
        .unwrap();
    town.sync(&mut wang);
    for (sql, wanted) in [
        (
            "SELECT count(*) FROM item WHERE rule = 'resident-appears'",
            1,
        ),
        (
            "SELECT count(*) FROM item WHERE rule = 'finding-reported'",
            1,
        ),
        ("SELECT count(*) FROM item WHERE rule = 'worker-roster'", 1),
        (
            "SELECT count(*) FROM item WHERE rule = 'business-type-changes'",
            1,
        ),
        ("SELECT count(*) FROM item", 4),
    ] {
        assert_eq!(town.count(sql), wanted, "{sql}");
    }
}

#[test]
fn a_task_an_office_asks_for_reaches_the_phone_and_leaves_it_once_answered() {
    let mut town = Town::new("task");
    let mut wang = town.phone(1, "王", &[GRIDS[0]]);
    let mut rng = Rng::new(3);
    let shop = create(&mut wang, "shop", GRIDS[0], &street::shop(&mut rng, 1));
    let person = street::Person::any(&mut rng);
    let resident = with(
        &mut wang,
        "resident",
        shop,
        street::resident(&mut rng, &person),
    );
    town.sync(&mut wang);
    let device = wang.device();
    town.central
        .write(move |tx| {
            let request = gridbook_server::cases::TaskRequest {
                kind: "recollect",
                item: None,
                case: None,
                record: Some(resident),
                grid: GRIDS[0].to_owned(),
                device: Some(device),
                reason: "号码少一位".to_owned(),
                door: None,
                due_ms: None,
            };
            gridbook_server::cases::request(tx, "clerk", &request)
        })
        .unwrap();
    let given = "SELECT count(*) FROM task_request WHERE state = 'given'";
    for _ in 0..200 {
        if town.count(given) == 1 {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    town.sync(&mut wang);
    let tasks = wang.book.tasks().unwrap();
    assert_eq!(tasks.len(), 1);
    assert_eq!(tasks[0].question, "号码少一位");
    assert!(!tasks[0].door.is_empty(), "the shop's door is copied in");
    let row = wang.book.todo().unwrap().tasks.remove(0);
    assert_eq!((row.resident, row.shop), (Some(resident), Some(shop)));
    let id = tasks[0].id;
    let ticket = town.central.another_ticket(wang.device()).unwrap();
    let mut new = Phone::new(Storage::Memory, 2, NOW).unwrap();
    new.enrol(&mut town.central, &ticket).unwrap();
    town.sync(&mut new);
    assert_eq!(
        new.book.tasks().unwrap(),
        tasks,
        "a later phone is told too"
    );
    wang.book.edit(&id, &[set("state", "done")]).unwrap();
    town.sync(&mut wang);
    assert_eq!(
        town.count("SELECT count(*) FROM task_request WHERE state = 'done'"),
        1
    );
    assert!(wang.book.tasks().unwrap().is_empty(), "answered");
    town.sync(&mut new);
    assert!(new.book.tasks().unwrap().is_empty(), "on every phone");
}

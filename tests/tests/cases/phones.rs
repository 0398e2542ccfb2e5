//! From a real phone to an office's desk, and back.

use gridbook_tests::{
    street,
    world::{Phone, Rng, Storage},
};
use schemas::{RegisterKey, Scalar};
use serde_json::json;
use sync_core::{RecordId, fieldbook::Place, record::Edit};

use super::{
    desk::{Desk, GRID, OTHER_GRID, local},
    flow::{Case, good, seen},
};

pub(super) fn set(key: &str, value: Scalar) -> Edit {
    Edit::Set {
        key: RegisterKey::parse(key).unwrap(),
        value,
    }
}

pub(super) fn text(key: &str, value: &str) -> Edit {
    set(key, Scalar::text(value))
}

pub(super) fn with(
    phone: &mut Phone,
    kind: &str,
    shop: RecordId,
    mut edits: Vec<Edit>,
) -> RecordId {
    edits.push(set("shop", Scalar::Bytes(shop.0.to_vec())));
    let place = Place::With(shop);
    phone.book.create(kind, &place, &edits).unwrap().record
}

/// Two rounds: what was sent is verified in between.
pub(super) fn sync(desk: &mut Desk, phone: &mut Phone) {
    for _ in 0..2 {
        phone.sync(&mut desk.central).unwrap();
        desk.central.settle();
    }
}

pub(super) fn open_shop(desk: &mut Desk, phone: &mut Phone) -> RecordId {
    let mut edits = street::shop(&mut Rng::new(5), 1);
    edits.push(text("business_type", "6210"));
    let place = Place::Grid(GRID.to_owned());
    let shop = phone.book.create("shop", &place, &edits).unwrap().record;
    sync(desk, phone);
    shop
}

#[test]
fn a_finding_goes_from_a_phone_through_the_centre_to_the_fire_brigade_and_another_grid() {
    let mut desk = Desk::open("phones-finding", "2026-11-20T16:40");
    let grids = [GRID];
    let mut wang = Phone::enrolled(&mut desk.central, Storage::Memory, 1, "王", &grids).unwrap();
    let other = [OTHER_GRID];
    let mut li = Phone::enrolled(&mut desk.central, Storage::Memory, 2, "李", &other).unwrap();
    sync(&mut desk, &mut li);
    let shop = open_shop(&mut desk, &mut wang);
    desk.at("2026-11-20T16:50");
    let found = vec![
        text("class", "blocked-exit"),
        text("severity", "urgent"),
        text("source", "patrol"),
        set("found_at", Scalar::Int(desk.now_ms())),
    ];
    let finding = with(&mut wang, "finding", shop, found);
    sync(&mut desk, &mut wang);
    // The class of what is sealed is known where lists are filtered by it.
    let inbox = desk
        .get("centre.clerk", "/items?state=open&class=blocked-exit")
        .body;
    assert_eq!(inbox["total"], 1, "{inbox}");
    let item = &inbox["rows"][0];
    assert_eq!(item["record"], finding.to_string());
    assert_eq!(item["shop"], shop.to_string());
    assert_eq!(item["severity"], "urgent");
    let empty = desk.get("centre.clerk", "/items?class=wiring").body;
    assert_eq!(empty["total"], 0);
    let path = format!("/items/{}/case", item["id"]);
    let answer = desk.change("centre.clerk", &path, 1, &json!({}));
    assert_eq!(answer.status, 201, "{}", answer.body);
    let id = answer.body["case"].as_str().unwrap().to_owned();
    let mut case = Case { id, version: 2 };
    good(
        &mut desk,
        "centre.clerk",
        &mut case,
        &json!({ "step": "assign" }),
    );
    let assigned = seen(&mut desk, &case);
    assert_eq!(assigned["office"], "fire-brigade");
    assert_eq!(
        local(assigned["due_ms"].as_i64().unwrap()),
        "2026-11-21T16:50"
    );
    assert_eq!(assigned["reporters"][0]["inspector"], "i-4");
    // It reads what was found as far as that is for whoever works on it, not who found it.
    let theirs = desk.get("fire.clerk", &format!("/cases/{}", case.id)).body;
    let fields = theirs["facts"]["fields"].as_array().unwrap();
    let class = fields.iter().find(|field| field["key"] == "class").unwrap();
    assert_eq!(class["values"][0]["value"], "blocked-exit");
    assert_eq!(class["values"][0]["by"][0]["name"], "inspector");
    let record = desk.get("fire.clerk", &format!("/records/{finding}"));
    assert_eq!(record.status, 404, "the record itself is not theirs");
    good(
        &mut desk,
        "fire.clerk",
        &mut case,
        &json!({ "step": "handle" }),
    );
    let report = json!({ "step": "report", "reason": "已清空" });
    good(&mut desk, "fire.clerk", &mut case, &report);
    // Whoever walks another grid is asked to see; the reporter is not.
    let asked = "SELECT count(*) FROM task_request WHERE type = 'verify' AND state = 'given'";
    for _ in 0..500 {
        if desk.count(asked) == 1 {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    sync(&mut desk, &mut wang);
    sync(&mut desk, &mut li);
    assert!(wang.book.tasks().unwrap().is_empty());
    let tasks = li.book.tasks().unwrap();
    assert_eq!(tasks.len(), 1);
    assert_eq!(tasks[0].task_type, "verify");
    // The verifier has nothing of the finding but what the question says.
    assert!(tasks[0].question.starts_with("占堵疏散通道"), "{tasks:?}");
    let verify = |code: &str| json!({ "step": "verify_pass", "verifier": code });
    super::flow::bad(&mut desk, "supervisor", &mut case, &verify("i-4"), 409);
    good(&mut desk, "supervisor", &mut case, &verify("i-5"));
    // What somebody has seen to is asked of nobody any more.
    sync(&mut desk, &mut li);
    assert!(li.book.tasks().unwrap().is_empty());
    good(
        &mut desk,
        "centre.clerk",
        &mut case,
        &json!({ "step": "close" }),
    );
    desk.close();
}

#[test]
fn a_changed_trade_is_a_case_the_same_day_and_once() {
    let mut desk = Desk::open("phones-trade", "2026-11-19T10:00");
    let grids = [GRID];
    let mut wang = Phone::enrolled(&mut desk.central, Storage::Memory, 1, "王", &grids).unwrap();
    let shop = open_shop(&mut desk, &mut wang);
    assert_eq!(desk.get("economics.clerk", "/cases").body["total"], 0);
    wang.book
        .edit(&shop, &[text("business_type", "8051")])
        .unwrap();
    sync(&mut desk, &mut wang);
    sync(&mut desk, &mut wang);
    let cases = desk.get("economics.clerk", "/cases?type=business").body;
    assert_eq!(cases["total"], 1, "{cases}");
    assert_eq!(cases["rows"][0]["shop"], shop.to_string());
    assert_eq!(cases["rows"][0]["state"], "pending");
    assert_eq!(cases["rows"][0]["class"], "business-type-changes");
    desk.close();
}

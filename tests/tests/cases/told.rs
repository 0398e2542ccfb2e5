//! Whoever reported a finding sees on the phone where it stands, and nobody else does.

use gridbook_tests::world::{Phone, Storage};
use schemas::Scalar;
use serde_json::{Value, json};
use sync_core::{
    RecordId,
    fieldbook::round::{CaseStatus, ShopQuery},
};

use super::{
    desk::{Desk, GRID, local},
    flow::{Case, good, seen},
    phones::{open_shop, set, sync, text, with},
};

/// Phones that were told of a case, by the items on their streams: `[8, ...]`.
const TOLD: &str =
    "SELECT count(DISTINCT device) FROM device_item WHERE substr(bytes, 1, 2) = x'8208'";

fn reported(desk: &mut Desk, phone: &mut Phone, shop: RecordId) -> RecordId {
    let found = vec![
        text("class", "blocked-exit"),
        text("severity", "urgent"),
        text("source", "patrol"),
        set("found_at", Scalar::Int(desk.now_ms())),
    ];
    let finding = with(phone, "finding", shop, found);
    sync(desk, phone);
    finding
}

/// The inbox's item about a finding.
fn item(desk: &mut Desk, finding: RecordId) -> Value {
    let inbox = desk.get("centre.clerk", "/items?state=open").body;
    let rows = inbox["rows"].as_array().unwrap();
    let found = rows.iter().find(|row| row["record"] == finding.to_string());
    found.unwrap().clone()
}

fn filed(desk: &mut Desk, finding: RecordId) -> Case {
    let path = format!("/items/{}/case", item(desk, finding)["id"]);
    let answer = desk.change("centre.clerk", &path, 1, &json!({}));
    assert_eq!(answer.status, 201, "{}", answer.body);
    let id = answer.body["case"].as_str().unwrap().to_owned();
    Case { id, version: 2 }
}

/// Where a finding stands, as its phone shows it.
fn stands(phone: &Phone, shop: RecordId, finding: RecordId) -> Option<CaseStatus> {
    let findings = phone.book.dossier(&shop).unwrap().findings;
    let row = findings.into_iter().find(|row| row.row.id == finding);
    row.unwrap().case
}

/// Another phone of the same inspector, enrolled now.
fn another(desk: &mut Desk, phone: &Phone, seed: u64) -> Phone {
    let ticket = desk.central.another_ticket(phone.device()).unwrap();
    let mut new = Phone::new(Storage::Memory, seed, desk.now_ms()).unwrap();
    new.enrol(&mut desk.central, &ticket).unwrap();
    new
}

#[test]
fn the_reporter_sees_each_step_and_the_next_one_s_phone_sees_none() {
    let mut desk = Desk::open("told", "2026-11-20T16:40");
    let enrol = |desk: &mut Desk, seed, name: &str| {
        Phone::enrolled(&mut desk.central, Storage::Memory, seed, name, &[GRID]).unwrap()
    };
    let mut wang = enrol(&mut desk, 1, "王");
    let mut li = enrol(&mut desk, 2, "李");
    let shop = open_shop(&mut desk, &mut wang);
    desk.at("2026-11-20T16:50");
    let finding = reported(&mut desk, &mut wang, shop);
    assert_eq!(stands(&wang, shop, finding), None, "nobody has taken it up");
    let mut case = filed(&mut desk, finding);
    sync(&mut desk, &mut wang);
    let status = stands(&wang, shop, finding).unwrap();
    assert_eq!((status.state.as_str(), status.due_ms), ("filed", None));
    good(
        &mut desk,
        "centre.clerk",
        &mut case,
        &json!({ "step": "assign" }),
    );
    sync(&mut desk, &mut wang);
    let status = stands(&wang, shop, finding).unwrap();
    assert_eq!(status.words.zh, "已派遣");
    assert_eq!(status.office.unwrap().zh, "消防");
    assert_eq!(local(status.due_ms.unwrap()), "2026-11-21T16:50");
    assert_eq!((status.closed_ms, status.told_ms), (None, desk.now_ms()));
    let shops = |phone: &Phone| phone.book.today(&ShopQuery::default()).unwrap().rows;
    assert_eq!(shops(&wang)[0].findings, 1);
    let handle = json!({ "step": "handle", "handler": "fire.clerk" });
    good(&mut desk, "fire.clerk", &mut case, &handle);
    let void = json!({ "step": "void", "reason": "重复" });
    good(&mut desk, "centre.head", &mut case, &void);
    sync(&mut desk, &mut wang);
    let status = stands(&wang, shop, finding).unwrap();
    assert_eq!(status.state, "void");
    assert!(status.closed_ms.is_some());
    assert_eq!(shops(&wang)[0].findings, 0, "it is not open any more");
    // The other phone has the finding and was told nothing.
    sync(&mut desk, &mut li);
    assert_eq!(stands(&li, shop, finding), None);
    assert_eq!(desk.count(TOLD), 1);
    // The reporter's new phone shows what the old one did, with no step taken in between.
    let mut new = another(&mut desk, &wang, 3);
    sync(&mut desk, &mut new);
    assert_eq!(stands(&new, shop, finding).unwrap().state, "void");
    desk.close();
}

#[test]
fn a_joined_finding_goes_on_as_the_other_and_a_void_item_is_told_too() {
    let mut desk = Desk::open("told-joined", "2026-11-20T10:00");
    let enrol = |desk: &mut Desk, seed, name: &str| {
        Phone::enrolled(&mut desk.central, Storage::Memory, seed, name, &[GRID]).unwrap()
    };
    let mut wang = enrol(&mut desk, 1, "王");
    let mut li = enrol(&mut desk, 2, "李");
    let shop = open_shop(&mut desk, &mut wang);
    sync(&mut desk, &mut li);
    let first = reported(&mut desk, &mut wang, shop);
    let second = reported(&mut desk, &mut li, shop);
    let mut kept = filed(&mut desk, first);
    let mut joined = filed(&mut desk, second);
    let into = json!({ "step": "join", "into": kept.id, "reason": "同一处" });
    good(&mut desk, "centre.clerk", &mut joined, &into);
    kept.version = seen(&mut desk, &kept)["version"].as_u64().unwrap();
    good(
        &mut desk,
        "centre.clerk",
        &mut kept,
        &json!({ "step": "assign" }),
    );
    sync(&mut desk, &mut wang);
    sync(&mut desk, &mut li);
    assert_eq!(stands(&wang, shop, first).unwrap().state, "assigned");
    assert_eq!(stands(&li, shop, second).unwrap().state, "assigned");
    assert_eq!(
        stands(&li, shop, first),
        None,
        "what another reported is not told"
    );
    let third = reported(&mut desk, &mut li, shop);
    let path = format!("/items/{}/marks", item(&mut desk, third)["id"]);
    let void = json!({ "mark": "void", "reason": "不属实" });
    let answer = desk.change("centre.head", &path, 1, &void);
    assert_eq!(answer.status, 200, "{}", answer.body);
    sync(&mut desk, &mut li);
    let status = stands(&li, shop, third).unwrap();
    assert_eq!(
        (status.state.as_str(), status.office.unwrap().zh.as_str()),
        ("void", "联动中心")
    );
    let mut new = another(&mut desk, &li, 3);
    sync(&mut desk, &mut new);
    assert_eq!(stands(&new, shop, second).unwrap().state, "assigned");
    assert_eq!(stands(&new, shop, third).unwrap().state, "void");
    assert_eq!(stands(&new, shop, first), None);
    desk.close();
}

//! What was held or refused is taken over by a supervisor, and its author is told.

use gridbook_tests::world::Phone;
use serde_json::{Value, json};
use sync_core::{
    RecordId,
    change::{RefusedReason, Stop},
};

use super::{acts::shown, checks::rebuilds};
use crate::console::{Desk, GRID, NEXT_GRID, shop, text};

/// A shop that was moved away from who renames it: the edit waits. The phone, the shop, the row.
fn held(desk: &mut Desk) -> (Phone, RecordId, Value) {
    let mut wang = desk.phone(1, "王", &[GRID]);
    let found = shop(&mut wang, GRID, "张记小馆", "七莘路 100 号", &[]);
    desk.sync(&mut wang);
    let edits = [text("sign_name", "张记饭店"), text("gas", "bottled")];
    wang.book.edit(&found, &edits).unwrap();
    let path = format!("/records/{found}");
    let version = desk.get("sup", &path).version();
    let body = json!({ "grid": NEXT_GRID, "reason": "网格调整" });
    let moved = desk.call(
        "sup",
        "POST",
        &format!("{path}/move"),
        Some(version),
        Some(&body),
    );
    assert_eq!(moved.checked(), 204, "{}", moved.json());
    desk.sync(&mut wang);
    let listed = desk.json("sup", "/held");
    assert_eq!(listed["total"], 1, "{listed}");
    (wang, found, listed["rows"][0].clone())
}

#[test]
fn what_is_held_is_taken_over_as_an_edit_and_its_author_is_told() {
    let mut desk = Desk::open("takeover");
    let (mut wang, found, row) = held(&mut desk);
    let path = format!("/held/{}/takeover", row["id"]);
    let version = row["version"].as_u64().unwrap();
    let take = |keys: Value| json!({ "keys": keys, "reason": "换格前所改" });
    for (body, version, status) in [
        (take(json!([])), Some(version), 422),
        (take(json!(["door_no"])), Some(version), 422),
        (take(json!(["sign_name"])), Some(version + 1), 412),
        (take(json!(["sign_name"])), None, 428),
    ] {
        let answer = desk.call("sup", "POST", &path, version, Some(&body));
        assert_eq!(answer.checked(), status, "{body}: {}", answer.json());
    }
    assert_eq!(desk.json("sup", "/held")["total"], 1, "it still waits");
    let body = take(json!(["sign_name"]));
    let done = desk.call("sup", "POST", &path, Some(version), Some(&body));
    assert_eq!(done.checked(), 200, "{}", done.json());
    desk.central.settle();
    assert_eq!(desk.json("sup", "/held")["total"], 0);
    assert_eq!(desk.json("sup", "/refused")["total"], 0, "it is closed");
    let record = desk.json("sup", &format!("/records/{found}"));
    assert_eq!(shown(&record, "sign_name"), "张记饭店");
    assert_eq!(shown(&record, "gas"), Value::Null, "it was not chosen");
    let by = &record["fields"]
        .as_array()
        .unwrap()
        .iter()
        .find(|field| field["key"] == "sign_name")
        .unwrap()["values"][0]["by"][0];
    assert_eq!(
        (&by["class"], &by["name"], &by["reason"]),
        (&json!("office"), &json!("sup 先生"), &json!("换格前所改"))
    );
    desk.sync(&mut wang);
    let setbacks = wang.book.setbacks().unwrap();
    let stops: Vec<Stop> = setbacks.iter().map(|setback| setback.stop).collect();
    assert_eq!(stops, [Stop::Refused(RefusedReason::TakenOver)]);
    let back = wang.book.returned().unwrap();
    assert_eq!(back[0].reason, Some(RefusedReason::TakenOver));
    // What the author writes from now on enters as ever.
    let next = shop(&mut wang, GRID, "新店", "七莘路 9 号", &[]);
    desk.sync(&mut wang);
    let seen = desk.json("sup", &format!("/records/{next}"));
    assert_eq!(shown(&seen, "sign_name"), "新店");
    rebuilds(&desk);
}

#[test]
fn what_was_refused_is_taken_over_all_of_it_and_closed() {
    let mut desk = Desk::open("takeover-refused");
    let (_wang, found, row) = held(&mut desk);
    let path = format!("/held/{}", row["id"]);
    let why = json!({ "reason": "换格" });
    let refused = desk.call(
        "sup",
        "POST",
        &format!("{path}/refuse"),
        row["version"].as_u64(),
        Some(&why),
    );
    assert_eq!(refused.checked(), 204, "{}", refused.json());
    let row = desk.json("sup", "/refused")["rows"][0].clone();
    assert_eq!(row["reason_code"], "by_supervisor");
    let take = format!("{path}/takeover");
    let version = row["version"].as_u64();
    let done = desk.call("sup", "POST", &take, version, Some(&why));
    assert_eq!(done.checked(), 200, "{}", done.json());
    assert_eq!(desk.json("sup", "/refused")["total"], 0);
    let record = desk.json("sup", &format!("/records/{found}"));
    assert_eq!(shown(&record, "sign_name"), "张记饭店");
    assert_eq!(shown(&record, "gas"), "bottled");
    let version = version.map(|version| version + 1);
    let again = desk.call("sup", "POST", &take, version, Some(&why));
    assert_eq!(again.checked(), 409, "{}", again.json());
    rebuilds(&desk);
}

/// Moves a shop to another grid.
fn move_to(desk: &mut Desk, found: RecordId, grid: &str) {
    let path = format!("/records/{found}");
    let version = desk.get("sup", &path).version();
    let body = json!({ "grid": grid, "reason": "网格调整" });
    let path = format!("{path}/move");
    let moved = desk.call("sup", "POST", &path, Some(version), Some(&body));
    assert_eq!(moved.checked(), 204, "{}", moved.json());
}

/// An act on the only row of a list.
fn settle(desk: &mut Desk, list: &str, what: &str) {
    let row = desk.json("sup", list)["rows"][0].clone();
    let path = format!("/held/{}/{what}", row["id"]);
    let why = json!({ "reason": "换格前所改" });
    let done = desk.call("sup", "POST", &path, row["version"].as_u64(), Some(&why));
    assert!(done.checked() < 300, "{}", done.json());
}

#[test]
fn who_was_told_of_a_refusal_is_told_that_it_was_taken_over_and_makes_nothing_again() {
    let mut desk = Desk::open("takeover-told");
    let (mut wang, found, _) = held(&mut desk);
    settle(&mut desk, "/held", "refuse");
    desk.sync(&mut wang);
    let reasons = |wang: &Phone, record: RecordId| -> (Vec<Stop>, Vec<Option<RefusedReason>>) {
        let setbacks = wang.book.setbacks().unwrap().into_iter();
        let told = setbacks.filter(|setback| setback.record == record);
        let back = wang.book.returned().unwrap().into_iter();
        let back = back.filter(|back| back.record == record);
        (
            told.map(|setback| setback.stop).collect(),
            back.map(|back| back.reason).collect(),
        )
    };
    let why = |reason| (vec![Stop::Refused(reason)], vec![Some(reason)]);
    assert_eq!(reasons(&wang, found), why(RefusedReason::BySupervisor));
    // Another one of his is refused, which raises the epoch under which he writes once more.
    move_to(&mut desk, found, GRID);
    let second = shop(&mut wang, GRID, "好又多超市", "七莘路 102 号", &[]);
    desk.sync(&mut wang);
    wang.book
        .edit(&second, &[text("sign_name", "好又多")])
        .unwrap();
    move_to(&mut desk, second, NEXT_GRID);
    desk.sync(&mut wang);
    settle(&mut desk, "/refused", "takeover");
    settle(&mut desk, "/held", "refuse");
    // What he writes meanwhile on the first, under the epoch before that, stands.
    wang.book.edit(&found, &[text("unit_no", "2-1")]).unwrap();
    desk.sync(&mut wang);
    assert_eq!(reasons(&wang, found), why(RefusedReason::TakenOver));
    assert_eq!(reasons(&wang, second), why(RefusedReason::BySupervisor));
    let todo = wang.book.todo().unwrap();
    let first = todo.returned.iter().find(|row| row.record == found);
    let words = first.and_then(|row| row.why.as_ref()).unwrap();
    assert_eq!(words.zh, "主管已代为录入，不用重填");
    let record = desk.json("sup", &format!("/records/{found}"));
    assert_eq!(shown(&record, "unit_no"), "2-1");
    assert_eq!(shown(&record, "gas"), "bottled");
    let changes = desk
        .central
        .read(move |conn| {
            let sql = "SELECT changes FROM record WHERE id = ?1";
            Ok(conn.query_row(sql, [found.0], |row| row.get::<_, u64>(0))?)
        })
        .unwrap();
    assert_eq!(changes, 3, "made, taken over, his own: none twice");
    rebuilds(&desk);
}

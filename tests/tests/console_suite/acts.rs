//! Acts that take several things at once: merging with chosen values, deciding again, handing a grid
//! over.

use serde_json::{Value, json};
use sync_core::RecordId;

use super::{
    checks::rebuilds,
    review::{change_of, quarrel},
};
use crate::console::{Desk, GRID, MINUTE, NEXT_GRID, NOW, shop, text};

pub(super) fn shown(record: &Value, key: &str) -> Value {
    let mut fields = record["fields"].as_array().unwrap().iter();
    let field = fields.find(|field| field["key"] == key);
    field.map_or(Value::Null, |field| field["values"][0]["value"].clone())
}

#[test]
fn a_merge_takes_chosen_values_in_one_act_and_both_are_taken_back_in_one() {
    let mut desk = Desk::open("merge-values");
    let mut wang = desk.phone(1, "王", &[GRID]);
    let more = [text("gas", "bottled"), text("business_type", "5212")];
    let stays = shop(&mut wang, GRID, "张记小馆", "七莘路 100 号", &[]);
    let goes = shop(&mut wang, GRID, "张记饭店", "七莘路 100 号甲", &more);
    desk.sync(&mut wang);
    let (kept, lost) = (format!("/records/{stays}"), format!("/records/{goes}"));
    let licence = json!({ "edits": [{ "op": "add_entry", "group": "licences",
        "fields": { "type": "food", "number": "JY1310112" } }], "reason": "看到原件" });
    let version = desk.get("sup", &lost).version();
    let edited = desk.call(
        "sup",
        "POST",
        &format!("{lost}/edits"),
        Some(version),
        Some(&licence),
    );
    assert_eq!(edited.checked(), 200, "{}", edited.json());
    let entry = desk.json("sup", &lost)["groups"][0]["entries"][0]["id"].clone();
    let entry = format!("licences.{}", entry.as_str().unwrap());

    let seen = desk.get("sup", &kept).version();
    let merge = |desk: &mut Desk, take: &[&str], seen: Option<u64>| {
        let version = desk.get("sup", &lost).version();
        let body = json!({ "into": stays.to_string(), "into_version": seen, "take": take,
            "reason": "同一家" });
        desk.call(
            "sup",
            "POST",
            &format!("{lost}/merge"),
            Some(version),
            Some(&body),
        )
    };
    for (take, seen, status) in [
        (vec!["sign_name"], None, 428),
        (vec!["sign_name"], Some(seen + 1), 412),
        (vec!["gas", "merged_into"], Some(seen), 422),
        (vec!["gas", "rent"], Some(seen), 422),
        (vec!["gas", "licences.AAAAAAAAAAE"], Some(seen), 422),
    ] {
        let refused = merge(&mut desk, &take, seen);
        assert_eq!(refused.checked(), status, "{take:?}: {}", refused.json());
    }
    // A refused field leaves nothing half done.
    assert_eq!(desk.get("sup", &kept).version(), seen);
    assert_eq!(desk.json("sup", &lost)["merged_into"], Value::Null);

    let take = ["sign_name", "gas", "business_type", entry.as_str()];
    let done = merge(&mut desk, &take, Some(seen));
    assert_eq!(done.checked(), 204, "{}", done.json());
    let now = desk.json("sup", &kept);
    assert_eq!(shown(&now, "sign_name"), "张记饭店");
    assert_eq!(shown(&now, "gas"), "bottled");
    assert_eq!(shown(&now, "door_no"), "七莘路 100 号");
    let entries = now["groups"][0]["entries"].as_array().unwrap();
    assert_eq!(entries.len(), 1, "{now}");
    assert_eq!(desk.json("sup", &lost)["merged_into"], stays.to_string());

    // Somebody on the spot writes one of them since.
    desk.sync(&mut wang);
    let trade = [text("business_type", "6220")];
    wang.book.edit(&stays, &trade).unwrap();
    desk.sync(&mut wang);
    let version = desk.get("sup", &lost).version();
    let why = json!({ "reason": "看错" });
    let undo = format!("{lost}/unmerge");
    let undone = desk.call("sup", "POST", &undo, Some(version), Some(&why));
    assert_eq!(undone.checked(), 200, "{}", undone.json());
    let told = undone.json();
    assert_eq!(told["kept"].as_array().unwrap().len(), 1, "{told}");
    assert_eq!(told["kept"][0]["key"], "business_type");
    assert_eq!(told["kept"][0]["label"]["zh"], "业态");
    assert_eq!(told["restored"], 3, "{told}");
    let now = desk.json("sup", &kept);
    assert_eq!(shown(&now, "sign_name"), "张记小馆");
    assert_eq!(shown(&now, "gas"), Value::Null);
    assert_eq!(shown(&now, "business_type"), "6220");
    assert_eq!(now["groups"][0]["entries"], json!([]));
    assert_eq!(desk.json("sup", &lost)["merged_into"], Value::Null);
    // Merged again without values there is nothing to set back.
    assert_eq!(merge(&mut desk, &[], None).checked(), 204);
    let version = desk.get("sup", &lost).version();
    let undone = desk.call("sup", "POST", &undo, Some(version), Some(&why));
    assert_eq!(undone.json(), json!({ "restored": 0, "kept": [] }));
    rebuilds(&desk);
}

#[test]
fn what_was_decided_is_decided_again_until_somebody_writes_it_anew() {
    let mut desk = Desk::open("again");
    let (mut wang, mut li, found) = quarrel(&mut desk);
    let path = format!("/conflicts/{found}/sign_name");
    let decision = format!("{path}/decision");
    let decide = |desk: &mut Desk, who: &str, version: u64, body: &Value| {
        desk.call(who, "POST", &decision, Some(version), Some(body))
    };
    let first = desk.get("sup", &path);
    let (old, one) = (first.version(), first.json());
    let (mine, theirs) = (change_of(&one, "张记饭店"), change_of(&one, "老张饭店"));
    let by = |change: &str, why: &str| json!({ "change": change, "reason": why });
    assert_eq!(
        decide(&mut desk, "sup", old, &by(mine, "看了执照")).checked(),
        200
    );
    // A second supervisor who had it open is told, and sees who decided what and why.
    let late = decide(&mut desk, "other.sup", old, &by(theirs, "店主说的"));
    assert_eq!(late.checked(), 412);
    let listed = desk.json("other.sup", "/conflicts?state=decided");
    assert_eq!(listed["total"], 1, "{listed}");
    assert_eq!(desk.json("far.sup", "/conflicts?state=decided")["total"], 0);
    assert_eq!(desk.json("other.sup", "/conflicts")["rows"], json!([]));
    let row = &listed["rows"][0];
    assert_eq!(row["state"], "decided");
    let said = row["field"]["values"][0]["by"].as_array().unwrap();
    let said = said.last().unwrap();
    assert_eq!(said["name"], "sup 先生");
    assert_eq!(said["reason"], "看了执照");
    let answer = desk.get("other.sup", &path);
    let before = answer.json()["before"].clone();
    let mut values: Vec<&str> = before
        .as_array()
        .unwrap()
        .iter()
        .map(|value| value["value"].as_str().unwrap())
        .collect();
    values.sort_unstable();
    assert_eq!(values, ["张记饭店", "老张饭店"]);
    // The other value is chosen by its change, as it was the first time.
    let again = decide(
        &mut desk,
        "other.sup",
        answer.version(),
        &by(theirs, "店主在场"),
    );
    assert_eq!(again.checked(), 200, "{}", again.json());
    desk.sync(&mut wang);
    desk.sync(&mut li);
    let id = RecordId::parse(&found).unwrap();
    for phone in [&wang, &li] {
        let view = phone.book.get(&id).unwrap().view;
        assert_eq!(view.fields["sign_name"].shown().as_text(), Some("老张饭店"));
    }
    let answer = desk.get("sup", &path);
    let before = answer.json()["before"].as_array().unwrap().len();
    assert_eq!(before, 3, "both edits and the first decision");
    rebuilds(&desk);
}

#[test]
fn a_decided_field_that_is_written_anew_is_not_decided_again() {
    let mut desk = Desk::open("anew");
    let (mut wang, mut li, found) = quarrel(&mut desk);
    let path = format!("/conflicts/{found}/sign_name");
    let decision = format!("{path}/decision");
    let answer = desk.get("sup", &path);
    let body = json!({ "value": "张家饭店", "reason": "看了执照" });
    let done = desk.call(
        "sup",
        "POST",
        &decision,
        Some(answer.version()),
        Some(&body),
    );
    assert_eq!(done.checked(), 200, "{}", done.json());
    let decided = desk.get("sup", &path).version();
    assert!(decided > answer.version());
    desk.sync(&mut wang);
    let id = RecordId::parse(&found).unwrap();
    // 李 writes without having seen the decision: it is in conflict again, at a version of its own.
    li.book.edit(&id, &[text("sign_name", "张氏饭店")]).unwrap();
    desk.sync(&mut li);
    let contested = desk.get("sup", &path);
    assert_eq!(contested.json()["state"], "contested");
    assert!(contested.version() > decided);
    assert_eq!(desk.json("sup", "/conflicts?state=decided")["total"], 0);
    let body = json!({ "value": "张家饭店", "reason": "看了执照" });
    let done = desk.call(
        "sup",
        "POST",
        &decision,
        Some(contested.version()),
        Some(&body),
    );
    assert_eq!(done.checked(), 200, "{}", done.json());
    assert_eq!(desk.json("sup", "/conflicts?state=decided")["total"], 1);
    desk.sync(&mut wang);
    // 王 has seen it and knows better: there is nothing left to decide.
    wang.book.edit(&id, &[text("sign_name", "王记")]).unwrap();
    desk.sync(&mut wang);
    assert_eq!(desk.get("sup", &path).checked(), 404);
    assert_eq!(desk.json("sup", "/conflicts?state=decided")["total"], 0);
}

#[test]
fn a_grid_is_handed_over_in_one_act_for_good_or_as_a_cover_that_ends() {
    let mut desk = Desk::open("handover");
    let mut wang = desk.phone(1, "王", &[GRID, NEXT_GRID]);
    let mut li = desk.phone(2, "李", &[NEXT_GRID]);
    let found = shop(&mut wang, GRID, "张记小馆", "七莘路 100 号", &[]);
    let second = shop(&mut wang, GRID, "好又多超市", "七莘路 102 号", &[]);
    desk.sync(&mut wang);
    desk.sync(&mut li);
    assert!(li.book.get(&found).is_err(), "not his grid");
    let person = |desk: &mut Desk, name: &str| {
        let name = if name == "王" {
            "%E7%8E%8B"
        } else {
            "%E6%9D%8E"
        };
        desk.json("sup", &format!("/inspectors?text={name}"))["rows"][0].clone()
    };
    let hand = |desk: &mut Desk, grid: &str, until: Option<i64>| {
        let (from, to) = (person(desk, "王"), person(desk, "李"));
        let body = json!({ "from": from["id"], "to": to["id"], "to_version": to["version"],
            "until_ms": until, "reason": "休假" });
        let path = format!("/grids/{grid}/handover");
        desk.call("sup", "POST", &path, from["version"].as_u64(), Some(&body))
    };
    let end = NOW + 20 * MINUTE;
    assert_eq!(hand(&mut desk, GRID, Some(NOW)).checked(), 422);
    assert_eq!(hand(&mut desk, NEXT_GRID, Some(end)).checked(), 409);
    let covered = hand(&mut desk, GRID, Some(end));
    assert_eq!(covered.checked(), 200, "{}", covered.json());
    let told = covered.json();
    assert_eq!(told["from"]["grids"].as_array().unwrap().len(), 2);
    let duty = |told: &Value, grid: &str| {
        let grids = told["to"]["grids"].as_array().unwrap().iter();
        grids.clone().find(|duty| duty["grid"] == grid).cloned()
    };
    assert_eq!(duty(&told, GRID).unwrap()["until_ms"], end);
    assert_eq!(desk.json("sup", "/inspectors?covering=true")["total"], 1);
    desk.sync(&mut li);
    assert!(li.book.get(&found).is_ok(), "he covers it");
    // The cover ends: the phone is not served the grid any more, and what it writes waits.
    desk.pass(21 * MINUTE);
    li.book
        .edit(&found, &[text("sign_name", "张记饭店")])
        .unwrap();
    desk.sync(&mut li);
    let waits = desk.json("sup", "/held");
    assert_eq!(waits["total"], 1, "{waits}");
    assert_eq!(waits["rows"][0]["reason_code"], "lost_grid");
    assert!(li.book.get(&second).is_err(), "it has gone from the phone");
    assert_eq!(desk.json("sup", "/inspectors?covering=true")["total"], 0);

    let stale = person(&mut desk, "王")["version"].as_u64();
    let given = hand(&mut desk, GRID, None);
    assert_eq!(given.checked(), 200, "{}", given.json());
    let told = given.json();
    assert_eq!(told["from"]["grids"].as_array().unwrap().len(), 1);
    assert_eq!(duty(&told, GRID).unwrap()["until_ms"], Value::Null);
    desk.sync(&mut wang);
    assert!(wang.book.get(&second).is_err(), "it is his no more");
    desk.sync(&mut li);
    assert!(li.book.get(&second).is_ok());
    let (from, to) = (person(&mut desk, "王"), person(&mut desk, "李"));
    let body = json!({ "from": from["id"], "to": to["id"], "to_version": to["version"],
        "until_ms": null, "reason": "换格" });
    let path = format!("/grids/{NEXT_GRID}/handover");
    let late = desk.call("sup", "POST", &path, stale, Some(&body));
    assert_eq!(late.checked(), 412, "his version was another");
    let last = hand(&mut desk, NEXT_GRID, None);
    assert_eq!(last.checked(), 409, "the last grid: {}", last.json());
    let trace = desk.json("auditor", "/audit?act=grid.handover");
    assert_eq!(trace["total"], 2);
}

//! Every call of the app's types is answered, in the form that the types say.
#![cfg(test)]

mod common;

use common::{GRID, Held, HubLine, resident_form, shop_form};
use serde_json::{Value, json};

/// The names of the members of `Calls` in the app's types.
fn ops() -> Vec<String> {
    let types = include_str!("../app/src/core/types.ts");
    let (_, calls) = types.split_once("export interface Calls {").unwrap();
    let (calls, _) = calls.split_once("\n}").unwrap();
    let name = |line: &str| Some(line.trim().split_once('(')?.0.to_owned());
    let ops = calls.lines().filter_map(name);
    ops.filter(|op| op.chars().all(|c| c.is_ascii_lowercase() || c == '_'))
        .collect()
}

#[test]
fn every_call_of_the_types_is_known() {
    let line = HubLine::new();
    let wang = Held::enrolled(&line, 1, "1001");
    let shop = wang.new_shop("古美路 12 号", "小李面馆");
    let ops = ops();
    assert!(ops.len() >= 22, "{ops:?}");
    for op in ops {
        let query = match op.as_str() {
            "map" => json!({"grid": GRID}),
            "dossier" => json!({"shop": shop}),
            "record" | "history" | "undo" => json!({"record": shop}),
            "rows" => json!({"kind": "resident", "shop": shop}),
            "check" => resident_form(&shop),
            "save" => shop_form("古美路 14 号", "张记"),
            "visit" => json!({"shop": shop, "outcome": "unchanged"}),
            "resolve_returned" => json!({"id": 7}),
            "forget_task" => json!({"task": "0".repeat(32)}),
            "drop_photo" => json!({"record": shop, "sha256": "0".repeat(64)}),
            "put_draft" => json!({"name": "a", "title": "b", "body": {"c": 1}}),
            _ => json!({}),
        };
        let answer = wang.ask(&op, query);
        assert!(answer.is_ok(), "{op}: {answer:?}");
    }
}

#[test]
fn a_call_that_cannot_be_read_is_a_problem_in_both_languages() {
    let wang = Held::enrolled(&HubLine::new(), 1, "1001");
    let answers = [
        wang.phone.call(""),
        wang.phone.call("[]"),
        wang.phone.call(r#"{"op":"no such"}"#),
        wang.phone.call(r#"{"op":"record"}"#),
        wang.phone.call(r#"{"op":"record","record":"../../x"}"#),
        wang.phone.call(&"x".repeat(2 * 1024 * 1024)),
    ];
    for answer in answers {
        let answer: Value = serde_json::from_str(&answer).unwrap();
        assert_eq!(answer["error"]["code"], "internal", "{answer}");
        let words = &answer["error"]["words"];
        assert!(words["en"].as_str().is_some_and(str::is_ascii), "{answer}");
        assert!(words["zh"].as_str().is_some_and(|zh| !zh.is_ascii()));
    }
    let none = wang.ask("record", json!({"record": "0".repeat(32)}));
    assert_eq!(none.unwrap_err()["code"], "no-record");
}

#[test]
fn a_phone_says_who_it_is_and_what_waits() {
    let line = HubLine::new();
    let wang = Held::new(&line, 1);
    let before = wang.ok("standing", json!({}));
    assert_eq!(before["enrolled"], false);
    assert_eq!(before["words"], json!([]));
    let refused = wang.enrol("no such ticket").unwrap_err();
    assert_eq!(refused.status, Some(404));
    assert_eq!(
        wang.ask("save", shop_form("1", "x")).unwrap_err()["code"],
        "not-enrolled"
    );

    let ticket = line.hub.lock().unwrap().ticket("1001", &[GRID]);
    wang.enrol(&ticket).unwrap();
    let enrolled = wang.ok("standing", json!({}));
    assert_eq!(enrolled["enrolled"], true);
    assert_eq!(enrolled["confirmed"], false, "nothing was served yet");
    assert_eq!(enrolled["words"].as_array().map(Vec::len), Some(6));
    assert_eq!(enrolled["grids"][0]["grid"], GRID);

    wang.new_shop("古美路 12 号", "小李面馆");
    let counts = wang.ok("counts", json!({}));
    assert_eq!(counts["waiting"], 1);
    assert_eq!(counts["last_sync_ms"], Value::Null);
    let report = wang.sync().unwrap();
    assert!(report.complete);
    assert_eq!(report.sent_bundles, 1);
    let counts = wang.ok("counts", json!({}));
    assert_eq!(counts["waiting"], 0);
    assert!(counts["last_sync_ms"].is_i64());
    assert_eq!(wang.ok("standing", json!({}))["confirmed"], true);
    assert_eq!(wang.ok("standing", json!({}))["grids"][0]["records"], 1);
}

#[test]
fn drafts_come_back_as_they_were_until_they_are_forgotten() {
    let wang = Held::new(&HubLine::new(), 1);
    let body = json!({"kind": "shop", "values": {"sign_name": "张"}});
    wang.ok(
        "put_draft",
        json!({"name": "a", "title": "张记", "body": body}),
    );
    let drafts = wang.ok("drafts", json!({}));
    assert_eq!(drafts[0]["name"], "a");
    assert_eq!(drafts[0]["title"], "张记");
    assert_eq!(drafts[0]["body"], body);
    assert!(drafts[0]["at_ms"].is_i64());
    wang.ok("put_draft", json!({"name": "a", "title": "", "body": null}));
    assert_eq!(wang.ok("drafts", json!({})), json!([]));
}

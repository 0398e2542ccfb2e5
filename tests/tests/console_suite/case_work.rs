//! What offices add to a case: pictures, one another, help with licences.

use serde_json::{Value, json};

use super::checks::rebuilds;
use crate::console::{Answer, Desk, GRID, shop, text};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n and some more of it";

struct Case {
    id: String,
    version: u64,
}

fn post(desk: &mut Desk, who: &str, case: &mut Case, what: &str, body: &Value) -> Answer {
    let path = format!("/cases/{}/{what}", case.id);
    let answer = desk.call(who, "POST", &path, Some(case.version), Some(body));
    if answer.checked() == 200 {
        case.version = answer.version();
    }
    answer
}

fn good(desk: &mut Desk, who: &str, case: &mut Case, what: &str, body: &Value) {
    let answer = post(desk, who, case, what, body);
    assert_eq!(answer.checked(), 200, "{what} {body}: {}", answer.json());
}

fn send(desk: &mut Desk, who: &str, case: &str, bytes: &[u8]) -> Answer {
    let session = desk.session(who);
    let headers = [
        ("Cookie", session.cookie.as_str()),
        ("X-CSRF-Token", session.csrf.as_str()),
        ("Content-Type", "image/png"),
    ];
    desk.raw("POST", &format!("/cases/{case}/files"), &headers, bytes)
}

/// A finding that the fire brigade has.
fn assigned(desk: &mut Desk) -> Case {
    let new = json!({ "type": "finding", "class": "blocked-exit", "grid": GRID,
                      "source": "hotline", "reason": "来电" });
    let made = desk.post("centre", "/cases", &new);
    assert_eq!(made.checked(), 201, "{}", made.json());
    let mut case = Case {
        id: made.json()["id"].as_str().unwrap().to_owned(),
        version: 1,
    };
    good(
        desk,
        "centre",
        &mut case,
        "steps",
        &json!({ "step": "accept" }),
    );
    let assign = json!({ "step": "assign", "to_office": "fire-brigade" });
    good(desk, "centre", &mut case, "steps", &assign);
    case
}

#[test]
fn an_office_adds_pictures_and_whoever_sees_the_case_sees_them() {
    let mut desk = Desk::open("case-files");
    let mut case = assigned(&mut desk);
    assert_eq!(send(&mut desk, "clerk", &case.id, PNG).checked(), 404);
    assert_eq!(send(&mut desk, "fire", &case.id, b"<html>").checked(), 415);
    assert_eq!(send(&mut desk, "fire", &case.id, b"").checked(), 422);
    let large = [PNG, &vec![7; 4 * 1024 * 1024]].concat();
    assert_eq!(send(&mut desk, "fire", &case.id, &large).checked(), 413);
    let kept = send(&mut desk, "fire", &case.id, PNG);
    assert_eq!(kept.checked(), 201, "{}", kept.json());
    let kept = kept.json();
    assert_eq!(kept["media"], "image/png");
    assert_eq!(kept["record"], case.id);
    assert_eq!(
        send(&mut desk, "fire", &case.id, PNG).json(),
        kept,
        "the same"
    );
    let named = |hash: &Value| json!([{ "record": kept["record"], "sha256": hash }]);
    let step = |files: Value| json!({ "step": "handle", "attachments": files });
    let other = post(
        &mut desk,
        "fire",
        &mut case,
        "steps",
        &step(named(&json!("0a".repeat(32)))),
    );
    assert_eq!(other.checked(), 422, "no such picture");
    good(
        &mut desk,
        "fire",
        &mut case,
        "steps",
        &step(named(&kept["sha256"])),
    );
    let path = format!("/cases/{}", case.id);
    let seen = desk.json("centre", &path);
    assert_eq!(seen["attachments"][0]["sha256"], kept["sha256"]);
    assert_eq!(seen["attachments"][0]["record"], case.id);

    let file = format!("{path}/files/{}", kept["sha256"].as_str().unwrap());
    for who in ["centre", "sup", "fire"] {
        let answer = desk.get(who, &file);
        assert_eq!(
            (answer.checked(), answer.bytes.as_slice()),
            (200, PNG),
            "{who}"
        );
        assert_eq!(answer.header("content-type"), Some("image/png"));
    }
    assert_eq!(desk.get("economics", &file).checked(), 404);
    assert_eq!(desk.get("far.sup", &file).checked(), 404);
    let trace = desk.json("auditor", "/audit?act=file.view")["rows"].clone();
    assert_eq!(trace.as_array().unwrap().len(), 3, "each look");
    // Nothing of it lies open on the disk.
    let data = desk.central.app.config().data.clone();
    let mut folders = vec![data.join("files")];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            files += 1;
            let bytes = std::fs::read(&path).unwrap();
            assert!(!bytes.windows(4).any(|part| part == b"PNG\r"), "{path:?}");
        }
    }
    assert_eq!(files, 1);
    rebuilds(&desk);
}

#[test]
fn several_offices_look_at_one_case_together() {
    let mut desk = Desk::open("case-gather");
    let mut case = assigned(&mut desk);
    let path = format!("/cases/{}", case.id);
    let ask = |offices: &[&str]| json!({ "offices": offices, "code": "JC-2026-118", "reason": "联合检查" });
    assert_eq!(desk.get("economics", &path).checked(), 404);
    let both = ask(&["economics-section", "housing"]);
    assert_eq!(
        post(&mut desk, "fire", &mut case, "offices", &both).checked(),
        403,
        "not the lead"
    );
    for bad in [
        ask(&[]),
        ask(&["fire-brigade"]),
        ask(&["ministry"]),
        ask(&["housing", "housing"]),
    ] {
        let answer = post(&mut desk, "centre", &mut case, "offices", &bad);
        assert_eq!(answer.checked(), 422, "{bad}");
    }
    good(&mut desk, "centre", &mut case, "offices", &both);
    assert_eq!(
        post(&mut desk, "centre", &mut case, "offices", &both).checked(),
        422,
        "once"
    );
    let seen = desk.json("economics", &path);
    assert_eq!(seen["office"], "fire-brigade", "it stays where it was");
    assert_eq!(seen["steps"], json!([]));
    assert_eq!(seen["offices"][0]["code"], "JC-2026-118");
    let listed = desk.json("economics", "/cases");
    assert_eq!(listed["total"], 1);
    let begin = json!({ "step": "handle" });
    assert_eq!(
        post(&mut desk, "economics", &mut case, "steps", &begin).checked(),
        403
    );

    let picture = send(&mut desk, "economics", &case.id, PNG).json();
    let found = json!({ "reason": "营业执照有效", "attachments": [
        { "record": picture["record"], "sha256": picture["sha256"] }] });
    assert_eq!(
        post(&mut desk, "fire", &mut case, "opinions", &found).checked(),
        403
    );
    good(&mut desk, "economics", &mut case, "opinions", &found);
    let seen = desk.json("fire", &path);
    let ledger = seen["ledger"].as_array().unwrap();
    let said = ledger.iter().find(|row| row["step"] == "opinion").unwrap();
    assert_eq!(said["office"], "economics-section");
    assert_eq!(said["reason"], "营业执照有效");
    assert_eq!(seen["attachments"][0]["ord"], said["ord"]);
    assert_eq!(
        ledger.iter().filter(|row| row["step"] == "gather").count(),
        2
    );
    let spoken = |office: &str| {
        let mut offices = seen["offices"].as_array().unwrap().iter();
        let found = offices.find(|one| one["office"] == office).unwrap();
        found["opinion_ms"] != Value::Null
    };
    assert!(spoken("economics-section") && !spoken("housing"));
    rebuilds(&desk);
}

/// The licence itself comes into the shop's record: it is held, until its end.
fn gets_a_licence(desk: &mut Desk, shop: sync_core::RecordId) {
    let path = format!("/records/{shop}");
    let version = desk.get("sup", &path).version();
    let licence = json!({ "edits": [{ "op": "add_entry", "group": "licences", "fields": {
        "type": "food", "number": "JY1310112", "expires": "2027-11-30"
    } }], "reason": "看到原件" });
    let path = format!("{path}/edits");
    let edited = desk.call("sup", "POST", &path, Some(version), Some(&licence));
    assert_eq!(edited.checked(), 200, "{}", edited.json());
}

#[test]
fn a_business_that_changes_is_helped_with_the_licences_that_it_needs() {
    let mut desk = Desk::open("case-licences");
    let mut wang = desk.phone(1, "王", &[GRID]);
    let found = shop(
        &mut wang,
        GRID,
        "张记小馆",
        "七莘路 1 号",
        &[text("business_type", "5274")],
    );
    desk.sync(&mut wang);
    wang.book
        .edit(&found, &[text("business_type", "6210")])
        .unwrap();
    desk.sync(&mut wang);
    let row = desk.json("economics", "/cases?type=business")["rows"][0].clone();
    let mut case = Case {
        id: row["id"].as_str().unwrap().to_owned(),
        version: row["version"].as_u64().unwrap(),
    };
    let path = format!("/cases/{}", case.id);
    let help = |state: &str| json!({ "licence": "food", "state": state, "reason": "已约现场指导" });
    let early = post(
        &mut desk,
        "economics",
        &mut case,
        "licences",
        &help("helping"),
    );
    assert_eq!(early.checked(), 409, "nobody has it yet");
    good(
        &mut desk,
        "economics",
        &mut case,
        "steps",
        &json!({ "step": "accept" }),
    );
    let assign = json!({ "step": "assign", "to_office": "business-office" });
    good(&mut desk, "economics", &mut case, "steps", &assign);
    let licences = |desk: &mut Desk| desk.json("business", &path)["licences"].clone();
    let before = licences(&mut desk);
    let food = |rows: &Value| {
        let mut rows = rows.as_array().unwrap().iter();
        rows.find(|row| row["licence"] == "food").unwrap().clone()
    };
    assert_eq!(food(&before)["needed"], true, "{before}");
    assert_eq!(food(&before)["held"], false);
    assert_eq!(food(&before)["state"], Value::Null);
    for bad in [
        json!({ "licence": "flying", "state": "helping" }),
        json!({ "licence": "food", "state": "lost" }),
    ] {
        let answer = post(&mut desk, "business", &mut case, "licences", &bad);
        assert_eq!(answer.checked(), 422, "{bad}");
    }
    good(
        &mut desk,
        "business",
        &mut case,
        "licences",
        &help("helping"),
    );
    good(
        &mut desk,
        "business",
        &mut case,
        "steps",
        &json!({ "step": "guide" }),
    );
    good(
        &mut desk,
        "business",
        &mut case,
        "licences",
        &help("granted"),
    );
    let after = food(&licences(&mut desk));
    assert_eq!(
        (&after["state"], &after["by"]),
        (&json!("granted"), &json!("business"))
    );
    gets_a_licence(&mut desk, found);
    let with_it = food(&licences(&mut desk));
    assert_eq!(
        (&with_it["needed"], &with_it["held"], &with_it["expires"]),
        (&json!(true), &json!(true), &json!("2027-11-30"))
    );
    assert_eq!(with_it["state"], "granted", "help stands beside it");
    let ledger = desk.json("economics", &path)["ledger"].clone();
    let steps: Vec<&str> = ledger
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["step"].as_str().unwrap())
        .collect();
    assert_eq!(
        steps,
        ["open", "accept", "assign", "licence", "guide", "licence"]
    );
    rebuilds(&desk);
}

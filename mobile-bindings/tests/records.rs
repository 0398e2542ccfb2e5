//! The native records have every field that the phone's answers have, by the same names.
#![cfg(test)]

mod common;

use common::{GRID, Held, HubLine, resident_form, shop_form};
use gridbook_mobile::native::types::{
    Check, Counts, Dossier, Draft, Figures, FindingPage, GridMap, HistoryRow, Judged, Photo,
    RecordState, RowPage, Saved, SchemaDef, ShopPage, Standing, SyncProgress, SyncReport,
    TodayPage, Todo, WorkRow,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};

/// Reads an answer into a record and writes it again.
fn again<T: Serialize + DeserializeOwned>(answer: &Value) -> Value {
    let record: T = serde_json::from_value(answer.clone()).unwrap();
    serde_json::to_value(record).unwrap()
}

/// What is not there and null are the same.
fn there(value: &Value) -> Value {
    match value {
        Value::Array(list) => list.iter().map(there).collect(),
        Value::Object(map) => {
            let set = map.iter().filter(|(_, value)| !value.is_null());
            let set = set.map(|(key, value)| (key.clone(), there(value)));
            set.collect::<Map<_, _>>().into()
        }
        other => other.clone(),
    }
}

/// The record of an operation, written again.
fn record_of(op: &str, answer: &Value) -> Value {
    match op {
        "standing" => again::<Standing>(answer),
        "counts" => again::<Counts>(answer),
        "schema" => again::<SchemaDef>(answer),
        "today" => again::<TodayPage>(answer),
        "shops" => again::<ShopPage>(answer),
        "map" => again::<GridMap>(answer),
        "dossier" => again::<Dossier>(answer),
        "record" => again::<RecordState>(answer),
        "history" => again::<Vec<HistoryRow>>(answer),
        "rows" => again::<RowPage>(answer),
        "findings" => again::<FindingPage>(answer),
        "check" => again::<Check>(answer),
        "save" | "visit" => again::<Saved>(answer),
        "undo" | "resolve_returned" | "take_schema" => again::<bool>(answer),
        "forget_task" | "drop_photo" | "put_draft" => again::<()>(answer),
        "work" => again::<Vec<WorkRow>>(answer),
        "todo" => again::<Todo>(answer),
        "figures" => again::<Figures>(answer),
        "judged" => again::<Vec<Judged>>(answer),
        "photos" => again::<Vec<Photo>>(answer),
        "drafts" => again::<Vec<Draft>>(answer),
        other => panic!("no record for {other}"),
    }
}

#[test]
fn every_answer_is_read_whole() {
    let line = HubLine::new();
    let (wang, li) = (
        Held::enrolled(&line, 1, "1001"),
        Held::enrolled(&line, 2, "1002"),
    );
    let mut form = shop_form("古美路 12 号", "小李面馆");
    form["added"] = json!(["licences.new1"]);
    form["values"]["licences.new1.type"] = json!("food");
    form["values"]["licences.new1.expires"] = json!("2026-01-01");
    form["values"]["location"] = json!({"lat": 311_400_000, "lon": 1_213_900_000});
    let shop = wang.ok("save", form)["record"].as_str().unwrap().to_owned();
    let mut resident = resident_form(&shop);
    resident["values"]["living_part"] = json!("loft");
    wang.ok("save", resident.clone());
    let finding = json!({
        "kind": "finding", "place": {"with": shop},
        "values": {"class": "illegal-living", "severity": "serious",
                   "location": {"lat": 311_400_000, "lon": 1_213_900_000}},
    });
    let finding = wang.ok("save", finding)["record"]
        .as_str()
        .unwrap()
        .to_owned();
    wang.phone
        .attach(&finding, "image/jpeg", &[0xFF, 0xD8, 0xFF, 0xE0])
        .unwrap();
    wang.ok("visit", json!({"shop": shop, "outcome": "shut"}));
    wang.ok("put_draft", json!({"name": "a", "title": "b", "body": "c"}));
    let _ = wang.sync();
    li.sync().unwrap();
    for (phone, sign) in [(&wang, "甲"), (&li, "乙")] {
        let edit = json!({"kind": "shop", "record": shop, "values": {"sign_name": sign}});
        phone.ok("save", edit);
        let _ = phone.sync();
    }
    let _ = wang.sync();

    resident["values"]["id_number"] = json!("1");
    let calls = [
        ("standing", json!({})),
        ("counts", json!({})),
        ("schema", json!({})),
        (
            "today",
            json!({"here": {"lat": 311_410_000, "lon": 1_213_910_000}}),
        ),
        ("shops", json!({"text": "12"})),
        ("map", json!({"grid": GRID})),
        ("dossier", json!({"shop": shop})),
        ("record", json!({"record": shop})),
        ("history", json!({"record": shop})),
        ("rows", json!({"kind": "resident", "shop": shop})),
        ("findings", json!({})),
        ("check", resident_form(&shop)),
        ("check", resident),
        ("save", shop_form("古美路 14 号", "张记")),
        ("visit", json!({"shop": shop, "outcome": "unchanged"})),
        ("undo", json!({"record": shop})),
        ("work", json!({})),
        ("todo", json!({})),
        ("figures", json!({})),
        ("judged", json!({})),
        ("take_schema", json!({})),
        ("photos", json!({})),
        ("drafts", json!({})),
        ("resolve_returned", json!({"id": 7})),
        ("forget_task", json!({"task": "0".repeat(32)})),
        ("put_draft", json!({"name": "d", "title": "e", "body": "f"})),
    ];
    for (op, query) in calls {
        let answer = wang.ok(op, query);
        assert_eq!(there(&record_of(op, &answer)), there(&answer), "{op}");
    }
}

#[test]
fn what_a_sync_says_is_read_whole() {
    let line = HubLine::new();
    let wang = Held::enrolled(&line, 1, "1001");
    wang.new_shop("古美路 12 号", "小李面馆");
    let mut said = Vec::new();
    let report = wang
        .sync_telling(&mut |progress| said.push(serde_json::to_value(progress).unwrap()))
        .unwrap();
    assert!(!said.is_empty());
    for progress in said {
        assert_eq!(again::<SyncProgress>(&progress), progress);
    }
    let report = serde_json::to_value(report).unwrap();
    assert_eq!(again::<SyncReport>(&report), report);
}

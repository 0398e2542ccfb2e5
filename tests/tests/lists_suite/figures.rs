//! The assessment of a month, and daily ledgers.

use gridbook_tests::world::Phone;
use schemas::Scalar;
use serde_json::{Value, json};
use sync_core::RecordId;

use crate::{
    console::{Desk, GRID, MINUTE, NEXT_GRID, NOW, resident, set, shop, text, with},
    exports::{csv, xlsx},
};

fn place(figures: &Value, key: &str) -> usize {
    let all = figures["figures"].as_array().unwrap();
    all.iter().position(|figure| figure["key"] == key).unwrap()
}

/// Hits and samples of a figure of a grid.
fn rate(figures: &Value, grid: &str, key: &str) -> (Value, Value) {
    let grids = figures["grids"].as_array().unwrap();
    let row = grids.iter().find(|row| row["grid"] == grid).unwrap();
    let rate = &row["rates"][place(figures, key)];
    (rate["hits"].clone(), rate["n"].clone())
}

#[test]
fn the_months_figures_stand_by_grid_with_samples_and_what_cannot_be_had_says_why() {
    let mut desk = Desk::open("assessment");
    let mut wang = desk.phone(1, "王", &[GRID, NEXT_GRID]);
    let mut first = None;
    for number in 0..12 {
        let door = format!("七莘路 {number} 号");
        let made = shop(&mut wang, GRID, "小店", &door, &[]);
        first.get_or_insert(made);
        let outcome = if number < 9 { "unchanged" } else { "shut" };
        let visit = [
            text("outcome", outcome),
            set("visited_at", Scalar::Int(NOW - MINUTE)),
        ];
        with(&mut wang, "visit", made, &visit);
    }
    shop(&mut wang, NEXT_GRID, "邻店", "沪松路 9 号", &[]);
    let eatery = first.unwrap();
    resident(&mut wang, eatery, "李小明", "310112199001011233");
    desk.sync(&mut wang);
    wang.book
        .edit(&eatery, &[text("business_type", "5212")])
        .unwrap();
    desk.sync(&mut wang);

    let made = desk.json("sup", "/figures");
    assert_eq!(made["running"], true);
    assert_eq!(rate(&made, GRID, "coverage"), (json!(9), json!(12)));
    assert_eq!(rate(&made, NEXT_GRID, "coverage"), (json!(0), json!(1)));
    assert_eq!(rate(&made, GRID, "complete"), (json!(1), json!(1)));
    assert_eq!(rate(&made, GRID, "changes"), (json!(1), json!(1)), "{made}");
    assert_eq!(rate(&made, GRID, "people"), (json!(0), json!(0)));
    let hazards = &made["figures"][place(&made, "hazards")];
    assert!(hazards["lacks"]["zh"].is_string(), "{hazards}");
    let grids = made["grids"].as_array().unwrap();
    let codes: Vec<&str> = grids
        .iter()
        .map(|row| row["grid"].as_str().unwrap())
        .collect();
    assert_eq!(codes, [GRID, NEXT_GRID], "by number");
    // Coverage alone has enough samples: all of the weight is its.
    let score = grids[0]["score"].as_f64().unwrap();
    assert!((score - 75.0).abs() < 1e-9, "{score}");
    assert_eq!(grids[1]["score"], Value::Null, "too few samples");
    let month = made["month"].as_str().unwrap().to_owned();
    let again = desk.json("sup", &format!("/figures?month={month}"));
    assert_eq!(again, made);
    // Before anybody walked there was nothing; what has not begun has no figures.
    let before = desk.json("sup", "/figures?month=2026-01");
    assert_eq!(before["running"], false);
    assert_eq!(before["grids"], json!([]), "no shop was there");
    assert_eq!(desk.get("sup", "/figures?month=2027-01").checked(), 422);
    assert_eq!(desk.get("sup", "/figures?month=2026-1").checked(), 422);
    // An office that reads no visits is told none; one that reads no spot checks nothing.
    let clerk = desk.json("clerk", "/figures");
    assert_eq!(rate(&clerk, GRID, "coverage"), (json!(0), json!(0)));
    assert_eq!(desk.get("fire", "/figures").checked(), 403);
    assert_eq!(desk.json("far.sup", "/figures")["grids"], json!([]));

    let file = csv(&desk.get("sup", &format!("/exports/figures.csv?month={month}")));
    assert_eq!(file.len(), 4, "headings, two grids, all together");
    let at = 1 + 3 * place(&made, "coverage");
    assert_eq!(file[0][at], "巡查覆盖率");
    assert_eq!(file[1][at..at + 2], ["75.0%", "12"]);
    assert_eq!(file[2][at], "样本不足");
    assert_eq!(file[3][0], "合计");
    assert_eq!(xlsx(&desk.get("sup", "/exports/figures.xlsx")).len(), 4);
}

#[test]
fn an_earlier_month_counts_the_shops_that_there_were_at_its_end() {
    let mut desk = Desk::open("coverage-then");
    let mut wang = desk.phone(1, "王", &[GRID]);
    let made = |wang: &mut Phone, door: u32| {
        let door = format!("七莘路 {door} 号");
        shop(wang, GRID, "小店", &door, &[])
    };
    let stays = made(&mut wang, 1);
    let goes = made(&mut wang, 2);
    let merges = made(&mut wang, 3);
    for visited in [stays, goes] {
        let visit = [
            text("outcome", "unchanged"),
            set("visited_at", Scalar::Int(NOW - MINUTE)),
        ];
        with(&mut wang, "visit", visited, &visit);
    }
    desk.sync(&mut wang);
    let september = "/figures?month=2026-09";
    let then = desk.json("sup", september);
    assert_eq!(rate(&then, GRID, "coverage"), (json!(2), json!(3)));
    // Found in September, and sent in October.
    made(&mut wang, 4);
    desk.pass(20 * 24 * 60 * MINUTE);
    desk.sync(&mut wang);
    made(&mut wang, 5);
    wang.book.edit(&stays, &[text("gas", "bottled")]).unwrap();
    desk.sync(&mut wang);
    desk.sign_in("sup");
    let act = |desk: &mut Desk, record: RecordId, what: &str, body: Value| {
        let version = desk.get("sup", &format!("/records/{record}")).version();
        let path = format!("/records/{record}/{what}");
        let done = desk.call("sup", "POST", &path, Some(version), Some(&body));
        assert!(done.checked() < 300, "{}", done.json());
    };
    let gone = json!({ "edits": [{ "op": "delete" }], "reason": "已拆除" });
    act(&mut desk, goes, "edits", gone);
    let version = desk.get("sup", &format!("/records/{stays}")).version();
    let merge = json!({ "into": stays.to_string(), "into_version": version, "take": [],
        "reason": "同一家" });
    act(&mut desk, merges, "merge", merge);
    desk.central.settle();
    let now = desk.json("sup", "/figures");
    assert_eq!(now["month"], "2026-10");
    assert_eq!(rate(&now, GRID, "coverage"), (json!(0), json!(3)));
    let then = desk.json("sup", september);
    assert_eq!(rate(&then, GRID, "coverage"), (json!(2), json!(4)));
    // What came back is there from then on.
    let back = json!({ "edits": [{ "op": "restore" }], "reason": "仍在营业" });
    act(&mut desk, goes, "edits", back);
    let now = desk.json("sup", "/figures");
    assert_eq!(rate(&now, GRID, "coverage"), (json!(0), json!(4)));
    let then = desk.json("sup", september);
    assert_eq!(rate(&then, GRID, "coverage"), (json!(2), json!(4)));
}

#[test]
fn a_days_ledgers_say_who_did_what_to_those_who_may_know() {
    let mut desk = Desk::open("ledgers");
    let mut wang = desk.phone(1, "王", &[GRID]);
    let eatery = shop(&mut wang, GRID, "张记小馆", "七莘路 100 号", &[]);
    resident(&mut wang, eatery, "李小明", "310112199001011233");
    let finding = [
        text("class", "blocked-exit"),
        text("severity", "urgent"),
        text("source", "patrol"),
        set("found_at", Scalar::Int(NOW)),
    ];
    with(&mut wang, "finding", eatery, &finding);
    desk.sync(&mut wang);
    let item = desk.json("clerk", "/items")["rows"][0].clone();
    let path = format!("/items/{}/marks", item["id"]);
    let mark = json!({ "mark": "entered", "reason": "已录" });
    let done = desk.call(
        "clerk",
        "POST",
        &path,
        item["version"].as_u64(),
        Some(&mark),
    );
    assert_eq!(done.checked(), 200, "{}", done.json());
    let item = desk.json("centre", "/items?kind=finding")["rows"][0].clone();
    let path = format!("/items/{}/case", item["id"]);
    let why = json!({ "reason": "受理" });
    let filed = desk.call(
        "centre",
        "POST",
        &path,
        item["version"].as_u64(),
        Some(&why),
    );
    assert_eq!(filed.checked(), 201, "{}", filed.json());

    let column = |page: &Value, head: &str| -> Vec<Value> {
        let heads = page["heads"].as_array().unwrap();
        let known = |one: &Value| one["label"]["en"] == head;
        let at = heads.iter().position(known).unwrap();
        let rows = page["rows"].as_array().unwrap().iter();
        rows.map(|row| row[at].clone()).collect()
    };
    let entries = desk.json("clerk", "/ledgers/entries");
    assert_eq!(entries["total"], 1, "{entries}");
    assert_eq!(column(&entries, "Mark"), ["已录入"]);
    assert_eq!(column(&entries, "By"), ["clerk 先生"]);
    let other = desk.json("centre", "/ledgers/entries?lang=en");
    assert_eq!(other["total"], 0, "its own office's alone");
    assert_eq!(desk.get("sup", "/ledgers/entries").checked(), 403);

    let steps = desk.json("sup", "/ledgers/steps?lang=en");
    assert!(steps["total"].as_u64().unwrap() >= 1, "{steps}");
    assert!(column(&steps, "Step").contains(&json!("Opened")), "{steps}");
    // Columns are known by what their ledger is sorted by, whatever they are called.
    for (who, kind, page) in [("sup", "steps", &steps), ("clerk", "entries", &entries)] {
        let heads = page["heads"].as_array().unwrap();
        let sorting = heads.iter().filter(|head| head["sorts"] == true);
        let keys: Vec<&str> = sorting.map(|head| head["key"].as_str().unwrap()).collect();
        for key in ["time", "grid", "what", "by"] {
            assert!(keys.contains(&key), "{kind}: {key}");
        }
        for head in heads {
            let key = head["key"].as_str().unwrap();
            let asked = desk.get(who, &format!("/ledgers/{kind}?sort=-{key}"));
            let wanted = if keys.contains(&key) { 200 } else { 422 };
            assert_eq!(asked.checked(), wanted, "{kind}: {key}");
        }
    }
    let one = desk.json("sup", "/ledgers/steps?limit=1&sort=-time");
    assert_eq!(one["rows"].as_array().unwrap().len(), 1);
    assert_eq!(
        desk.json("fire", "/ledgers/steps")["total"],
        0,
        "not theirs yet"
    );
    assert_eq!(desk.json("far.sup", "/ledgers/steps")["total"], 0);
    assert_eq!(
        desk.json("sup", "/ledgers/steps?day=2026-01-05")["total"],
        0
    );
    assert_eq!(
        desk.get("sup", "/ledgers/steps?day=5.1.2026").checked(),
        422
    );
    assert_eq!(desk.get("sup", "/ledgers/walks").checked(), 404);
    let rows = steps["rows"].as_array().unwrap().len();
    let file = csv(&desk.get("sup", "/exports/ledger-steps.csv?lang=en"));
    assert_eq!(file.len(), rows + 1);
    assert_eq!(
        csv(&desk.get("clerk", "/exports/ledger-entries.csv")).len(),
        2
    );
    assert_eq!(
        desk.get("sup", "/exports/ledger-entries.csv").checked(),
        403
    );
}

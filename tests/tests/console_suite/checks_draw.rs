//! A draw of a spot check, done again by whoever doubts it.

use std::fmt::Write as _;

use gridbook_server::checks::{Door, Seed, draw, frame_digest};
use serde_json::{Value, json};
use sync_core::Sha256;

use super::checks::{LIST, open, put_list};
use crate::console::{Desk, GRID, NEXT_GRID};

fn hash(value: &Value) -> Sha256 {
    Sha256::parse(value.as_str().unwrap()).unwrap()
}

#[test]
fn a_draw_follows_from_a_seed_that_was_committed_to_and_anybody_can_do_it_again() {
    let mut desk = Desk::open("checks-draw");
    let made = open(&mut desk, "street-to-register");
    let commitment = hash(&made["commitment"]);
    assert_eq!(made["seed"], Value::Null);
    let id = made["id"].as_i64().unwrap();
    let path = format!("/checks/{id}");
    let none = desk.call("sup", "POST", &format!("{path}/draw"), Some(1), None);
    assert_eq!(none.checked(), 409, "nothing to draw from");
    let mut list = "door,grid\n".to_owned();
    for grid in [GRID, NEXT_GRID] {
        for number in 1..=40 {
            writeln!(list, "七莘路 {number} 号 {},{grid}", &grid[12..]).unwrap();
        }
    }
    assert_eq!(
        put_list(&mut desk, "far.sup", id, 1, list.as_bytes()).checked(),
        404
    );
    assert_eq!(
        put_list(&mut desk, "sup", id, 7, list.as_bytes()).checked(),
        412
    );
    let elsewhere = b"grid,door\n310112902001001,x\n";
    for bad in [
        &b"name\nx\n"[..],
        elsewhere,
        b"grid,door\n\xB5\xEA",
        b"PK\x03\x04",
    ] {
        let answer = put_list(&mut desk, "sup", id, 1, bad);
        assert_eq!(answer.checked(), 422, "{bad:?}");
    }
    let first = put_list(&mut desk, "sup", id, 1, LIST.as_bytes());
    assert_eq!(first.checked(), 200, "{}", first.json());
    let told = json!([{ "row": 5, "why": "grid" }, { "row": 6, "why": "twice" }]);
    assert_eq!(first.json()["rejected"], told);
    assert_eq!(first.json()["doors"], 3);
    // A second one takes its place.
    let listed = put_list(&mut desk, "sup", id, 2, list.as_bytes());
    assert_eq!(listed.json()["doors"], 80, "{}", listed.json());
    let drawn = desk.call("sup", "POST", &format!("{path}/draw"), Some(3), None);
    assert_eq!(drawn.checked(), 200, "{}", drawn.json());
    let drawn = drawn.json();
    assert_eq!(drawn["drawn"], 10);
    assert_eq!(drawn["unassigned"], 10, "nobody has a phone");
    let seed = Seed(hash(&drawn["seed"]).0);
    assert_eq!(seed.commitment(), commitment, "as it was promised");
    // An auditor draws again from what everybody sees.
    let mut rows = Vec::new();
    let mut after = String::new();
    loop {
        let page = desk.json("auditor", &format!("{path}/list?limit=30{after}"));
        rows.extend(page["rows"].as_array().unwrap().clone());
        let Some(next) = page["next"].as_str() else {
            break;
        };
        after = format!("&after={next}");
    }
    let part = |row: &Value, key: &str| row[key].as_str().unwrap().to_owned();
    let doors: Vec<Door> = rows
        .iter()
        .map(|row| Door {
            grid: part(row, "grid"),
            door: part(row, "door_no"),
            unit: part(row, "unit"),
        })
        .collect();
    assert_eq!(frame_digest(&doors), hash(&drawn["frame"]));
    let again = draw(&seed, &doors, 5);
    for (grid, places) in again {
        for (rank, place) in places.iter().enumerate() {
            assert_eq!(rows[*place]["rank"], rank, "{grid} {place}");
        }
    }
    let ranked = rows.iter().filter(|row| row["rank"] != Value::Null);
    assert_eq!(ranked.count(), 10);
    let twice = desk.call("sup", "POST", &format!("{path}/draw"), Some(4), None);
    assert_eq!(twice.checked(), 409, "one draw a batch");
    let late = put_list(&mut desk, "sup", id, 4, LIST.as_bytes());
    assert_eq!(late.checked(), 409, "no list after the draw");
    assert_eq!(desk.get("far.auditor", &path).checked(), 404);
    assert_eq!(desk.json("far.sup", "/checks")["rows"], json!([]));
}

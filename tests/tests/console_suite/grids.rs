//! Grids on the map: shops that go from one to another at once, and outlines.

use gridbook_tests::world::Phone;
use serde_json::{Value, json};
use sync_core::RecordId;

use super::checks::rebuilds;
use crate::console::{Desk, FAR_GRID, GRID, NEXT_GRID, shop};

fn version(desk: &mut Desk, record: &RecordId) -> u64 {
    let seen = desk.json("sup", &format!("/records/{record}"));
    seen["version"].as_u64().unwrap()
}

#[test]
fn many_shops_go_to_another_grid_and_what_changed_meanwhile_stays() {
    let mut desk = Desk::open("moves");
    let mut wang = desk.phone(1, "王", &[GRID]);
    let mut li = desk.phone(2, "李", &[NEXT_GRID]);
    let shops: Vec<RecordId> = (1..=3)
        .map(|number| {
            let door = format!("七莘路 {number} 号");
            shop(&mut wang, GRID, &format!("第{number}店"), &door, &[])
        })
        .collect();
    desk.sync(&mut wang);
    desk.sync(&mut li);
    let mut records: Vec<Value> = shops
        .iter()
        .map(|shop| json!({ "record": shop.to_string(), "version": version(&mut desk, shop) }))
        .collect();
    records[1]["version"] = 9_999.into();
    records.push(json!({ "record": "nothing", "version": 1 }));
    let body = |grid: &str| json!({ "records": records, "grid": grid, "reason": "网格调整" });
    let far = desk.post("sup", "/records/moves", &body(FAR_GRID));
    let refused = far.json()["rows"].as_array().unwrap().clone();
    assert!(
        refused
            .iter()
            .all(|row| row["problem"]["status"] != Value::Null)
    );
    let moved = desk.post("sup", "/records/moves", &body(NEXT_GRID));
    assert_eq!(moved.checked(), 200, "{}", moved.json());
    let told: Vec<Value> = moved.json()["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["problem"]["status"].clone())
        .collect();
    assert_eq!(json!(told), json!([null, 412, null, 404]));
    desk.sync(&mut wang);
    desk.sync(&mut li);
    let there = |phone: &Phone| -> Vec<bool> {
        let held = shops.iter().map(|shop| phone.book.listed(shop).is_some());
        held.collect()
    };
    assert_eq!(there(&li), [true, false, true]);
    assert_eq!(there(&wang), [false, true, false]);
    let none = json!({ "records": [], "grid": NEXT_GRID, "reason": "网格调整" });
    assert_eq!(desk.post("sup", "/records/moves", &none).checked(), 422);
}

#[test]
fn an_outline_is_drawn_shown_and_comes_back() {
    let mut desk = Desk::open("outlines");
    let _wang = desk.phone(1, "王", &[GRID]);
    let path = format!("/grids/{GRID}/outline");
    let ring = json!([
        [121.3, 31.1],
        [121.4, 31.1],
        [121.4, 31.200_000_1],
        [121.3, 31.1]
    ]);
    let polygon = |ring: &Value| json!({ "type": "Polygon", "coordinates": [ring] });
    let put = |desk: &mut Desk, who: &str, path: &str, body: &Value| {
        desk.call(who, "PUT", path, None, Some(body)).checked()
    };
    for bad in [
        json!([[121.3, 31.1], [121.4, 31.1], [121.3, 31.1]]),
        json!([[121.3, 31.1], [121.4, 31.1], [121.4, 31.2], [121.5, 31.1]]),
        json!([[121.3, 91.0], [121.4, 31.1], [121.4, 31.2], [121.3, 91.0]]),
    ] {
        assert_eq!(put(&mut desk, "sup", &path, &polygon(&bad)), 422, "{bad}");
    }
    let line = json!({ "type": "LineString", "coordinates": [ring] });
    assert_eq!(put(&mut desk, "sup", &path, &line), 422);
    assert_eq!(put(&mut desk, "sup", &path, &polygon(&ring)), 204);
    let far = format!("/grids/{FAR_GRID}/outline");
    assert_eq!(put(&mut desk, "sup", &far, &polygon(&ring)), 404);
    let grids = desk.json("clerk", "/grids")["rows"].clone();
    let mut rows = grids.as_array().unwrap().iter();
    let own = rows.find(|row| row["grid"] == GRID).unwrap();
    assert_eq!(own["outline"], polygon(&ring));
    rebuilds(&desk);
}

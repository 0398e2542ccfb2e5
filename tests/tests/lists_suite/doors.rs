//! The list that a spot check draws from, as a list like any other.

use serde_json::{Value, json};

use crate::{
    console::{Desk, GRID, MINUTE, NEXT_GRID, NOW, STREET},
    exports::{csv, xlsx},
    pages::both_ways,
};

/// A batch with six doors of two grids, two drawn of each.
fn drawn(desk: &mut Desk) -> i64 {
    let new = json!({ "area": STREET, "method": "street-to-register", "per_grid": 2,
        "due_ms": NOW + 7 * 24 * 60 * MINUTE });
    let made = desk.post("sup", "/checks", &new);
    assert_eq!(made.checked(), 201, "{}", made.json());
    let id = made.json()["id"].as_i64().unwrap();
    let list = format!(
        "grid,door,unit\n{GRID},七莘路 9 号,\n{GRID},七莘路 11 号,A2\n{GRID},沪松路 3 号,A1\n\
         {NEXT_GRID},沪松路 5 号,\n{NEXT_GRID},沪松路 7 号,B1\n{NEXT_GRID},沪松路 7 号,B2\n"
    );
    let session = desk.session("sup");
    let headers = [
        ("Cookie", session.cookie.as_str()),
        ("X-CSRF-Token", session.csrf.as_str()),
        ("If-Match", "\"v1\""),
        ("Content-Type", "text/csv"),
    ];
    let path = format!("/checks/{id}");
    let listed = desk.raw("PUT", &format!("{path}/list"), &headers, list.as_bytes());
    assert_eq!(listed.checked(), 200, "{}", listed.json());
    let done = desk.call("sup", "POST", &format!("{path}/draw"), Some(2), None);
    assert_eq!(done.checked(), 200, "{}", done.json());
    id
}

#[test]
fn the_list_that_is_drawn_from_is_narrowed_sorted_counted_and_given_out() {
    let mut desk = Desk::open("door-list");
    let id = drawn(&mut desk);
    let path = format!("/checks/{id}/list");
    let keys = ["door", "grid", "text", "unit", "rank"];
    both_ways(
        &mut desk,
        "auditor",
        &format!("{path}?grid=310112901"),
        &keys,
        6,
    );
    for (query, wanted) in [
        (format!("grid={GRID}"), 3),
        ("text=沪松".to_owned(), 4),
        ("text=b2".to_owned(), 1),
        ("drawn=true".to_owned(), 4),
        (format!("drawn=false&grid={NEXT_GRID}"), 1),
        ("grid=310112902".to_owned(), 0),
    ] {
        let listed = desk.json("sup", &format!("{path}?{query}"));
        assert_eq!(listed["total"], wanted, "{query}");
        let file = format!("/exports/door-list.csv?check={id}&{query}");
        let rows = csv(&desk.get("sup", &file)).len() - 1;
        assert_eq!(rows, usize::try_from(wanted).unwrap(), "{query}");
    }
    assert_eq!(desk.get("sup", &format!("{path}?drawn=2")).checked(), 400);
    // In the order of the draw, those that were not drawn last.
    let listed = desk.json("sup", &format!("{path}?sort=rank"));
    let ranks: Vec<&Value> = listed["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| &row["rank"])
        .collect();
    assert_eq!(json!(ranks), json!([0, 0, 1, 1, null, null]));
    let book = xlsx(&desk.get(
        "auditor",
        &format!("/exports/door-list.xlsx?check={id}&sort=-text"),
    ));
    assert_eq!(book.len(), 7);
    assert_eq!(desk.get("far.sup", &path).checked(), 404);
    let far = desk.get("far.sup", &format!("/exports/door-list.csv?check={id}"));
    assert_eq!(far.checked(), 404);
    assert_eq!(desk.get("sup", "/exports/door-list.csv").checked(), 422);
    assert_eq!(
        desk.get("admin", &format!("/exports/door-list.csv?check={id}"))
            .checked(),
        403
    );
}

//! Pages: every row once, in both directions, by every key; totals that stop counting.

use serde_json::Value;

use crate::{
    console::{Desk, GRID, NEXT_GRID, resident, shop, text},
    exports::csv,
};

/// Lists: who reads it, where, the keys that it is sorted by, how many rows it has.
const LISTS: &[(&str, &str, &[&str], u64)] = &[
    (
        "sup",
        "/records?kind=shop",
        &["id", "touched", "grid", "conflicts", "door", "sign"],
        7,
    ),
    (
        "sup",
        "/records?kind=resident",
        &["id", "touched", "grid"],
        5,
    ),
    (
        "clerk",
        "/items?kind=resident",
        &["id", "due", "grid", "state", "class"],
        5,
    ),
    (
        "sup",
        "/conflicts?state=open",
        &["since", "grid", "kind", "key"],
        4,
    ),
    (
        "sup",
        "/devices?standing=in_use",
        &["id", "name", "seen", "app", "pending", "enrolled"],
        3,
    ),
    (
        "sup",
        "/inspectors?state=active",
        &["code", "name", "devices"],
        3,
    ),
    (
        "sup",
        "/grids?grid=310112901001",
        &["grid", "shops", "conflicted", "inspectors"],
        2,
    ),
];

/// What tells rows apart: records, conflicts by their field, pairs by both, grids and doors.
pub(super) fn ids(rows: &[Value]) -> Vec<String> {
    let id = |row: &Value| {
        let of = |part: &str| &row[part];
        let own = [of("id"), of("record"), of("grid"), of("door")];
        let pair = [&row["one"]["id"], &row["other"]["id"]];
        format!("{own:?}{pair:?}{}", row["field"]["key"])
    };
    rows.iter().map(id).collect()
}

/// Every row once, by every key, and backwards the other way round.
pub(super) fn both_ways(desk: &mut Desk, who: &str, path: &str, keys: &[&str], total: u64) {
    for key in keys {
        let up = walk(desk, who, &format!("{path}&sort={key}"), total);
        let down = walk(desk, who, &format!("{path}&sort=-{key}"), total);
        let (up, mut down) = (ids(&up), ids(&down));
        assert_eq!(up.len() as u64, total, "{path} by {key}");
        down.reverse();
        assert_eq!(up, down, "{path} by {key}");
        let mut once = up.clone();
        once.sort();
        once.dedup();
        assert_eq!(once.len(), up.len(), "{path} by {key}: a row twice");
    }
    for unknown in ["nothing", "-", "id%20DESC"] {
        let answer = desk.get(who, &format!("{path}&sort={unknown}"));
        assert_eq!(answer.checked(), 422, "{path} by {unknown}");
    }
    // A cursor is good for the order that it came from.
    let first = desk.json(who, &format!("{path}&sort={}&limit=1", keys[0]));
    let next = first["next"].as_str().unwrap();
    let other = format!("{path}&sort=-{}&after={next}", keys[0]);
    assert_eq!(desk.get(who, &other).checked(), 422, "{path}");
}

/// All rows, two at a time.
pub(super) fn walk(desk: &mut Desk, who: &str, path: &str, total: u64) -> Vec<Value> {
    let (mut all, mut after) = (Vec::new(), String::new());
    for page in 0..20 {
        let read = desk.json(who, &format!("{path}&limit=2{after}"));
        let rows = read["rows"].as_array().unwrap();
        assert!(rows.len() <= 2);
        let said = if page == 0 { total.into() } else { Value::Null };
        assert_eq!(read["total"], said, "{path} page {page}");
        assert_eq!(read["over"], false);
        all.extend(rows.iter().cloned());
        match read["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => return all,
        }
    }
    panic!("{path} does not end");
}

fn filled(name: &str) -> Desk {
    let mut desk = Desk::open(name);
    let mut wang = desk.phone(1, "王", &[GRID, NEXT_GRID]);
    let mut li = desk.phone(2, "李", &[GRID, NEXT_GRID]);
    desk.phone(3, "赵", &[GRID]);
    let mut shops = Vec::new();
    for number in 0..7 {
        let grid = if number % 2 == 0 { GRID } else { NEXT_GRID };
        let door = format!("七莘路 {} 号", 109 - number);
        // Alike by two and two: what is the same is told apart by its id.
        let sign = format!("小店{}", number / 2);
        shops.push(shop(&mut wang, grid, &sign, &door, &[]));
    }
    for shop in &shops[..5] {
        resident(&mut wang, *shop, "李小明", "310112199001011233");
    }
    desk.sync(&mut wang);
    desk.sync(&mut li);
    for shop in &shops[..4] {
        wang.book.edit(shop, &[text("sign_name", "甲")]).unwrap();
        li.book.edit(shop, &[text("sign_name", "乙")]).unwrap();
    }
    desk.sync(&mut wang);
    desk.sync(&mut li);
    desk
}

#[test]
fn every_list_holds_every_row_once_by_every_key_and_backwards() {
    let mut desk = filled("sorted");
    for (who, path, keys, total) in LISTS {
        both_ways(&mut desk, who, path, keys, *total);
    }
}

#[test]
fn suggested_pairs_page_and_come_strongest_first() {
    let mut desk = Desk::open("pairs");
    let mut wang = desk.phone(1, "王", &[GRID, NEXT_GRID]);
    for number in 0..5 {
        let grid = if number % 2 == 0 { GRID } else { NEXT_GRID };
        let door = format!("七莘路 {number} 号");
        // The third pair is the most alike, and the last by its sign.
        let (one, other) = if number == 2 {
            ("永和豆浆", "永和豆浆")
        } else {
            ("张记小馆", "张记小馆七莘路店")
        };
        shop(&mut wang, grid, one, &door, &[]);
        shop(&mut wang, grid, other, &door, &[]);
    }
    desk.sync(&mut wang);
    let keys = ["cause", "alike", "grid", "sign", "other"];
    both_ways(&mut desk, "sup", "/duplicates?why=door_and_name", &keys, 5);
    for (sort, best) in [("cause", 0), ("-alike", 0), ("alike", 4)] {
        let path = format!("/duplicates?why=door_and_name&sort={sort}");
        let sorted = walk(&mut desk, "sup", &path, 5);
        assert_eq!(sorted[best]["one"]["shop"]["sign"], "永和豆浆", "{sort}");
        assert_eq!(sorted[best]["alike"], 1.0, "{sort}");
    }
    let sorted = walk(&mut desk, "sup", "/duplicates?sort=-grid", 5);
    assert_eq!(sorted[0]["one"]["grid"], NEXT_GRID);
    assert_eq!(sorted[4]["one"]["grid"], GRID);
    let file = csv(&desk.get("sup", "/exports/duplicates.csv?sort=-alike"));
    assert_eq!(
        (file.len(), file[1][1].as_str()),
        (6, "永和豆浆 七莘路 2 号")
    );
    let all = walk(&mut desk, "sup", "/duplicates?why=door_and_name", 5);
    assert!(all[0]["one"]["shop"]["door"].is_string());
    let there = desk.json("sup", "/duplicates?grid=310112901001002");
    assert_eq!(there["total"], 2);
    assert_eq!(desk.json("sup", "/duplicates?why=credit_code")["total"], 0);
    assert_eq!(desk.get("sup", "/duplicates?after=zzz").checked(), 422);
}

#[test]
fn counting_stops_at_ten_thousand_and_says_so() {
    let mut desk = Desk::open("many");
    desk.central
        .write(|tx| {
            tx.conn().execute_batch(
                "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10500)
                 INSERT INTO audit (time_ms, who, act, object, area, reason)
                 SELECT i, 'sup', 'record.reveal', '{}', '310112901', '' FROM n",
            )?;
            Ok(())
        })
        .unwrap();
    let listed = desk.json("auditor", "/audit?act=record.reveal");
    assert_eq!(
        (&listed["total"], &listed["over"]),
        (&10_000.into(), &true.into())
    );
    let few = desk.json("auditor", "/audit?act=record.reveal&until_ms=100");
    assert_eq!((&few["total"], &few["over"]), (&99.into(), &false.into()));
}

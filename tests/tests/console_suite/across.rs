//! Search across kinds: what one may read of each, and nothing of the others.

use schemas::Scalar;
use serde_json::Value;

use crate::{
    console::{Desk, GRID, resident, set, shop, text, with},
    reading::encoded,
};

const ID: &str = "310112199001011233";

fn found(desk: &mut Desk, who: &str, query: &str) -> Vec<String> {
    let listed = desk.json(who, &format!("/records?{}", encoded(query)));
    let rows = listed["rows"].as_array().unwrap();
    let mut found: Vec<String> = rows
        .iter()
        .map(|row| {
            let title = row["title"][0]["zh"].as_str().unwrap_or_default();
            format!("{} {title}", row["kind"].as_str().unwrap())
        })
        .collect();
    found.sort();
    found
}

#[test]
fn one_search_finds_shops_people_and_parties_as_far_as_one_may_read_them() {
    let mut desk = Desk::open("across");
    let mut wang = desk.phone(1, "王", &[GRID]);
    let eatery = shop(&mut wang, GRID, "李记小馆", "七莘路 100 号", &[]);
    shop(&mut wang, GRID, "好又多超市", "七莘路 102 号", &[]);
    resident(&mut wang, eatery, "李小明", ID);
    resident(&mut wang, eatery, "赵大宝", "310112198512120023");
    let party = [
        text("name", "李记餐饮有限公司"),
        text("type", "company"),
        set("roles#operator", Scalar::Bool(true)),
        text("uscc", "92310112MA1GBX000K"),
        text("phone", "13812341234"),
    ];
    with(&mut wang, "party", eatery, &party);
    desk.sync(&mut wang);

    for (who, query, wanted) in [
        (
            "clerk",
            "text=李记",
            vec!["party 李记餐饮有限公司", "shop 李记小馆"],
        ),
        ("clerk", "text=ljxg", vec!["shop 李记小馆"]),
        ("clerk", "text=李小", vec!["resident 李小明"]),
        ("clerk", "text=zdb", vec!["resident 赵大宝"]),
        // A whole number is found by equality, in whichever kind has it.
        ("clerk", &format!("text={ID}"), vec!["resident 李小明"]),
        ("clerk", "text=3101121990", vec![]),
        (
            "clerk",
            "text=13812341234",
            vec![
                "party 李记餐饮有限公司",
                "resident 李小明",
                "resident 赵大宝",
            ],
        ),
        // Who may not read residents finds none, and is not told that there are.
        ("economics", "text=李小", vec![]),
        ("economics", &format!("text={ID}"), vec![]),
        ("far.clerk", "text=李记", vec![]),
        // What only shops have is asked of shops.
        ("clerk", "business_type=62&text=李记", vec!["shop 李记小馆"]),
    ] {
        assert_eq!(found(&mut desk, who, query), wanted, "{who} {query}");
    }
    assert_eq!(desk.get("clerk", "/records?state=open").checked(), 422);

    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let query = format!("/records?text=%E6%9D%8E&limit=1&sort=-touched{after}");
        let page = desk.json("clerk", &query);
        assert_eq!(page["total"], Value::Null, "people are not counted");
        let rows = page["rows"].as_array().unwrap();
        seen.extend(rows.iter().map(|row| row["id"].clone()));
        match page["next"].as_str() {
            Some(next) if seen.len() < 9 => after = format!("&after={next}"),
            _ => break,
        }
    }
    assert_eq!(seen.len(), 3, "each once");
}

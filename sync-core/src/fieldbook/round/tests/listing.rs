use crate::fieldbook::{
    round::{Due, Order, Point, ShopQuery},
    testing::{DAY, Desk, GRID, HOUR, OTHER, desk, place, text},
};

fn signs(desk: &Desk, query: &ShopQuery) -> Vec<String> {
    let page = desk.book.today(query).unwrap();
    page.rows.into_iter().map(|row| row.sign).collect()
}

fn found(desk: &Desk, what: &str) -> Vec<String> {
    let query = ShopQuery {
        text: Some(what.to_owned()),
        ..ShopQuery::default()
    };
    let page = desk.book.shops(&query).unwrap();
    assert_eq!(page.total, page.rows.len());
    page.rows.into_iter().map(|row| row.sign).collect()
}

/// Day 1 of the product's days: 17 unchanged, 2 shut, 1 refused.
#[test]
fn a_quiet_street_is_done_but_for_those_who_were_not_met() {
    let mut desk = desk();
    let outcomes = [vec!["unchanged"; 17], vec!["shut"; 2], vec!["refused"]].concat();
    for (number, outcome) in (1..).zip(outcomes) {
        let shop = desk.shop(&format!("古美路 {number} 号"), &format!("店{number}"));
        desk.visit(&shop, outcome);
    }
    let page = desk.book.today(&ShopQuery::default()).unwrap();
    let counts = page.counts;
    assert_eq!(
        (counts.due, counts.revisit, counts.visited, counts.all),
        (0, 3, 17, 20)
    );
    assert_eq!(page.total, 20);
    let first: Vec<(String, Due)> = page
        .rows
        .iter()
        .map(|row| (row.sign.clone(), row.due))
        .collect();
    assert_eq!(first[0], ("店18".to_owned(), Due::Revisit));
    assert_eq!(first[2], ("店20".to_owned(), Due::Revisit));
    assert_eq!(first[3], ("店1".to_owned(), Due::Visited));
    let only = ShopQuery {
        due: Some(Due::Revisit),
        ..ShopQuery::default()
    };
    let page = desk.book.today(&only).unwrap();
    assert_eq!(
        (page.total, page.counts.all),
        (3, 20),
        "counts are of the round, not of the filter"
    );
}

#[test]
fn what_is_not_visited_comes_first_then_the_door() {
    let mut desk = desk();
    for (door, sign) in [("12号", "c"), ("8号", "b"), ("100号", "d"), ("2号", "a")] {
        desk.shop(door, sign);
    }
    assert_eq!(signs(&desk, &ShopQuery::default()), ["a", "b", "c", "d"]);
    let a = desk.book.today(&ShopQuery::default()).unwrap().rows[0].id;
    let visit = desk.visit(&a, "shut");
    assert_eq!(signs(&desk, &ShopQuery::default()), ["b", "c", "d", "a"]);
    // Somebody was there later on.
    desk.edit(&visit, &[text("outcome", "unchanged")]);
    let rows = desk.book.today(&ShopQuery::default()).unwrap().rows;
    let last = rows.last().unwrap();
    assert_eq!((last.id, last.due), (a, Due::Visited));
    let mark = last.last.clone().unwrap();
    assert_eq!(
        (mark.record, mark.outcome.as_str(), mark.own),
        (visit, "unchanged", true)
    );
    assert_eq!(mark.by, "i-1");
}

#[test]
fn the_nearest_comes_first_where_the_place_is_known() {
    let mut desk = desk();
    let lats = [("1号", "far", 311_500_000), ("2号", "near", 311_410_000)];
    for (door, sign, lat) in lats {
        let shop = desk.shop(door, sign);
        desk.edit(&shop, &[place(lat, 1_213_900_000)]);
    }
    desk.shop("0号", "nowhere");
    let mut query = ShopQuery {
        here: Some(Point {
            lat: 311_400_000,
            lon: 1_213_900_000,
        }),
        ..ShopQuery::default()
    };
    assert_eq!(signs(&desk, &query), ["near", "far", "nowhere"]);
    let metres: Vec<_> = desk
        .book
        .today(&query)
        .unwrap()
        .rows
        .iter()
        .map(|row| row.metres)
        .collect();
    assert_eq!(metres, [Some(111), Some(1_112), None]);
    query.order = Some(Order::Door);
    assert_eq!(signs(&desk, &query), ["nowhere", "far", "near"]);
}

#[test]
fn a_new_month_begins_at_midnight_here() {
    let mut desk = desk();
    let shop = desk.shop("1号", "a");
    desk.visit(&shop, "unchanged");
    let due = |desk: &Desk| desk.book.today(&ShopQuery::default()).unwrap().rows[0].due;
    // 2026-11-30 23:59:59 and one second later.
    let end = 8 * DAY + 14 * HOUR - 1_000;
    assert_eq!(due(desk.at(end)), Due::Visited);
    assert_eq!(due(desk.at(end + 1_000)), Due::Due);
}

#[test]
fn a_visit_dated_by_a_clock_far_ahead_counts_for_nothing() {
    let mut desk = desk();
    let shop = desk.shop("1号", "a");
    desk.at(400 * DAY).visit(&shop, "unchanged");
    desk.at(0);
    let row = &desk.book.today(&ShopQuery::default()).unwrap().rows[0];
    assert_eq!((row.due, row.last.clone()), (Due::Due, None));
}

#[test]
fn overdue_is_who_was_missed_last_month_too() {
    let mut desk = desk();
    let old = desk.at(-60 * DAY).shop("1号", "old");
    let seen = desk.shop("2号", "seen");
    desk.at(-30 * DAY).visit(&seen, "unchanged");
    desk.visit(&old, "shut");
    desk.at(0).shop("3号", "new");
    let query = ShopQuery {
        overdue: Some(true),
        ..ShopQuery::default()
    };
    assert_eq!(signs(&desk, &query), ["old"]);
    desk.visit(&old, "not-found");
    assert_eq!(signs(&desk, &query), [""; 0]);
}

#[test]
fn a_shop_is_found_by_its_people_and_papers() {
    let mut desk = desk();
    let noodles = desk.shop("古美路 12 号", "兰州拉面");
    let other = desk.shop("古美路 14 号", "足浴");
    desk.resident(&noodles, "阿不都·热合曼");
    desk.tenant(&other, "张三");
    desk.visit(&other, "unchanged");
    let id = schemas::EntryId([1; 8]);
    let group = schemas::Name::parse("licences").unwrap();
    let licence = [
        crate::record::Edit::AddEntry { group, id },
        text(&format!("licences.{id}.type"), "food"),
        text(&format!("licences.{id}.number"), "JY13101120001234"),
    ];
    desk.edit(&noodles, &licence);
    for what in ["兰州", "lzlm", "12号", "热合曼", "jy1310112", "20001234"] {
        assert_eq!(found(&desk, what), ["兰州拉面"], "{what}");
    }
    for what in ["张三", "5678", "zs"] {
        assert_eq!(found(&desk, what), ["足浴"], "{what}");
    }
    assert_eq!(found(&desk, "古美路").len(), 2);
    assert_eq!(found(&desk, "没有"), [""; 0]);
    assert_eq!(found(&desk, "  ").len(), 2, "nothing to look for");
}

#[test]
fn filters_leave_out_the_others() {
    let mut desk = desk();
    let restaurant = desk.shop("1号", "饭店");
    let bath = desk.shop("2号", "足浴");
    desk.edit(&bath, &[text("business_type", "8051")]);
    desk.finding(&restaurant, "no-permit");
    let by = |change: fn(&mut ShopQuery)| {
        let mut query = ShopQuery::default();
        change(&mut query);
        signs(&desk, &query)
    };
    assert_eq!(
        by(|query| query.business_type = Some("80".to_owned())),
        ["足浴"]
    );
    assert_eq!(
        by(|query| query.business_type = Some("8051".to_owned())),
        ["足浴"]
    );
    assert_eq!(
        by(|query| query.business_type = Some("51".to_owned())),
        [""; 0]
    );
    assert_eq!(by(|query| query.findings = Some(true)), ["饭店"]);
    assert_eq!(by(|query| query.grid = Some(OTHER.to_owned())), [""; 0]);
    assert_eq!(by(|query| query.grid = Some(GRID.to_owned())).len(), 2);
    assert_eq!(
        by(|query| (query.offset, query.limit) = (Some(1), Some(5))),
        ["足浴"]
    );
    assert_eq!(by(|query| query.limit = Some(0)), [""; 0]);
    desk.edit(&bath, &[text("operating_state", "demolished")]);
    assert_eq!(signs(&desk, &ShopQuery::default()), ["饭店"]);
    assert_eq!(desk.book.shops(&ShopQuery::default()).unwrap().total, 2);
}

#[test]
fn a_page_holds_two_hundred_rows_at_most() {
    let mut desk = desk();
    for number in 0..205 {
        desk.shop(&format!("{number}号"), "店");
    }
    let query = ShopQuery {
        limit: Some(9_999),
        ..ShopQuery::default()
    };
    let page = desk.book.today(&query).unwrap();
    assert_eq!((page.total, page.rows.len()), (205, 200));
}

#[test]
fn what_is_not_sent_is_marked() {
    let mut desk = desk();
    let shop = desk.shop("1号", "a");
    let pending = |desk: &Desk| desk.book.today(&ShopQuery::default()).unwrap().rows[0].pending;
    assert!(pending(&desk));
    desk.book
        .store
        .connection
        .execute("UPDATE change SET status = 2", [])
        .unwrap();
    desk.book.touched.insert(shop);
    desk.book.refresh().unwrap();
    assert!(!pending(&desk));
}

#[test]
fn a_clock_a_month_behind_does_not_shift_the_day() {
    let mut desk = desk();
    let shop = desk.shop("1号", "a");
    desk.visit(&shop, "unchanged");
    desk.at(-31 * DAY);
    let heard = crate::fieldbook::outbox::ServerTime {
        at_ms: crate::fieldbook::testing::NOW,
        monotonic: 0,
        offset: Some(31 * DAY),
    };
    desk.book
        .store
        .set_meta_cbor("server_time", &heard)
        .unwrap();
    let row = &desk.book.today(&ShopQuery::default()).unwrap().rows[0];
    assert_eq!(row.due, Due::Visited);
    let told = (crate::fieldbook::testing::NOW, 31 * DAY);
    assert_eq!(desk.book.server_heard().unwrap(), Some(told));
}

#[test]
fn the_json_is_what_the_app_expects() {
    let mut desk = desk();
    let shop = desk.shop("1号", "面馆");
    desk.edit(&shop, &[place(311_400_000, 1_213_900_000)]);
    let page = serde_json::to_value(desk.book.today(&ShopQuery::default()).unwrap()).unwrap();
    let row = serde_json::json!({
        "id": shop.to_string(), "grid": GRID, "door": "1号", "unit": "", "sign": "面馆",
        "business_type": "6210", "state": "open", "residents": 0, "workers": 0,
        "location": { "lat": 311_400_000, "lon": 1_213_900_000 }, "metres": null, "due": "due",
        "last": null, "findings": 0, "conflicts": 0, "pending": true,
        "warnings": [
            { "kind": "licence-missing", "words": { "zh": "缺营业执照", "en": "Business licence missing" } },
            { "kind": "licence-missing", "words": { "zh": "缺食品经营许可", "en": "Food permit missing" } },
            { "kind": "licence-missing", "words": { "zh": "缺排水许可", "en": "Drainage permit missing" } },
        ],
    });
    let counts = serde_json::json!({ "due": 1, "revisit": 0, "visited": 0, "all": 1 });
    assert_eq!(
        page,
        serde_json::json!({ "counts": counts, "total": 1, "rows": [row] })
    );
    let query: ShopQuery = serde_json::from_str(
        r#"{"text":"面","due":"revisit","here":{"lat":1,"lon":2},"order":"near","limit":20}"#,
    )
    .unwrap();
    assert_eq!(
        (query.due, query.order, query.limit),
        (Some(Due::Revisit), Some(Order::Near), Some(20))
    );
}

//! What rows say, and what they are narrowed by.

use schemas::{Scalar, checks::point::Point};
use serde_json::{Value, json};

use crate::console::{Desk, GRID, MINUTE, NEXT_GRID, NOW, resident, set, shop, text, with};

fn signs(listed: &Value) -> Vec<&str> {
    let rows = listed["rows"].as_array().unwrap();
    let mut signs: Vec<&str> = rows
        .iter()
        .map(|row| row["shop"]["sign"].as_str().unwrap())
        .collect();
    signs.sort_unstable();
    signs
}

#[test]
fn a_shops_row_says_who_lives_there_and_when_it_was_visited_to_those_who_may_know() {
    let mut desk = Desk::open("glance");
    let mut wang = desk.phone(1, "王", &[GRID]);
    let eatery = shop(&mut wang, GRID, "张记小馆", "七莘路 100 号", &[]);
    let barber = shop(&mut wang, GRID, "张姐理发", "七莘路 102 号", &[]);
    shop(&mut wang, GRID, "好又多超市", "七莘路 104 号", &[]);
    let point = Point {
        lat: 311_400_000,
        lon: 1_213_900_000,
    };
    let stands = set("location", Scalar::Bytes(point.to_bytes().to_vec()));
    wang.book.edit(&eatery, &[stands]).unwrap();
    resident(&mut wang, eatery, "李小明", "310112199001011233");
    let gone = resident(&mut wang, eatery, "李小红", "310112199001011233");
    wang.book
        .edit(&gone, &[text("state", "moved-out")])
        .unwrap();
    for (place, outcome, at) in [
        (eatery, "shut", NOW - 9 * MINUTE),
        (eatery, "unchanged", NOW - 3 * MINUTE),
        (barber, "refused", NOW - 5 * MINUTE),
        // Of a clock that runs a month ahead: it counts for nothing.
        (barber, "unchanged", NOW + 45_000 * MINUTE),
    ] {
        let visit = [text("outcome", outcome), set("visited_at", Scalar::Int(at))];
        with(&mut wang, "visit", place, &visit);
    }
    desk.sync(&mut wang);

    let listed = desk.json("sup", "/records?sort=sign");
    let row = |listed: &Value, sign: &str| {
        let rows = listed["rows"].as_array().unwrap();
        let found = rows.iter().find(|row| row["shop"]["sign"] == sign);
        found.unwrap()["shop"].clone()
    };
    let seen = row(&listed, "张记小馆");
    assert_eq!(seen["door"], "七莘路 100 号");
    assert_eq!(seen["business_type"]["code"], "6210");
    assert_eq!(seen["operating_state"]["label"]["zh"], "营业");
    assert_eq!(
        seen["place"],
        json!({"lat": 311_400_000, "lon": 1_213_900_000})
    );
    assert_eq!(row(&listed, "好又多超市")["place"], Value::Null);
    assert_eq!(seen["residents"], 1, "who moved out does not live there");
    assert_eq!(seen["last_visit"]["time_ms"], NOW - 3 * MINUTE);
    assert_eq!(seen["last_visit"]["outcome"]["label"]["zh"], "无变化");
    assert_eq!(row(&listed, "好又多超市")["last_visit"], Value::Null);

    // Offices read who lives there, and nothing of visits.
    let read = desk.json("clerk", "/records");
    let seen = row(&read, "张记小馆");
    assert_eq!(
        (&seen["residents"], &seen["last_visit"]),
        (&json!(1), &Value::Null)
    );

    for (visited, wanted) in [
        ("visited", vec!["张记小馆"]),
        ("revisit", vec!["张姐理发"]),
        ("due", vec!["好又多超市"]),
    ] {
        let found = desk.json("sup", &format!("/records?visited={visited}"));
        assert_eq!(signs(&found), wanted, "{visited}");
        assert_eq!(found["total"], 1);
    }
    assert_eq!(desk.get("clerk", "/records?visited=due").checked(), 422);
    // What was read once is read again when it changes.
    let corrected = [
        text("outcome", "unchanged"),
        set("visited_at", Scalar::Int(NOW - MINUTE)),
    ];
    with(&mut wang, "visit", barber, &corrected);
    desk.sync(&mut wang);
    let found = desk.json("sup", "/records?visited=visited");
    assert_eq!(signs(&found), ["张姐理发", "张记小馆"]);
}

#[test]
fn items_and_cases_name_the_shop_and_the_late_ones_are_counted() {
    let mut desk = Desk::open("late");
    let mut wang = desk.phone(1, "王", &[GRID, NEXT_GRID]);
    let eatery = shop(&mut wang, GRID, "张记小馆", "七莘路 100 号", &[]);
    let barber = shop(&mut wang, NEXT_GRID, "张姐理发", "沪松路 9 号", &[]);
    resident(&mut wang, eatery, "李小明", "310112199001011233");
    resident(&mut wang, barber, "李小红", "310112199001011233");
    desk.sync(&mut wang);
    let listed = desk.json("clerk", "/items");
    let about = &listed["rows"][0]["about"];
    assert_eq!(about["shop"], "张记小馆");
    assert_eq!(about["door"], "七莘路 100 号");
    assert_eq!(about["title"][0]["zh"], "李小明");
    assert_eq!(listed["overdue"], 0);
    assert!(!listed.to_string().contains("310112199001011233"));

    // One is late, one has a tenth of its time left.
    desk.central
        .write(|tx| {
            tx.conn().execute_batch(&format!(
                "UPDATE item SET created_ms = {} WHERE office = 'population-office';
                 UPDATE item_ref SET due_ms = {} WHERE item = (SELECT min(id) FROM item
                     WHERE office = 'population-office');
                 UPDATE item_ref SET due_ms = {} WHERE item = (SELECT max(id) FROM item
                     WHERE office = 'population-office');",
                NOW - 90 * MINUTE,
                NOW - MINUTE,
                NOW + 10 * MINUTE,
            ))?;
            Ok(())
        })
        .unwrap();
    let shops = |listed: &Value| -> Vec<String> {
        let rows = listed["rows"].as_array().unwrap();
        let shop = |row: &Value| row["about"]["shop"].as_str().unwrap().to_owned();
        rows.iter().map(shop).collect()
    };
    for (query, wanted) in [
        ("due=overdue", vec!["张记小馆"]),
        ("due=soon", vec!["张姐理发"]),
        ("due=all&sort=-due", vec!["张姐理发", "张记小馆"]),
        ("grid=310112901001002", vec!["张姐理发"]),
        ("age=under_3", vec!["张记小馆", "张姐理发"]),
        ("age=over_30", vec![]),
        ("state=done", vec![]),
    ] {
        let listed = desk.json("clerk", &format!("/items?{query}"));
        assert_eq!(shops(&listed), wanted, "{query}");
        assert_eq!(listed["total"], wanted.len(), "{query}");
    }
    assert_eq!(desk.json("clerk", "/items?due=soon")["overdue"], 1);
    desk.pass(15 * MINUTE);
    assert_eq!(desk.json("clerk", "/items?due=overdue")["total"], 2);
    assert_eq!(desk.get("clerk", "/items?due=late").checked(), 400);
    // Of another office it says nothing, and of another street.
    assert_eq!(desk.json("far.clerk", "/items")["total"], 0);
}

#[test]
fn a_case_names_the_shop_to_those_who_may_read_it() {
    let mut desk = Desk::open("case-rows");
    let mut wang = desk.phone(1, "王", &[GRID]);
    let eatery = shop(&mut wang, GRID, "张记小馆", "七莘路 100 号", &[]);
    let finding = [
        text("class", "blocked-exit"),
        text("severity", "urgent"),
        text("source", "patrol"),
        set("found_at", Scalar::Int(NOW)),
    ];
    with(&mut wang, "finding", eatery, &finding);
    desk.sync(&mut wang);
    let items = desk.json("centre", "/items?kind=finding");
    let item = &items["rows"][0];
    let path = format!("/items/{}/case", item["id"]);
    let filed = desk.call(
        "centre",
        "POST",
        &path,
        item["version"].as_u64(),
        Some(&json!({ "reason": "受理" })),
    );
    assert_eq!(filed.checked(), 201, "{}", filed.json());
    let listed = desk.json("sup", "/cases?open=true&age=under_3");
    assert_eq!(listed["total"], 1);
    let about = &listed["rows"][0]["about"];
    assert_eq!(
        (&about["shop"], &about["door"]),
        (&json!("张记小馆"), &json!("七莘路 100 号"))
    );
    let number = listed["rows"][0]["number"].as_str().unwrap().to_owned();
    let one = desk.json("sup", &format!("/cases?number={}", &number[9..]));
    assert_eq!(one["total"], 1);
    assert_eq!(desk.json("sup", "/cases?due=overdue")["total"], 0);
}

#[test]
fn what_is_held_shows_what_it_wants_to_write_and_phones_and_the_trace_are_narrowed() {
    let mut desk = Desk::open("held-rows");
    let mut wang = desk.phone(1, "王", &[GRID]);
    let mut li = desk.phone(2, "李", &[GRID]);
    let eatery = shop(&mut wang, GRID, "张记小馆", "七莘路 100 号", &[]);
    let xiaoming = resident(&mut wang, eatery, "李小明", "310112199001011233");
    desk.sync(&mut wang);
    desk.sync(&mut li);
    // The grid is taken from 王, who goes on writing without knowing it.
    let inspector = desk.json("sup", "/inspectors?text=王")["rows"][0].clone();
    let away = format!("/inspectors/{}/grids/{GRID}", inspector["id"]);
    let version = inspector["version"].as_u64();
    let given = desk.call(
        "sup",
        "PUT",
        &format!("/inspectors/{}/grids/{NEXT_GRID}", inspector["id"]),
        version,
        Some(&json!({ "until_ms": null })),
    );
    assert_eq!(given.checked(), 200, "{}", given.json());
    let taken = desk.call("sup", "DELETE", &away, Some(given.version()), None);
    assert_eq!(taken.checked(), 204);
    wang.book
        .edit(&xiaoming, &[text("phone", "13899991234")])
        .unwrap();
    desk.sync(&mut wang);
    let listed = desk.json("sup", "/held?kind=resident");
    assert_eq!(listed["total"], 1, "{listed}");
    let row = &listed["rows"][0];
    assert_eq!(row["kind"], "resident");
    assert_eq!(row["reason_code"], "lost_grid");
    assert_eq!(row["title"][0]["zh"], "李小明");
    assert_eq!(row["values"][0]["key"], "phone");
    assert_eq!(row["values"][0]["label"]["zh"], "电话");
    assert_eq!(row["values"][0]["value"], "138****1234");
    assert!(!listed.to_string().contains("13899991234"));
    assert_eq!(desk.json("sup", "/held?reason=lost_grid")["total"], 1);
    assert_eq!(desk.json("sup", "/held?reason=revoked_device")["total"], 0);
    assert_eq!(desk.json("sup", "/refused")["total"], 0);

    desk.central
        .write(|tx| {
            tx.conn().execute(
                "UPDATE device SET last_seen_ms = ?1 WHERE inspector =
                 (SELECT id FROM inspector WHERE name = '李')",
                [NOW + 2 * MINUTE],
            )?;
            Ok(())
        })
        .unwrap();
    let silent = desk.json("sup", &format!("/devices?silent_since_ms={}", NOW + MINUTE));
    assert_eq!(silent["total"], 1, "{silent}");
    assert_eq!(silent["rows"][0]["name"], "王");
    for (query, wanted) in [
        ("standing=in_use", 2),
        ("standing=revoked", 0),
        ("text=李", 1),
        ("grid=310112901001002", 1),
        ("app=0", 0),
    ] {
        let found = desk.json(
            "sup",
            &format!("/devices?{}", query.replace('李', "%E6%9D%8E")),
        );
        assert_eq!(found["total"], wanted, "{query}");
    }
    assert_eq!(desk.json("sup", "/inspectors?covering=true")["total"], 0);

    let path = format!("/records/{xiaoming}/reveal");
    let ask = json!({ "key": "id_number", "reason": "核对" });
    assert_eq!(desk.post("sup", &path, &ask).checked(), 200);
    for (query, wanted) in [
        (format!("object={xiaoming}"), 1),
        (format!("object={eatery}"), 0),
        ("act=record.".to_owned(), 1),
        ("act=record.reveal&who=sup".to_owned(), 1),
        ("act=record.reveal&who=clerk".to_owned(), 0),
        (format!("act=record.reveal&until_ms={NOW}"), 0),
        (format!("act=record.reveal&since_ms={NOW}"), 1),
    ] {
        let found = desk.json("auditor", &format!("/audit?{query}"));
        assert_eq!(found["total"], wanted, "{query}");
    }
    assert_eq!(desk.get("auditor", "/audit?object=%27--").checked(), 422);
}

#[test]
fn several_values_are_shown_at_once_and_noted_once() {
    let mut desk = Desk::open("reveal-many");
    let mut wang = desk.phone(1, "王", &[GRID]);
    let eatery = shop(&mut wang, GRID, "张记小馆", "七莘路 100 号", &[]);
    let person = resident(&mut wang, eatery, "李小明", "310112199001011233");
    desk.sync(&mut wang);
    let path = format!("/records/{person}/reveal");
    let ask = json!({ "keys": ["id_number", "phone"], "reason": "录入" });
    let shown = desk.post("clerk", &path, &ask);
    assert_eq!(shown.checked(), 200, "{}", shown.json());
    let wanted = json!({ "id_number": ["310112199001011233"], "phone": ["13812341234"] });
    assert_eq!(shown.json()["fields"], wanted);
    let trace = desk.json("auditor", "/audit?act=record.reveal");
    assert_eq!(trace["total"], 1);
    let object = &trace["rows"][0]["object"];
    assert_eq!(object["keys"], json!(["id_number", "phone"]));
    // An auditor, who has no forms, reads what the fields are called.
    let fields = &trace["rows"][0]["fields"];
    assert_eq!(fields["id_number"]["zh"], "证件号码");
    assert_eq!(fields["phone"]["en"], "Phone");
    // All of them or none.
    for wrong in [
        json!({ "keys": ["id_number", "name"], "reason": "录入" }),
        json!({ "keys": [], "reason": "录入" }),
        json!({ "key": "phone", "keys": ["id_number"], "reason": "录入" }),
        json!({ "keys": vec!["phone"; 21], "reason": "录入" }),
    ] {
        assert_eq!(desk.post("clerk", &path, &wrong).checked(), 422, "{wrong}");
    }
    assert_eq!(desk.json("auditor", "/audit?act=record.reveal")["total"], 1);
}

#[test]
fn an_office_names_who_works_there_to_those_who_share_an_area() {
    let mut desk = Desk::open("handlers");
    let near = desk.json("centre", "/offices/population-office/handlers");
    let people = json!([
        { "login": "clerk", "name": "clerk 先生", "head": false },
        { "login": "head", "name": "head 先生", "head": true },
    ]);
    assert_eq!(near["rows"], people);
    let far = desk.json("far.sup", "/offices/population-office/handlers");
    assert_eq!(far["total"], 2);
    assert_eq!(far["rows"][0]["login"], "far.clerk");
    let none = desk.get("centre", "/offices/ministry/handlers");
    assert_eq!(none.checked(), 404);
}

#[test]
#[expect(clippy::too_many_lines, reason = "one street, and every figure of it")]
fn the_overview_counts_the_round_and_the_cases_and_names_the_lists() {
    let mut desk = Desk::open("figures");
    let mut wang = desk.phone(1, "王", &[GRID, NEXT_GRID]);
    let eatery = shop(&mut wang, GRID, "张记小馆", "七莘路 100 号", &[]);
    let barber = shop(&mut wang, GRID, "张姐理发", "七莘路 102 号", &[]);
    shop(&mut wang, NEXT_GRID, "好又多超市", "沪松路 9 号", &[]);
    for (place, outcome) in [(eatery, "unchanged"), (barber, "shut")] {
        let visit = [
            text("outcome", outcome),
            set("visited_at", Scalar::Int(NOW)),
        ];
        with(&mut wang, "visit", place, &visit);
    }
    desk.sync(&mut wang);
    desk.central
        .write(|tx| {
            for (number, state, due, closed) in [
                (1, "closed", NOW - 100 * MINUTE, Some(NOW - 200 * MINUTE)),
                (2, "closed", NOW - 100 * MINUTE, Some(NOW - 10 * MINUTE)),
                (3, "handling", NOW - 50 * MINUTE, None),
                (4, "postponed", NOW - 50 * MINUTE, None),
                (5, "handling", NOW + 50 * MINUTE, None),
            ] {
                let received = NOW - 5 * 24 * 60 * MINUTE;
                tx.conn().execute(
                    "INSERT INTO case_file (id, uid, type, class, grid, street, source, state,
                         office, received_ms, assigned_ms, closed_ms, due_ms, due_state)
                     VALUES (?1, randomblob(16), 'finding', 'blocked-exit', '310112901001001',
                         '310112901', 'patrol', ?2, 'fire-brigade', ?3, ?3, ?4, ?5, 'running')",
                    rusqlite::params![
                        number,
                        state,
                        received,
                        closed,
                        closed.is_none().then_some(due)
                    ],
                )?;
                tx.conn().execute(
                    "INSERT INTO case_milestone (case_id, at, name, clock, within, extra, bound,
                         due_ms, due_state) VALUES (?1, 0, 'close', 'natural_hours', 24, 0, 24, ?2,
                         'running')",
                    rusqlite::params![number, due],
                )?;
            }
            Ok(())
        })
        .unwrap();
    let seen = desk.json("sup", "/overview");
    let round = &seen["coverage"];
    assert_eq!(
        (
            &round[0]["shops"],
            &round[0]["visited"],
            &round[0]["revisit"],
            &round[0]["due"]
        ),
        (&json!(2), &json!(1), &json!(1), &json!(0))
    );
    assert_eq!(round[1]["due"], 1);
    let list = round[1]["list"].as_str().unwrap().to_owned();
    assert_eq!(signs(&desk.json("sup", &list)), ["好又多超市"]);
    let month = seen["closures"].as_array().unwrap().last().unwrap();
    assert_eq!(month["month"], "2026-09");
    assert_eq!(
        (
            &month["due"],
            &month["postponed"],
            &month["closed"],
            &month["on_time"]
        ),
        (&json!(4), &json!(1), &json!(2), &json!(1))
    );
    let rate = month["on_time_rate"].as_f64().unwrap();
    assert!((rate - 1.0 / 3.0).abs() < 1e-9, "{rate}");
    let listed = desk.json("sup", month["list"].as_str().unwrap());
    assert_eq!(
        listed["total"], 4,
        "those that were due, whatever became of them"
    );
    let earlier = desk.json("sup", "/cases?due_month=2026-08");
    assert_eq!(earlier["total"], 0);
    assert_eq!(desk.get("sup", "/cases?due_month=8").checked(), 422);
    let open = &seen["cases"][0];
    assert_eq!(
        (
            &open["office"],
            &open["age"],
            &open["count"],
            &open["overdue"]
        ),
        (
            &json!("fire-brigade"),
            &json!("3_to_7"),
            &json!(3),
            &json!(2)
        )
    );
    let list = open["list"].as_str().unwrap().to_owned();
    let cases = desk.json("sup", &list);
    assert_eq!((&cases["total"], &cases["overdue"]), (&json!(3), &json!(2)));
    // Offices know of no visits, and of their own cases alone.
    let seen = desk.json("clerk", "/overview");
    assert_eq!(
        (&seen["coverage"], &seen["cases"]),
        (&Value::Null, &json!([]))
    );
    assert_eq!(desk.json("admin", "/overview")["inspectors"], 1);
}

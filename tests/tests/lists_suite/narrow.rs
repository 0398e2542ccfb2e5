//! Lists of an administrator's and an office's desk: narrowed, sorted, counted, given out.

use serde_json::{Value, json};

use crate::{
    console::{Desk, FAR, GRID, MINUTE, NOW, STREET, shop, text},
    exports::{csv, xlsx},
};

fn logins(listed: &Value) -> Vec<&str> {
    let rows = listed["rows"].as_array().unwrap().iter();
    rows.map(|row| row["login"].as_str().unwrap()).collect()
}

#[test]
fn accounts_are_narrowed_by_role_office_area_state_and_factor_and_sorted() {
    let mut desk = Desk::open("accounts-list");
    let all = desk.json("admin", "/accounts?limit=200");
    assert_eq!(all["total"], 11, "those of the own street: {all}");
    assert_eq!(desk.json("far.admin", "/accounts")["total"], 5);
    desk.central
        .write(|tx| {
            tx.conn().execute_batch(
                "UPDATE account SET state = 'disabled' WHERE login = 'spare';
                 UPDATE account SET totp = x'00' WHERE login = 'other.sup';
                 UPDATE account SET areas = areas || ' 310112902001' WHERE login = 'fire';
                 UPDATE account SET areas = '310112901001' WHERE login = 'head';",
            )?;
            Ok(())
        })
        .unwrap();
    for (query, wanted) in [
        ("role=supervisor", vec!["other.sup", "sup"]),
        ("role=office_head", vec!["head"]),
        (
            "office=population-office&sort=-login",
            vec!["head", "clerk"],
        ),
        ("text=SUP", vec!["other.sup", "sup"]),
        ("state=disabled", vec!["spare"]),
        ("factor=true", vec!["other.sup"]),
        ("factor=true&role=auditor", vec![]),
        ("area=310112901001", vec!["head"]),
        ("area=310112902", vec![]),
    ] {
        let listed = desk.json("admin", &format!("/accounts?{query}"));
        assert_eq!(logins(&listed), wanted, "{query}");
        assert_eq!(listed["total"], wanted.len(), "{query}");
    }
    // Who has an area elsewhere too is not theirs.
    let listed = desk.json("admin", "/accounts?limit=200");
    assert!(!logins(&listed).contains(&"fire"));
    let first = desk.json("admin", "/accounts?limit=4&sort=-created");
    let next = first["next"].as_str().unwrap();
    let path = format!("/accounts?limit=200&sort=-created&after={next}");
    let rest = desk.json("admin", &path);
    assert_eq!(logins(&rest).len(), 6);
    assert_eq!(desk.get("admin", "/accounts?sort=hash").checked(), 422);
    assert_eq!(desk.get("admin", "/accounts?area=x").checked(), 422);
    let file = csv(&desk.get("admin", "/exports/accounts.csv?role=supervisor&lang=en"));
    assert_eq!(file.len(), 3);
    assert_eq!(file[1][..3], ["other.sup", "other.sup 先生", "Supervisor"]);
    let book = xlsx(&desk.get("admin", "/exports/accounts.xlsx"));
    assert_eq!(book.len(), 11);
}

#[test]
fn versions_batches_and_rosters_are_narrowed_and_given_out() {
    let mut desk = Desk::open("desk-lists");
    let listed = desk.json("admin", "/schemas/versions?state=published");
    assert_eq!(listed["total"], 1);
    assert_eq!(
        desk.json("sup", "/schemas/versions?state=draft")["total"],
        0
    );
    assert_eq!(desk.get("sup", "/schemas/versions?sort=by").checked(), 422);
    assert_eq!(csv(&desk.get("sup", "/exports/versions.csv")).len(), 2);

    for (area, method, days) in [
        (STREET, "street-to-register", 9),
        (GRID, "register-to-street", 5),
    ] {
        let new = json!({ "area": area, "method": method, "per_grid": 5,
            "due_ms": NOW + days * 24 * 60 * MINUTE });
        assert_eq!(desk.post("sup", "/checks", &new).checked(), 201);
    }
    for (query, wanted) in [
        ("", 2),
        ("?state=committed", 2),
        ("?state=locked", 0),
        ("?method=register-to-street", 1),
        ("?area=310112901001001", 1),
    ] {
        let listed = desk.json("auditor", &format!("/checks{query}"));
        assert_eq!(listed["total"], wanted, "{query}");
    }
    let soonest = desk.json("sup", "/checks?sort=due&limit=1");
    assert_eq!(soonest["rows"][0]["area"], GRID);
    assert_eq!(csv(&desk.get("auditor", "/exports/checks.csv")).len(), 3);
    let wrong = desk.get("sup", "/exports/doors.csv");
    assert_eq!(wrong.checked(), 422, "say of which batch");
    let none = desk.get("sup", "/exports/doors.csv?check=77");
    assert_eq!(none.checked(), 404);

    let roster = csv(&desk.get("clerk", "/exports/roster.csv?month=2026-09"));
    assert_eq!(roster.len(), 1);
    let path = format!("/rosters/2026-09?grid={GRID}&sort=-due");
    assert_eq!(desk.json("clerk", &path)["total"], 0);
    assert_eq!(
        desk.get("sup", "/exports/roster.csv?month=2026-09")
            .checked(),
        403
    );
    assert_eq!(
        desk.get("far.sup", &format!("/checks?area={FAR}"))
            .checked(),
        200
    );
}

#[test]
fn a_file_of_conflicts_holds_values_masked() {
    let mut desk = Desk::open("conflict-file");
    let mut wang = desk.phone(1, "王", &[GRID]);
    let mut li = desk.phone(2, "李", &[GRID]);
    let eatery = shop(&mut wang, GRID, "张记小馆", "七莘路 100 号", &[]);
    let person = crate::console::resident(&mut wang, eatery, "李小明", "310112199001011233");
    desk.sync(&mut wang);
    desk.sync(&mut li);
    let phone = |number| [text("phone", number)];
    wang.book.edit(&person, &phone("13899991234")).unwrap();
    li.book.edit(&person, &phone("13877771234")).unwrap();
    desk.sync(&mut wang);
    desk.sync(&mut li);
    for ending in ["csv", "xlsx"] {
        let file = desk.get("sup", &format!("/exports/conflicts.{ending}?key=phone"));
        let said = if ending == "csv" {
            format!("{:?}", csv(&file))
        } else {
            format!("{:?}", xlsx(&file))
        };
        assert!(said.contains("138****1234"), "{said}");
        assert!(!said.contains("9999") && !said.contains("7777"), "{said}");
    }
}

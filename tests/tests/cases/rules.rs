//! Rules that are more than a row: returns, joining, verifying, what is asked with a step.

use serde_json::json;

use super::{
    desk::{Desk, finding},
    flow::{self, Case, bad, body, brought, good, intake, seen, step},
};

fn assigned(desk: &mut Desk, office: &str) -> Case {
    flow::assigned(desk, "exposed-refuse", office)
}

fn hex(record: u8) -> String {
    format!("{record:02x}").repeat(16)
}

/// A case about a finding, assigned.
fn about(desk: &mut Desk, record: u8) -> Case {
    let item = desk.item(finding(record, 1));
    let class = json!({ "class": "exposed-refuse" });
    let filed = desk.change("centre.clerk", &format!("/items/{item}/case"), 1, &class);
    assert_eq!(filed.status, 201, "{}", filed.body);
    let mut case = Case {
        id: filed.body["case"].as_str().unwrap().to_owned(),
        version: 0,
    };
    case.version = seen(desk, &case)["version"].as_u64().unwrap();
    let assign = json!({ "step": "assign", "to_office": "sanitation" });
    good(desk, "centre.clerk", &mut case, &assign);
    case
}

#[test]
fn a_second_return_goes_to_the_centre_whose_word_is_final() {
    let mut desk = Desk::open("returns", "2026-11-16T10:00");
    let mut case = assigned(&mut desk, "sanitation");
    let due = seen(&mut desk, &case)["due_ms"].clone();
    let back =
        |office: &str| json!({ "step": "return", "reason": "非本部门", "to_office": office });
    let to_centre = json!({ "step": "return", "reason": "非本部门" });
    bad(
        &mut desk,
        "sanitation.clerk",
        &mut case,
        &back("urban-management"),
        403,
    );
    bad(
        &mut desk,
        "sanitation.head",
        &mut case,
        &back("housing"),
        422,
    );
    bad(
        &mut desk,
        "sanitation.head",
        &mut case,
        &back("nowhere"),
        422,
    );
    good(
        &mut desk,
        "sanitation.head",
        &mut case,
        &back("urban-management"),
    );
    let passed = seen(&mut desk, &case);
    assert_eq!(
        (&passed["state"], &passed["office"]),
        (&"assigned".into(), &"urban-management".into())
    );
    let path = format!("/cases/{}", case.id);
    assert_eq!(desk.get("sanitation.head", &path).status, 404);
    bad(&mut desk, "city.head", &mut case, &back("sanitation"), 409);
    good(&mut desk, "city.head", &mut case, &to_centre);
    let returned = seen(&mut desk, &case);
    assert_eq!(
        (&returned["state"], &returned["office"]),
        (&"returned".into(), &"linkage-centre".into())
    );
    desk.at("2026-11-17T10:00");
    good(
        &mut desk,
        "centre.clerk",
        &mut case,
        &json!({ "step": "assign", "to_office": "urban-management" }),
    );
    bad(&mut desk, "city.head", &mut case, &to_centre, 409);
    good(
        &mut desk,
        "city.clerk",
        &mut case,
        &json!({ "step": "handle" }),
    );
    bad(&mut desk, "city.head", &mut case, &to_centre, 409);
    // Returning it has not gained any time.
    let last = seen(&mut desk, &case);
    assert_eq!(last["due_ms"], due);
    assert_eq!(last["returns"], 2);
    desk.close();
}

#[test]
fn cases_about_one_thing_are_joined_and_each_reporter_keeps_the_credit() {
    let mut desk = Desk::open("joins", "2026-11-16T10:00");
    let mut cases = Vec::new();
    for (record, by) in [(1, 1), (2, 2), (3, 1)] {
        let item = desk.item(finding(record, by));
        let path = format!("/items/{item}/case");
        let answer = desk.change("centre.clerk", &path, 1, &json!({ "class": "wiring" }));
        let id = answer.body["case"].as_str().unwrap().to_owned();
        cases.push(Case { id, version: 2 });
    }
    let [mut first, mut second, mut third] = <[Case; 3]>::try_from(cases).unwrap();
    let into = |case: &Case| json!({ "step": "join", "reason": "同一问题", "into": case.id });
    let itself = into(&second);
    bad(&mut desk, "centre.clerk", &mut second, &itself, 422);
    good(&mut desk, "centre.clerk", &mut second, &into(&first));
    first.version += 1;
    bad(&mut desk, "centre.clerk", &mut third, &into(&second), 409);
    good(&mut desk, "centre.clerk", &mut third, &into(&first));
    first.version += 1;
    let seen_first = seen(&mut desk, &first);
    assert_eq!(seen_first["version"], first.version);
    let joined: Vec<_> = seen_first["joined"].as_array().unwrap().clone();
    assert_eq!(joined, [json!(second.id), json!(third.id)]);
    let credited: Vec<_> = seen_first["reporters"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["inspector"].as_str().unwrap())
        .collect();
    assert_eq!(credited, ["w1", "w1", "w2"]);
    let seen_second = seen(&mut desk, &second);
    assert_eq!(seen_second["joined_into"], first.id.as_str());
    assert_eq!(seen_second["due_state"], "none");
    let business = brought(&mut desk, "business", "", "pending", "");
    bad(&mut desk, "centre.clerk", &mut first, &into(&business), 422);
    let unknown = json!({ "step": "join", "reason": "同一问题", "into": "0".repeat(32) });
    bad(&mut desk, "centre.clerk", &mut first, &unknown, 422);
    desk.close();
}

#[test]
fn whoever_reported_it_or_walks_the_grid_does_not_verify_it() {
    let mut desk = Desk::open("verifies", "2026-11-16T10:00");
    let item = desk.item(finding(1, 3));
    let path = format!("/items/{item}/case");
    let answer = desk.change(
        "centre.clerk",
        &path,
        1,
        &json!({ "class": "exposed-refuse" }),
    );
    let id = answer.body["case"].as_str().unwrap().to_owned();
    let mut case = Case { id, version: 2 };
    good(
        &mut desk,
        "centre.clerk",
        &mut case,
        &json!({ "step": "assign" }),
    );
    good(
        &mut desk,
        "sanitation.clerk",
        &mut case,
        &json!({ "step": "handle" }),
    );
    bad(
        &mut desk,
        "sanitation.clerk",
        &mut case,
        &json!({ "step": "report" }),
        422,
    );
    good(
        &mut desk,
        "sanitation.clerk",
        &mut case,
        &body("report", ""),
    );
    assert_eq!(
        desk.count("SELECT count(*) FROM task_request WHERE type = 'verify'"),
        1
    );
    let by =
        |who: Option<&str>| json!({ "step": "verify_fail", "reason": "未整改", "verifier": who });
    bad(&mut desk, "supervisor", &mut case, &by(None), 422);
    bad(&mut desk, "supervisor", &mut case, &by(Some("nobody")), 422);
    // Of the same grid; the reporter; and somebody of another grid.
    bad(&mut desk, "supervisor", &mut case, &by(Some("w1")), 409);
    bad(&mut desk, "supervisor", &mut case, &by(Some("w3")), 409);
    let sql = "INSERT INTO inspector (id, code, name) VALUES (4, 'w4', 'w4')";
    desk.central
        .write(move |tx| Ok(tx.conn().execute(sql, [])?))
        .unwrap();
    good(&mut desk, "supervisor", &mut case, &by(Some("w4")));
    let failed = seen(&mut desk, &case);
    assert_eq!(
        (&failed["state"], &failed["reworks"]),
        (&"handling".into(), &1.into())
    );
    let path = format!("/cases/{}", case.id);
    let shown =
        |desk: &mut Desk, who: &str| desk.get(who, &path).body["ledger"][5]["verifier"].clone();
    assert_eq!(shown(&mut desk, "centre.clerk"), "w4");
    assert!(shown(&mut desk, "sanitation.head").is_null());
    desk.close();
}

#[test]
fn what_is_asked_with_a_step_is_checked_before_the_case_is() {
    let mut desk = Desk::open("asks", "2026-11-16T10:00");
    let mut case = assigned(&mut desk, "sanitation");
    let path = format!("/cases/{}/steps", case.id);
    let handle = json!({ "step": "handle" });
    assert_eq!(desk.post("sanitation.clerk", &path, &handle).status, 428);
    let stale = desk.change("sanitation.clerk", &path, case.version - 1, &handle);
    assert_eq!(stale.status, 412);
    for (wrong, at) in [
        (
            json!({ "step": "handle", "reason": "长".repeat(2_001) }),
            "reason",
        ),
        (json!({ "step": "handle", "handler": "张 三" }), "handler"),
        (
            json!({ "step": "handle", "handler": "city.clerk" }),
            "handler",
        ),
        (
            json!({ "step": "handle", "to_office": "nowhere" }),
            "to_office",
        ),
        (
            json!({ "step": "handle", "attachments": [{ "record": "00", "sha256": "00" }] }),
            "attachments",
        ),
    ] {
        let problem = bad(&mut desk, "sanitation.clerk", &mut case, &wrong, 422);
        assert_eq!(problem["at"], at);
    }
    for wrong in [
        json!({ "step": "vanish" }),
        json!({ "step": "handle", "more": 1 }),
        json!([]),
    ] {
        let answer = step(&mut desk, "sanitation.clerk", &mut case, &wrong);
        assert_eq!(answer.status, 422, "{wrong}");
    }
    for id in ["0".repeat(32), "x".to_owned(), case.id.to_uppercase()] {
        assert_eq!(desk.get("centre.head", &format!("/cases/{id}")).status, 404);
    }
    assert_eq!(desk.get("centre.head", "/cases?after=%20").status, 422);
    assert_eq!(desk.get("centre.head", "/cases?limit=201").status, 422);
    assert_eq!(desk.get("centre.head", "/cases?what=1").status, 400);
    // A photo that another case has is flagged.
    // One of a record that the case is not about is for whoever may read that.
    let foreign = json!({ "step": "handle", "attachments": [
        { "record": "ef".repeat(16), "sha256": "ab".repeat(32) }
    ] });
    let problem = bad(&mut desk, "sanitation.clerk", &mut case, &foreign, 422);
    assert_eq!(problem["at"], "attachments");
    for (number, used_before) in [(1, false), (2, true)] {
        let mut case = about(&mut desk, number);
        let photo = json!({ "record": hex(number), "sha256": "ab".repeat(32) });
        let with_photo = json!({ "step": "handle", "attachments": [photo] });
        good(&mut desk, "sanitation.clerk", &mut case, &with_photo);
        let flagged = &seen(&mut desk, &case)["attachments"][0]["used_before"];
        assert_eq!(flagged, used_before, "{number}");
    }
    desk.close();
}

#[test]
fn intake_is_for_the_office_that_leads_and_for_grids_of_its_areas() {
    let mut desk = Desk::open("intakes", "2026-11-16T10:00");
    let good = json!({ "type": "finding", "class": "fumes", "grid": super::desk::GRID, "source": "joint" });
    assert_eq!(desk.post("centre.clerk", "/cases", &good).status, 201);
    for other in ["economics.head", "fire.clerk", "population.head"] {
        assert_eq!(desk.post(other, "/cases", &good).status, 403, "{other}");
    }
    assert_eq!(desk.post("supervisor", "/cases", &good).status, 403);
    for (key, wrong) in [
        ("grid", json!("310112902001001")),
        ("grid", json!("310112901")),
        ("class", json!("nothing")),
        ("class", json!(null)),
        ("source", json!("patrol")),
        ("severity", json!("huge")),
        ("shop", json!("0".repeat(32))),
    ] {
        let mut body = good.clone();
        body[key] = wrong;
        let answer = desk.post("centre.clerk", "/cases", &body);
        assert_eq!(
            (answer.status, &answer.body["at"]),
            (422, &key.into()),
            "{body}"
        );
    }
    desk.close();
}

#[test]
fn lists_show_what_is_due_first_and_page_through_everything_once() {
    let mut desk = Desk::open("lists", "2026-11-16T10:00");
    let mut due = Vec::new();
    for class in [
        "food-safety",
        "exposed-refuse",
        "wiring",
        "fumes",
        "construction-waste",
    ] {
        let mut case = intake(&mut desk, "finding", class);
        good(
            &mut desk,
            "centre.clerk",
            &mut case,
            &json!({ "step": "accept" }),
        );
        let assign = json!({ "step": "assign", "to_office": "sanitation" });
        good(&mut desk, "centre.clerk", &mut case, &assign);
        due.push((seen(&mut desk, &case)["due_ms"].as_i64().unwrap(), case.id));
    }
    let waits = intake(&mut desk, "finding", "sewage");
    due.sort_by_key(|row| row.0);
    let mut got = Vec::new();
    let mut after = String::new();
    loop {
        let page = desk.get("centre.clerk", &format!("/cases?limit=2{after}"));
        let rows = page.body["rows"].as_array().unwrap();
        got.extend(
            rows.iter()
                .map(|row| row["id"].as_str().unwrap().to_owned()),
        );
        match page.body["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    let want: Vec<String> = due.into_iter().map(|row| row.1).chain([waits.id]).collect();
    assert_eq!(got, want);
    for (query, rows) in [
        ("state=pending", 1),
        ("office=sanitation", 5),
        ("class=wiring", 1),
        ("source=hotline&open=true", 6),
        ("source=transfer", 0),
        ("grid=310112901001", 6),
        ("grid=310112902", 0),
        ("overdue=false", 6),
        ("open=false", 0),
    ] {
        let answer = desk.get("centre.clerk", &format!("/cases?{query}"));
        assert_eq!(answer.body["total"], rows, "{query}");
    }
    desk.close();
}

//! Days that must work, as the offices see them.

use serde_json::{Value, json};

use super::{
    desk::{Desk, GRID, NewItem, finding, local, resident},
    flow::{Case, bad, good, seen},
};

fn rows(answer: &Value) -> &Vec<Value> {
    answer["rows"].as_array().unwrap()
}

fn list(desk: &mut Desk, who: &str, path: &str) -> Vec<Value> {
    let answer = desk.get(who, path);
    assert_eq!(answer.status, 200, "{who} {path}: {}", answer.body);
    rows(&answer.body).clone()
}

/// Files an item; its case.
fn filed(desk: &mut Desk, item: i64, class: &str) -> Case {
    let path = format!("/items/{item}/case");
    let answer = desk.change("centre.clerk", &path, 1, &json!({ "class": class }));
    assert_eq!(answer.status, 201, "{}", answer.body);
    let id = answer.body["case"].as_str().unwrap().to_owned();
    Case { id, version: 2 }
}

#[test]
fn a_blocked_exit_on_friday_at_ten_to_five() {
    let mut desk = Desk::open("day5", "2026-11-20T16:50");
    let item = desk.item(finding(5, 1));
    let inbox = list(&mut desk, "centre.clerk", "/items?state=open");
    assert_eq!(inbox.len(), 1);
    assert_eq!(inbox[0]["form"], "item_then_case");
    assert!(list(&mut desk, "fire.clerk", "/items").is_empty());
    let mut case = filed(&mut desk, item, "blocked-exit");
    let photo = |n: &str| json!({ "record": "05".repeat(16), "sha256": n.repeat(32) });
    let assign = json!({ "step": "assign", "attachments": [photo("a1"), photo("a2")] });
    good(&mut desk, "centre.clerk", &mut case, &assign);
    let seen = seen(&mut desk, &case);
    assert_eq!(seen["office"], "fire-brigade");
    assert_eq!(seen["number"], "20261120-000001");
    assert_eq!(local(seen["due_ms"].as_i64().unwrap()), "2026-11-21T16:50");
    assert_eq!(seen["attachments"].as_array().unwrap().len(), 2);
    assert_eq!(list(&mut desk, "fire.clerk", "/cases?open=true").len(), 1);
    let path = format!("/cases/{}", case.id);
    for other in [
        "sanitation.head",
        "population.clerk",
        "economics.head",
        "business.head",
    ] {
        assert!(list(&mut desk, other, "/cases").is_empty(), "{other}");
        assert_eq!(desk.get(other, &path).status, 404, "{other}");
    }
    for other in ["far.clerk", "far.supervisor"] {
        assert!(list(&mut desk, other, "/cases").is_empty(), "{other}");
        assert_eq!(desk.get(other, &path).status, 404, "{other}");
    }
    // Who reported it is for the centre and supervisors.
    for (who, shown) in [
        ("fire.head", "inspector"),
        ("centre.clerk", "w1"),
        ("supervisor", "w1"),
    ] {
        let answer = desk.get(who, &path);
        assert_eq!(answer.body["reporters"][0]["inspector"], shown, "{who}");
        let text = answer.body.to_string();
        assert_eq!(text.contains("\"w1\""), shown == "w1", "{who}");
    }
    desk.at("2026-11-21T16:50");
    assert!(list(&mut desk, "fire.clerk", "/cases?overdue=true").is_empty());
    desk.at("2026-11-21T16:51");
    assert_eq!(
        list(&mut desk, "fire.clerk", "/cases?overdue=true").len(),
        1
    );
    desk.close();
}

#[test]
fn a_restaurant_becomes_a_foot_bath() {
    let mut desk = Desk::open("day6", "2026-11-19T11:00");
    desk.item(NewItem {
        rule: "business-type-changes",
        record: [6; 16],
        kind: "shop",
        office: "economics-section",
        form: "case",
        month: None,
        by: 2,
    });
    let today = list(
        &mut desk,
        "economics.clerk",
        "/cases?type=business&state=pending",
    );
    assert_eq!(today.len(), 1);
    assert_eq!(today[0]["shop"], "06".repeat(16));
    assert_eq!(today[0]["source"], "patrol");
    let items = list(&mut desk, "economics.clerk", "/items");
    assert_eq!(items[0]["state"], "filed");
    assert_eq!(items[0]["case"], today[0]["id"]);
    let mut case = Case {
        id: today[0]["id"].as_str().unwrap().to_owned(),
        version: 1,
    };
    good(
        &mut desk,
        "economics.clerk",
        &mut case,
        &json!({ "step": "accept" }),
    );
    good(
        &mut desk,
        "economics.clerk",
        &mut case,
        &json!({ "step": "assign" }),
    );
    assert_eq!(seen(&mut desk, &case)["office"], "business-office");
    let bare = |step: &str| json!({ "step": step });
    bad(&mut desk, "business.clerk", &mut case, &bare("adjust"), 409);
    good(&mut desk, "business.clerk", &mut case, &bare("guide"));
    good(&mut desk, "business.clerk", &mut case, &bare("adjust"));
    bad(&mut desk, "business.clerk", &mut case, &bare("settle"), 422);
    let settle = json!({ "step": "settle", "reason": "转为足浴,证照齐全" });
    good(&mut desk, "business.clerk", &mut case, &settle);
    good(&mut desk, "economics.head", &mut case, &bare("close"));
    let closed = seen(&mut desk, &case);
    assert_eq!(closed["state"], "closed");
    let steps: Vec<&str> = closed["ledger"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["step"].as_str().unwrap())
        .collect();
    let want = [
        "open", "accept", "assign", "guide", "adjust", "settle", "close",
    ];
    assert_eq!(steps, want);
    assert_eq!(
        desk.get("economics.clerk", "/cases?open=true").body["total"],
        0
    );
    desk.close();
}

#[test]
fn a_clerk_works_through_twelve_rows() {
    let mut desk = Desk::open("day3", "2026-11-18T09:00");
    let ids: Vec<i64> = (1..=12).map(|n| desk.item(resident(n, 1))).collect();
    let first = desk.get(
        "population.clerk",
        "/items?state=open&kind=resident&limit=5",
    );
    assert_eq!(first.body["total"], 12);
    let mut all = rows(&first.body).len();
    let mut next = first.body["next"].as_str().map(str::to_owned);
    while let Some(after) = next {
        let path = format!("/items?state=open&kind=resident&limit=5&after={after}");
        let page = desk.get("population.clerk", &path);
        all += rows(&page.body).len();
        next = page.body["next"].as_str().map(str::to_owned);
    }
    assert_eq!(all, 12);
    let mark = |desk: &mut Desk, id: i64, version: u64, mark: &str, reason: &str| {
        let body = json!({ "mark": mark, "reason": reason });
        desk.change(
            "population.clerk",
            &format!("/items/{id}/marks"),
            version,
            &body,
        )
        .status
    };
    for id in &ids[..10] {
        assert_eq!(mark(&mut desk, *id, 1, "entered", "开始录入"), 200);
    }
    assert_eq!(mark(&mut desk, ids[10], 1, "existing", "开始录入"), 200);
    assert_eq!(mark(&mut desk, ids[11], 1, "back", ""), 422);
    assert_eq!(mark(&mut desk, ids[11], 1, "back", "证件号码缺一位"), 200);
    // Twelve lines in the trail and in the journal, one task for whoever collected it.
    assert_eq!(desk.count("SELECT count(*) FROM item_mark"), 12);
    let sql = "SELECT count(*) FROM outgoing WHERE instr(payload, CAST('item.mark' AS BLOB)) > 0";
    assert_eq!(desk.count(sql), 12);
    let sql = "SELECT count(*) FROM task_request WHERE type = 'recollect'
               AND device = x'010101010101' AND record = x'0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c'";
    assert_eq!(desk.count(sql), 1);
    // Settled rows stay settled; a stale version changes nothing; other words are for others.
    assert_eq!(mark(&mut desk, ids[0], 2, "existing", ""), 409);
    assert_eq!(mark(&mut desk, ids[11], 1, "entered", ""), 412);
    assert_eq!(mark(&mut desk, ids[11], 2, "done", ""), 422);
    assert_eq!(mark(&mut desk, ids[11], 2, "void", "误报"), 403);
    // The correction comes as a change of the same record, and both rows are settled.
    let mut corrected = resident(12, 1);
    corrected.rule = "resident-changes";
    let item = desk.item(corrected);
    assert_eq!(mark(&mut desk, item, 1, "entered", ""), 200);
    assert_eq!(mark(&mut desk, ids[11], 2, "entered", ""), 200);
    assert!(list(&mut desk, "population.clerk", "/items?state=open").is_empty());
    assert!(list(&mut desk, "population.clerk", "/items?state=back").is_empty());
    let path = format!("/items/{}", ids[0]);
    assert_eq!(desk.get("centre.head", &path).status, 404);
    assert_eq!(desk.get("supervisor", &path).status, 403);
    desk.close();
}

#[test]
fn the_roster_of_october_and_its_supplement() {
    let mut desk = Desk::open("day7", "2026-10-31T18:00");
    let worker = |n: u8| NewItem {
        rule: "worker-roster",
        record: [n; 16],
        kind: "worker",
        office: "population-office",
        form: "item",
        month: Some("2026-10"),
        by: 1,
    };
    for n in 1..=116 {
        desk.item(worker(n));
    }
    let path = "/rosters/2026-10/filings";
    assert_eq!(desk.post("population.clerk", path, &json!({})).status, 409);
    desk.at("2026-11-01T09:00");
    assert_eq!(desk.post("fire.clerk", path, &json!({})).status, 409);
    let filed = desk.post("population.clerk", path, &json!({ "reason": "月度备案" }));
    assert_eq!(
        (filed.status, &filed.body["number"], &filed.body["rows"]),
        (201, &1.into(), &116.into())
    );
    let roster = |desk: &mut Desk, query: &str| {
        let path = format!("/rosters/2026-10?limit=200{query}");
        let answer = desk.get("population.head", &path);
        assert_eq!(answer.status, 200);
        answer.body
    };
    let first = roster(&mut desk, "&number=1");
    assert_eq!(rows(&first).len(), 116);
    assert_eq!(desk.post("population.clerk", path, &json!({})).status, 409);
    desk.at("2026-11-03T10:00");
    desk.item(worker(117));
    desk.item(worker(118));
    // What was filed is as it was; the two are a supplement.
    assert_eq!(rows(&roster(&mut desk, "&number=1")), rows(&first));
    let open = roster(&mut desk, "");
    assert_eq!(rows(&open).len(), 2);
    assert!(rows(&open).iter().all(|row| row["supplement"] == true));
    assert!(rows(&first).iter().all(|row| row["supplement"] == false));
    let filed = desk.post("population.clerk", path, &json!({}));
    assert_eq!(
        (&filed.body["number"], &filed.body["rows"]),
        (&2.into(), &2.into())
    );
    let second = roster(&mut desk, "&number=2");
    assert!(rows(&second).iter().all(|row| row["supplement"] == true));
    assert_eq!(second["filings"].as_array().unwrap().len(), 2);
    assert_eq!(rows(&roster(&mut desk, "&number=1")), rows(&first));
    assert_eq!(
        desk.get("population.clerk", "/items?month=2026-10&state=open")
            .body["total"],
        0
    );
    assert_eq!(
        list(
            &mut desk,
            "population.clerk",
            &format!("/items?grid={GRID}")
        )
        .len(),
        50
    );
    desk.close();
}

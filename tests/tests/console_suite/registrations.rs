//! A registration list beside our records.

use schemas::{Scalar, checks::uscc};
use serde_json::{Value, json};
use sync_core::RecordId;

use super::checks::rebuilds;
use crate::console::{Answer, Desk, GRID, NEXT_GRID, STREET, shop, text, with};
use gridbook_tests::world::Phone;

/// A credit code that checks.
fn code(number: u32) -> String {
    let body = format!("91310112MA1G{number:05}");
    format!("{body}{}", uscc::check_character(&body).unwrap())
}

fn operator(phone: &mut Phone, shop: RecordId, name: &str, code: &str) {
    let edits = [
        text("type", "company"),
        crate::console::set("roles#operator", Scalar::Bool(true)),
        text("name", name),
        text("uscc", code),
        text("phone", "13812341234"),
    ];
    with(phone, "party", shop, &edits);
}

fn import(desk: &mut Desk, who: &str, file: &str) -> Answer {
    let session = desk.session(who);
    let headers = [
        ("Cookie", session.cookie.as_str()),
        ("X-CSRF-Token", session.csrf.as_str()),
        ("Content-Type", "text/csv"),
    ];
    let path = format!("/registrations?name=2026-09&area={STREET}");
    desk.raw("POST", &path, &headers, file.as_bytes())
}

fn rows(desk: &mut Desk, who: &str, list: i64, filter: &str) -> Vec<Value> {
    let page = desk.json(who, &format!("/registrations/{list}/rows{filter}"));
    page["rows"].as_array().unwrap().clone()
}

fn post(desk: &mut Desk, at: (i64, &Value), what: &str, version: u64, body: &Value) -> Answer {
    let path = format!("/registrations/{}/rows/{}/{what}", at.0, at.1["row"]);
    desk.call("economics", "POST", &path, Some(version), Some(body))
}

fn given(desk: &Desk) -> i64 {
    let sql = "SELECT count(*) FROM task_request WHERE state <> 'open'";
    let count = desk
        .central
        .read(move |conn| Ok(conn.query_row(sql, [], |row| row.get(0))?));
    count.unwrap()
}

#[test]
#[expect(clippy::too_many_lines, reason = "one list from its file to its end")]
fn a_list_tells_what_agrees_what_differs_and_what_only_one_side_has() {
    let mut desk = Desk::open("registrations");
    let mut wang = desk.phone(1, "王", &[GRID]);
    let mut li = desk.phone(2, "李", &[NEXT_GRID]);
    let doors = ["七莘路 1 号", "七莘路 2 号", "七莘路 3 号"];
    let signs = ["张记小馆", "老王五金", "旧友书店"];
    let names = ["张记餐饮有限公司", "王氏五金有限公司", "旧友书店有限公司"];
    for (at, number) in (1..=3).enumerate() {
        let made = shop(&mut wang, GRID, signs[at], doors[at], &[]);
        operator(&mut wang, made, names[at], &code(number));
    }
    desk.sync(&mut wang);
    desk.sync(&mut li);
    let file = format!(
        "统一社会信用代码,名称,住所,行业代码\n\
         {},张记餐饮有限公司,七莘路 1 号,62\n\
         {},新王五金有限公司,七莘路 2 号,5274\n\
         {},从未见过有限公司,七莘路 9 号,\n\
         {},张记餐饮有限公司,,\n\
         91310112MA1G00001X,错码有限公司,,\n",
        code(1),
        code(2).to_lowercase(),
        code(9),
        code(1)
    );
    assert_eq!(import(&mut desk, "centre", &file).checked(), 403);
    assert_eq!(import(&mut desk, "far.sup", &file).checked(), 422);
    assert_eq!(import(&mut desk, "economics", "a,b\n1,2\n").checked(), 422);
    let made = import(&mut desk, "economics", &file);
    assert_eq!(made.checked(), 201, "{}", made.json());
    let told = json!([{ "row": 5, "why": "twice" }, { "row": 6, "why": "code" }]);
    assert_eq!(made.json()["rejected"], told);
    let list = &made.json()["list"];
    let counts: Vec<&Value> = ["equal", "differs", "unknown", "missing", "open"]
        .iter()
        .map(|name| &list[*name])
        .collect();
    assert_eq!(json!(counts), json!([1, 1, 1, 1, 3]));
    let list = list["id"].as_i64().unwrap();
    let all = rows(&mut desk, "sup", list, "");
    let seen: Vec<Value> = all
        .iter()
        .map(|row| {
            let sign = row["shop"]["sign_name"].clone();
            json!([
                row["status"],
                row["entry"]["name"],
                sign,
                row["our_name"],
                row["differs"]
            ])
        })
        .collect();
    let wanted = json!([
        [
            "equal",
            "张记餐饮有限公司",
            "张记小馆",
            "张记餐饮有限公司",
            []
        ],
        [
            "differs",
            "新王五金有限公司",
            "老王五金",
            "王氏五金有限公司",
            ["name", "business_type"]
        ],
        ["unknown", "从未见过有限公司", null, null, []],
        ["missing", null, "旧友书店", "旧友书店有限公司", []]
    ]);
    assert_eq!(json!(seen), wanted);
    for (query, wanted) in [
        ("?task=none&mark=open", 4),
        ("?task=given", 0),
        ("?grid=310112901001001", 3),
        ("?grid=310112901001002", 0),
    ] {
        assert_eq!(rows(&mut desk, "sup", list, query).len(), wanted, "{query}");
    }
    let turned = rows(&mut desk, "sup", list, "?sort=-row");
    assert_eq!(turned[0]["status"], "missing");
    let file = format!("/exports/registration-rows.csv?list={list}&status=unknown");
    let file = desk.get("economics", &file);
    assert_eq!(file.checked(), 200, "{}", file.json());
    let file = String::from_utf8(file.bytes).unwrap();
    assert!(file.contains("从未见过有限公司") && !file.contains("旧友书店"));
    // An office that may not read parties sees the list's names and not ours.
    let theirs = rows(&mut desk, "economics", list, "?status=differs");
    assert_eq!(theirs.len(), 1);
    assert_eq!(theirs[0]["our_name"], Value::Null);
    assert_eq!(
        desk.get("centre", &format!("/registrations/{list}"))
            .checked(),
        403
    );
    assert_eq!(
        desk.get("far.sup", &format!("/registrations/{list}"))
            .checked(),
        404
    );

    // The worklist: a mark, a task for the shop's inspector, one where the address leads.
    let ask = json!({ "reason": "核对名称与业态" });
    assert_eq!(
        post(&mut desk, (list, &all[0]), "task", 1, &ask).checked(),
        409
    );
    assert_eq!(
        post(&mut desk, (list, &all[1]), "task", 9, &ask).checked(),
        412
    );
    assert_eq!(
        post(&mut desk, (list, &all[1]), "task", 1, &ask).checked(),
        200
    );
    assert_eq!(
        post(&mut desk, (list, &all[1]), "task", 2, &ask).checked(),
        409,
        "under way"
    );
    assert_eq!(
        post(&mut desk, (list, &all[2]), "task", 1, &ask).checked(),
        422,
        "where?"
    );
    let there = json!({ "reason": "七莘路 9 号有新登记", "grid": NEXT_GRID });
    assert_eq!(
        post(&mut desk, (list, &all[2]), "task", 1, &there).checked(),
        200
    );
    let moved = json!({ "mark": "done", "reason": "已注销" });
    assert_eq!(
        post(&mut desk, (list, &all[3]), "marks", 1, &moved).checked(),
        200
    );
    for _ in 0..1_000 {
        if given(&desk) == 2 {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    desk.sync(&mut wang);
    desk.sync(&mut li);
    let task = wang.book.tasks().unwrap().remove(0);
    assert_eq!(
        (task.task_type.as_str(), task.door.as_str()),
        ("recollect", doors[1])
    );
    assert_eq!(
        li.book.tasks().unwrap().remove(0).question,
        "七莘路 9 号有新登记"
    );
    wang.book.edit(&task.id, &[text("state", "done")]).unwrap();
    desk.sync(&mut wang);
    let open = rows(&mut desk, "economics", list, "?mark=open");
    let tasks: Vec<&Value> = open.iter().map(|row| &row["task"]).collect();
    assert_eq!(json!(tasks), json!([null, "done", "given"]));

    // What it said is gone for good once it is erased; how it compared stays.
    let why = json!({ "reason": "核对完毕" });
    let path = format!("/registrations/{list}/erasure");
    assert_eq!(desk.post("economics", &path, &why).checked(), 403);
    assert_eq!(desk.post("sup", &path, &why).checked(), 204);
    assert_eq!(desk.post("sup", &path, &why).checked(), 410);
    let left = rows(&mut desk, "sup", list, "?status=unknown");
    assert_eq!(left[0]["entry"], Value::Null);
    rebuilds(&desk);
}

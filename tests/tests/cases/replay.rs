//! What people did, done again from the journal, gives the same cases.

use std::sync::Arc;

use gridbook_server::{App, cases, clock::ManualClock, config::Config};
use rusqlite::{Connection, types::Value};
use serde_json::json;
use sync_core::bundle::JournalPayload;

use super::{
    desk::{Desk, NewItem, finding, make_item, resident},
    flow::{Case, body, good, intake},
};

const TABLES: &[&str] = &[
    "item",
    "item_ref",
    "item_mark",
    "roster",
    "case_file",
    "case_counter",
    "case_reporter",
    "case_milestone",
    "case_pause",
    "case_ledger",
    "case_attachment",
    "task_request",
];

fn dump(conn: &Connection) -> gridbook_server::Result<Vec<String>> {
    let mut lines = Vec::new();
    for table in TABLES {
        let mut select = conn.prepare(&format!("SELECT * FROM {table} ORDER BY 1, 2"))?;
        let columns = select.column_count();
        let rows = select.query_map([], |row| {
            let values: Result<Vec<Value>, _> = (0..columns).map(|at| row.get(at)).collect();
            Ok(format!("{table} {:?}", values?))
        })?;
        for row in rows {
            lines.push(row?);
        }
    }
    lines.sort();
    Ok(lines)
}

type Act = (i64, JournalPayload);

fn acts(desk: &Desk) -> Vec<Act> {
    desk.read(|conn| {
        let mut select = conn.prepare("SELECT time_ms, payload FROM outgoing ORDER BY id")?;
        let rows = select.query_map([], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?))
        })?;
        let mut acts = Vec::new();
        for row in rows {
            let (time_ms, payload) = row?;
            acts.push((time_ms, minicbor::decode(&payload).unwrap()));
        }
        Ok(acts)
    })
}

/// A week of work that touches everything.
fn work(desk: &mut Desk) {
    let first = desk.item(finding(1, 1));
    let second = desk.item(finding(2, 2));
    let change = NewItem {
        rule: "business-type-changes",
        record: [9; 16],
        kind: "shop",
        office: "economics-section",
        form: "case",
        month: None,
        by: 1,
    };
    desk.item(change);
    let mut filed = Vec::new();
    for item in [first, second] {
        let path = format!("/items/{item}/case");
        let answer = desk.change(
            "centre.clerk",
            &path,
            1,
            &json!({ "class": "exposed-refuse" }),
        );
        let id = answer.body["case"].as_str().unwrap().to_owned();
        filed.push(Case { id, version: 2 });
    }
    let mut second = filed.pop().unwrap();
    let mut first = filed.pop().unwrap();
    let join = json!({ "step": "join", "reason": "同一问题", "into": first.id });
    good(desk, "centre.clerk", &mut second, &join);
    first.version += 1;
    settle(desk, first);
    let mut other = intake(desk, "finding", "fumes");
    good(
        desk,
        "centre.head",
        &mut other,
        &json!({ "step": "void", "reason": "不属实" }),
    );
    let person = desk.item(resident(4, 2));
    let path = format!("/items/{person}/marks");
    let back = json!({ "mark": "back", "reason": "补充证件" });
    assert_eq!(desk.change("population.clerk", &path, 1, &back).status, 200);
    let mut worker = resident(5, 2);
    worker.month = Some("2026-10");
    desk.item(worker);
    let filing = desk.post("population.head", "/rosters/2026-10/filings", &json!({}));
    assert_eq!(filing.status, 201);
}

/// A case from its assignment to its end, with every detour.
fn settle(desk: &mut Desk, mut first: Case) {
    desk.at("2026-11-16T11:00");
    good(
        desk,
        "centre.clerk",
        &mut first,
        &json!({ "step": "assign" }),
    );
    good(
        desk,
        "sanitation.head",
        &mut first,
        &json!({ "step": "return", "reason": "非本部门", "to_office": "urban-management" }),
    );
    good(
        desk,
        "city.clerk",
        &mut first,
        &json!({ "step": "handle", "handler": "city.clerk" }),
    );
    good(
        desk,
        "city.clerk",
        &mut first,
        &body("request_extension", ""),
    );
    good(
        desk,
        "centre.head",
        &mut first,
        &body("grant_extension", ""),
    );
    good(
        desk,
        "city.clerk",
        &mut first,
        &body("request_postponement", ""),
    );
    good(
        desk,
        "centre.head",
        &mut first,
        &body("grant_postponement", ""),
    );
    desk.at("2026-11-18T11:00");
    good(desk, "city.clerk", &mut first, &body("resume", ""));
    let photo = json!([{ "record": "01".repeat(16), "sha256": "cd".repeat(32) }]);
    good(
        desk,
        "city.clerk",
        &mut first,
        &json!({ "step": "report", "reason": "已清理", "attachments": photo }),
    );
    good(desk, "supervisor", &mut first, &body("verify_fail", ""));
    good(desk, "city.clerk", &mut first, &body("report", ""));
    good(desk, "supervisor", &mut first, &body("verify_pass", ""));
    good(
        desk,
        "centre.clerk",
        &mut first,
        &json!({ "step": "close" }),
    );
}

#[test]
fn a_rebuild_gives_the_same_cases() {
    let mut desk = Desk::open("rebuild", "2026-11-16T10:00");
    work(&mut desk);
    let acts = acts(&desk);
    let wanted = desk.read(dump);
    let made = desk.made.clone();
    desk.close();

    let dir = std::env::temp_dir().join(format!("gridbook-rebuilt-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&dir);
    let clock = Arc::new(ManualClock::new(0));
    let schemas = schemas::SchemaSet::builtin().unwrap();
    let app = App::open(Config::in_folder(&dir), schemas, clock.clone()).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let mut made = made.into_iter().zip(1..).peekable();
    let mut done = 0;
    for (time_ms, payload) in acts {
        while let Some(((made_ms, item), cause)) = made.next_if(|((at, _), _)| *at <= time_ms) {
            clock.set(made_ms);
            runtime
                .block_on(app.write(move |tx| make_item(tx, &item, cause)))
                .unwrap();
        }
        clock.set(time_ms);
        let JournalPayload::Act {
            by,
            act,
            object,
            reason,
        } = payload
        else {
            continue;
        };
        let ours =
            runtime.block_on(app.write(move |tx| cases::replay(tx, &act, &object, &by, &reason)));
        done += u32::from(ours.unwrap());
    }
    assert_eq!(done, 20);
    let rebuilt = runtime.block_on(app.read(dump)).unwrap();
    assert_eq!(rebuilt, wanted);
    app.close();
    let _ = std::fs::remove_dir_all(&dir);
}

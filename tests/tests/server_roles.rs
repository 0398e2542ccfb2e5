//! Who may call what: every route, by hand, against every role, at home and elsewhere. A route
//! that has no row here fails the test.
#![cfg(test)]

mod console;

use std::collections::BTreeSet;

use console::{Desk, GRID, resident, shop};
use gridbook_server::http::api::{
    access::{ROUTES, Who},
    document,
};
use schemas::access::Role;
use serde_json::{Value, json};

/// A route: method, path, who may (S supervisor, C clerk, H head, A administrator, U auditor, *
/// anyone), the status for those who may at home, and elsewhere.
type Row = (&'static str, &'static str, &'static str, u16, u16);

const TABLE: &[Row] = &[
    ("GET", "/openapi.json", "*", 200, 200),
    ("POST", "/session", "*", 422, 422),
    ("GET", "/session", "SCHAU", 200, 200),
    ("POST", "/session/password", "SCHAU", 422, 422),
    ("POST", "/session/factor", "SCHAU", 422, 422),
    ("PUT", "/session/factor", "SCHAU", 422, 422),
    ("GET", "/accounts", "A", 200, 200),
    ("POST", "/accounts", "A", 422, 422),
    ("GET", "/accounts/{id}", "A", 200, 404),
    ("PUT", "/accounts/{id}", "A", 412, 422),
    ("POST", "/accounts/{id}/recovery", "A", 204, 404),
    ("GET", "/audit", "U", 200, 200),
    ("GET", "/records", "SCH", 200, 200),
    ("GET", "/records/{id}", "SCH", 200, 404),
    ("GET", "/records/{id}/dossier", "SCH", 200, 404),
    ("GET", "/records/{id}/history", "SCH", 200, 404),
    ("GET", "/records/{id}/files/{sha256}", "SCH", 404, 404),
    ("POST", "/records/{id}/reveal", "SCH", 422, 404),
    ("POST", "/records/{id}/edits", "SCH", 412, 404),
    ("POST", "/records/{id}/move", "S", 412, 422),
    ("POST", "/records/moves", "S", 200, 200),
    ("POST", "/records/{id}/merge", "S", 412, 404),
    ("POST", "/records/{id}/unmerge", "S", 412, 404),
    ("GET", "/duplicates", "S", 200, 200),
    ("POST", "/duplicates/dismissals", "S", 422, 422),
    // For each the list that everybody of the role may read; see also server_lists.
    ("GET", "/exports/{file}", "SCHAU", 404, 404),
    ("GET", "/conflicts", "S", 200, 200),
    ("POST", "/conflicts/decisions", "S", 200, 200),
    ("GET", "/conflicts/{record}/{key}", "S", 200, 404),
    ("POST", "/conflicts/{record}/{key}/decision", "S", 412, 404),
    ("POST", "/conflicts/{record}/{key}/confirm", "S", 412, 404),
    ("POST", "/conflicts/{record}/{key}/reopen", "S", 412, 404),
    ("GET", "/held", "S", 200, 200),
    ("GET", "/refused", "S", 200, 200),
    ("POST", "/held/{id}/release", "S", 412, 404),
    ("POST", "/held/{id}/refuse", "S", 412, 404),
    ("POST", "/held/{id}/takeover", "S", 412, 404),
    ("GET", "/items", "CH", 200, 200),
    ("GET", "/items/{id}", "CH", 200, 404),
    ("POST", "/items/{id}/marks", "CH", 412, 404),
    ("POST", "/items/{id}/case", "CH", 412, 404),
    ("GET", "/rosters/{month}", "CH", 200, 200),
    ("POST", "/rosters/{month}/filings", "CH", 409, 409),
    ("GET", "/cases", "SCH", 200, 200),
    ("POST", "/cases", "CH", 422, 422),
    ("GET", "/cases/{id}", "SCH", 404, 404),
    ("POST", "/cases/{id}/steps", "SCH", 404, 404),
    ("POST", "/cases/{id}/files", "CH", 404, 404),
    ("GET", "/cases/{id}/files/{sha256}", "SCH", 404, 404),
    ("POST", "/cases/{id}/offices", "CH", 404, 404),
    ("POST", "/cases/{id}/opinions", "CH", 404, 404),
    ("POST", "/cases/{id}/licences", "CH", 404, 404),
    ("GET", "/checks", "SCHU", 200, 200),
    ("POST", "/checks", "S", 422, 422),
    ("GET", "/checks/{id}", "SCHU", 404, 404),
    ("GET", "/checks/{id}/list", "SCHU", 404, 404),
    ("PUT", "/checks/{id}/list", "S", 404, 404),
    ("POST", "/checks/{id}/draw", "S", 404, 404),
    ("POST", "/checks/{id}/lock", "S", 404, 404),
    ("GET", "/checks/{id}/figures", "SCH", 404, 404),
    ("GET", "/checks/{id}/doors", "SCH", 404, 404),
    ("GET", "/checks/{id}/doors/{door}", "SCH", 404, 404),
    ("PUT", "/checks/{id}/doors/{door}/checker", "S", 404, 404),
    ("POST", "/checks/{id}/doors/{door}/judgement", "S", 404, 404),
    ("POST", "/checks/{id}/doors/{door}/appeal", "S", 404, 404),
    ("POST", "/checks/{id}/doors/{door}/decision", "S", 404, 404),
    ("GET", "/registrations", "SCH", 200, 200),
    ("POST", "/registrations", "SCH", 400, 400),
    ("GET", "/registrations/{id}", "SCH", 404, 404),
    ("GET", "/registrations/{id}/rows", "SCH", 404, 404),
    (
        "POST",
        "/registrations/{id}/rows/{row}/marks",
        "SCH",
        404,
        404,
    ),
    (
        "POST",
        "/registrations/{id}/rows/{row}/task",
        "SCH",
        404,
        404,
    ),
    ("POST", "/registrations/{id}/erasure", "S", 404, 404),
    ("GET", "/inspectors", "SA", 200, 200),
    ("POST", "/inspectors", "SA", 422, 422),
    ("GET", "/inspectors/{id}", "SA", 200, 404),
    ("PUT", "/inspectors/{id}", "SA", 412, 404),
    ("POST", "/inspectors/{id}/tickets", "SA", 201, 404),
    ("PUT", "/inspectors/{id}/grids/{grid}", "SA", 412, 422),
    ("DELETE", "/inspectors/{id}/grids/{grid}", "SA", 412, 404),
    ("GET", "/devices", "SA", 200, 200),
    ("GET", "/devices/{id}", "SA", 200, 404),
    ("POST", "/devices/{id}/confirm", "SA", 409, 404),
    ("POST", "/devices/{id}/revoke", "SA", 422, 422),
    ("POST", "/devices/{id}/recovery", "SA", 422, 422),
    ("GET", "/devices/{id}/revert", "S", 200, 404),
    ("POST", "/devices/{id}/revert", "S", 200, 404),
    ("GET", "/grids", "SCHAU", 200, 200),
    ("PUT", "/grids/{grid}/outline", "SA", 204, 404),
    ("POST", "/grids/{grid}/handover", "SA", 412, 404),
    ("GET", "/areas", "SCHAU", 200, 200),
    ("GET", "/offices", "SCHAU", 200, 200),
    ("GET", "/offices/{office}/handlers", "SCH", 200, 200),
    ("GET", "/schemas", "SCHAU", 200, 200),
    ("GET", "/schemas/versions", "SA", 200, 200),
    ("POST", "/schemas/versions", "A", 422, 403),
    ("POST", "/schemas/checks", "A", 200, 200),
    ("GET", "/schemas/versions/{version}", "SA", 404, 404),
    ("PUT", "/schemas/versions/{version}/trial", "A", 404, 403),
    (
        "POST",
        "/schemas/versions/{version}/publication",
        "A",
        404,
        403,
    ),
    (
        "POST",
        "/schemas/versions/{version}/withdrawal",
        "A",
        404,
        403,
    ),
    ("GET", "/overview", "SCHAU", 200, 200),
    ("GET", "/figures", "SCH", 200, 200),
    ("GET", "/ledgers/{kind}", "SCH", 200, 200),
    ("GET", "/live", "SCHAU", 200, 200),
    // The last one: it ends sessions.
    ("DELETE", "/session", "SCHAU", 204, 204),
];

/// Everyone who calls: letter, login, whether the things are in their area.
const CALLERS: &[(char, &str, bool)] = &[
    ('S', "sup", true),
    ('C', "clerk", true),
    ('H', "head", true),
    ('A', "admin", true),
    ('U', "auditor", true),
    ('S', "far.sup", false),
    ('C', "far.clerk", false),
    ('H', "far.head", false),
    ('A', "far.admin", false),
    ('U', "far.auditor", false),
];

/// What the routes are about.
struct Things {
    shop: String,
    device: String,
    item: i64,
    held: i64,
    inspector: i64,
    spare: i64,
}

impl Things {
    fn path(&self, template: &str) -> String {
        let id = if template.starts_with("/accounts") {
            self.spare.to_string()
        } else if template.starts_with("/records") {
            self.shop.clone()
        } else if template.starts_with("/devices") {
            self.device.clone()
        } else if template.starts_with("/inspectors") {
            self.inspector.to_string()
        } else if template.starts_with("/held") {
            self.held.to_string()
        } else if template.starts_with("/items") {
            self.item.to_string()
        } else {
            "987654".to_owned()
        };
        template
            .replace("{record}", &self.shop)
            .replace("{key}", "sign_name")
            .replace("{grid}", GRID)
            .replace("{sha256}", &"0a".repeat(32))
            .replace("{month}", "2026-09")
            .replace("{kind}", "steps")
            .replace("{door}", "7")
            .replace("{row}", "7")
            .replace("{version}", "77")
            .replace("{file}", "nothing.csv")
            .replace("{office}", "population-office")
            .replace("{id}", &id)
    }

    fn body(&self, method: &str, template: &str) -> Option<Value> {
        let why = "走访核对";
        let body = match (method, template) {
            ("GET" | "DELETE", _) => return None,
            (_, "/session/password") => json!({ "old": "x", "new": "short" }),
            ("PUT", "/session/factor") => json!({ "code": "000000" }),
            (_, "/accounts/{id}") => json!({ "name": "备用", "role": "auditor", "office": null,
                "areas": ["310112901"], "active": true }),
            (_, "/accounts/{id}/recovery") => {
                json!({ "password": "another long one", "reason": why })
            }
            (_, "/records/{id}/reveal") => json!({ "key": "sign_name", "reason": why }),
            (_, "/records/{id}/edits") => {
                json!({ "edits": [{ "op": "clear", "key": "gas" }], "reason": why })
            }
            (_, "/records/{id}/move") => {
                json!({ "grid": console::NEXT_GRID, "reason": why })
            }
            (_, "/records/moves") => json!({
                "records": [{ "record": self.shop, "version": 987_654 }],
                "grid": console::NEXT_GRID,
                "reason": why
            }),
            (_, "/grids/{grid}/outline") => json!({
                "type": "Polygon",
                "coordinates": [[[121.3, 31.1], [121.4, 31.1], [121.4, 31.2], [121.3, 31.1]]]
            }),
            (_, "/grids/{grid}/handover") => json!({ "from": self.inspector, "to": 987_654,
                "to_version": 1, "until_ms": null, "reason": why }),
            (_, "/cases/{id}/offices") => json!({ "offices": ["housing"], "reason": why }),
            (_, "/cases/{id}/licences") => json!({ "licence": "food", "state": "helping" }),
            (_, "/records/{id}/merge") => json!({ "into": self.shop, "reason": why }),
            (_, "/conflicts/decisions") => json!({ "decisions": [
                { "record": self.shop, "key": "gas", "version": 1, "change": "00" }
            ], "reason": why }),
            (_, "/conflicts/{record}/{key}/decision") => json!({ "value": "甲", "reason": why }),
            (
                _,
                "/records/{id}/unmerge"
                | "/checks/{id}/doors/{door}/appeal"
                | "/registrations/{id}/rows/{row}/task"
                | "/registrations/{id}/erasure"
                | "/cases/{id}/opinions"
                | "/schemas/versions/{version}/publication"
                | "/schemas/versions/{version}/withdrawal"
                | "/conflicts/{record}/{key}/confirm"
                | "/conflicts/{record}/{key}/reopen"
                | "/held/{id}/release"
                | "/held/{id}/refuse"
                | "/held/{id}/takeover",
            ) => json!({ "reason": why }),
            (_, "/items/{id}/marks") => json!({ "mark": "entered", "reason": why }),
            (_, "/items/{id}/case") => json!({ "class": "blocked-exit", "reason": why }),
            (_, "/cases/{id}/steps") => json!({ "step": "accept", "reason": why }),
            ("PUT", "/inspectors/{id}") => json!({ "name": "王", "active": true }),
            (_, "/inspectors/{id}/tickets") => json!({ "how": "qr" }),
            (_, "/inspectors/{id}/grids/{grid}") => json!({ "until_ms": null }),
            (_, "/registrations/{id}/rows/{row}/marks") => {
                json!({ "mark": "done", "reason": why })
            }
            (_, "/schemas/checks") => json!({ "files": [] }),
            (_, "/schemas/versions") => json!({ "files": [], "reason": why }),
            (_, "/schemas/versions/{version}/trial") => json!({ "devices": [self.device] }),
            (_, "/checks/{id}/doors/{door}/checker") => json!({ "checker": "i-1" }),
            (_, "/checks/{id}/doors/{door}/judgement" | "/checks/{id}/doors/{door}/decision") => {
                json!({ "judgement": "consistent", "reason": why })
            }
            (_, "/devices/{id}/confirm") => json!({ "words": [] }),
            (_, "/devices/{id}/revert") => json!({ "since_ms": console::NOW, "reason": why }),
            _ => json!({}),
        };
        Some(body)
    }
}

fn things(desk: &mut Desk) -> Things {
    let mut wang = desk.phone(1, "王", &[GRID]);
    let mut li = desk.phone(2, "李", &[GRID]);
    let found = shop(&mut wang, GRID, "张记小馆", "七莘路 100 号", &[]);
    resident(&mut wang, found, "李小明", "310112199001011233");
    desk.sync(&mut wang);
    desk.sync(&mut li);
    let name = |name| [console::text("sign_name", name)];
    wang.book.edit(&found, &name("甲")).unwrap();
    li.book.edit(&found, &name("乙")).unwrap();
    desk.sync(&mut wang);
    desk.sync(&mut li);
    let device = wang.book.identity().unwrap().certificate.device;
    let one = |sql: &'static str| {
        let found = desk
            .central
            .read(move |conn| Ok(conn.query_row(sql, [], |row| row.get::<_, i64>(0))?));
        found.unwrap()
    };
    let item = one("SELECT id FROM item WHERE office = 'population-office'");
    let inspector = one("SELECT id FROM inspector WHERE name = '王'");
    let spare = one("SELECT id FROM account WHERE login = 'spare'");
    let held = desk.central.write(move |tx| {
        tx.conn().execute(
            "INSERT INTO held (device, number, record, n, actor, schema, accepted, chunks, sealed,
                               state, reason, released, since_ms)
             SELECT ?1, 99, id, n, x'0000000000000000', 1, 0, x'80', 0, 'held', 3, 0, 0
             FROM record WHERE kind = 'shop'",
            [device.0],
        )?;
        Ok(tx.conn().last_insert_rowid())
    });
    Things {
        shop: found.to_string(),
        device: device.to_string(),
        item,
        held: held.unwrap(),
        inspector,
        spare,
    }
}

fn letter(role: Role) -> char {
    match role {
        Role::Inspector => 'I',
        Role::Supervisor => 'S',
        Role::OfficeClerk => 'C',
        Role::OfficeHead => 'H',
        Role::Administrator => 'A',
        Role::Auditor => 'U',
    }
}

#[test]
fn every_route_has_a_row_here_one_in_the_server_and_a_place_in_the_document() {
    let by_hand: BTreeSet<(String, String, BTreeSet<char>)> = TABLE
        .iter()
        .map(|row| (row.0.to_owned(), row.1.to_owned(), row.2.chars().collect()))
        .collect();
    let enforced = ROUTES.iter().map(|route| {
        let who = match route.who {
            Who::Anyone => BTreeSet::from(['*']),
            Who::Roles(roles) => roles.iter().copied().map(letter).collect(),
        };
        (route.method.to_string(), route.path.to_owned(), who)
    });
    assert_eq!(by_hand, enforced.collect());

    let document = serde_json::to_value(document()).unwrap();
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../server/console/openapi.json"
    );
    if std::env::var_os("GRIDBOOK_BLESS").is_some_and(|value| value == "1") {
        let text = serde_json::to_string_pretty(&document).unwrap();
        std::fs::write(path, text + "\n").unwrap();
    }
    let kept: serde_json::Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    assert!(
        kept == document,
        "server/console/openapi.json is not what the server serves: run this test with GRIDBOOK_BLESS=1"
    );
    assert_eq!(document["servers"][0]["url"], "/api/v1");
    let (mut documented, mut names) = (BTreeSet::new(), BTreeSet::new());
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            documented.insert((method.to_uppercase(), path.clone()));
            let name = operation["operationId"].to_string();
            assert!(names.insert(name.clone()), "{name} twice");
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                let in_path =
                    path.contains(&format!("{{{}}}", parameter["name"].as_str().unwrap()));
                assert_eq!(parameter["in"] == "path", in_path, "{path} {parameter}");
            }
            for (status, answer) in operation["responses"].as_object().unwrap() {
                let words = &answer["description"];
                assert!(words.is_string(), "{path} {method} {status}: {answer}");
                let is_problem = answer["content"]["application/problem+json"].is_object();
                assert_eq!(
                    is_problem,
                    status >= &"400".to_owned(),
                    "{path} {status} {words}"
                );
            }
        }
    }
    let text = document.to_string();
    for (at, _) in text.match_indices("\"#/components/schemas/") {
        let name = text[at..].split(['/', '"']).nth(4).unwrap();
        let known = &document["components"]["schemas"][name];
        assert!(known.is_object(), "{name} is meant and not told");
    }
    // What is refused for an old version says that it wants one.
    for (method, path, _, here, _) in TABLE {
        let operation = &document["paths"][path][method.to_lowercase()];
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let versioned = parameters.filter(|one| one["name"] == "If-Match").count() == 1;
        assert!(
            versioned || *here != 412,
            "{method} {path} without If-Match"
        );
        let problem = &operation["responses"]["412"]["content"]["application/problem+json"];
        assert_eq!(problem.is_object(), versioned, "{method} {path}");
    }
    let routes = by_hand.into_iter().map(|(method, path, _)| (method, path));
    assert_eq!(documented, routes.collect());
}

#[test]
fn each_role_may_what_its_row_says_at_home_and_elsewhere() {
    let mut desk = Desk::open("roles");
    let things = things(&mut desk);
    let mut wrong = Vec::new();
    for (method, template, letters, here, there) in TABLE {
        let path = things.path(template);
        let body = things.body(method, template);
        let json = [("Content-Type", "application/json")];
        let bytes = body.as_ref().map(ToString::to_string).unwrap_or_default();
        let stranger = desk.raw(method, &path, &json, bytes.as_bytes());
        let wanted = if *letters == "*" { *here } else { 401 };
        if stranger.checked() != wanted {
            wrong.push(format!("{method} {template} nobody: {}", stranger.status));
        }
        for (role, login, home) in CALLERS {
            // A version that nothing has: whoever gets so far is told so and changes nothing.
            let answer = desk.call(login, method, &path, Some(987_654), body.as_ref());
            let wanted = match (letters.contains([*role, '*']), home) {
                (false, _) => 403,
                (true, true) => *here,
                (true, false) => *there,
            };
            if answer.checked() != wanted {
                let said = answer.json();
                let status = answer.status;
                wrong.push(format!(
                    "{method} {template} {login}: {status}, not {wanted}: {said}"
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_change_goes_without_the_sessions_token_or_from_another_site() {
    let mut desk = Desk::open("forged");
    for (method, template, letters, ..) in TABLE {
        if *method == "GET" || *template == "/session" {
            continue;
        }
        let path = template.replace("{id}", "1");
        let caller = CALLERS.iter().find(|(role, ..)| letters.contains(*role));
        let session = desk.session(caller.unwrap().1);
        let cookie = ("Cookie", session.cookie.as_str());
        let token = ("X-CSRF-Token", session.csrf.as_str());
        let json = ("Content-Type", "application/json");
        for headers in [
            vec![cookie, json],
            vec![cookie, json, ("X-CSRF-Token", "")],
            vec![
                cookie,
                json,
                ("X-CSRF-Token", "AAAAAAAAAAAAAAAAAAAAAAAAAAA"),
            ],
            vec![cookie, json, token, ("Origin", "https://elsewhere.example")],
            vec![cookie, json, token, ("Origin", "null")],
            vec![cookie, json, token, ("Sec-Fetch-Site", "cross-site")],
            vec![cookie, json, token, ("Sec-Fetch-Site", "same-site")],
        ] {
            let answer = desk.raw(method, &path, &headers, b"{}");
            assert_eq!(answer.checked(), 403, "{method} {path} {headers:?}");
        }
    }
}

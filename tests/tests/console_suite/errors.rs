//! Whatever is wrong is answered as a problem, never with a 500.

use serde_json::json;

use crate::console::{Desk, GRID, shop};

/// Method, path, headers, body; the status and the problem to come.
type Case<'c> = (
    &'c str,
    &'c str,
    &'c [(&'c str, &'c str)],
    &'c [u8],
    u16,
    &'c str,
);

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn what_cannot_be_read_or_is_not_there_is_a_problem_that_says_so() {
    let mut desk = Desk::open("errors");
    let session = desk.session("sup");
    let base = [
        ("Cookie", session.cookie.as_str()),
        ("X-CSRF-Token", session.csrf.as_str()),
    ];
    let with = |more: &[(&'static str, &'static str)]| [&base[..], more].concat();
    let json = with(&[("Content-Type", "application/json")]);
    let text = with(&[("Content-Type", "text/plain")]);
    let id = "00".repeat(16);
    let edits = format!("/records/{id}/reveal");
    let large = vec![b' '; 300 * 1024];
    let cases: &[Case<'_>] = &[
        ("POST", &edits, &json, b"{", 400, "malformed"),
        ("POST", &edits, &json, b"", 400, "malformed"),
        ("POST", &edits, &json, b"\xFF\xFE", 400, "malformed"),
        ("POST", &edits, &json, b"[]", 422, "invalid"),
        (
            "POST",
            &edits,
            &json,
            br#"{"key":1,"reason":"x"}"#,
            422,
            "invalid",
        ),
        (
            "POST",
            &edits,
            &json,
            br#"{"key":"a","reason":"x","z":1}"#,
            422,
            "invalid",
        ),
        (
            "POST",
            &edits,
            &json,
            br#"{"key":"phone","reason":" "}"#,
            422,
            "invalid",
        ),
        (
            "POST",
            &edits,
            &json,
            br#"{"key":"phone","reason":"x"}"#,
            404,
            "not-found",
        ),
        ("POST", &edits, &json, &large, 413, "too-large"),
        ("POST", &edits, &text, b"{}", 415, "unsupported"),
        ("POST", &edits, &base, b"{}", 415, "unsupported"),
        ("GET", "/records?limit=0", &base, b"", 422, "invalid"),
        ("GET", "/records?limit=201", &base, b"", 422, "invalid"),
        ("GET", "/records?limit=many", &base, b"", 400, "malformed"),
        ("GET", "/records?what=else", &base, b"", 400, "malformed"),
        ("GET", "/records?after=zzz", &base, b"", 422, "invalid"),
        ("GET", "/records?after=ImEi", &base, b"", 422, "invalid"),
        ("GET", "/records?kind=ghost", &base, b"", 422, "invalid"),
        ("GET", "/records?grid=31011x", &base, b"", 422, "invalid"),
        (
            "GET",
            "/records?business_type=none",
            &base,
            b"",
            422,
            "invalid",
        ),
        (
            "GET",
            "/records?text=%20%E3%80%82",
            &base,
            b"",
            422,
            "invalid",
        ),
        ("GET", "/conflicts?state=new", &base, b"", 422, "invalid"),
        ("GET", "/records/xyz", &base, b"", 404, "not-found"),
        ("GET", "/records/%FF", &base, b"", 404, "not-found"),
        ("GET", "/inspectors/xyz", &base, b"", 404, "not-found"),
        ("GET", "/devices/00ff", &base, b"", 404, "not-found"),
        ("GET", "/nothing/here", &base, b"", 404, "not-found"),
        ("GET", "", &base, b"", 404, "not-found"),
        ("PATCH", "/records", &base, b"", 405, "wrong-method"),
        ("GET", "/records/x/edits", &base, b"", 405, "wrong-method"),
        ("DELETE", "/overview", &[], b"", 405, "wrong-method"),
    ];
    for (method, path, headers, body, status, name) in cases {
        let answer = desk.raw(method, path, headers, body);
        assert_eq!(
            answer.checked(),
            *status,
            "{method} {path}: {}",
            answer.json()
        );
        assert_eq!(answer.problem(), *name, "{method} {path}");
        if *status == 405 {
            assert!(
                answer
                    .header("allow")
                    .is_some_and(|allow| !allow.is_empty())
            );
        }
    }
    let allow = desk.raw("PATCH", "/inspectors/1", &base, b"");
    assert_eq!(allow.header("allow"), Some("GET,HEAD,PUT"));
    let head = desk.raw("HEAD", "/offices", &base, b"");
    assert_eq!(head.status, 200);
    let document = desk.raw("GET", "/openapi.json", &[], b"").json();
    assert_eq!(document["info"]["title"], "Gridbook console");
}

#[test]
fn a_change_needs_the_version_it_was_made_on() {
    let mut desk = Desk::open("versions");
    let mut wang = desk.phone(1, "王", &[GRID]);
    let found = shop(&mut wang, GRID, "张记小馆", "七莘路 100 号", &[]);
    desk.sync(&mut wang);
    let path = format!("/records/{found}");
    let edits = format!("{path}/edits");
    let body = json!({ "edits": [{ "op": "set", "key": "gas", "value": "piped" }],
                       "reason": "现场核对" });
    let version = desk.get("sup", &path).version();
    assert_eq!(desk.post("sup", &edits, &body).problem(), "needs-version");
    let stale = desk.call("sup", "POST", &edits, Some(version + 1), Some(&body));
    assert_eq!(stale.problem(), "stale");
    let session = desk.session("sup");
    for odd in ["*", "W/\"v1\"", "\"1\"", "v1", ""] {
        let headers = [
            ("Cookie", session.cookie.as_str()),
            ("X-CSRF-Token", session.csrf.as_str()),
            ("Content-Type", "application/json"),
            ("If-Match", odd),
        ];
        let answer = desk.raw("POST", &edits, &headers, body.to_string().as_bytes());
        assert!([412, 428].contains(&answer.checked()), "{odd}");
    }
    let unchanged = desk.json("sup", &path);
    assert_eq!(unchanged["version"], version);
    let done = desk.call("sup", "POST", &edits, Some(version), Some(&body));
    assert_eq!(done.checked(), 200, "{}", done.json());
    assert_eq!(done.version(), version + 1);
    let again = desk.call("sup", "POST", &edits, Some(version), Some(&body));
    assert_eq!(again.problem(), "stale", "it is another version now");
    let record = desk.json("sup", &path);
    let gas = field(&record, "gas");
    assert_eq!(gas["values"][0]["value"], "piped");
    assert_eq!(gas["values"][0]["label"]["zh"], "管道");
    let by = &gas["values"][0]["by"][0];
    assert_eq!(
        (by["class"].as_str(), by["name"].as_str()),
        (Some("office"), Some("sup 先生"))
    );
    assert_eq!(by["reason"], "现场核对");
}

fn field<'v>(record: &'v serde_json::Value, key: &str) -> &'v serde_json::Value {
    let fields = record["fields"].as_array().unwrap();
    fields.iter().find(|field| field["key"] == key).unwrap()
}

#[test]
fn an_edit_that_does_not_fit_names_its_field_and_nothing_of_it_is_done() {
    let mut desk = Desk::open("edits");
    let mut wang = desk.phone(1, "王", &[GRID]);
    let found = shop(&mut wang, GRID, "张记小馆", "七莘路 100 号", &[]);
    desk.sync(&mut wang);
    let path = format!("/records/{found}/edits");
    let version = desk.get("sup", &format!("/records/{found}")).version();
    let good = json!({ "op": "set", "key": "area_band", "value": "to-100" });
    for (bad, status, at) in [
        (
            json!({ "op": "set", "key": "gas", "value": "coal" }),
            422,
            Some("gas"),
        ),
        (
            json!({ "op": "set", "key": "rent", "value": 1 }),
            422,
            Some("rent"),
        ),
        (
            json!({ "op": "set", "key": "_alive", "value": 1 }),
            422,
            Some("_alive"),
        ),
        (
            json!({ "op": "set", "key": "lease_end", "value": "2026-02-30" }),
            422,
            Some("lease_end"),
        ),
        (
            json!({ "op": "add_entry", "group": "pets", "fields": {} }),
            422,
            Some("pets"),
        ),
        (
            json!({ "op": "remove_entry", "group": "licences", "id": "x" }),
            422,
            Some("x"),
        ),
        (
            json!({ "op": "set", "key": "gas", "value": "piped", "force": true }),
            422,
            None,
        ),
        (json!({ "op": "format_disk" }), 422, None),
    ] {
        let body = json!({ "edits": [good, bad], "reason": "现场核对" });
        let answer = desk.call("sup", "POST", &path, Some(version), Some(&body));
        assert_eq!(answer.checked(), status, "{body}: {}", answer.json());
        if let Some(at) = at {
            assert_eq!(answer.json()["at"], at);
        }
    }
    let body = json!({ "edits": [{ "op": "set", "key": "gas", "value": "piped" }],
                       "reason": "现场核对" });
    let clerk = desk.call("clerk", "POST", &path, Some(version), Some(&body));
    assert_eq!(clerk.checked(), 403, "this office does not write shops");
    assert_eq!(
        desk.get("sup", &format!("/records/{found}")).version(),
        version
    );
    let licence = json!({ "edits": [{ "op": "add_entry", "group": "licences",
        "fields": { "type": "food", "number": "JY1310112", "expires": "2027-01-31" } }],
        "reason": "看到原件" });
    let done = desk.call("sup", "POST", &path, Some(version), Some(&licence));
    assert_eq!(done.checked(), 200, "{}", done.json());
    let record = desk.json("sup", &format!("/records/{found}"));
    let entry = &record["groups"][0]["entries"][0];
    assert_eq!(entry["fields"].as_array().unwrap().len(), 3, "{record}");
}

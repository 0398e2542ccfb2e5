//! Conflicts, held changes, phones, inspectors.

use gridbook_server::devices::recovery;
use gridbook_tests::{
    server::Raw,
    world::{Phone, Storage},
};
use serde_json::{Value, json};
use sync_core::{
    bundle::{
        RecoveryRequest, RecoveryState, ServerSealKey, copy_for_recovery, recovery_key,
        take_recovered,
    },
    fieldbook::Identity,
};

use crate::console::{Desk, FAR_GRID, GRID, NEXT_GRID, shop, stream, text};

/// Two phones that have named one shop differently; the conflict's path.
pub(super) fn quarrel(desk: &mut Desk) -> (Phone, Phone, String) {
    let mut wang = desk.phone(1, "王", &[GRID]);
    let mut li = desk.phone(2, "李", &[GRID]);
    let found = shop(&mut wang, GRID, "张记小馆", "七莘路 100 号", &[]);
    desk.sync(&mut wang);
    desk.sync(&mut li);
    wang.book
        .edit(&found, &[text("sign_name", "张记饭店")])
        .unwrap();
    li.book
        .edit(&found, &[text("sign_name", "老张饭店")])
        .unwrap();
    desk.sync(&mut wang);
    desk.sync(&mut li);
    (wang, li, found.to_string())
}

pub(super) fn change_of<'v>(conflict: &'v Value, value: &str) -> &'v str {
    let values = conflict["field"]["values"].as_array().unwrap();
    let one = values.iter().find(|one| one["value"] == value).unwrap();
    one["by"][0]["change"].as_str().unwrap()
}

#[test]
fn a_conflict_shows_who_wrote_what_over_what_and_a_decision_settles_it() {
    let mut desk = Desk::open("conflict");
    let (mut wang, mut li, found) = quarrel(&mut desk);
    let listed = desk.json("sup", "/conflicts?state=open");
    let rows = listed["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 1, "{listed}");
    assert_eq!(rows[0]["record"], found);
    assert_eq!(rows[0]["field"]["label"]["zh"], "店招");
    assert_eq!(desk.json("far.sup", "/conflicts")["rows"], json!([]));
    assert_eq!(desk.json("sup", "/overview")["waiting"]["open"], 1);
    assert_eq!(desk.json("sup", "/records?conflicted=true")["total"], 1);

    let path = format!("/conflicts/{found}/sign_name");
    let answer = desk.get("sup", &path);
    let (one, version) = (answer.json(), answer.version());
    let values = one["field"]["values"].as_array().unwrap();
    assert_eq!(values.len(), 2);
    let mut who: Vec<&str> = values
        .iter()
        .map(|value| value["by"][0]["name"].as_str().unwrap())
        .collect();
    who.sort_unstable();
    assert_eq!(who, ["李", "王"]);
    assert_eq!(one["seen"], json!([["张记小馆"], ["张记小馆"]]));

    let decision = format!("{path}/decision");
    let change = change_of(&one, "老张饭店");
    let body = json!({ "change": change, "reason": "看了执照" });
    assert_eq!(
        desk.post("sup", &decision, &body).problem(),
        "needs-version"
    );
    for bad in [
        json!({ "reason": "看了执照" }),
        json!({ "change": change, "value": "甲", "reason": "看了执照" }),
        json!({ "change": "00".repeat(32), "reason": "看了执照" }),
        json!({ "value": 7, "reason": "看了执照" }),
        json!({ "change": change, "reason": "" }),
    ] {
        let answer = desk.call("sup", "POST", &decision, Some(version), Some(&bad));
        assert_eq!(answer.checked(), 422, "{bad}");
    }
    let done = desk.call("sup", "POST", &decision, Some(version), Some(&body));
    assert_eq!(done.checked(), 200, "{}", done.json());
    assert_eq!(desk.json("sup", &path)["state"], "decided");
    let record = desk.json("sup", &format!("/records/{found}"));
    let fields = record["fields"].as_array().unwrap();
    let name = fields
        .iter()
        .find(|field| field["key"] == "sign_name")
        .unwrap();
    assert_eq!(name["values"].as_array().unwrap().len(), 1);
    assert_eq!(name["values"][0]["decided"], true);
    let by = name["values"][0]["by"].as_array().unwrap().last().unwrap();
    assert_eq!(
        (by["name"].as_str(), by["reason"].as_str()),
        (Some("sup 先生"), Some("看了执照"))
    );
    desk.sync(&mut wang);
    desk.sync(&mut li);
    let id = sync_core::RecordId::from_slice(&bytes(&found)).unwrap();
    for phone in [&wang, &li] {
        let view = phone.book.get(&id).unwrap().view;
        assert_eq!(view.fields["sign_name"].shown().as_text(), Some("老张饭店"));
    }
}

fn bytes(hex: &str) -> Vec<u8> {
    let pairs = hex.as_bytes().chunks_exact(2);
    pairs
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}

/// The conflict on a register, decided.
fn settle(desk: &mut Desk, path: &str, value: &Value) {
    let answer = desk.get("sup", path);
    assert_eq!(answer.checked(), 200, "{}", answer.json());
    assert_eq!(answer.json()["field"]["type"], "presence");
    let body = json!({ "value": value, "reason": "现场核对" });
    let decision = format!("{path}/decision");
    let odd = json!({ "value": "yes", "reason": "现场核对" });
    let version = Some(answer.version());
    assert_eq!(
        desk.call("sup", "POST", &decision, version, Some(&odd))
            .checked(),
        422
    );
    let done = desk.call("sup", "POST", &decision, version, Some(&body));
    assert_eq!(done.checked(), 200, "{}", done.json());
    assert_eq!(desk.json("sup", path)["state"], "decided");
}

#[test]
fn what_was_removed_here_and_edited_there_is_kept_or_removed() {
    for kept in [true, false] {
        let mut desk = Desk::open(if kept { "kept" } else { "removed" });
        let value = if kept { json!(true) } else { Value::Null };
        let mut wang = desk.phone(1, "王", &[GRID]);
        let found = shop(&mut wang, GRID, "张记小馆", "七莘路 100 号", &[]);
        desk.sync(&mut wang);
        let path = format!("/records/{found}");
        let edits = format!("{path}/edits");
        let edit = |desk: &mut Desk, edit: Value| {
            let version = desk.get("sup", &path).version();
            let body = json!({ "edits": [edit], "reason": "看到原件" });
            let done = desk.call("sup", "POST", &edits, Some(version), Some(&body));
            assert_eq!(done.checked(), 200, "{}", done.json());
        };
        let licence = json!({ "type": "food", "number": "JY1310112" });
        edit(
            &mut desk,
            json!({ "op": "add_entry", "group": "licences", "fields": licence }),
        );
        desk.sync(&mut wang);
        let entry = desk.json("sup", &path)["groups"][0]["entries"][0]["id"].clone();
        let entry = entry.as_str().unwrap();
        edit(
            &mut desk,
            json!({ "op": "remove_entry", "group": "licences", "id": entry }),
        );
        let number = text(&format!("licences.{entry}.number"), "JY2");
        wang.book.edit(&found, &[number]).unwrap();
        desk.sync(&mut wang);
        settle(
            &mut desk,
            &format!("/conflicts/{found}/licences.{entry}"),
            &value,
        );
        let entries = desk.json("sup", &path)["groups"][0]["entries"].clone();
        assert_eq!(
            entries.as_array().unwrap().len(),
            usize::from(kept),
            "{entries}"
        );

        desk.sync(&mut wang);
        edit(&mut desk, json!({ "op": "delete" }));
        wang.book
            .edit(&found, &[text("sign_name", "张记饭店")])
            .unwrap();
        desk.sync(&mut wang);
        settle(&mut desk, &format!("/conflicts/{found}/_alive"), &value);
        assert_eq!(desk.json("sup", &path)["present"], kept);
        desk.sync(&mut wang);
        let view = wang.book.get(&found).unwrap().view;
        assert_eq!(view.presence.is_shown(), kept, "the phone agrees");
        let told = desk.json("sup", &format!("{path}/history?key=_alive"));
        let values: Vec<&Value> = told["rows"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| &row["puts"][0]["value"])
            .collect();
        assert_eq!(values.first(), Some(&&json!(true)), "{told}");
    }
}

#[test]
fn many_are_decided_each_by_itself() {
    let mut desk = Desk::open("decisions");
    let (_wang, _li, found) = quarrel(&mut desk);
    let answer = desk.get("sup", &format!("/conflicts/{found}/sign_name"));
    let change = change_of(&answer.json(), "张记饭店").to_owned();
    let one = |record: &str, version: u64| json!({ "record": record, "key": "sign_name", "version": version, "change": change });
    let version = answer.version();
    let body = json!({ "decisions": [
        one(&found, version + 7), one(&"00".repeat(16), 1), one("x", 1), one(&found, version),
        one(&found, version),
    ], "reason": "现场核对" });
    let done = desk.post("sup", "/conflicts/decisions", &body);
    assert_eq!(done.checked(), 200);
    let rows = done.json()["rows"].clone();
    let status: Vec<&Value> = rows
        .as_array()
        .unwrap()
        .iter()
        .map(|row| &row["problem"]["status"])
        .collect();
    assert_eq!(
        status,
        [
            &json!(412),
            &json!(404),
            &json!(404),
            &Value::Null,
            &json!(412)
        ]
    );
    assert!(rows[3]["change"].is_string());
    assert_eq!(desk.json("sup", "/conflicts")["rows"], json!([]));
}

#[test]
fn what_was_settled_on_the_spot_is_confirmed_or_opened_again() {
    let mut desk = Desk::open("settled");
    let (mut wang, _li, found) = quarrel(&mut desk);
    let id = sync_core::RecordId::from_slice(&bytes(&found)).unwrap();
    desk.sync(&mut wang);
    wang.book
        .edit(&id, &[text("sign_name", "老张饭店")])
        .unwrap();
    desk.sync(&mut wang);
    let listed = desk.json("sup", "/conflicts");
    assert_eq!(listed["rows"][0]["state"], "settled", "{listed}");
    assert_eq!(listed["rows"][0]["settled_by"], "王");
    let path = format!("/conflicts/{found}/sign_name");
    let version = desk.get("sup", &path).version();
    let why = json!({ "reason": "再看一次" });
    let decide = json!({ "value": "张记饭店", "reason": "看了执照" });
    let decision = format!("{path}/decision");
    let early = desk.call("sup", "POST", &decision, Some(version), Some(&decide));
    assert_eq!(early.problem(), "conflict", "to be reopened first");
    let reopen = format!("{path}/reopen");
    let opened = desk.call("sup", "POST", &reopen, Some(version), Some(&why));
    assert_eq!(opened.checked(), 204, "{}", opened.json());
    let version = desk.get("sup", &path).version();
    let confirm = format!("{path}/confirm");
    let late = desk.call("sup", "POST", &confirm, Some(version), Some(&why));
    assert_eq!(late.problem(), "conflict", "it is open");
    let done = desk.call("sup", "POST", &decision, Some(version), Some(&decide));
    assert_eq!(done.checked(), 200, "{}", done.json());
}

#[test]
fn what_a_lost_grid_holds_up_is_listed_with_its_reason_and_released() {
    let mut desk = Desk::open("held");
    let mut wang = desk.phone(1, "王", &[GRID]);
    let found = shop(&mut wang, GRID, "张记小馆", "七莘路 100 号", &[]);
    desk.sync(&mut wang);
    wang.book
        .edit(&found, &[text("sign_name", "张记饭店")])
        .unwrap();
    let path = format!("/records/{found}");
    let version = desk.get("sup", &path).version();
    let to = |grid: &str| json!({ "grid": grid, "reason": "网格调整" });
    let move_to = format!("{path}/move");
    for (grid, status) in [
        (FAR_GRID, 422),
        ("310112901", 422),
        ("310112901999999", 422),
        (GRID, 409),
    ] {
        let answer = desk.call("sup", "POST", &move_to, Some(version), Some(&to(grid)));
        assert_eq!(answer.checked(), status, "{grid}: {}", answer.json());
    }
    let moved = desk.call("sup", "POST", &move_to, Some(version), Some(&to(NEXT_GRID)));
    assert_eq!(moved.checked(), 204, "{}", moved.json());
    desk.sync(&mut wang);
    let listed = desk.json("sup", "/held");
    let row = &listed["rows"][0];
    assert_eq!(row["reason"]["zh"], "该网格已不归此巡查员", "{listed}");
    assert_eq!(
        (row["inspector"].as_str(), row["grid"].as_str()),
        (Some("王"), Some(NEXT_GRID))
    );
    assert_eq!(desk.json("far.sup", "/held")["rows"], json!([]));
    let release = format!("/held/{}/release", row["id"]);
    let why = json!({ "reason": "换格前所改" });
    let version = row["version"].as_u64();
    assert_eq!(
        desk.call("sup", "POST", &release, None, Some(&why))
            .checked(),
        428
    );
    assert_eq!(
        desk.call("sup", "POST", &release, Some(99), Some(&why))
            .checked(),
        412
    );
    let done = desk.call("sup", "POST", &release, version, Some(&why));
    assert_eq!(done.checked(), 204, "{}", done.json());
    desk.central.settle();
    assert_eq!(desk.json("sup", "/held")["rows"], json!([]));
    let record = desk.json("sup", &path);
    assert_eq!(record["title"][0]["zh"], "张记饭店");
    assert_eq!(record["grid"], NEXT_GRID);
}

#[test]
fn an_inspector_gets_a_ticket_a_phone_and_another_grid_and_loses_the_phone() {
    let mut desk = Desk::open("inspectors");
    let create = |grids: Value| json!({ "code": "S-17", "name": "王芳", "grids": grids });
    for bad in [
        json!([]),
        json!([FAR_GRID]),
        json!(["310112901"]),
        json!(["x"]),
    ] {
        assert_eq!(desk.post("sup", "/inspectors", &create(bad)).checked(), 422);
    }
    let made = desk.post("sup", "/inspectors", &create(json!([GRID])));
    assert_eq!(made.checked(), 201, "{}", made.json());
    assert_eq!(
        desk.post("sup", "/inspectors", &create(json!([GRID])))
            .checked(),
        409
    );
    let id = made.json()["id"].clone();
    let path = format!("/inspectors/{id}");
    let ticket = desk.post("sup", &format!("{path}/tickets"), &json!({ "how": "link" }));
    assert_eq!(ticket.checked(), 201, "{}", ticket.json());
    let ticket = ticket.json();
    let code = ticket["code"].as_str().unwrap();
    assert!(
        ticket["link"]
            .as_str()
            .unwrap()
            .ends_with(&format!("/app/#/setup?ticket={code}"))
    );

    let mut phone = Phone::new(Storage::Memory, 5, crate::console::NOW).unwrap();
    let key = phone.public_key();
    let request = phone.book.enrol_request(code, key, "1.2.3");
    let reply = desk
        .central
        .write(move |tx| gridbook_server::devices::enrol(tx, &request))
        .unwrap();
    phone.book.enrol(&reply, &key).unwrap();
    let devices = desk.json("sup", "/devices");
    let device = devices["rows"][0].clone();
    assert_eq!(device["confirmed_ms"], Value::Null);
    let words = sync_core::bundle::fingerprint_words(&key);
    assert_eq!(device["words"], json!(words));
    assert_eq!(desk.json("far.sup", "/devices")["rows"], json!([]));
    assert_eq!(desk.json("sup", "/overview")["waiting"]["unconfirmed"], 1);

    let of_device = format!("/devices/{}", device["id"].as_str().unwrap());
    let confirm = format!("{of_device}/confirm");
    let wrong = json!({ "words": ["ba", "ba", "ba", "ba", "ba", "ba"] });
    assert_eq!(desk.post("sup", &confirm, &wrong).checked(), 422);
    assert_eq!(
        desk.post("sup", &confirm, &json!({ "words": words }))
            .checked(),
        204
    );
    assert_eq!(
        desk.post("sup", &confirm, &json!({ "words": words }))
            .checked(),
        409
    );

    let version = desk.get("sup", &path).version();
    let grant = format!("{path}/grids/{NEXT_GRID}");
    let until = json!({ "until_ms": crate::console::NOW + 86_400_000 });
    assert_eq!(
        desk.call("sup", "PUT", &grant, None, Some(&until))
            .checked(),
        428
    );
    let past = json!({ "until_ms": 5 });
    assert_eq!(
        desk.call("sup", "PUT", &grant, Some(version), Some(&past))
            .checked(),
        422
    );
    let given = desk.call("sup", "PUT", &grant, Some(version), Some(&until));
    assert_eq!(given.checked(), 200, "{}", given.json());
    let grids = desk.json("sup", &of_device)["grids"].clone();
    assert_eq!(grids, json!([GRID, NEXT_GRID]), "a new certificate");
    let version = given.version();
    let taken = desk.call("sup", "DELETE", &grant, Some(version), None);
    assert_eq!(taken.checked(), 204, "{}", taken.json());
    let last = format!("{path}/grids/{GRID}");
    let kept = desk.call("sup", "DELETE", &last, Some(version + 1), None);
    assert_eq!(kept.problem(), "conflict", "the last one stays");

    recovers(&mut desk, &of_device, phone.book.identity().unwrap());
    let revoke = format!("{of_device}/revoke");
    let why = json!({ "reason": "手机遗失" });
    assert_eq!(desk.post("far.sup", &revoke, &why).checked(), 404);
    assert_eq!(desk.post("sup", &revoke, &why).checked(), 204);
    assert_eq!(desk.post("sup", &revoke, &why).checked(), 409);
    assert!(desk.json("sup", &of_device)["revoked_ms"].is_i64());
}

/// A forgotten secret: the phone asks, a supervisor of its area decides, the key comes back once.
fn recovers(desk: &mut Desk, of_device: &str, identity: &Identity) {
    let device = identity.certificate.device;
    let server = ServerSealKey::from_bytes(&identity.seal_key).unwrap();
    let data_key = [0x5A; 32];
    let ask = |desk: &mut Desk, secret: [u8; 32]| {
        let request = RecoveryRequest {
            copy: copy_for_recovery(&server, device, &data_key, [8; 32]).unwrap(),
            key: recovery_key(&secret),
        };
        let asked = desk
            .central
            .write(move |tx| recovery::ask(tx, device, &request));
        asked.unwrap();
    };
    let now_ms = crate::console::NOW;
    let answer = |desk: &mut Desk| {
        desk.central
            .read(move |conn| recovery::answer(conn, device, now_ms))
            .unwrap()
    };
    let decide = format!("{of_device}/recovery");
    let yes = json!({ "approve": true, "reason": "本人到场" });
    let no = json!({ "approve": false, "reason": "未见到本人" });
    assert_eq!(
        desk.post("sup", &decide, &yes).checked(),
        404,
        "nobody asked"
    );

    ask(desk, [1; 32]);
    assert_eq!(answer(desk).state, RecoveryState::Waiting);
    assert!(desk.json("sup", of_device)["recovery_ms"].is_i64());
    assert_eq!(desk.post("far.sup", &decide, &yes).checked(), 404);
    assert_eq!(desk.post("sup", &decide, &no).checked(), 204);
    assert_eq!(answer(desk).state, RecoveryState::Refused);
    assert_eq!(desk.post("sup", &decide, &yes).checked(), 404, "decided");

    ask(desk, [2; 32]);
    assert_eq!(desk.post("sup", &decide, &yes).checked(), 204);
    assert!(desk.json("sup", of_device)["recovery_ms"].is_null());
    let sealed = answer(desk).sealed.unwrap();
    assert_eq!(take_recovered(&[2; 32], device, &sealed), Ok(data_key));
    assert!(take_recovered(&[1; 32], device, &sealed).is_err());
}

#[test]
fn what_a_phone_wrote_since_is_set_back_where_nobody_wrote_since() {
    let mut desk = Desk::open("revert");
    let mut wang = desk.phone(1, "王", &[GRID]);
    let found = shop(&mut wang, GRID, "张记小馆", "七莘路 100 号", &[]);
    desk.sync(&mut wang);
    desk.pass(60_000);
    let since = desk.central.app.core().now_ms();
    wang.book
        .edit(&found, &[text("sign_name", "恶作剧")])
        .unwrap();
    desk.sync(&mut wang);
    let device = wang.book.identity().unwrap().certificate.device;
    let path = format!("/devices/{device}/revert");
    let body = json!({ "since_ms": since, "reason": "误操作" });
    assert_eq!(desk.post("far.sup", &path, &body).checked(), 404);
    let future = json!({ "since_ms": since * 2, "reason": "误操作" });
    assert_eq!(desk.post("sup", &path, &future).checked(), 422);
    // What it would do is told first, and does nothing.
    let asked = format!("{path}?since_ms={since}");
    let would = json!({ "records": 1, "registers": 1, "kept": 0 });
    for _ in 0..2 {
        assert_eq!(desk.json("sup", &asked), would);
    }
    assert_eq!(desk.get("far.sup", &asked).checked(), 404);
    let future = format!("{path}?since_ms={}", since * 2);
    assert_eq!(desk.get("sup", &future).checked(), 422);
    let done = desk.post("sup", &path, &body);
    assert_eq!(done.checked(), 200, "{}", done.json());
    assert_eq!(done.json(), would);
    let left = json!({ "records": 0, "registers": 0, "kept": 1 });
    assert_eq!(desk.json("sup", &asked), left, "once is enough");
    let record = desk.json("sup", &format!("/records/{found}"));
    assert_eq!(record["title"][0]["zh"], "张记小馆");
}

#[test]
fn a_page_hears_of_what_happens_in_its_areas_and_of_nothing_else() {
    let mut desk = Desk::open("live");
    let open = |desk: &mut Desk, who: &str| {
        let session = desk.session(who);
        let head = format!(
            "GET /api/v1/live HTTP/1.1\r\nHost: {}\r\nCookie: {}\r\n",
            desk.at, session.cookie
        );
        let mut lines = stream(desk.at, &head);
        while !lines.line().unwrap().contains("retry: 3000") {}
        lines
    };
    let mut near = open(&mut desk, "sup");
    let mut far = open(&mut desk, "far.sup");
    let mut wang = desk.phone(1, "王", &[GRID]);
    shop(&mut wang, GRID, "张记小馆", "七莘路 100 号", &[]);
    desk.sync(&mut wang);
    let mut other = desk.phone(2, "远", &[FAR_GRID]);
    shop(&mut other, FAR_GRID, "远处小店", "远路 1 号", &[]);
    desk.sync(&mut other);
    let hears = |lines: &mut Raw| loop {
        let line = lines.line().unwrap();
        if line.contains("\"grid\"") {
            return line;
        }
    };
    assert!(hears(&mut near).contains(GRID));
    assert!(
        hears(&mut far).contains(FAR_GRID),
        "the first it hears is of its own"
    );
}

//! A version of the schemas from its first check to every phone, and back from the journal.

use std::sync::Arc;

use gridbook_server::{clock::ManualClock, config::Config, ops, versions::served};
use gridbook_tests::{
    central::Central,
    versions::with_awning,
    world::{Phone, schemas},
};
use schemas::{Scalar, SchemaSet, SourceFile, builtin::FILES};
use serde_json::{Value, json};
use sync_core::fieldbook::transport::HttpTransport;

use crate::console::{Answer, Desk, GRID, NOW, set, shop};

fn own(name: &str) -> String {
    let file = FILES.iter().find(|file| file.name == name).unwrap();
    file.text.to_owned()
}

fn file(name: &str, text: &str) -> Value {
    json!({ "name": name, "text": text })
}

/// The files that a version changes: one more field of shops, one more code.
fn with_field() -> Vec<Value> {
    let files = with_awning(2).into_files().into_iter();
    let changed = files.filter(|(name, text)| own(name) != *text);
    changed.map(|(name, text)| file(&name, &text)).collect()
}

fn check(desk: &mut Desk, files: &[Value]) -> Value {
    let answer = desk.post("admin", "/schemas/checks", &json!({ "files": files }));
    assert_eq!(answer.checked(), 200, "{}", answer.json());
    answer.json()
}

fn upload(desk: &mut Desk, files: &[Value]) -> Answer {
    let body = json!({ "files": files, "reason": "雨棚整治" });
    desk.post("admin", "/schemas/versions", &body)
}

fn act(desk: &mut Desk, what: &str, revision: u64) -> Answer {
    let path = format!("/schemas/versions/2/{what}");
    let why = json!({ "reason": "试用无误" });
    desk.call("admin", "POST", &path, Some(revision), Some(&why))
}

fn try_on(desk: &mut Desk, revision: u64, phones: &[String]) -> Answer {
    let path = "/schemas/versions/2/trial";
    let body = json!({ "devices": phones });
    desk.call("admin", "PUT", path, Some(revision), Some(&body))
}

/// What a phone does after a sync: it fetches what was announced, and its app takes it.
fn follow(desk: &mut Desk, phone: &mut Phone) -> bool {
    desk.sync(phone);
    let line = HttpTransport::new(&format!("http://{}", desk.at)).unwrap();
    desk.run(phone.fetch_schema(&line)).unwrap();
    phone.book.take_schema().unwrap()
}

fn asks_for_awning(phone: &Phone) -> bool {
    let shop = phone.book.schemas().kind("shop").unwrap();
    let mut fields = shop.fields().iter();
    fields.any(|field| field.path.to_string() == "awning")
}

/// What a phone is served under a number.
fn fetched(desk: &Desk, phone: &Phone, version: u32) -> Option<SchemaSet> {
    let device = phone.device();
    let bytes = desk
        .central
        .read(move |conn| served(conn, device, version))
        .ok()?;
    let (number, files): (u32, Vec<(String, String)>) = minicbor::decode(&bytes).unwrap();
    assert_eq!(number, version);
    let files: Vec<SourceFile<'_>> = files
        .iter()
        .map(|(name, text)| SourceFile { name, text })
        .collect();
    Some(SchemaSet::parse(&files).unwrap())
}

#[test]
fn a_check_says_what_is_wrong_where_and_what_would_change() {
    let mut desk = Desk::open("versions-check");
    let broken = own("kinds/shop.toml").replacen("type = \"flag\"", "type = \"flagg\"", 1);
    let line = broken.lines().position(|line| line.contains("flagg"));
    let found = check(&mut desk, &[file("kinds/shop.toml", &broken)]);
    assert_eq!(found["good"], false);
    assert_eq!(found["faults"][0]["file"], "kinds/shop.toml");
    assert_eq!(found["faults"][0]["line"], line.unwrap() + 1);

    let without: Vec<String> = own("kinds/shop.toml")
        .lines()
        .filter(|line| !line.contains("name = \"gas\""))
        .map(str::to_owned)
        .collect();
    let found = check(&mut desk, &[file("kinds/shop.toml", &without.join("\n"))]);
    assert_eq!(found["good"], false, "{found}");
    let refusals = found["refusals"].as_array().unwrap();
    let of = |name: &str| refusals.iter().find(|one| one["name"] == name).unwrap();
    assert_eq!(of("")["words"]["zh"], "请调高 schema.toml 的 version");
    let gas = of("shop.gas")["words"]["zh"].as_str().unwrap();
    assert!(gas.starts_with("用气 (shop.gas)：不能删除"), "{gas}");
    let refused = upload(&mut desk, &[file("kinds/shop.toml", &without.join("\n"))]);
    assert_eq!(refused.checked(), 422);

    let found = check(&mut desk, &with_field());
    assert_eq!(found["good"], true, "{found}");
    assert_eq!(found["version"], 2);
    let words: Vec<&str> = found["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["words"]["zh"].as_str().unwrap())
        .collect();
    assert!(words.contains(&"新增字段：雨棚 (shop.awning)"), "{words:?}");
    // Nothing was kept.
    let rows = desk.json("admin", "/schemas/versions")["rows"].clone();
    assert_eq!(rows.as_array().unwrap().len(), 1);
    assert_eq!(
        (&rows[0]["version"], &rows[0]["in_force"]),
        (&json!(1), &json!(true))
    );
}

#[test]
fn a_draft_is_tried_on_one_phone_published_to_all_and_outlives_a_rebuild() {
    let mut desk = Desk::open("versions-publish");
    let mut wang = desk.phone(1, "王", &[GRID]);
    let mut li = desk.phone(2, "李", &[GRID]);
    let found = shop(&mut wang, GRID, "张记小馆", "七莘路 1 号", &[]);
    desk.sync(&mut wang);
    desk.sync(&mut li);
    assert_eq!(upload(&mut desk, &with_field()).checked(), 201);
    assert!(fetched(&desk, &wang, 2).is_none(), "a draft for nobody yet");
    assert_eq!(try_on(&mut desk, 9, &[]).checked(), 412);
    assert_eq!(
        try_on(&mut desk, 1, &["0badc0ffee00".to_owned()]).checked(),
        422
    );
    let tried = try_on(&mut desk, 1, &[wang.device().to_string()]);
    assert_eq!(tried.checked(), 200, "{}", tried.json());
    assert_eq!(tried.json()["trial"], json!([wang.device().to_string()]));
    // Written before and sent after: the bundle names the version of that time, and enters.
    let before = shop(&mut wang, GRID, "李记小馆", "七莘路 2 号", &[]);
    assert!(follow(&mut desk, &mut wang) && wang.book.tries_schema().unwrap());
    assert!(!follow(&mut desk, &mut li));
    assert!(asks_for_awning(&wang) && !asks_for_awning(&li));
    assert!(fetched(&desk, &li, 2).is_none(), "not for others");
    assert!(wang.book.todo().unwrap().held.is_empty());
    assert!(li.book.get(&before).is_ok());
    // What is written under the draft waits for it.
    let edits = [
        set("awning", Scalar::Bool(true)),
        set("gas", Scalar::text("biogas")),
    ];
    wang.book.edit(&found, &edits).unwrap();
    let refused = li.book.edit(&before, &edits);
    assert!(refused.is_err(), "unknown here");
    desk.sync(&mut wang);
    assert_eq!(wang.book.todo().unwrap().held.len(), 1);
    let path = format!("/records/{found}");
    let shown = |desk: &mut Desk| {
        desk.json("sup", &path)["fields"]
            .to_string()
            .contains("awning")
    };
    assert!(!shown(&mut desk));

    let published = act(&mut desk, "publication", 2);
    assert_eq!(published.checked(), 200, "{}", published.json());
    assert_eq!(published.json()["in_force"], true);
    // A phone that has not fetched it yet keeps what it does not know, also below its own edits.
    desk.sync(&mut li);
    let awning = |phone: &Phone| {
        let view = phone.book.get(&found).unwrap().view;
        view.fields["awning"].shown().clone()
    };
    assert_eq!(awning(&li), Scalar::Bool(true));
    let sign = set("sign_name", Scalar::text("张记"));
    li.book.edit(&found, &[sign]).unwrap();
    desk.sync(&mut li);
    assert!(li.book.todo().unwrap().held.is_empty());

    assert!(!follow(&mut desk, &mut wang), "it has these files");
    assert!(follow(&mut desk, &mut li));
    assert!(asks_for_awning(&li));
    assert!(wang.book.todo().unwrap().held.is_empty(), "it entered");
    assert_eq!(
        (awning(&wang), awning(&li)),
        (Scalar::Bool(true), Scalar::Bool(true))
    );
    assert!(shown(&mut desk));
    for phone in [&wang, &li] {
        assert!(!phone.book.tries_schema().unwrap());
        assert!(fetched(&desk, phone, 2).is_some() && fetched(&desk, phone, 1).is_some());
    }
    // And one that comes after has it from its first sync.
    let mut new = desk.phone(3, "赵", &[GRID]);
    assert!(follow(&mut desk, &mut new) && asks_for_awning(&new));
    assert_eq!(desk.json("clerk", "/schemas")["version"], 2);
    assert_eq!(act(&mut desk, "withdrawal", 3).checked(), 409, "in force");
    assert_eq!(
        upload(&mut desk, &with_field()).checked(),
        422,
        "not higher"
    );

    let dir = desk.central.app.config().data.clone();
    desk.central.app.close();
    let clock = Arc::new(ManualClock::new(NOW));
    let rebuilt = ops::rebuild(&Config::in_folder(&dir), (*schemas()).clone(), clock, false);
    let rebuilt = rebuilt.unwrap();
    assert_eq!(rebuilt.replay.failed, 0);
    assert_eq!(rebuilt.compared.unwrap().content, []);
    let again = Central::start(&dir, NOW).unwrap();
    assert_eq!(again.app.core().schemas().version(), 2, "after a start too");
    again.app.close();
}

#[test]
fn a_draft_that_is_withdrawn_is_for_nobody_and_may_be_uploaded_again() {
    let mut desk = Desk::open("versions-withdraw");
    let mut wang = desk.phone(1, "王", &[GRID]);
    assert_eq!(upload(&mut desk, &with_field()).checked(), 201);
    let phone = [wang.device().to_string()];
    assert_eq!(try_on(&mut desk, 1, &phone).checked(), 200);
    assert!(follow(&mut desk, &mut wang) && asks_for_awning(&wang));
    let withdrawn = act(&mut desk, "withdrawal", 2);
    assert_eq!(
        withdrawn.json()["state"],
        "withdrawn",
        "{}",
        withdrawn.json()
    );
    desk.sync(&mut wang);
    assert_eq!(wang.book.announced_schema().unwrap().unwrap().version, 1);
    assert!(wang.book.missing_schema().unwrap().is_none());
    assert!(fetched(&desk, &wang, 2).is_none());
    assert!(wang.book.take_schema().unwrap() && !asks_for_awning(&wang));
    assert_eq!(act(&mut desk, "publication", 3).checked(), 409);
    assert_eq!(upload(&mut desk, &with_field()).checked(), 201);
    // Somebody who does not answer for every grid that is walked changes nothing.
    desk.phone(2, "远", &[crate::console::FAR_GRID]);
    assert_eq!(act(&mut desk, "publication", 4).checked(), 403);
}

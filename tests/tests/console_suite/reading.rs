//! Lists, search, masks, dossiers, history.

use std::{collections::BTreeSet, sync::Arc};

use gridbook_server::{clock::ManualClock, config::Config, ops};
use gridbook_tests::{
    street,
    world::{Phone, Rng, schemas},
};
use schemas::{EntryId, Name, Scalar};
use serde_json::{Value, json};
use sync_core::{RecordId, record::Edit};

use crate::console::{Desk, GRID, NEXT_GRID, NOW, resident, set, shop, text, with};

const ID: &str = "310112199001011233";

fn titles(listed: &Value) -> Vec<String> {
    let rows = listed["rows"].as_array().unwrap();
    let title = |row: &Value| row["title"][0]["zh"].as_str().unwrap().to_owned();
    rows.iter().map(title).collect()
}

/// A query as it is sent: `=` and `&` stay.
pub(super) fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |sent, byte| match byte {
        b'=' | b'&' | b'_' | b'-' => sent + &char::from(byte).to_string(),
        byte if byte.is_ascii_alphanumeric() => sent + &char::from(byte).to_string(),
        byte => format!("{sent}%{byte:02X}"),
    })
}

#[test]
fn shops_are_found_by_two_characters_by_initials_by_trade_and_by_place() {
    let mut desk = Desk::open("search");
    let mut wang = desk.phone(1, "王", &[GRID, NEXT_GRID]);
    let trade = |code| [text("business_type", code)];
    shop(&mut wang, GRID, "张记小馆", "七莘路 100 号", &trade("6210"));
    shop(
        &mut wang,
        GRID,
        "好又多超市",
        "七莘路 102 号",
        &trade("5212"),
    );
    shop(&mut wang, NEXT_GRID, "张姐理发", "沪松路 9 号甲", &[]);
    let closed = [text("operating_state", "closed")];
    shop(&mut wang, NEXT_GRID, "小馆子", "沪松路 11 号", &closed);
    desk.sync(&mut wang);
    for (query, mut wanted) in [
        ("", vec!["张记小馆", "好又多超市", "张姐理发", "小馆子"]),
        ("text=小馆", vec!["张记小馆", "小馆子"]),
        ("text=张记", vec!["张记小馆"]),
        ("text=zjxg", vec!["张记小馆"]),
        ("text=ZJ", vec!["张记小馆", "张姐理发"]),
        ("text=七莘路102", vec!["好又多超市"]),
        ("text=张 七莘", vec!["张记小馆"]),
        ("text=没有", vec![]),
        ("business_type=62", vec!["张记小馆", "张姐理发", "小馆子"]),
        ("business_type=F", vec!["好又多超市"]),
        ("state=closed", vec!["小馆子"]),
        ("grid=310112901001002", vec!["张姐理发", "小馆子"]),
        ("grid=310112901&text=小馆", vec!["张记小馆", "小馆子"]),
        ("grid=310112902", vec![]),
        ("conflicted=true", vec![]),
    ] {
        let query_there = encoded(query);
        let listed = desk.json("clerk", &format!("/records?kind=shop&{query_there}"));
        let mut found = titles(&listed);
        found.sort();
        wanted.sort_unstable();
        assert_eq!(found, wanted, "{query}");
        assert_eq!(listed["total"], wanted.len(), "{query}");
        assert_eq!(listed["next"], Value::Null);
    }
    assert!(titles(&desk.json("far.sup", "/records")).is_empty());
}

#[test]
fn a_shop_is_found_by_the_number_of_a_licence_for_as_long_as_it_has_it() {
    let mut desk = Desk::open("licence");
    let mut wang = desk.phone(1, "王", &[GRID]);
    let (group, id) = (
        Name::parse("licences").unwrap(),
        EntryId([0, 0, 0, 0, 0, 0, 0, 1]),
    );
    let number = |number| text(&format!("{group}.{id}.number"), number);
    let begun = Edit::AddEntry {
        group: group.clone(),
        id,
    };
    let food = text(&format!("{group}.{id}.type"), "food");
    let licence = [begun, food, number("JY13101120012345")];
    let found = shop(&mut wang, GRID, "张记小馆", "七莘路 100 号", &licence);
    shop(&mut wang, GRID, "好又多超市", "七莘路 102 号", &[]);
    desk.sync(&mut wang);
    let listed = |desk: &mut Desk, text: &str| {
        titles(&desk.json("clerk", &format!("/records?kind=shop&text={text}")))
    };
    assert_eq!(listed(&mut desk, "jy1310112001"), ["张记小馆"]);
    wang.book
        .edit(&found, &[number("JY13101120099999")])
        .unwrap();
    desk.sync(&mut wang);
    assert!(listed(&mut desk, "12345").is_empty());
    assert_eq!(listed(&mut desk, "99999"), ["张记小馆"]);
    let gone = Edit::RemoveEntry { group, id };
    wang.book.edit(&found, &[gone]).unwrap();
    desk.sync(&mut wang);
    assert!(listed(&mut desk, "99999").is_empty());
}

#[test]
fn pages_hold_every_record_once_though_others_come_in_between() {
    let mut desk = Desk::open("paging");
    let mut wang = desk.phone(1, "王", &[GRID]);
    let mut first = BTreeSet::new();
    for number in 0..23 {
        let door = format!("七莘路 {number} 号");
        first.insert(shop(&mut wang, GRID, "小店", &door, &[]).to_string());
    }
    desk.sync(&mut wang);
    let (mut seen, mut next, mut pages) = (Vec::new(), None::<String>, 0);
    loop {
        let after = next.map_or_else(String::new, |after| format!("&after={after}"));
        let page = desk.json("sup", &format!("/records?limit=5{after}"));
        for row in page["rows"].as_array().unwrap() {
            seen.push(row["id"].as_str().unwrap().to_owned());
        }
        pages += 1;
        shop(&mut wang, GRID, "新店", &format!("沪松路 {pages} 号"), &[]);
        desk.sync(&mut wang);
        match page["next"].as_str() {
            Some(after) if pages < 20 => next = Some(after.to_owned()),
            _ => break,
        }
    }
    let unique: BTreeSet<String> = seen.iter().cloned().collect();
    assert_eq!(unique.len(), seen.len(), "none twice");
    assert!(first.is_subset(&unique), "none left out");
}

#[test]
fn numbers_of_people_are_masked_everywhere_until_asked_for_with_a_reason() {
    let mut desk = Desk::open("masks");
    let mut wang = desk.phone(1, "王", &[GRID]);
    let found = shop(&mut wang, GRID, "张记小馆", "七莘路 100 号", &[]);
    let li = resident(&mut wang, found, "李小明", ID);
    desk.sync(&mut wang);
    wang.book
        .edit(&li, &[text("phone", "13899991234")])
        .unwrap();
    desk.sync(&mut wang);
    let path = format!("/records/{li}");
    let mut said = String::new();
    for page in [
        path.clone(),
        format!("{path}/history"),
        format!("/records/{found}/dossier"),
        "/records?kind=resident".to_owned(),
        format!("/records?kind=resident&text={ID}"),
    ] {
        said.push_str(&desk.json("clerk", &page).to_string());
    }
    assert!(said.contains("3101**********1233"), "{said}");
    assert!(said.contains("138****1234"));
    assert!(said.contains("李小明"), "names stay");
    for secret in [ID, "13812341234", "13899991234"] {
        assert!(!said.contains(secret));
    }
    let reveal = format!("{path}/reveal");
    let ask = |key: &str, why: &str| json!({ "key": key, "reason": why });
    assert_eq!(
        desk.post("clerk", &reveal, &ask("id_number", "")).checked(),
        422
    );
    assert_eq!(
        desk.post("clerk", &reveal, &ask("name", "看看")).checked(),
        422
    );
    assert_eq!(
        desk.post("clerk", &reveal, &ask("nothing", "看看"))
            .checked(),
        422
    );
    assert_eq!(
        desk.post("economics", &reveal, &ask("id_number", "看看"))
            .checked(),
        404
    );
    let trace = "/audit?act=record.reveal";
    assert_eq!(desk.json("auditor", trace)["rows"], json!([]));
    let shown = desk.post("clerk", &reveal, &ask("id_number", "录入实有人口系统"));
    assert_eq!(shown.json(), json!({ "values": [ID] }));
    let rows = desk.json("auditor", trace)["rows"].clone();
    assert_eq!(rows.as_array().unwrap().len(), 1);
    assert_eq!(rows[0]["who"], "clerk");
    assert_eq!(rows[0]["reason"], "录入实有人口系统");
    assert_eq!(
        rows[0]["object"],
        json!({ "record": li.to_string(), "key": "id_number" })
    );
    assert!(!rows.to_string().contains(ID));
    assert_eq!(desk.json("far.auditor", trace)["rows"], json!([]));
}

#[test]
fn people_are_found_by_name_initials_and_whole_numbers_by_those_who_may() {
    let mut desk = Desk::open("people");
    let mut wang = desk.phone(1, "王", &[GRID]);
    let found = shop(&mut wang, GRID, "张记小馆", "七莘路 100 号", &[]);
    resident(&mut wang, found, "李小明", ID);
    resident(&mut wang, found, "赵大宝", "310112198512120023");
    desk.sync(&mut wang);
    let mut search = |who: &str, text: &str| {
        let text = encoded(text);
        let listed = desk.json(who, &format!("/records?kind=resident&text={text}"));
        titles(&listed)
    };
    assert_eq!(search("clerk", "小明"), ["李小明"]);
    assert_eq!(search("clerk", "zdb"), ["赵大宝"]);
    assert_eq!(search("clerk", ID), ["李小明"]);
    assert_eq!(search("clerk", "13812341234").len(), 2);
    assert!(
        search("clerk", "1381234").is_empty(),
        "no number by its parts"
    );
    assert!(search("clerk", "3101121990").is_empty());
    assert!(search("far.clerk", "小明").is_empty());
    let other = desk.get("economics", "/records?kind=resident");
    assert_eq!(other.checked(), 422, "not for this office");
    let all = desk.json("clerk", "/records?kind=resident&state=living");
    assert_eq!(all["rows"].as_array().unwrap().len(), 2);
}

#[test]
fn a_dossier_holds_what_is_tied_to_a_shop_and_merges_lead_to_it() {
    let mut desk = Desk::open("dossier");
    let mut wang = desk.phone(1, "王", &[GRID]);
    let door = "七莘路 100 号";
    let stays = shop(&mut wang, GRID, "张记小馆", door, &[]);
    let goes = shop(&mut wang, GRID, "张记小馆(七莘路店)", door, &[]);
    let li = resident(&mut wang, stays, "李小明", ID);
    let visit = [
        text("outcome", "unchanged"),
        set("visited_at", Scalar::Int(crate::console::NOW)),
    ];
    with(&mut wang, "visit", stays, &visit);
    let finding = [
        text("class", "blocked-exit"),
        text("severity", "urgent"),
        text("source", "patrol"),
        set("found_at", Scalar::Int(crate::console::NOW)),
        text("remark", "后门堆放纸箱"),
    ];
    with(&mut wang, "finding", stays, &finding);
    desk.sync(&mut wang);
    let pairs = desk.json("sup", "/duplicates");
    assert_eq!(pairs["rows"][0]["why"], "door_and_name", "{pairs}");

    let kinds = |dossier: &Value| -> Vec<(String, usize)> {
        let tied = dossier["tied"].as_array().unwrap();
        let count = |one: &Value| one["records"].as_array().unwrap().len();
        let named = |one: &Value| (one["kind"].as_str().unwrap().to_owned(), count(one));
        let mut all: Vec<_> = tied.iter().map(named).filter(|(_, n)| *n > 0).collect();
        all.sort();
        all
    };
    let path = format!("/records/{stays}/dossier");
    let all = [("finding", 1), ("resident", 1), ("visit", 1)];
    let seen = kinds(&desk.json("sup", &path));
    assert_eq!(seen, all.map(|(kind, n)| (kind.to_owned(), n)));
    assert_eq!(
        kinds(&desk.json("clerk", &path)),
        [("resident".to_owned(), 1)]
    );
    let centre = kinds(&desk.json("centre", &path));
    assert_eq!(centre, [("finding".to_owned(), 1)]);

    let merge = format!("/records/{goes}/merge");
    let version = desk.get("sup", &format!("/records/{goes}")).version();
    let body = json!({ "into": stays.to_string(), "reason": "同一家店" });
    let merged = desk.call("sup", "POST", &merge, Some(version), Some(&body));
    assert_eq!(merged.checked(), 204, "{}", merged.json());
    for from in [goes, li] {
        let sent_on = desk.get("sup", &format!("/records/{from}/dossier"));
        assert_eq!(sent_on.status, 307);
        let there = format!("/api/v1{path}");
        assert_eq!(sent_on.header("location"), Some(there.as_str()));
    }
    let dossier = desk.json("sup", &path);
    assert_eq!(dossier["merged_from"][0]["id"], goes.to_string());
    assert_eq!(
        titles(&desk.json("sup", "/records?kind=shop")),
        ["张记小馆"]
    );
    let version = desk.get("sup", &format!("/records/{goes}")).version();
    let unmerge = format!("/records/{goes}/unmerge");
    let body = json!({ "reason": "不是一家" });
    let back = desk.call("sup", "POST", &unmerge, Some(version), Some(&body));
    assert_eq!(back.checked(), 200, "{}", back.json());
    assert_eq!(desk.json("sup", "/records?kind=shop")["total"], 2);
}

#[test]
fn a_history_tells_who_wrote_what_over_what() {
    let mut desk = Desk::open("history");
    let mut wang = desk.phone(1, "王", &[GRID]);
    let found = shop(&mut wang, GRID, "张记小馆", "七莘路 100 号", &[]);
    desk.sync(&mut wang);
    wang.book
        .edit(&found, &[text("sign_name", "张记饭店")])
        .unwrap();
    desk.sync(&mut wang);
    let path = format!("/records/{found}/history");
    let told = desk.json("sup", &path);
    assert_eq!(told["total"], 2);
    let first = &told["rows"][0]["puts"];
    let keys: Vec<&str> = first
        .as_array()
        .unwrap()
        .iter()
        .map(|put| put["key"].as_str().unwrap())
        .collect();
    assert!(
        keys.contains(&"_alive") && keys.contains(&"sign_name"),
        "{keys:?}"
    );
    let of_name = desk.json("sup", &format!("{path}?key=sign_name&limit=1"));
    assert_eq!(of_name["total"], 2);
    let next = of_name["next"].as_str().unwrap();
    let second = desk.json("sup", &format!("{path}?key=sign_name&after={next}"));
    let change = &second["rows"][0];
    assert_eq!(change["by"]["name"], "王");
    assert_eq!(change["puts"][0]["value"], "张记饭店");
    assert_eq!(change["puts"][0]["replaced"], json!(["张记小馆"]));
    assert_eq!(
        change["puts"].as_array().unwrap().len(),
        1,
        "edits' presences are not told"
    );
    assert!(change["accepted_ms"].is_i64());
}

/// A company that runs a shop, always the same one.
fn party(phone: &mut Phone, shop: RecordId) {
    let any = |seed| {
        let mut rng = Rng::new(seed);
        let person = street::Person::any(&mut rng);
        street::party_as(&mut rng, &person, "operator")
    };
    let has_code = |edits: &Vec<Edit>| {
        let mut edits = edits.iter();
        edits.any(|edit| matches!(edit, Edit::Set { key, .. } if key.to_string() == "uscc"))
    };
    let edits = (1..64).map(any).find(has_code).unwrap();
    with(phone, "party", shop, &edits);
}

#[test]
fn a_pair_that_was_told_apart_is_not_suggested_again_but_for_a_stronger_cause() {
    let mut desk = Desk::open("apart");
    let mut wang = desk.phone(1, "王", &[GRID]);
    let door = "七莘路 100 号";
    let one = shop(&mut wang, GRID, "张记小馆", door, &[]);
    let other = shop(&mut wang, GRID, "张记小馆(七莘路店)", door, &[]);
    let third = shop(&mut wang, GRID, "李记面馆", "七莘路 8 号", &[]);
    desk.sync(&mut wang);
    let causes = |desk: &mut Desk| -> Vec<String> {
        let pairs = desk.json("sup", "/duplicates");
        let rows = pairs["rows"].as_array().unwrap().iter();
        rows.map(|row| row["why"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(causes(&mut desk), ["door_and_name"]);
    let dismiss = |desk: &mut Desk, who: &str, other: &str, why: &str| {
        let body = json!({ "one": one.to_string(), "other": other, "why": why,
            "reason": "两家店,各有执照" });
        desk.post(who, "/duplicates/dismissals", &body)
    };
    let (other, third) = (other.to_string(), third.to_string());
    for (wrong, why) in [
        (one.to_string(), "door_and_name"),
        ("0".repeat(32), "door_and_name"),
        (other.clone(), "because"),
    ] {
        assert_eq!(
            dismiss(&mut desk, "sup", &wrong, why).checked(),
            422,
            "{wrong}"
        );
    }
    let far = dismiss(&mut desk, "far.sup", &other, "door_and_name");
    assert_eq!(far.checked(), 422, "not in their areas");
    assert_eq!(
        dismiss(&mut desk, "clerk", &other, "door_and_name").checked(),
        403
    );
    assert_eq!(causes(&mut desk).len(), 1, "nothing was dismissed so far");
    let done = dismiss(&mut desk, "sup", &other, "door_and_name");
    assert_eq!(done.checked(), 204, "{}", done.json());
    assert_eq!(causes(&mut desk), [""; 0]);
    assert_eq!(
        dismiss(&mut desk, "sup", &other, "door_and_name").checked(),
        409
    );
    // The same credit code says more than a door.
    let id = |text: &str| RecordId::parse(text).unwrap();
    for of in [one, id(&other), id(&third)] {
        party(&mut wang, of);
    }
    desk.sync(&mut wang);
    assert_eq!(causes(&mut desk), ["credit_code"; 3]);
    assert_eq!(
        dismiss(&mut desk, "sup", &other, "credit_code").checked(),
        204
    );
    assert_eq!(causes(&mut desk), ["credit_code"; 2]);
    // The journal says the same.
    let dir = desk.central.app.config().data.clone();
    desk.central.app.close();
    let clock = Arc::new(ManualClock::new(NOW));
    let rebuilt = ops::rebuild(&Config::in_folder(&dir), (*schemas()).clone(), clock, false);
    let rebuilt = rebuilt.unwrap();
    assert_eq!(rebuilt.replay.failed, 0);
    let compared = rebuilt.compared.unwrap();
    assert_eq!(compared.content, []);
    let main = rusqlite::Connection::open(dir.join("main.db")).unwrap();
    let sql = "SELECT count(*) FROM duplicate_dismissed WHERE by = 'sup' AND reason LIKE '两家店%'";
    let kept: i64 = main.query_row(sql, [], |row| row.get(0)).unwrap();
    assert_eq!(kept, 2);
}

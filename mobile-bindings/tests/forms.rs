//! Forms: checked while they are typed, saved as one commit of what was touched.
#![cfg(test)]

mod common;

use common::{Held, HubLine, NOW_MS, resident_form, shop_form};
use serde_json::{Value, json};

fn strings(list: &Value) -> Vec<&str> {
    let list = list.as_array().unwrap();
    list.iter().filter_map(Value::as_str).collect()
}

#[test]
fn a_form_shows_what_it_asks_and_says_what_is_wrong() {
    let wang = Held::enrolled(&HubLine::new(), 1, "1001");
    let shop = wang.new_shop("古美路 12 号", "小李面馆");
    let mut form = resident_form(&shop);
    form["values"]["id_number"] = json!(" 31011219900101123x ");
    form["values"]["name"] = json!("");
    let check = wang.ok("check", form.clone());
    assert_eq!(check["faults"][0]["key"], "id_number");
    assert!(strings(&check["missing"]).contains(&"name"));
    assert!(strings(&check["shown"]).contains(&"arrival_reason"));
    assert!(!strings(&check["shown"]).contains(&"other_id_number"));
    assert!(
        !strings(&check["shown"]).contains(&"shop"),
        "filled in by itself"
    );
    assert_eq!(check["holder"], Value::Null);

    let refused = wang.ask("save", form.clone()).unwrap_err();
    assert_eq!(refused["code"], "invalid");
    let faults = refused["faults"].as_array().unwrap();
    let keys: Vec<&Value> = faults.iter().map(|fault| &fault["key"]).collect();
    assert_eq!(keys, ["id_number", "name"], "all at once");

    form["values"]["id_number"] = json!(" 310112199001011233 ");
    let check = wang.ok("check", form.clone());
    assert_eq!(check["faults"], json!([]));
    assert_eq!(
        check["holder"],
        json!({"birth_date": "1990-01-01", "sex": "male", "age": 36})
    );
}

#[test]
fn what_the_form_hides_is_not_saved() {
    let wang = Held::enrolled(&HubLine::new(), 1, "1001");
    let shop = wang.new_shop("古美路 12 号", "小李面馆");
    let mut form = resident_form(&shop);
    // A card first, then the person showed a passport.
    form["values"]["id_number"] = json!("not a card");
    form["values"]["id_type"] = json!("passport");
    form["values"]["other_id_number"] = json!("E12345678");
    let saved = wang.ok("save", form);
    let record = wang.ok("record", json!({"record": saved["record"]}));
    assert_eq!(record["fields"].get("id_number"), None);
    assert_eq!(
        record["fields"]["other_id_number"]["values"][0]["value"],
        "E12345678"
    );
    assert_eq!(record["fields"]["shop"]["values"][0]["value"], shop);
}

#[test]
fn entries_are_begun_edited_and_taken_away() {
    let wang = Held::enrolled(&HubLine::new(), 1, "1001");
    let mut form = shop_form("古美路 12 号", "小李面馆");
    form["added"] = json!(["licences.new1", "licences.new2"]);
    form["values"]["licences.new2.type"] = json!("business");
    let check = wang.ok("check", form.clone());
    assert_eq!(strings(&check["missing"]), ["licences.new1.type"]);
    assert!(strings(&check["shown"]).contains(&"licences.new2.expires"));
    form["values"]["licences.new1.type"] = json!("no such licence");
    let refused = wang.ask("save", form.clone()).unwrap_err();
    assert_eq!(refused["faults"][0]["key"], "licences.new1.type");
    form["values"]["licences.new1.type"] = json!("food");
    let saved = wang.ok("save", form);
    let shop = &saved["record"];

    let entries = wang.ok("record", json!({"record": shop}))["groups"]["licences"].take();
    let entries = entries.as_array().unwrap().clone();
    assert_eq!(entries.len(), 2);
    let id = |at: usize| entries[at]["id"].as_str().unwrap();
    // Another one in an edit gets another id; one that was there goes.
    let edit = json!({
        "kind": "shop", "record": shop,
        "added": ["licences.new1"], "removed": [format!("licences.{}", id(0))],
        "values": {
            "licences.new1.type": "tobacco",
            format!("licences.{}.number", id(1)): "A-1",
            format!("licences.{}.number", id(0)): "typed before it was taken away",
        },
    });
    wang.ok("save", edit);
    let after = wang.ok("record", json!({"record": shop}))["groups"]["licences"].take();
    let shown: Vec<&Value> = after
        .as_array()
        .unwrap()
        .iter()
        .filter(|e| e["shown"] == true)
        .collect();
    assert_eq!(shown.len(), 2);
    assert!(shown.iter().all(|entry| entry["id"] != id(0)));
    let numbered = shown.iter().find(|entry| entry["id"] == id(1)).unwrap();
    assert_eq!(numbered["fields"]["number"]["values"][0]["value"], "A-1");
}

#[test]
fn an_edit_writes_what_was_touched_and_nothing_else() {
    let wang = Held::enrolled(&HubLine::new(), 1, "1001");
    let shop = wang.new_shop("古美路 12 号", "小李面馆");
    let same = json!({"kind": "shop", "record": shop, "values": {"sign_name": "小李面馆"}});
    assert_eq!(wang.ask("save", same).unwrap_err()["code"], "edit");
    let edit = json!({
        "kind": "shop", "record": shop,
        "values": {"sign_name": "小李面馆", "lived_in": true, "unit_no": ""},
    });
    wang.ok("save", edit);
    let history = wang.ok("history", json!({"record": shop}));
    let changes = history[0]["changes"].as_array().unwrap();
    let keys: Vec<&Value> = changes.iter().map(|change| &change["key"]).collect();
    assert_eq!(keys, ["lived_in"]);
    // A required field that was there cannot be emptied.
    let emptied = json!({"kind": "shop", "record": shop, "values": {"sign_name": " "}});
    let refused = wang.ask("save", emptied).unwrap_err();
    assert_eq!(refused["faults"][0]["key"], "sign_name");
}

#[test]
fn someone_in_a_loft_proposes_a_finding_once() {
    let wang = Held::enrolled(&HubLine::new(), 1, "1001");
    let shop = wang.new_shop("古美路 12 号", "小李面馆");
    let mut form = resident_form(&shop);
    form["values"]["living_part"] = json!("loft");
    let saved = wang.ok("save", form);
    assert_eq!(saved["proposals"][0]["class"], "illegal-living");
    let edit = json!({
        "kind": "resident", "record": saved["record"], "values": {"phone": "13812341234"},
    });
    assert_eq!(
        wang.ok("save", edit)["proposals"],
        json!([]),
        "it was proposed before"
    );
}

#[test]
fn a_finding_needs_its_place_time_and_source_from_nobody() {
    let wang = Held::enrolled(&HubLine::new(), 1, "1001");
    let shop = wang.new_shop("古美路 12 号", "小李面馆");
    let form = json!({
        "kind": "finding", "place": {"with": shop},
        "values": {"class": "illegal-living", "severity": "serious",
                   "location": {"lat": 311_400_000, "lon": 1_213_900_000}},
    });
    let saved = wang.ok("save", form);
    let record = wang.ok("record", json!({"record": saved["record"]}));
    let value = |key: &str| record["fields"][key]["values"][0]["value"].clone();
    assert_eq!(value("source"), "patrol");
    assert_eq!(value("found_at"), saved["at_ms"]);
    assert_eq!(value("location")["lat"], 311_400_000);
}

#[test]
fn a_visit_tells_what_this_phone_changed_since_the_last_one() {
    let wang = Held::enrolled(&HubLine::new(), 1, "1001");
    let shop = wang.new_shop("古美路 12 号", "小李面馆");
    wang.ok("visit", json!({"shop": shop, "outcome": "unchanged"}));
    wang.host.set(NOW_MS + 60_000);
    wang.ok("save", resident_form(&shop));
    let edit = json!({"kind": "shop", "record": shop, "values": {"business_type": "6220"}});
    wang.ok("save", edit);
    let saved = wang.ok(
        "visit",
        json!({"shop": shop, "outcome": "changed", "changed": ["licences"]}),
    );
    let record = wang.ok("record", json!({"record": saved["record"]}));
    let fields = record["fields"].as_object().unwrap();
    let changed: Vec<&str> = fields
        .keys()
        .filter_map(|key| key.strip_prefix("changed."))
        .collect();
    assert_eq!(changed, ["business-type", "licences", "residents"]);
    assert_eq!(fields["visited_at"]["values"][0]["value"], saved["at_ms"]);
    assert_eq!(fields["outcome"]["values"][0]["value"], "changed");
}

#[test]
fn a_choice_of_several_is_one_register_a_code() {
    let wang = Held::enrolled(&HubLine::new(), 1, "1001");
    let shop = wang.new_shop("古美路 12 号", "小李面馆");
    let form = json!({
        "kind": "party", "place": {"with": shop},
        "values": {"type": "natural", "roles.landlord": true, "roles.tenant": null,
                   "name": "王房东", "phone": "13812341234"},
    });
    let check = wang.ok("check", form.clone());
    assert_eq!(check["missing"], json!([]));
    let saved = wang.ok("save", form);
    let record = wang.ok("record", json!({"record": saved["record"]}));
    assert_eq!(
        record["fields"]["roles.landlord"]["values"][0]["value"],
        true
    );
    assert_eq!(record["fields"].get("roles.tenant"), None);
}

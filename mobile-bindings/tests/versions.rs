//! Another version of the schemas: fetched by a sync, taken when the app says so.
#![cfg(test)]

mod common;

use std::sync::Arc;

use common::{Held, HubLine};
use gridbook_mobile::phone::FormsReport;
use gridbook_tests::versions::with_awning;
use serde_json::{Value, json};
use sync_core::DeviceId;

/// A phone with a shop, and its line.
fn phone() -> (Arc<HubLine>, Held, DeviceId, String) {
    let line = HubLine::new();
    let wang = Held::enrolled(&line, 1, "1001");
    let device = wang.ok("standing", json!({}))["device"].clone();
    let device = DeviceId::parse(device.as_str().unwrap()).unwrap();
    let shop = wang.new_shop("古美路 12 号", "小李面馆");
    (line, wang, device, shop)
}

/// The server announces a version and serves these bytes.
fn announce(line: &HubLine, device: DeviceId, version: u32, draft: bool, bytes: &[u8]) {
    let mut hub = line.hub.lock().unwrap();
    hub.announce(device, version, draft, bytes);
    let mut served = line.schemas.lock().unwrap();
    served.insert(version, bytes.to_vec());
}

fn field(phone: &Held, name: &str) -> Option<Value> {
    let schema = phone.ok("schema", json!({}));
    let kinds = schema["kinds"].as_array().unwrap();
    let shop = kinds.iter().find(|kind| kind["name"] == "shop").unwrap();
    let mut fields = shop["fields"].as_array().unwrap().iter();
    fields.find(|field| field["name"] == name).cloned()
}

fn edit(shop: &str, field: &str, value: &Value) -> Value {
    json!({ "kind": "shop", "record": shop, "values": { field: value } })
}

#[test]
fn forms_change_when_the_app_takes_what_a_sync_fetched_and_not_before() {
    let (line, wang, device, shop) = phone();
    announce(&line, device, 2, true, &with_awning(2).to_bytes());
    assert_eq!(wang.sync().unwrap().forms, FormsReport::Fetched);
    let schema = wang.ok("standing", json!({}))["schema"].clone();
    let ready = json!({ "version": 2, "draft": true });
    assert_eq!((&schema["version"], &schema["ready"]), (&json!(1), &ready));
    assert!(field(&wang, "awning").is_none());
    wang.ok("save", edit(&shop, "gas", &json!("piped")));
    assert_eq!(wang.ok("take_schema", json!({})), true);

    let schema = wang.ok("standing", json!({}))["schema"].clone();
    assert_eq!(
        schema,
        json!({ "version": 2, "draft": true, "ready": null, "refused": null })
    );
    assert_eq!(field(&wang, "awning").unwrap()["words"]["zh"], "雨棚");
    wang.ok("save", edit(&shop, "awning", &json!(true)));
    wang.ok("save", edit(&shop, "gas", &json!("biogas")));
    assert_eq!(wang.sync().unwrap().forms, FormsReport::None);

    // Withdrawn: back at once, without a line.
    let own = sync_core::sync::SchemaFiles::builtin(1).to_bytes();
    line.hub.lock().unwrap().announce(device, 1, false, &own);
    assert_eq!(wang.sync().unwrap().forms, FormsReport::None);
    assert_eq!(wang.ok("take_schema", json!({})), true);
    assert!(field(&wang, "awning").is_none());
    // What was written under it is still there, under its name.
    let record = wang.ok("record", json!({ "record": shop }));
    assert_eq!(
        record["fields"]["awning"]["values"][0]["value"], true,
        "{record}"
    );
}

#[test]
fn what_cannot_be_used_is_told_and_what_does_not_come_is_asked_for_again() {
    let (line, wang, device, shop) = phone();
    let good = with_awning(2).to_bytes();
    line.hub.lock().unwrap().announce(device, 2, false, &good);
    wang.ok("save", edit(&shop, "gas", &json!("piped")));
    let report = wang.sync().unwrap();
    assert!(report.complete, "the text went");
    assert_eq!(report.forms, FormsReport::Later);
    let other = with_awning(3).to_bytes();
    line.schemas.lock().unwrap().insert(2, other);
    assert_eq!(wang.sync().unwrap().forms, FormsReport::Refused);
    let schema = wang.ok("standing", json!({}))["schema"].clone();
    assert_eq!(schema["version"], 1);
    let words = schema["refused"]["zh"].as_str().unwrap();
    assert!(words.starts_with("新表单（版本 2）在本机不能用"), "{words}");
    assert_eq!(wang.sync().unwrap().forms, FormsReport::None, "not again");
    announce(&line, device, 3, false, &with_awning(3).to_bytes());
    assert_eq!(wang.sync().unwrap().forms, FormsReport::Fetched);
    assert_eq!(
        wang.ok("standing", json!({}))["schema"]["refused"],
        json!(null)
    );
}

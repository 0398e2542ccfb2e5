//! Another version of the schemas over what is there already: what lists find, when items are due,
//! what phones are told; published, or come with another program.

use std::sync::Arc;

use gridbook_server::{Error, clock::ManualClock, config::Config, ops, store::Place};
use gridbook_tests::{
    central::Central,
    versions::changed,
    world::{Phone, schemas},
};
use rusqlite::Connection;
use schemas::SchemaSet;
use serde_json::json;
use sync_core::sync::SchemaFiles;

use crate::console::{Desk, GRID, NOW, resident, shop, text};

/// Shops are found and called by their door alone.
const BY_DOOR: [(&str, &str, &str); 3] = [
    ("kinds/shop.toml", "version = 1", "version = 2"),
    ("kinds/shop.toml", "search = [\"sign_name\", ", "search = ["),
    ("kinds/shop.toml", "title = [\"sign_name\", ", "title = ["),
];
/// By their sign again.
const BY_SIGN: [(&str, &str, &str); 1] = [("kinds/shop.toml", "version = 1", "version = 3")];
/// Residents are to be filed within a day.
const IN_A_DAY: [(&str, &str, &str); 1] = [(
    "rules/residents.toml",
    "as = \"item\"",
    "as = \"item\"\nlimit = { clock = \"natural_hours\", within = 24 }",
)];

fn publish(desk: &mut Desk, version: u32, files: SchemaFiles) {
    let files: Vec<_> = files
        .into_files()
        .into_iter()
        .map(|(name, text)| json!({ "name": name, "text": text }))
        .collect();
    let body = json!({ "files": files, "reason": "门牌为准" });
    let kept = desk.post("admin", "/schemas/versions", &body);
    assert_eq!(kept.checked(), 201, "{}", kept.json());
    let path = format!("/schemas/versions/{version}/publication");
    let why = json!({ "reason": "试用无误" });
    let done = desk.call("admin", "POST", &path, Some(1), Some(&why));
    assert_eq!(done.checked(), 200, "{}", done.json());
    desk.central.reprojected().unwrap();
}

fn found(desk: &mut Desk, text: &str) -> usize {
    let listed = desk.json("sup", &format!("/records?kind=shop&text={text}"));
    listed["rows"].as_array().unwrap().len()
}

/// Whether the journal gives the same, as a program with these schemas makes it.
fn rebuilds(desk: &Desk, set: &SchemaSet) {
    let dir = desk.central.app.config().data.clone();
    let clock = Arc::new(ManualClock::new(NOW));
    let rebuilt = ops::rebuild(&Config::in_folder(&dir), set.clone(), clock, true).unwrap();
    assert_eq!(rebuilt.replay.failed, 0);
    let compared = rebuilt.compared.unwrap();
    assert_eq!((compared.content, compared.streams), (vec![], vec![]));
}

/// The same folder's server, started as a program with these schemas.
fn start_as(desk: &Desk, set: &SchemaSet) -> Central {
    let dir = desk.central.app.config().data.clone();
    let config = Config::in_folder(&dir);
    Central::start_as(config, &Place::folder(&dir), set.clone(), NOW).unwrap()
}

#[test]
fn a_published_version_changes_what_is_found_and_shown_of_what_is_there_already() {
    let mut desk = Desk::open("upgrade-search");
    let mut wang = desk.phone(1, "王", &[GRID]);
    let first = shop(&mut wang, GRID, "张记小馆", "东桥路 1 号", &[]);
    desk.sync(&mut wang);
    assert_eq!((found(&mut desk, "zjxg"), found(&mut desk, "dql")), (1, 1));
    publish(&mut desk, 2, changed(2, &BY_DOOR));
    assert_eq!((found(&mut desk, "zjxg"), found(&mut desk, "dql")), (0, 1));
    let rows = desk.json("sup", "/records?kind=shop")["rows"].clone();
    assert_eq!(rows[0]["title"][0]["zh"], "东桥路 1 号");
    // What comes in meanwhile is found as the version says.
    shop(&mut wang, GRID, "张姐理发", "东桥路 2 号", &[]);
    wang.book.edit(&first, &[text("gas", "bottled")]).unwrap();
    desk.sync(&mut wang);
    assert_eq!((found(&mut desk, "zj"), found(&mut desk, "dql")), (0, 2));
    publish(&mut desk, 3, changed(3, &BY_SIGN));
    assert_eq!((found(&mut desk, "zj"), found(&mut desk, "dql")), (2, 2));
    desk.central.app.close();
    rebuilds(&desk, &schemas());
}

#[test]
fn what_was_stopped_in_the_middle_goes_on_from_there_and_a_rebuild_does_all_of_it() {
    let mut desk = Desk::open("upgrade-crash");
    let mut wang = desk.phone(1, "王", &[GRID]);
    for number in 0..300 {
        shop(&mut wang, GRID, "小店", &format!("七莘路 {number} 号"), &[]);
    }
    desk.sync(&mut wang);
    desk.central.app.close();
    let dir = desk.central.app.config().data.clone();
    let main = || Connection::open(dir.join("main.db")).unwrap();
    let stop_at_100 = "UPDATE projection SET done = 100, through = 300 WHERE kind = 'shop';
                       DELETE FROM search_text";
    let texts = || -> i64 {
        let sql = "SELECT count(*) FROM search_text";
        main().query_row(sql, [], |row| row.get(0)).unwrap()
    };
    main().execute_batch(stop_at_100).unwrap();
    let central = Central::start(&dir, NOW).unwrap();
    central.reprojected().unwrap();
    central.stop();
    // More than one piece of it; what had been done is not done again.
    assert_eq!(texts(), 200);
    let stop_again = format!("{stop_at_100} WHERE n > 100");
    let central = Central::start(&dir, NOW).unwrap();
    let whole = "UPDATE projection SET done = 0 WHERE kind = 'shop'";
    let begun = central.write(move |tx| Ok(tx.conn().execute_batch(whole)?));
    begun.unwrap();
    central.reprojected().unwrap();
    central.stop();
    assert_eq!(texts(), 300);
    main().execute_batch(&stop_again).unwrap();
    rebuilds(&desk, &schemas());
}

#[test]
fn a_version_whose_publication_fails_is_not_in_force() {
    let desk = Desk::open("upgrade-fails");
    let next: SchemaSet = changed(2, &BY_DOOR).parse().unwrap();
    let failed: Result<(), Error> = desk.central.write(move |tx| {
        tx.core().set_schemas(Arc::new(next));
        Err(Error::Conflict("not this one"))
    });
    assert!(failed.is_err());
    assert_eq!(desk.central.app.core().schemas().version(), 1);
}

#[test]
fn a_program_with_a_higher_version_tells_every_phone_once_and_counts_due_times_again() {
    let mut desk = Desk::open("upgrade-program");
    let mut wang = desk.phone(1, "王", &[GRID]);
    let eatery = shop(&mut wang, GRID, "张记小馆", "七莘路 1 号", &[]);
    resident(&mut wang, eatery, "李小明", "310112199001011233");
    desk.sync(&mut wang);
    let due = |central: &Central| -> Option<i64> {
        let sql = "SELECT due_ms FROM item_ref";
        let read = central.read(move |conn| Ok(conn.query_row(sql, [], |row| row.get(0))?));
        read.unwrap()
    };
    let items = |central: &Central, wang: &Phone| -> u64 {
        let (sql, id) = (
            "SELECT count(*) FROM device_item WHERE device = ?1",
            wang.device().0,
        );
        let read = central.read(move |conn| Ok(conn.query_row(sql, [id], |row| row.get(0))?));
        read.unwrap()
    };
    assert_eq!(due(&desk.central), None, "no rule says by when");
    desk.central.app.close();
    let next = changed(2, &IN_A_DAY).parse().unwrap();
    let mut central = start_as(&desk, &next);
    let told = items(&central, &wang);
    assert_eq!(due(&central), Some(NOW + 24 * 60 * 60_000));
    wang.sync(&mut central).unwrap();
    assert_eq!(wang.book.announced_schema().unwrap().unwrap().version, 2);
    assert_eq!(wang.book.missing_schema().unwrap().unwrap().version, 2);
    central.stop();
    let central = start_as(&desk, &next);
    assert_eq!(items(&central, &wang), told, "once");
    central.stop();
    rebuilds(&desk, &next);

    // A data folder of a program that did not note yet what it had told, nor counted due times.
    let main = Connection::open(desk.central.app.config().data.join("main.db")).unwrap();
    main.execute_batch(
        "DELETE FROM schemas_in_force; UPDATE item_ref SET due_ms = NULL, due_state = 'none'",
    )
    .unwrap();
    drop(main);
    let central = start_as(&desk, &next);
    assert_eq!(due(&central), Some(NOW + 24 * 60 * 60_000));
    central.stop();
}

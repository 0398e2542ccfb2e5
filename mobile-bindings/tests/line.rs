//! The line: syncing while the book is read and written, cut lines, what is set aside.
#![cfg(test)]

mod common;

use std::sync::{Arc, Mutex, atomic::Ordering};

use common::{GRID, Held, HubLine};
use gridbook_mobile::phone::Code;
use serde_json::json;

#[test]
fn what_one_phone_saves_the_other_reads() {
    let line = HubLine::new();
    let (wang, li) = (
        Held::enrolled(&line, 1, "1001"),
        Held::enrolled(&line, 2, "1002"),
    );
    let shop = wang.new_shop("古美路 12 号", "小李面馆");
    let mut said = Vec::new();
    let report = wang
        .sync_telling(&mut |progress| said.push(*progress))
        .unwrap();
    assert!(report.complete);
    let last = said.last().unwrap();
    assert_eq!((last.done, last.of, last.records), (1, 1, 1));
    li.sync().unwrap();
    let record = li.ok("record", json!({"record": shop}));
    assert_eq!(
        record["fields"]["sign_name"]["values"][0]["by"][0]["label"],
        "1001"
    );
    assert_eq!(li.ok("today", json!({}))["counts"]["all"], 1);

    // Both edit the same field: both values stand on both.
    for (phone, sign) in [(&wang, "甲"), (&li, "乙")] {
        let edit = json!({"kind": "shop", "record": shop, "values": {"sign_name": sign}});
        phone.ok("save", edit);
    }
    for phone in [&wang, &li, &wang] {
        phone.sync().unwrap();
    }
    for phone in [&wang, &li] {
        let record = phone.ok("record", json!({"record": shop}));
        assert_eq!(record["conflicts"], json!(["sign_name"]));
    }
}

#[test]
fn a_first_sync_says_how_many_records_are_to_come() {
    let line = HubLine::new();
    let wang = Held::enrolled(&line, 1, "1001");
    for door in 1..=30 {
        wang.new_shop(&format!("古美路 {door} 号"), "小店");
    }
    wang.sync().unwrap();
    {
        // In parts, as a large grid comes.
        let mut hub = line.hub.lock().unwrap();
        (hub.horizon, hub.page) = (0, 12);
    }
    let li = Held::new(&line, 2);
    let ticket = line.hub.lock().unwrap().ticket("1002", &[GRID]);
    li.enrol(&ticket).unwrap();
    let mut said = Vec::new();
    li.sync_telling(&mut |progress| said.push(*progress))
        .unwrap();
    let told: Vec<_> = said
        .iter()
        .map(|progress| (progress.records, progress.expected))
        .collect();
    assert_eq!(
        told.get(..3),
        Some(&[(12, 30), (24, 30), (30, 30)][..]),
        "{told:?}"
    );
    assert_eq!(li.ok("today", json!({}))["counts"]["all"], 30);
}

#[test]
fn the_book_is_read_and_written_while_a_request_is_under_way() {
    let line = HubLine::new();
    let wang = Arc::new(Held::enrolled(&line, 1, "1001"));
    wang.new_shop("古美路 12 号", "小李面馆");
    let made = Arc::new(Mutex::new(Vec::new()));
    let (inside, seen) = (Arc::downgrade(&wang), made.clone());
    *line.meanwhile.lock().unwrap() = Some(Box::new(move || {
        let (wang, mut seen) = (inside.upgrade().unwrap(), seen.lock().unwrap());
        assert!(wang.ok("today", json!({}))["total"].as_u64() >= Some(1));
        if seen.is_empty() {
            seen.push(wang.new_shop("古美路 14 号", "张记"));
        }
        // A second sync is refused, not started.
        assert_eq!(wang.sync().unwrap_err().code, Code::Busy);
    }));
    let report = wang.sync().unwrap();
    assert!(
        report.complete,
        "what was saved meanwhile went too: {report:?}"
    );
    assert_eq!(wang.ok("counts", json!({}))["waiting"], 0);
    assert_eq!(made.lock().unwrap().len(), 1);
    *line.meanwhile.lock().unwrap() = None;
    wang.sync().unwrap();
}

#[test]
fn a_cut_line_loses_nothing_and_says_so() {
    let line = HubLine::new();
    let wang = Held::enrolled(&line, 1, "1001");
    wang.new_shop("古美路 12 号", "小李面馆");
    line.cut.store(true, Ordering::Relaxed);
    let problem = wang.sync().unwrap_err();
    assert_eq!(problem.code, Code::Offline);
    assert_eq!(wang.ok("counts", json!({}))["waiting"], 1);
    let file = wang.phone.export_outbox().unwrap();
    assert!(file.len() > 100, "it can be carried out instead");
    line.cut.store(false, Ordering::Relaxed);
    assert!(wang.sync().unwrap().complete);
}

#[test]
fn a_record_set_aside_is_listed_and_not_edited() {
    let wang = Held::enrolled(&HubLine::new(), 1, "1001");
    let shop = wang.new_shop("古美路 12 号", "小李面馆");
    wang.phone.set_aside(&shop).unwrap();
    assert_eq!(wang.ok("record", json!({"record": shop}))["damaged"], true);
    assert_eq!(wang.ok("today", json!({}))["total"], 1);
    let edit = json!({"kind": "shop", "record": shop, "values": {"sign_name": "张"}});
    assert_eq!(wang.ask("save", edit).unwrap_err()["code"], "damaged");
}

#[test]
fn photos_wait_for_their_record_and_can_be_taken_out() {
    let wang = Held::enrolled(&HubLine::new(), 1, "1001");
    let shop = wang.new_shop("古美路 12 号", "小李面馆");
    let sha256 = wang.phone.attach(&shop, "image/jpeg", &[7; 3000]).unwrap();
    assert_eq!(wang.ok("counts", json!({}))["photos"], 1);
    // The hub takes no files: they stay for another time.
    assert_eq!(wang.sync().unwrap().photos.later, 1);
    let photos = wang.ok("photos", json!({}));
    assert_eq!(photos[0]["sha256"], sha256);
    assert_eq!(photos[0]["bytes"], 3000);
    wang.ok("drop_photo", json!({"record": shop, "sha256": sha256}));
    assert_eq!(wang.ok("photos", json!({})), json!([]));
    let problem = wang.phone.attach(&shop, "image/jpeg", &[]).unwrap_err();
    assert_eq!(problem.code, Code::TooLarge);
}

#[test]
fn a_wiped_book_says_so_and_keeps_what_is_unsent() {
    let wang = Held::enrolled(&HubLine::new(), 1, "1001");
    wang.new_shop("古美路 12 号", "小李面馆");
    wang.phone.wipe().unwrap();
    assert_eq!(wang.ok("standing", json!({}))["wiped"], true);
    assert_eq!(wang.ok("counts", json!({}))["waiting"], 1);
    assert_eq!(wang.ok("today", json!({}))["total"], 0);
}

#[test]
fn a_sync_can_be_stopped_and_goes_on_where_it_was() {
    let line = HubLine::new();
    let wang = Arc::new(Held::enrolled(&line, 1, "1001"));
    wang.new_shop("古美路 12 号", "小李面馆");
    wang.phone.stop();
    let inside = Arc::downgrade(&wang);
    *line.meanwhile.lock().unwrap() = Some(Box::new(move || {
        inside.upgrade().unwrap().phone.stop();
    }));
    line.stalls.store(true, Ordering::Relaxed);
    let problem = wang.sync().unwrap_err();
    assert_eq!(problem.code, Code::Cancelled);
    line.stalls.store(false, Ordering::Relaxed);
    *line.meanwhile.lock().unwrap() = None;
    assert!(wang.sync().unwrap().complete);
}

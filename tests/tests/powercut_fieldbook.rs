//! Power goes at every sync point of a phone's work: no committed edit is lost, and the phone
//! goes on syncing as if nothing had been.

#![cfg(test)]

mod common;

use std::cell::RefCell;

use common::{GRID, text};
use gridbook_tests::{
    hub::Hub,
    powercut::{Disk, Outage, Points, for_each_point},
    world::{Broken, Phone, Storage, hub},
};
use sync_core::{RecordId, fieldbook::FieldbookError, record::View};

/// What the phone was told is on its disk.
#[derive(Default)]
struct Promised {
    shop: Option<RecordId>,
    signs: Vec<String>,
    draft: bool,
    photo: bool,
}

fn phone_on(disk: &Disk, shared_memory: bool, now_ms: i64) -> Result<Phone, FieldbookError> {
    let vfs = disk.vfs_name().to_owned();
    Phone::new(Storage::Vfs { vfs, shared_memory }, 1, now_ms)
}

/// A morning: enrol, find a shop, edit, sync, be refused nothing, edit on, compact.
fn morning(disk: &Disk, hub: &mut Hub, shared_memory: bool) -> Promised {
    let mut promised = Promised::default();
    // The error that ends it is the power cut.
    let _ = work(disk, hub, shared_memory, &mut promised);
    promised
}

fn work(
    disk: &Disk,
    hub: &mut Hub,
    shared_memory: bool,
    promised: &mut Promised,
) -> Result<(), Broken> {
    let mut phone = phone_on(disk, shared_memory, hub.now_ms).map_err(Broken::Phone)?;
    let ticket = hub.ticket("王", &[GRID]);
    phone.enrol(hub, &ticket).map_err(Broken::Phone)?;
    let place = sync_core::fieldbook::Place::Grid(GRID.to_owned());
    let edits = common::shop_edits("古美路 1 号", "面馆");
    let shop = phone
        .book
        .create("shop", &place, &edits)
        .map_err(Broken::Phone)?
        .record;
    promised.shop = Some(shop);
    for round in 0..3 {
        for number in 0..3 {
            let sign = format!("面馆 {round}-{number}");
            phone
                .book
                .edit(&shop, &[text("sign_name", &sign)])
                .map_err(Broken::Phone)?;
            promised.signs.push(sign);
        }
        phone.sync(hub)?;
        if round == 1 {
            phone
                .book
                .put_draft("form", Some(b"draft"))
                .map_err(Broken::Phone)?;
            promised.draft = true;
            phone
                .book
                .attach(&shop, "image/jpeg", &[7; 3_000])
                .map_err(Broken::Phone)?;
            promised.photo = true;
            phone.book.compact().map_err(Broken::Phone)?;
        }
    }
    Ok(())
}

fn check(disk: &Disk, outage: &Outage, promised: &Promised, hub: &mut Hub, shared_memory: bool) {
    let mut phone = phone_on(disk, shared_memory, hub.now_ms).unwrap();
    let Some(shop) = promised.shop else { return };
    let signs = |phone: &Phone| -> Vec<String> {
        let history = phone.book.field_history(&shop, "sign_name").unwrap();
        let puts = history.iter().flat_map(|entry| &entry.puts);
        puts.filter_map(|put| put.value.as_text().map(str::to_owned))
            .collect()
    };
    let known = signs(&phone);
    for sign in &promised.signs {
        assert!(
            known.contains(sign),
            "{outage}: {sign} was committed and is gone"
        );
    }
    assert!(
        known.len() <= promised.signs.len() + 2,
        "{outage}: more than was ever written"
    );
    if promised.draft {
        assert_eq!(
            phone.book.drafts().unwrap().len(),
            1,
            "{outage}: the draft is gone"
        );
    }
    if promised.photo {
        assert_eq!(
            phone.book.pending_attachments().unwrap().len(),
            1,
            "{outage}"
        );
    }
    // It goes on: what was committed reaches the server, once.
    phone.book.edit(&shop, &[text("gas", "none")]).unwrap();
    let report = phone.sync(hub).unwrap();
    assert!(
        report.complete && !report.applied.fork,
        "{outage}: {report:?}"
    );
    let server = hub.record(&shop).unwrap();
    assert_eq!(
        View::of(&server.state.registers),
        common::view(&phone, &shop),
        "{outage}"
    );
    assert_eq!(
        server.state.registers.change_count(),
        known.len() as u64 + 1,
        "{outage}"
    );
    assert!(hub.held().is_empty() && hub.forks().is_empty(), "{outage}");
}

fn sweep(points: Points, shared_memory: bool) -> u64 {
    // The hub of the run at hand: each outage is checked against a copy of it.
    let current = RefCell::new(hub(1));
    let sweep = for_each_point(
        points,
        |disk| {
            let mut fresh = hub(1);
            let promised = morning(disk, &mut fresh, shared_memory);
            *current.borrow_mut() = fresh;
            promised
        },
        |disk, outage, promised| {
            let mut hub = current.borrow().clone();
            check(disk, outage, promised, &mut hub, shared_memory);
        },
    )
    .unwrap();
    sweep.points
}

#[test]
fn no_committed_edit_is_lost_at_any_sync_point_of_a_write_ahead_log() {
    let points = sweep(Points::Syncs, true);
    assert!(points > 20, "{points} sync points");
}

#[test]
fn no_committed_edit_is_lost_at_any_sync_point_of_a_truncated_journal() {
    let points = sweep(Points::Syncs, false);
    assert!(points > 40, "{points} sync points");
}

#[test]
#[ignore = "long: every write instead of every sync"]
fn soak_no_committed_edit_is_lost_at_any_write() {
    let points = sweep(Points::Writes, true) + sweep(Points::Writes, false);
    assert!(points > 200, "{points} writes");
}

#[test]
#[should_panic(expected = "was committed and is gone")]
fn the_check_bites_when_a_promised_edit_is_not_there() {
    let sweep = for_each_point(
        Points::Syncs,
        |disk| {
            let mut promised = morning(disk, &mut hub(1), true);
            promised.signs.push("从未保存".to_owned());
            promised
        },
        |disk, outage, promised| check(disk, outage, promised, &mut hub(1), true),
    );
    assert!(sweep.is_ok());
}

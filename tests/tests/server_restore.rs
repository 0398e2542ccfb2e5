//! A server that is lost and restored, again and again, gets back what phones hold, no phone is
//! stuck, and the journal always gives the same main.db.
#![cfg(test)]
#![allow(clippy::panic, clippy::print_stdout, reason = "helpers of tests")]

use std::cell::RefCell;

use gridbook_tests::{
    county::{County, Form, Step},
    props::Checked,
    world::Link,
};
use proptest::{collection::vec, option, prelude::*};
use sync_core::bundle::JournalPayload;

mod runner;

use runner::{SOAK, run};

const CASES: u32 = 40;

#[derive(Clone, Copy, Debug, Default)]
struct Count {
    cases: u64,
    commits: u64,
    restores: u64,
    rebuilds: u64,
    caught_up: u64,
    /// Restores of a backup older than what phones keep.
    too_old: u64,
}

fn form() -> impl Strategy<Value = Form> {
    let business = option::weighted(0.2, 0_usize..3);
    (0_usize..3, prop::bool::weighted(0.2), business).prop_map(|(field, licence, business)| Form {
        field,
        licence,
        business,
    })
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let phone = || 0_usize..4;
    let record = || 0_usize..5;
    let link = prop_oneof![
        2 => Just(Link::default()),
        1 => (0_usize..30, 0_usize..30, 0_usize..30)
            .prop_map(|(lost, cut, doubled)| Link { lost, cut, doubled }),
    ];
    let often = prop_oneof![
        30 => (phone(), record(), form()).prop_map(|(p, r, form)| Step::Edit(p, r, form)),
        3 => (phone(), 0_usize..2).prop_map(|(phone, grid)| Step::Create(phone, grid)),
        2 => phone().prop_map(Step::Resident),
        16 => (phone(), link).prop_map(|(phone, link)| Step::Sync(phone, link)),
        2 => (phone(), -100_000_i32..100_000).prop_map(|(phone, hours)| Step::Clock(phone, hours)),
    ];
    let seldom = prop_oneof![
        3 => (record(), form()).prop_map(|(record, form)| Step::Decide(record, form)),
        2 => (record(), form()).prop_map(|(record, form)| Step::Office(record, form)),
        2 => (record(), 0_usize..2).prop_map(|(record, grid)| Step::Move(record, grid)),
        2 => (phone(), 0_u8..4).prop_map(|(phone, grids)| Step::Certify(phone, grids)),
        3 => (0_usize..9, any::<bool>()).prop_map(|(which, release)| Step::Resolve(which, release)),
        1 => (phone(), 0_u8..2).prop_map(|(phone, hours)| Step::Revert(phone, hours)),
        6 => Just(Step::BackUp),
        3 => any::<bool>().prop_map(|torn| Step::Restore(0, torn)),
        2 => (1_usize..4, any::<bool>()).prop_map(|(which, torn)| Step::Restore(which, torn)),
        1 => Just(Step::Restart),
        2 => any::<bool>().prop_map(Step::Rebuild),
    ];
    vec(prop_oneof![3 => often, 1 => seldom], 15..60)
}

fn everyone_ends_alike(case: &(usize, u64, u32, Vec<Step>), count: &mut Count) -> Checked {
    let (phones, seed, keep, steps) = case;
    let mut county = County::new(*phones, *seed, *keep)?;
    steps.iter().try_for_each(|step| county.step(step))?;
    county.heal()?;
    county.is_at_rest()?;
    county.rebuild(true)?;
    count.cases += 1;
    count.commits += county.commits.len() as u64;
    count.restores += county.restores;
    count.rebuilds += county.rebuilds;
    count.caught_up += county.caught_up;
    count.too_old += county.too_old;
    Ok(())
}

fn counties(cases: u32) -> Count {
    let count = RefCell::new(Count::default());
    let strategy = (2_usize..=4, any::<u64>(), 1_u32..=2, steps());
    run(cases, &strategy, |case| {
        everyone_ends_alike(&case, &mut count.borrow_mut())
    });
    println!("{:?}", count.borrow());
    count.into_inner()
}

#[test]
fn a_server_lost_and_restored_again_and_again_gets_back_what_phones_hold() {
    let count = counties(CASES);
    let tried = count.restores >= 20 && count.caught_up >= 20 && count.too_old >= 8;
    assert!(tried, "{count:?}");
}

#[test]
#[ignore = "long"]
fn soak_a_server_lost_and_restored_again_and_again_gets_back_what_phones_hold() {
    counties(CASES * SOAK);
}

fn plain(field: usize) -> Form {
    Form {
        field,
        licence: false,
        business: None,
    }
}

#[test]
fn what_came_after_the_backup_comes_back_with_the_next_sync() -> Checked {
    let mut county = County::new(2, 1, 1)?;
    let sync = |phone| Step::Sync(phone, Link::default());
    let after_the_backup = [
        Step::Edit(0, 0, plain(0)),
        Step::Resident(1),
        sync(0),
        sync(1),
        Step::Decide(0, plain(0)),
        Step::Office(0, plain(1)),
        sync(0),
        Step::Edit(0, 0, plain(2)),
        sync(0),
        sync(1),
        Step::Restore(0, false),
    ];
    after_the_backup
        .iter()
        .try_for_each(|step| county.step(step))?;
    county.heal()?;
    county.is_at_rest()?;
    // The decision and the office's edit came back from the phones.
    let own = county.server()?.read(|conn| {
        let sql = "SELECT count(*) FROM own_bundle";
        Ok(conn.query_row(sql, [], |row| row.get::<_, i64>(0))?)
    });
    assert_eq!(own.map_err(|error| error.to_string())?, 2);
    county.rebuild(false)
}

#[test]
fn a_main_older_than_its_journal_is_caught_up_with() -> Checked {
    let mut county = County::new(2, 2, 1)?;
    let sync = |phone| Step::Sync(phone, Link::default());
    let between_the_files = [
        Step::Edit(0, 0, plain(0)),
        Step::Edit(1, 0, plain(0)),
        Step::Resident(1),
        sync(0),
        sync(1),
        Step::Decide(0, plain(0)),
        Step::Move(0, 1),
        Step::Certify(1, 1),
        sync(0),
        sync(1),
        Step::Edit(0, 0, plain(1)),
        sync(0),
        Step::Restore(0, true),
    ];
    between_the_files
        .iter()
        .try_for_each(|step| county.step(step))?;
    assert!(county.caught_up >= 4, "{}", county.caught_up);
    county.heal()?;
    county.is_at_rest()?;
    county.rebuild(true)
}

fn sync(phone: usize) -> Step {
    Step::Sync(phone, Link::default())
}

/// Two phones forget what is in the newest backup, then the one before it is restored.
fn forgotten_and_restored(keep: u32) -> Checked<County> {
    let mut county = County::new(2, 3, keep)?;
    let story = [
        Step::Edit(0, 0, plain(0)),
        Step::Edit(1, 0, plain(1)),
        Step::Create(1, 0),
        sync(0),
        sync(1),
        sync(0),
        Step::BackUp,
        // They learn of the backup, fold what is in it and forget it.
        sync(0),
        sync(1),
        // On the way when the server is lost: it builds on what is forgotten.
        Step::Edit(0, 0, plain(0)),
        Step::Restore(1, false),
    ];
    story.iter().try_for_each(|step| county.step(step))?;
    Ok(county)
}

fn gaps(county: &mut County) -> Checked<usize> {
    county.server()?.settle();
    let path = county.data().join("journal.db");
    let journal = rusqlite::Connection::open(path).map_err(|error| error.to_string())?;
    let entries = gridbook_server::journal::replay_after(&journal, 0, 10_000);
    let entries = entries.map_err(|error| error.to_string())?;
    let is_gap = |payload: &JournalPayload| matches!(payload, JournalPayload::Act { act, .. } if act == "chain.gap");
    Ok(entries
        .iter()
        .filter(|entry| is_gap(&entry.payload))
        .count())
}

#[test]
fn the_backup_before_the_newest_is_restored_without_loss() -> Checked {
    let mut county = forgotten_and_restored(2)?;
    county.heal()?;
    assert_eq!((county.lost, county.too_old), (0, 0));
    county.is_at_rest()?;
    assert_eq!(gaps(&mut county)?, 0);
    county.rebuild(false)
}

#[test]
fn no_phone_is_stuck_after_a_restore_of_a_backup_older_than_what_it_keeps() -> Checked {
    let mut county = forgotten_and_restored(1)?;
    assert_eq!(county.too_old, 1);
    let later = [
        sync(0),
        sync(1),
        Step::Edit(0, 0, plain(0)),
        Step::Edit(1, 0, plain(2)),
        Step::Create(1, 1),
        sync(0),
        sync(1),
    ];
    later.iter().try_for_each(|step| county.step(step))?;
    county.heal()?;
    // The gap is noted once a phone, and checked with the rest.
    assert_eq!(gaps(&mut county)?, 2);
    county.is_at_rest()?;
    county.rebuild(true)?;
    county.step(&Step::Restart)?;
    county.step(&Step::BackUp)?;
    county.step(&Step::Edit(0, 0, plain(0)))?;
    county.step(&Step::Restore(0, true))?;
    county.heal()?;
    assert_eq!(gaps(&mut county)?, 2);
    county.is_at_rest()?;
    county.rebuild(false)
}

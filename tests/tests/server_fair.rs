//! A phone with very much to send holds up another one by a bounded number of changes, and is told
//! to come again where its queue is full. What is looked at is the order, not the time.
#![cfg(test)]
#![allow(clippy::print_stdout, reason = "what was measured")]

mod common;

use std::sync::mpsc;

use common::{GRID, new_shop_of, text};
use gridbook_server::{Error, journal, journal::Replayed};
use gridbook_tests::{
    central::Central,
    county::scratch,
    world::{Phone, Storage},
};
use sync_core::{
    DeviceId, RecordId,
    bundle::{JournalPayload, Manifest},
};

const NOW: i64 = 1_790_000_000_000;
/// Changes of another phone that may be verified between a bundle's receipt and its verdict: what
/// is in hand when it comes, 1,024 and what fills the last bundle, and one bundle more in its turn.
/// Less than what may wait of one phone, so that a queue without turns goes past it.
const BOUND: u64 = 1_024 + 3 * EDITS as u64;
/// Bundles of the other phone, at most.
const BESIDE: usize = 400;
/// Edits of one bundle.
const EDITS: usize = 40;
/// Edits of a record, about: a phone takes longer with each that is not settled.
const EDITS_A_SHOP: usize = 20;
fn phone(central: &mut Central, seed: u64, name: &str) -> Phone {
    Phone::enrolled(central, Storage::Memory, seed, name, &[GRID]).unwrap()
}

/// So many edits of shops, in bundles that wait on the phone.
fn pile_up(phone: &mut Phone, shops: &[RecordId], bundles: usize, edits: usize) {
    for number in 0..bundles * edits {
        let shop = shops[number % shops.len()];
        let sign = format!("招牌 {number}");
        phone.book.edit(&shop, &[text("sign_name", &sign)]).unwrap();
        if (number + 1) % edits == 0 {
            phone.close_bundles().unwrap();
        }
    }
}

fn entries(central: &Central) -> Vec<Replayed> {
    let read = central.app.journal().readers().read_now(|conn| {
        let mut all = Vec::new();
        loop {
            let after = all.last().map_or(0, |entry: &Replayed| entry.position);
            let some = journal::replay_after(conn, after, 512)?;
            if some.is_empty() {
                return Ok(all);
            }
            all.extend(some);
        }
    });
    read.unwrap()
}

/// For each bundle of `one`: changes of `other` that were verified after it was received and
/// before its verdict.
fn waited(entries: &[Replayed], one: DeviceId, other: DeviceId) -> Vec<u64> {
    let mut changes = std::collections::BTreeMap::new();
    let mut open: Vec<(u64, u64)> = Vec::new();
    let mut waited = Vec::new();
    for entry in entries {
        match &entry.payload {
            JournalPayload::Bundle { manifest, .. } => {
                let manifest: Manifest = minicbor::decode(manifest).unwrap();
                let count: usize = manifest.records.iter().map(|it| it.changes.len()).sum();
                changes.insert((manifest.device, manifest.number), count as u64);
                if manifest.device == one {
                    open.push((manifest.number, 0));
                }
            }
            JournalPayload::Verdicts { device, number, .. } if *device == other => {
                for (_, passed) in &mut open {
                    *passed += changes[&(*device, *number)];
                }
            }
            JournalPayload::Verdicts { device, number, .. } if *device == one => {
                let at = open.iter().position(|(open, _)| open == number).unwrap();
                waited.push(open.remove(at).1);
            }
            _ => {}
        }
    }
    assert!(open.is_empty(), "bundles without a verdict");
    waited
}

fn a_sending_phone_holds_up_another_by_a_bounded_number(edits: usize) {
    let dir = scratch("fair");
    let mut central = Central::start(&dir, NOW).unwrap();
    let mut full = phone(&mut central, 1, "王");
    let mut other = phone(&mut central, 2, "李");
    let shops: Vec<_> = (0..edits / EDITS_A_SHOP)
        .map(|n| new_shop_of(&mut full, n))
        .collect();
    full.sync(&mut central).unwrap();
    other.sync(&mut central).unwrap();
    pile_up(&mut full, &shops, edits / EDITS, EDITS);
    let device = full.device();
    let sending = {
        let mut central = central.share();
        std::thread::spawn(move || {
            // Told to come again where the queue is full, it does.
            for _ in 0..10_000 {
                match full.sync(&mut central) {
                    Ok(report) if report.complete => return full,
                    _ => std::thread::yield_now(),
                }
            }
            full
        })
    };
    let head = |central: &Central| {
        let readers = central.app.journal().readers();
        let head = readers.read_now(|conn| journal::chain_head(conn, device));
        head.unwrap().number
    };
    let before = head(&central);
    while head(&central) < before + 4 {
        std::thread::yield_now();
    }
    let mut bundles = 0;
    while !sending.is_finished() && bundles < BESIDE {
        let sign = format!("乙 {bundles}");
        let shop = shops[bundles % shops.len()];
        other.book.edit(&shop, &[text("sign_name", &sign)]).unwrap();
        other.sync(&mut central).unwrap();
        bundles += 1;
    }
    let full = sending.join().unwrap();
    central.settle();
    assert_eq!(full.book.pending().unwrap(), 0, "everything was sent");
    let entries = entries(&central);
    let waited = waited(&entries, other.device(), device);
    let most = waited.iter().copied().max().unwrap_or(0);
    println!("{edits} edits; {bundles} bundles beside them waited for {most} changes at most");
    assert!(most <= BOUND, "{most} changes");
    assert!(bundles >= 4, "only {bundles} bundles beside them");
    // Nothing was lost on the way.
    let own = |entry: &&Replayed| {
        matches!(&entry.payload, JournalPayload::Bundle { manifest, .. }
            if minicbor::decode::<Manifest>(manifest).unwrap().device == device)
    };
    let sent = entries.iter().filter(own).count();
    assert!(sent >= edits / EDITS, "{sent} bundles");
    central.stop();
    std::fs::remove_dir_all(dir).unwrap();
}

/// A job of somebody that keeps the writer from verifying until this is dropped.
struct Busy(Option<(mpsc::Sender<()>, std::thread::JoinHandle<()>)>);

impl Busy {
    fn begin(central: &Central) -> Self {
        let (go_on, wait) = mpsc::channel::<()>();
        let (begun, begins) = mpsc::channel();
        let central = central.share();
        let thread = std::thread::spawn(move || {
            let done = central.write(move |_| {
                begun.send(()).unwrap();
                // Ends with the sender.
                let _ = wait.recv();
                Ok(())
            });
            done.unwrap();
        });
        begins.recv().unwrap();
        Self(Some((go_on, thread)))
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        if let Some((go_on, thread)) = self.0.take() {
            drop(go_on);
            thread.join().unwrap();
        }
    }
}

/// The queue is filled while nothing is verified, so that what is looked at is the same each time:
/// as much of one phone as may wait, and behind it bundles of another.
#[test]
fn a_phone_with_a_full_queue_holds_up_another_by_a_bounded_number_of_changes() {
    const BUNDLES: usize = 34;
    let dir = scratch("fair-full");
    let mut central = Central::start(&dir, NOW).unwrap();
    let mut full = phone(&mut central, 1, "王");
    let mut other = phone(&mut central, 2, "李");
    let count = BUNDLES * EDITS / EDITS_A_SHOP;
    let shops: Vec<_> = (0..count).map(|n| new_shop_of(&mut full, n)).collect();
    full.sync(&mut central).unwrap();
    other.sync(&mut central).unwrap();
    pile_up(&mut full, &shops, BUNDLES, EDITS);
    let busy = Busy::begin(&central);
    assert!(full.sync(&mut central).is_err(), "its queue is full");
    let depth = |central: &Central, device| {
        let waiting = central.app.backlog().depth();
        waiting.get(&device).copied().unwrap_or(0)
    };
    let waiting = depth(&central, full.device());
    assert!((waiting * EDITS) as u64 > BOUND, "{waiting} bundles");
    for (number, shop) in shops.iter().enumerate().take(4) {
        let sign = format!("乙 {number}");
        other.book.edit(shop, &[text("sign_name", &sign)]).unwrap();
        other.sync(&mut central).unwrap();
    }
    assert_eq!(depth(&central, other.device()), 4);
    drop(busy);
    central.settle();
    while !full.sync(&mut central).is_ok_and(|report| report.complete) {
        central.settle();
    }
    central.settle();
    assert_eq!(full.book.pending().unwrap(), 0, "everything was sent");
    let waited = waited(&entries(&central), other.device(), full.device());
    assert_eq!(waited.len(), 4);
    let most = waited.iter().copied().max().unwrap_or(0);
    println!("{waiting} bundles before it; it waited for {most} changes at most");
    assert!(most <= BOUND, "{waited:?}");
    central.stop();
    std::fs::remove_dir_all(dir).unwrap();
}

#[test]
#[ignore = "long: 100,000 edits"]
fn soak_a_phone_with_a_hundred_thousand_edits_holds_up_another_by_a_bounded_number() {
    a_sending_phone_holds_up_another_by_a_bounded_number(100_000);
}

#[test]
fn a_full_queue_sends_its_phone_away_and_nobody_else() {
    let dir = scratch("busy");
    let mut central = Central::start(&dir, NOW).unwrap();
    let mut full = phone(&mut central, 1, "王");
    let mut other = phone(&mut central, 2, "李");
    let shops: Vec<_> = (0..20).map(|n| new_shop_of(&mut full, n)).collect();
    full.sync(&mut central).unwrap();
    other.sync(&mut central).unwrap();
    pile_up(&mut full, &shops, 50, 4);
    // Nothing is verified while a job of somebody takes its time.
    let busy = Busy::begin(&central);
    assert!(full.sync(&mut central).is_err(), "its queue is full");
    let head = |central: &Central, device| {
        let readers = central.app.journal().readers();
        let head = readers.read_now(|conn| journal::chain_head(conn, device));
        head.unwrap().number
    };
    let acknowledged = head(&central, full.device());
    assert!(acknowledged >= 32, "{acknowledged} bundles");
    assert!(acknowledged < 51, "{acknowledged} bundles");
    assert!(matches!(
        central.app.backlog().room(full.device()),
        Err(Error::Busy { retry_after_ms }) if retry_after_ms > 0
    ));
    // Another phone is heard.
    let before = head(&central, other.device());
    let edit = [text("sign_name", "乙")];
    other.book.edit(&shops[0], &edit).unwrap();
    other.sync(&mut central).unwrap();
    assert_eq!(head(&central, other.device()), before + 1);
    drop(busy);
    central.settle();
    for _ in 0..100 {
        if full.sync(&mut central).is_ok_and(|report| report.complete) {
            break;
        }
        central.settle();
    }
    assert_eq!(full.book.pending().unwrap(), 0);
    other.sync(&mut central).unwrap();
    for shop in &shops {
        let (one, two) = (full.book.get(shop).unwrap(), other.book.get(shop).unwrap());
        assert_eq!(one.view, two.view);
    }
    central.stop();
    std::fs::remove_dir_all(dir).unwrap();
}

//! The evening: everything is sent, held work released, conflicts decided, a phone joins.

use std::time::Instant;

use schemas::RegisterKey;
use sync_core::record::{Edit, View};

use super::{
    DemoError, Step,
    count::conflicts,
    town::{Town, texts},
};
use crate::{hub::Resolution, world::Link};

/// The line from a shop's back room.
const LOSSY: Link = Link {
    lost: 10,
    cut: 10,
    doubled: 5,
};
/// Rounds after which everybody has everything; more would be a fault.
const ROUNDS: usize = 12;

/// Everybody sends and fetches until nothing is new.
pub(super) fn sync(town: &mut Town) -> Result<Step, DemoError> {
    let begun = Instant::now();
    let rounds = until_quiet(town)?;
    let text = format!("everything sent and fetched in {rounds} rounds of all phones");
    Ok(Step::new(text, begun.elapsed()))
}

fn until_quiet(town: &mut Town) -> Result<usize, DemoError> {
    for round in 1..=ROUNDS {
        let mut progressed = false;
        for phone in 0..town.phones.len() {
            progressed |= town.sync(phone, LOSSY)?.applied.progressed;
        }
        if !progressed {
            return Ok(round);
        }
    }
    Ok(ROUNDS)
}

/// Held work is released, conflicts are decided; one inspector edits before hearing of it.
pub(super) fn settle(town: &mut Town) -> Result<Step, DemoError> {
    let begun = Instant::now();
    release(town);
    until_quiet(town)?;
    let open = conflicts(&town.hub);
    town.counts.conflicts = open.iter().map(|(_, keys)| keys.len() as u64).sum();
    for phone in &town.phones {
        town.counts.returned += phone.book.returned()?.len() as u64;
    }
    // It had not seen the decision: the edit shows as a new conflict beside it.
    let late = open
        .iter()
        .find(|(_, keys)| keys.iter().any(|key| key == "business_type"));
    if let Some((record, _)) = late {
        let holder = town
            .phones
            .iter()
            .position(|phone| phone.book.listed(record).is_some());
        if let Some(phone) = holder {
            town.edit(phone, record, &texts(&[("business_type", "6232")]))?;
        }
    }
    for (record, keys) in &open {
        let Some(view) = town.view(record) else {
            continue;
        };
        let edits: Vec<Edit> = keys.iter().filter_map(|key| decision(&view, key)).collect();
        town.hub.now_ms += 20_000;
        if !edits.is_empty() && town.hub.decide(*record, &edits) {
            town.counts.decided += edits.len() as u64;
        }
    }
    until_quiet(town)?;
    let text = format!(
        "{} held records released, {} of {} conflicting fields decided",
        town.counts.released, town.counts.decided, town.counts.conflicts
    );
    Ok(Step::new(text, begun.elapsed()))
}

fn release(town: &mut Town) {
    let held = town.hub.held();
    let mut records: Vec<_> = held.iter().map(|(_, _, record, _)| *record).collect();
    records.sort_unstable();
    records.dedup();
    town.counts.held = records.len() as u64;
    for record in records {
        let mut released = false;
        while town.hub.resolve(&record, Resolution::Release) {
            released = true;
        }
        town.counts.released += u64::from(released);
    }
}

/// The value shown before is the one that stands; what is both there and gone is there.
fn decision(view: &View, key: &str) -> Option<Edit> {
    let key = RegisterKey::parse(key).ok()?;
    match &key {
        RegisterKey::Alive => Some(Edit::Restore),
        RegisterKey::Entry { group, id } => Some(Edit::AddEntry {
            group: group.clone(),
            id: *id,
        }),
        _ => {
            let value = view.field(&key)?.shown().clone();
            Some(Edit::Set { key, value })
        }
    }
}

/// One more phone is enrolled and gets its grid.
pub(super) fn newcomer(town: &mut Town) -> Result<Step, DemoError> {
    let begun = Instant::now();
    let phone = town.enrol(0)?;
    let report = town.sync(phone, LOSSY)?;
    town.counts.packed = report.applied.packed;
    town.counts.pack_bytes = town.phones.get(phone).map_or(0, |phone| phone.traffic.down);
    let text = format!(
        "its grid's {} records in its first pack",
        report.applied.packed
    );
    Ok(Step::new(text, begun.elapsed()))
}

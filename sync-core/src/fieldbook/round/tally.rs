//! What belongs to each shop, counted once and kept until something changes.

use std::collections::{BTreeMap, BTreeSet};

use super::{Due, door, names, now::Now};
use crate::{
    fieldbook::{Fieldbook, Listed, error::Result},
    ids::{DeviceId, RecordId},
    sync::CaseStatus,
};

/// The shops of the book with their tallies, and what every row needs.
#[derive(Debug, Default)]
pub(in crate::fieldbook) struct Round {
    /// Shops that are there and not merged into another, in the order of their doors.
    pub(super) shops: Vec<RecordId>,
    tallies: BTreeMap<RecordId, Tally>,
    /// Records with own changes that are not settled.
    pending: BTreeSet<RecordId>,
    authors: BTreeMap<DeviceId, String>,
    /// Where the cases of findings stand.
    cases: BTreeMap<RecordId, CaseStatus>,
}

/// A visit of a shop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Visit {
    /// When, ms.
    pub(super) at_ms: i64,
    /// The visit.
    pub(super) record: RecordId,
    /// Whether the shop was met, or seen not to be there.
    pub(super) settles: bool,
}

/// What belongs to one shop.
#[derive(Debug, Default)]
pub(super) struct Tally {
    /// Visits, the latest first.
    pub(super) visits: Vec<Visit>,
    /// People living there.
    pub(super) residents: u32,
    /// People working there.
    pub(super) workers: u32,
    /// Findings that are open.
    pub(super) findings: u32,
}

/// Of a shop that nothing belongs to.
static NOTHING: Tally = Tally {
    visits: Vec::new(),
    residents: 0,
    workers: 0,
    findings: 0,
};

impl Round {
    /// Whether a record of this kind has its place among the doors.
    pub(in crate::fieldbook) fn has_door(kind: &str) -> bool {
        kind == names::SHOP
    }

    fn of(book: &Fieldbook) -> Result<Self> {
        let mut round = Self {
            pending: book.store.unsettled_records()?,
            authors: book.store.authors()?,
            cases: book.store.cases()?,
            ..Self::default()
        };
        for listed in book.list.values().filter(|listed| listed.present) {
            if listed.kind != names::SHOP
                && let Some(shop) = listed.facts.record(names::SHOP)
            {
                let open = round.is_open_finding(listed);
                round.tallies.entry(shop).or_default().add(listed, open);
            }
        }
        for tally in round.tallies.values_mut() {
            tally.visits.sort_unstable_by(|a, b| b.cmp(a));
        }
        round
            .shops
            .clone_from(book.doors.get_or_init(|| doors(book)));
        Ok(round)
    }

    /// What belongs to a shop.
    pub(super) fn tally(&self, shop: &RecordId) -> &Tally {
        self.tallies.get(shop).unwrap_or(&NOTHING)
    }

    /// Whether a record has own changes that are not settled.
    pub(super) fn is_pending(&self, record: &RecordId) -> bool {
        self.pending.contains(record)
    }

    /// Where a finding's case stands.
    pub(super) fn case(&self, finding: &RecordId) -> Option<&CaseStatus> {
        self.cases.get(finding)
    }

    /// Whether a finding still wants something: its case says so, or without one that it was not
    /// put right on the spot.
    fn is_open_finding(&self, listed: &Listed) -> bool {
        match self.case(&listed.record) {
            Some(case) => case.closed_ms.is_none(),
            None => !listed.facts.flag(names::FIXED_ON_SITE),
        }
    }

    /// How people know a device, as the server said.
    pub(super) fn label(&self, device: DeviceId) -> Option<&str> {
        let label = self.authors.get(&device).map(String::as_str);
        label.filter(|label| !label.is_empty())
    }
}

/// Shops that are there and not merged into another, in the order of their doors.
fn doors(book: &Fieldbook) -> Vec<RecordId> {
    let shops = book.list.values().filter(|listed| {
        let is_shop = listed.present && listed.kind == names::SHOP;
        is_shop && listed.facts.record(names::MERGED_INTO).is_none()
    });
    // Looked up once, not at each comparison.
    let mut doors: Vec<(&str, &str, RecordId)> = shops
        .map(|shop| {
            let text = |field: &str| shop.facts.text(field).unwrap_or_default();
            (text(names::DOOR), text(names::UNIT), shop.record)
        })
        .collect();
    doors.sort_by(|a, b| {
        let by_door = door::compare(a.0, b.0);
        by_door
            .then_with(|| door::compare(a.1, b.1))
            .then(a.2.cmp(&b.2))
    });
    doors.into_iter().map(|(.., shop)| shop).collect()
}

impl Tally {
    fn add(&mut self, listed: &Listed, open: bool) {
        let facts = &listed.facts;
        let state = facts.text(names::STATE);
        match listed.kind.as_str() {
            names::VISIT => {
                let at = facts.number(names::VISITED_AT).unwrap_or(listed.touched_ms);
                let outcome = facts.text(names::OUTCOME);
                self.visits.push(Visit {
                    at_ms: at,
                    record: listed.record,
                    settles: outcome.is_some_and(|code| names::SETTLING.contains(&code)),
                });
            }
            names::RESIDENT if state != Some(names::MOVED_OUT) => self.residents += 1,
            names::WORKER if state != Some(names::LEFT) => self.workers += 1,
            names::FINDING if open => self.findings += 1,
            _ => {}
        }
    }

    /// The last visit that no wrong clock dated.
    pub(super) fn last(&self, now: &Now) -> Option<&Visit> {
        self.visits
            .iter()
            .find(|visit| visit.at_ms <= now.horizon_ms)
    }

    /// Whether the shop is to be visited: its last visit of this month says so. No area sets an
    /// interval of its own.
    pub(super) fn due(&self, now: &Now) -> Due {
        match self.last(now).filter(|visit| visit.at_ms >= now.month_ms) {
            None => Due::Due,
            Some(visit) if visit.settles => Due::Visited,
            Some(_) => Due::Revisit,
        }
    }

    /// Whether the visit of the month before is missing as well as this month's. `made_ms` is when
    /// the shop came to be, where that is known.
    pub(super) fn is_overdue(&self, made_ms: Option<i64>, now: &Now) -> bool {
        let since = |visit: &Visit| visit.at_ms >= now.last_month_ms && visit.settles;
        let made_before = made_ms.is_none_or(|made| made < now.last_month_ms);
        made_before && !self.visits.iter().any(since)
    }
}

impl Fieldbook {
    /// The round, made anew where anything changed since.
    pub(super) fn round(&self) -> Result<&Round> {
        if let Some(round) = self.round.get() {
            return Ok(round);
        }
        let round = Round::of(self)?;
        Ok(self.round.get_or_init(|| round))
    }
}

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

/// What belongs to one shop.
#[derive(Debug, Default)]
pub(super) struct Tally {
    /// Visits, the latest first: when, and which.
    pub(super) visits: Vec<(i64, RecordId)>,
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
    fn of(book: &Fieldbook) -> Result<Self> {
        let mut round = Self {
            pending: book.store.unsettled_records()?,
            authors: book.store.authors()?,
            cases: book.store.cases()?,
            ..Self::default()
        };
        for listed in book.list.values().filter(|listed| listed.present) {
            if listed.kind == names::SHOP {
                if listed.facts.record(names::MERGED_INTO).is_none() {
                    round.shops.push(listed.record);
                }
            } else if let Some(shop) = listed.facts.record(names::SHOP) {
                let open = round.is_open_finding(listed);
                round.tallies.entry(shop).or_default().add(listed, open);
            }
        }
        for tally in round.tallies.values_mut() {
            tally.visits.sort_unstable_by(|a, b| b.cmp(a));
        }
        let text = |id: &RecordId, field: &str| {
            let listed = book.list.get(id);
            listed
                .and_then(|listed| listed.facts.text(field))
                .unwrap_or_default()
        };
        round.shops.sort_by(|a, b| {
            let by = |field: &str| door::compare(text(a, field), text(b, field));
            by(names::DOOR).then_with(|| by(names::UNIT)).then(a.cmp(b))
        });
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

impl Tally {
    fn add(&mut self, listed: &Listed, open: bool) {
        let facts = &listed.facts;
        let state = facts.text(names::STATE);
        match listed.kind.as_str() {
            names::VISIT => {
                let at = facts.number(names::VISITED_AT).unwrap_or(listed.touched_ms);
                self.visits.push((at, listed.record));
            }
            names::RESIDENT if state != Some(names::MOVED_OUT) => self.residents += 1,
            names::WORKER if state != Some(names::LEFT) => self.workers += 1,
            names::FINDING if open => self.findings += 1,
            _ => {}
        }
    }

    /// The last visit that no wrong clock dated.
    pub(super) fn last(&self, now: &Now) -> Option<(i64, RecordId)> {
        let plausible = |(at, _): &&(i64, RecordId)| *at <= now.horizon_ms;
        self.visits.iter().find(plausible).copied()
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

    /// Whether a shop is to be visited: its last visit of this month says so. No area sets an
    /// interval of its own.
    pub(super) fn due(&self, tally: &Tally, now: &Now) -> Due {
        let this_month = tally.last(now).filter(|(at, _)| *at >= now.month_ms);
        let Some((_, visit)) = this_month else {
            return Due::Due;
        };
        if self.settles(&visit) {
            Due::Visited
        } else {
            Due::Revisit
        }
    }

    /// Whether a shop was met, or seen not to be there, on a visit.
    pub(super) fn settles(&self, visit: &RecordId) -> bool {
        let visit = self.list.get(visit);
        let outcome = visit.and_then(|visit| visit.facts.text(names::OUTCOME));
        outcome.is_some_and(|code| names::SETTLING.contains(&code))
    }

    /// Whether the visit of the month before is missing as well as this month's.
    pub(super) fn is_overdue(&self, shop: &RecordId, tally: &Tally, now: &Now) -> bool {
        let since = |(at, visit): &(i64, RecordId)| *at >= now.last_month_ms && self.settles(visit);
        let made_before = shop.made_ms().is_none_or(|made| made < now.last_month_ms);
        made_before && !tally.visits.iter().any(since)
    }
}

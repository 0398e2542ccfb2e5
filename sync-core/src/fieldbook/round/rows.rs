//! Records of one kind, and the month's figures.

use serde::Serialize;

use super::{Page, Row, day, listing::MAX_ROWS, names};
use crate::{
    fieldbook::{Fieldbook, Filter, Listed, error::Result},
    ids::RecordId,
    limits::MAX_PAGE,
};

/// What an inspector did in a month.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize)]
pub struct Figures {
    /// `YYYY-MM`.
    pub month: String,
    /// Shops to be visited.
    pub due: u32,
    /// Those that were, by whomever.
    pub visited: u32,
    /// Own visits.
    pub visits: u32,
    /// Own visits that were refused.
    pub refused: u32,
    /// Own visits to a shut door.
    pub shut: u32,
    /// Own findings.
    pub findings: u32,
    /// People registered by this phone.
    pub registered: Registered,
}

/// People registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize)]
pub struct Registered {
    /// Living in a shop.
    pub residents: u32,
    /// Working in one.
    pub workers: u32,
}

impl Fieldbook {
    /// Records of a kind, those of one shop or found by a text; the last made first.
    pub fn rows(
        &self,
        kind: &str,
        shop: Option<&RecordId>,
        text: Option<&str>,
        limit: usize,
    ) -> Result<Page<Row>> {
        let round = self.round()?;
        let of_shop =
            |one: &&Listed| shop.is_none_or(|shop| one.facts.record(names::SHOP) == Some(*shop));
        let text = text.map(str::trim).filter(|text| !text.is_empty());
        let found: Vec<&Listed> = if let Some(text) = text {
            let filter = Filter {
                kind: Some(kind.to_owned()),
                ..Filter::default()
            };
            let hits = self.find(text, &filter, MAX_PAGE);
            let found = hits.iter().filter_map(|hit| self.list.get(&hit.record));
            found.filter(of_shop).collect()
        } else {
            let all = self.list.values().rev();
            let of_kind = all.filter(|one| one.present && one.kind == kind);
            of_kind.filter(of_shop).collect()
        };
        let wanted = found.iter().take(limit.min(MAX_ROWS));
        Ok(Page {
            total: found.len(),
            rows: wanted.map(|one| self.row(one, round)).collect(),
        })
    }

    /// What this phone did in the month of a moment, ms, and how far the round has come in it.
    pub fn figures(&self, at_ms: i64) -> Result<Figures> {
        let round = self.round()?;
        let first = day::of(at_ms).first_of_month();
        let from = day::start_ms(first);
        let until = day::start_ms(day::month_after(first));
        let mut figures = Figures {
            month: first.strftime("%Y-%m").to_string(),
            ..Figures::default()
        };
        for shop in round.shops.iter().filter_map(|id| self.list.get(id)) {
            if shop.facts.text(names::OPERATING_STATE) == Some(names::DEMOLISHED) {
                continue;
            }
            figures.due += 1;
            let visits = &round.tally(&shop.record).visits;
            let last = visits
                .iter()
                .find(|visit| (from..until).contains(&visit.at_ms));
            if last.is_some_and(|visit| visit.settles) {
                figures.visited += 1;
            }
        }
        let own = |one: &&Listed| one.present && one.by.is_some_and(|by| self.is_own(by));
        for one in self.list.values().filter(own) {
            figures.add(one, from..until);
        }
        Ok(figures)
    }
}

impl Figures {
    fn add(&mut self, one: &Listed, month: std::ops::Range<i64>) {
        let within = |at: Option<i64>| at.is_some_and(|at| month.contains(&at));
        let facts = &one.facts;
        match one.kind.as_str() {
            names::VISIT if within(facts.number(names::VISITED_AT)) => {
                self.visits += 1;
                match facts.text(names::OUTCOME) {
                    Some(names::REFUSED) => self.refused += 1,
                    Some(names::SHUT) => self.shut += 1,
                    _ => {}
                }
            }
            names::FINDING if within(facts.number(names::FOUND_AT)) => self.findings += 1,
            names::RESIDENT if within(one.record.made_ms()) => self.registered.residents += 1,
            names::WORKER if within(one.record.made_ms()) => self.registered.workers += 1,
            _ => {}
        }
    }
}

//! Today, and shops by search and filter.

use std::collections::BTreeMap;

use super::{
    Due, Order, Page, ShopQuery, TodayCounts, TodayPage, map, names, now::Now, tally::Round,
};
use crate::{
    fieldbook::{Fieldbook, Filter, Listed, error::Result},
    ids::RecordId,
    limits::MAX_PAGE,
};

/// Most rows of one answer.
pub(super) const MAX_ROWS: usize = 200;

/// A shop on its way into a list.
struct Found<'b> {
    shop: &'b Listed,
    due: Due,
    metres: Option<u32>,
    /// Place among what the search found.
    rank: usize,
}

impl Fieldbook {
    /// The shops of this phone's grids that are to be visited, those not visited first.
    pub fn today(&self, query: &ShopQuery) -> Result<TodayPage> {
        let (round, now) = (self.round()?, self.now()?);
        let there =
            |shop: &Listed| shop.facts.text(names::OPERATING_STATE) != Some(names::DEMOLISHED);
        let mut counts = TodayCounts::default();
        let mut found = self.select(query, round, &now, |shop, due| {
            if there(shop) && query.in_grid(shop) {
                counts.add(due);
            }
            there(shop)
        });
        if !query.searches() {
            // A stable sort: by door or distance within each.
            found.sort_by_key(|found| found.due);
        }
        let page = self.page(query, &found, round, &now);
        Ok(TodayPage {
            counts,
            total: page.total,
            rows: page.rows,
        })
    }

    /// Shops by name, door, owner or licence, filtered.
    pub fn shops(&self, query: &ShopQuery) -> Result<Page<super::ShopRow>> {
        let (round, now) = (self.round()?, self.now()?);
        let found = self.select(query, round, &now, |_, _| true);
        Ok(self.page(query, &found, round, &now))
    }

    /// The shops that a query finds, in its order. `see` is shown every one of the round, and says
    /// whether it may be among them.
    fn select<'b>(
        &'b self,
        query: &ShopQuery,
        round: &'b Round,
        now: &Now,
        mut see: impl FnMut(&Listed, Due) -> bool,
    ) -> Vec<Found<'b>> {
        let ranks = query.searches().then(|| self.ranks(query));
        let mut found: Vec<Found<'b>> = Vec::new();
        for shop in round.shops.iter().filter_map(|id| self.list.get(id)) {
            let tally = round.tally(&shop.record);
            let due = tally.due(now);
            let rank = match &ranks {
                _ if !see(shop, due) => None,
                None => Some(0),
                Some(ranks) => ranks.get(&shop.record).copied(),
            };
            let Some(rank) = rank.filter(|_| self.keeps(query, shop)) else {
                continue;
            };
            let overdue = || tally.is_overdue(shop.record.made_ms(), now);
            let fits = query.due.is_none_or(|wanted| wanted == due)
                && (query.findings != Some(true) || tally.findings > 0)
                && (query.overdue != Some(true) || overdue());
            if fits {
                let at = shop.facts.point(names::LOCATION);
                let metres = query.here.zip(at);
                found.push(Found {
                    shop,
                    due,
                    metres: metres.map(|(here, at)| map::metres(here, at.into())),
                    rank,
                });
            }
        }
        let nearest = query.here.is_some() && query.order != Some(Order::Door);
        if query.searches() && query.order.is_none() {
            found.sort_by_key(|found| found.rank);
        } else if nearest {
            found.sort_by_key(|found| found.metres.unwrap_or(u32::MAX));
        }
        found
    }

    /// Whether what the shop itself says lets it pass.
    fn keeps(&self, query: &ShopQuery, shop: &Listed) -> bool {
        let of_type = |wanted: &String| {
            let code = shop.facts.text(names::BUSINESS_TYPE);
            code.is_some_and(|code| {
                let list = self.schemas.codes(names::BUSINESS_TYPES);
                code == wanted || list.is_some_and(|list| list.is_within(code, wanted))
            })
        };
        query.in_grid(shop) && query.business_type.as_ref().is_none_or(of_type)
    }

    /// The shops that a search finds, by themselves or by who and what belongs to them; the best
    /// first.
    fn ranks(&self, query: &ShopQuery) -> BTreeMap<RecordId, usize> {
        let text = query.text.as_deref().unwrap_or_default();
        let mut ranks = BTreeMap::new();
        let hits = self.find(text, &Filter::default(), MAX_PAGE);
        for (rank, hit) in hits.iter().enumerate() {
            let Some(listed) = self.list.get(&hit.record) else {
                continue;
            };
            let shop = match listed.kind.as_str() {
                names::SHOP => Some(listed.record),
                _ => listed.facts.record(names::SHOP),
            };
            if let Some(shop) = shop {
                ranks.entry(shop).or_insert(rank);
            }
        }
        ranks
    }

    fn page(
        &self,
        query: &ShopQuery,
        found: &[Found<'_>],
        round: &Round,
        now: &Now,
    ) -> Page<super::ShopRow> {
        let limit = query.limit.unwrap_or(MAX_ROWS).min(MAX_ROWS);
        let wanted = found.iter().skip(query.offset.unwrap_or(0)).take(limit);
        Page {
            total: found.len(),
            rows: wanted
                .map(|found| self.shop_row(found.shop, round, now, found.metres))
                .collect(),
        }
    }
}

impl ShopQuery {
    /// Whether it looks for a text.
    fn searches(&self) -> bool {
        let text = self.text.as_deref().unwrap_or_default();
        !text.trim().is_empty()
    }

    fn in_grid(&self, shop: &Listed) -> bool {
        self.grid.as_ref().is_none_or(|grid| *grid == shop.grid)
    }
}

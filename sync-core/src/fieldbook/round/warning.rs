//! What about a shop wants a look: licences, lease, conflicts, findings, a cover that ends.

use jiff::civil::Date;
use schemas::{EntryId, Scalar, path::Name};

use super::{Warning, Words, day, names, now::Now, tally::Tally};
use crate::fieldbook::{EntryFacts, Fieldbook, Listed};

/// Days ahead of the end of a lease.
const LEASE_LEAD: i32 = 30;
/// Days ahead of the end of a licence for which the area sets none.
const LICENCE_LEAD: i32 = 30;
/// Days ahead of the end of a cover.
const COVER_LEAD: i32 = 3;

impl Warning {
    pub(super) fn new(kind: &'static str, words: Words) -> Self {
        Self {
            kind,
            words,
            key: None,
            record: None,
            date: None,
        }
    }

    pub(super) fn at(mut self, key: String) -> Self {
        self.key = Some(key);
        self
    }

    fn on(mut self, date: Date) -> Self {
        self.date = Some(date.to_string());
        self
    }
}

impl Fieldbook {
    /// What wants a look, the most pressing first.
    pub(super) fn warnings(&self, shop: &Listed, tally: &Tally, now: &Now) -> Vec<Warning> {
        let mut warnings = self.licence_warnings(shop, now);
        warnings.extend(lease(shop, now));
        if shop.conflicts > 0 {
            let count = shop.conflicts;
            let words = Words::new(
                format!("{count} 项有冲突，待裁定"),
                format!("{count} in conflict, to be decided"),
            );
            warnings.push(Warning::new("conflict", words));
        }
        if tally.findings > 0 {
            let count = tally.findings;
            let words = Words::new(
                format!("{count} 个问题未结"),
                counted(count, "open finding"),
            );
            warnings.push(Warning::new("finding-open", words));
        }
        warnings.extend(self.cover(shop, now));
        warnings
    }

    fn licence_warnings(&self, shop: &Listed, now: &Now) -> Vec<Warning> {
        let settings = self.schemas.settings(&shop.grid);
        let (mut expired, mut missing, mut expiring) = (Vec::new(), Vec::new(), Vec::new());
        let mut held: Vec<&str> = Vec::new();
        for licence in shop.facts.entries(names::LICENCES) {
            let code = licence.get(names::LICENCE_TYPE).as_text();
            held.extend(code);
            let Some(date) = end(&licence) else { continue };
            let label = self.licence(code.unwrap_or_default());
            let lead = settings.and_then(|settings| settings.lead_days(code.unwrap_or_default()));
            let lead = lead.map_or(LICENCE_LEAD, |days| i32::try_from(days).unwrap_or(i32::MAX));
            let days = day::between(now.today, date);
            let key = entry_key(licence.id, names::EXPIRES);
            if days < 0 {
                let words = Words::new(
                    format!("{}已过期 {} 天", label.zh, -days),
                    format!("{} expired {} ago", label.en, counted(-days, "day")),
                );
                expired.push(Warning::new("licence-expired", words).at(key).on(date));
            } else if days <= lead {
                let words = Words::new(
                    format!("{}还有 {days} 天到期", label.zh),
                    format!("{} expires in {}", label.en, counted(days, "day")),
                );
                expiring.push(Warning::new("licence-expires", words).at(key).on(date));
            }
        }
        for code in self.needed(shop) {
            if !held.contains(&code) {
                let label = self.licence(code);
                let words = Words::new(format!("缺{}", label.zh), format!("{} missing", label.en));
                missing.push(Warning::new("licence-missing", words));
            }
        }
        expired.append(&mut missing);
        expired.append(&mut expiring);
        expired
    }

    /// The licences that an open shop of its business type needs.
    fn needed(&self, shop: &Listed) -> Vec<&str> {
        let facts = &shop.facts;
        if facts.text(names::OPERATING_STATE) != Some(names::OPEN) {
            return Vec::new();
        }
        let needed = self.schemas.settings(&shop.grid).and_then(|settings| {
            let types = self.schemas.codes(names::BUSINESS_TYPES)?;
            Some(settings.needed_licences(types, facts.text(names::BUSINESS_TYPE)?))
        });
        let needed = needed.unwrap_or_default();
        needed.iter().map(schemas::Code::as_str).collect()
    }

    /// What people call a licence.
    pub(super) fn licence(&self, code: &str) -> Words {
        let list = self.schemas.codes(names::LICENCE_TYPES);
        let entry = list.and_then(|list| list.get(code));
        entry.map_or_else(
            || Words::new("证照", "Licence"),
            |entry| Words::from(&entry.labels),
        )
    }

    /// A cover (代班) of the shop's grid that ends soon.
    fn cover(&self, shop: &Listed, now: &Now) -> Option<Warning> {
        let grants = &self.identity.as_ref()?.certificate.grids;
        let grant = grants.iter().find(|grant| grant.grid == shop.grid)?;
        let date = day::of(grant.until_ms?);
        let days = day::between(now.today, date);
        (days <= COVER_LEAD).then(|| {
            let words = Words::new(format!("代班至 {date}"), format!("Cover until {date}"));
            Warning::new("cover-ends", words).on(date)
        })
    }
}

/// `1 day`, `2 days`.
fn counted(n: impl Into<i64>, what: &str) -> String {
    let n = n.into();
    let plural = if n == 1 { "" } else { "s" };
    format!("{n} {what}{plural}")
}

/// The end of a lease that is near or over.
fn lease(shop: &Listed, now: &Now) -> Option<Warning> {
    let date = day::parse(shop.facts.text(names::LEASE_END)?)?;
    let days = day::between(now.today, date);
    let words = match days {
        ..0 => Words::new(
            format!("租期已过 {} 天", -days),
            format!("Lease ended {} ago", counted(-days, "day")),
        ),
        0..=LEASE_LEAD => Words::new(
            format!("租期还有 {days} 天"),
            format!("Lease ends in {}", counted(days, "day")),
        ),
        _ => return None,
    };
    let warning = Warning::new("lease-ends", words);
    Some(warning.at(names::LEASE_END.to_owned()).on(date))
}

/// The end of a licence, unless it has none.
fn end(licence: &EntryFacts<'_>) -> Option<Date> {
    if *licence.get(names::LONG_TERM) == Scalar::Bool(true) {
        return None;
    }
    day::parse(licence.get(names::EXPIRES).as_text()?)
}

/// The register of a licence's field.
pub(super) fn entry_key(id: EntryId, field: &str) -> String {
    let name = |text: &str| Name::parse(text).ok();
    let key = name(names::LICENCES)
        .zip(name(field))
        .map(|(group, field)| schemas::RegisterKey::EntryField {
            group,
            id,
            field,
            code: None,
        });
    key.map(|key| key.to_string()).unwrap_or_default()
}

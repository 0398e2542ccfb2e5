//! A shop with everything that is tied to it.

use schemas::{EntryId, FieldPath, Kind, RegisterKey, Values as _};
use serde::Serialize;

use super::{RecordState, Row, ShopRow, VisitedToday, Warning, Words, names, warning::entry_key};
use crate::{
    fieldbook::{Fieldbook, FieldbookError, Listed, RecordView, error::Result},
    ids::RecordId,
    record::{EntryView, FieldView, View},
};

/// Shops merged one into another that a reader is sent along.
const MAX_MERGES: usize = 8;
/// Visits shown.
const MAX_VISITS: usize = 60;

/// Everything about a shop.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Dossier {
    /// The shop itself: the one that it was merged into, if it was.
    pub shop: RecordState,
    /// Its row.
    pub row: ShopRow,
    /// Who visited it today.
    pub visited_today: Option<VisitedToday>,
    /// The landlord.
    pub landlord: Option<Row>,
    /// The tenant.
    pub tenant: Option<Row>,
    /// The operator.
    pub operator: Option<Row>,
    /// People living there, those who left last.
    pub residents: Vec<Row>,
    /// People working there, those who left last.
    pub workers: Vec<Row>,
    /// Findings, the latest first.
    pub findings: Vec<super::FindingRow>,
    /// Visits, the latest first.
    pub visits: Vec<Row>,
    /// What wants a look.
    pub warnings: Vec<Warning>,
}

impl Fieldbook {
    /// A shop with everything that is tied to it.
    pub fn dossier(&self, shop: &RecordId) -> Result<Dossier> {
        let (round, now) = (self.round()?, self.now()?);
        let listed = self.merged_into(shop)?;
        let record = self.get(&listed.record)?;
        let tally = round.tally(&listed.record);
        let row = self.shop_row(listed, round, &now, None);
        let party = |field: &str| {
            let party = self.list.get(&listed.facts.record(field)?)?;
            party.present.then(|| self.row(party, round))
        };
        let tied = |kind: &str| self.tied(&listed.record, kind);
        let rows = |kind: &str, gone: &str| -> Vec<Row> {
            let mut tied = tied(kind);
            tied.sort_by_key(|one| (one.facts.text(names::STATE) == Some(gone), one.record));
            tied.into_iter().map(|one| self.row(one, round)).collect()
        };
        let mut findings = tied(names::FINDING);
        findings.sort_by_key(|one| std::cmp::Reverse((found_at(one), one.record)));
        let visits = tally.visits.iter().take(MAX_VISITS);
        let visits = visits.filter_map(|visit| self.list.get(&visit.record));
        let today = tally.last(&now).filter(|visit| visit.at_ms >= now.day_ms);
        let mut warnings = row.warnings.clone();
        warnings.extend(self.page_warnings(&record));
        Ok(Dossier {
            shop: self.card(&record, round),
            visited_today: today.map(|visit| {
                let mark = self.mark(visit, round);
                VisitedToday {
                    by: mark.by,
                    at_ms: mark.at_ms,
                }
            }),
            landlord: party(names::LANDLORD),
            tenant: party(names::TENANT),
            operator: party(names::OPERATOR),
            residents: rows(names::RESIDENT, names::MOVED_OUT),
            workers: rows(names::WORKER, names::LEFT),
            findings: findings
                .into_iter()
                .map(|one| self.finding_row(one, round))
                .collect(),
            visits: visits.map(|visit| self.row(visit, round)).collect(),
            row,
            warnings,
        })
    }

    /// The shop, or the one that it was merged into.
    fn merged_into(&self, shop: &RecordId) -> Result<&Listed> {
        let none = || FieldbookError::NoRecord(*shop);
        let mut listed = self.list.get(shop).ok_or_else(none)?;
        if listed.kind != names::SHOP {
            return Err(none());
        }
        for _ in 0..MAX_MERGES {
            let next = listed.facts.record(names::MERGED_INTO);
            match next.and_then(|next| self.list.get(&next)) {
                Some(next) if next.kind == names::SHOP => listed = next,
                _ => break,
            }
        }
        Ok(listed)
    }

    /// Records of a kind that are there and refer to a shop.
    pub(super) fn tied(&self, shop: &RecordId, kind: &str) -> Vec<&Listed> {
        let is_tied = |one: &&Listed| {
            one.present && one.kind == kind && one.facts.record(names::SHOP) == Some(*shop)
        };
        self.list.values().filter(is_tied).collect()
    }

    /// What only the record itself tells: values that the form shows no more, and licences that
    /// are those of whoever was here before.
    fn page_warnings(&self, record: &RecordView) -> Vec<Warning> {
        let view = &record.view;
        let Some(kind) = self.schemas.kind(&record.header.kind) else {
            return Vec::new();
        };
        let mut warnings = hidden(kind, view);
        let licences = view.entries.get(names::LICENCES).into_iter().flatten();
        let older: Vec<(&EntryView, u64)> = licences
            .filter(|licence| licence.presence.is_shown())
            .filter_map(|licence| Some((licence, said(licence)?)))
            .filter(|(_, said)| trade(view).is_some_and(|set| set > *said))
            .collect();
        // Whether that was a change or the first word of it, only the history tells.
        let changed = if older.is_empty() {
            None
        } else {
            self.trade_changed(&record.record)
        };
        for (licence, said) in older {
            if changed.is_some_and(|changed| changed > said) {
                warnings.push(self.of_before(licence));
            }
        }
        warnings
    }

    fn of_before(&self, licence: &EntryView) -> Warning {
        let code = licence.fields.get(names::LICENCE_TYPE);
        let code = code.and_then(|code| code.shown().as_text());
        let label = self.licence(code.unwrap_or_default());
        let words = Words::new(
            format!("{}可能是上一家的，请核对", label.zh),
            format!("{} may be the previous tenant's: check it", label.en),
        );
        Warning::new("licence-missing", words).at(entry_key(licence.id, names::LICENCE_TYPE))
    }

    /// The last operation that replaced a shop's trade or tenant by another.
    fn trade_changed(&self, shop: &RecordId) -> Option<u64> {
        let history = self.history(shop).ok()?;
        let puts = history.iter().flat_map(|entry| &entry.puts);
        puts.filter(|put| TRADE.contains(&put.key.as_str()) && !put.replaced.is_empty())
            .map(|put| put.op.counter)
            .max()
    }
}

/// Fields whose change makes licences those of whoever was here before.
const TRADE: [&str; 2] = [names::BUSINESS_TYPE, names::TENANT];

/// Fields that hold something and that the form does not show now.
fn hidden(kind: &Kind, view: &View) -> Vec<Warning> {
    let mut warnings = Vec::new();
    for field in kind.fields().iter().filter(|field| !field.retired) {
        let path = &field.path;
        let entries: Vec<Option<EntryId>> = match &path.group {
            None => vec![None],
            Some(group) => {
                let entries = view.entries(group.as_str());
                entries.into_iter().map(Some).collect()
            }
        };
        for entry in entries {
            if let Some(key) = set_but_hidden(kind, path, entry, view) {
                let labels = Words::from(&field.labels);
                let words = Words::new(
                    format!("{}已填，但按现有内容不再需要", labels.zh),
                    format!("{} is filled in but no longer asked for", labels.en),
                );
                warnings.push(Warning::new("not-shown-present", words).at(key.to_string()));
            }
        }
    }
    warnings
}

fn set_but_hidden(
    kind: &Kind,
    path: &FieldPath,
    entry: Option<EntryId>,
    view: &View,
) -> Option<RegisterKey> {
    let key = RegisterKey::of(path, entry, None)?;
    let is_set = view
        .field(&key)
        .is_some_and(|field| !field.shown().is_null());
    (is_set && !kind.shown(path, entry, view)).then_some(key)
}

/// The last operation that says something of a licence.
fn said(licence: &EntryView) -> Option<u64> {
    licence.fields.values().filter_map(written).max()
}

/// The last operation that says what is traded, and by whom.
fn trade(view: &View) -> Option<u64> {
    let fields = TRADE.iter().filter_map(|field| view.fields.get(*field));
    fields.filter_map(written).max()
}

fn written(field: &FieldView) -> Option<u64> {
    let by = field.values.iter().flat_map(|value| &value.by);
    by.map(|by| by.op.counter).max()
}

fn found_at(finding: &Listed) -> i64 {
    let at = finding.facts.number(names::FOUND_AT);
    at.unwrap_or(finding.touched_ms)
}

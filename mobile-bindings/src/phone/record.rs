//! One record, its history, and plain lists of records.

use std::collections::BTreeMap;

use serde::Deserialize;
use sync_core::fieldbook::round::{FindingRow, HistoryRow, Page, RecordState, Row};

use super::{Phone, Problem, call::record_id, form::app_key};

/// Rows of a list that does not say how many it wants.
const ROWS: usize = 200;

#[derive(Debug, Deserialize)]
pub(super) struct RecordQuery {
    record: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct HistoryQuery {
    record: String,
    #[serde(default)]
    key: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct RowsQuery {
    kind: String,
    #[serde(default)]
    shop: Option<String>,
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    limit: Option<usize>,
}

#[derive(Debug, Deserialize)]
pub(super) struct FindingsQuery {
    #[serde(default)]
    shop: Option<String>,
    #[serde(default)]
    own: bool,
    #[serde(default)]
    limit: Option<usize>,
}

impl Phone {
    pub(super) fn record(&self, query: &RecordQuery) -> Result<RecordState, Problem> {
        let state = self.book()?.record_state(&record_id(&query.record)?)?;
        Ok(with_app_keys(state))
    }

    pub(super) fn history(&self, query: &HistoryQuery) -> Result<Vec<HistoryRow>, Problem> {
        let record = record_id(&query.record)?;
        let mut rows = self.book()?.history_rows(&record)?;
        for row in &mut rows {
            for change in &mut row.changes {
                change.key = app_key(&change.key);
            }
            let wanted = |key: &str| query.key.as_ref().is_none_or(|wanted| is_of(key, wanted));
            row.changes.retain(|change| wanted(&change.key));
        }
        if query.key.is_some() {
            rows.retain(|row| !row.changes.is_empty());
        }
        Ok(rows)
    }

    pub(super) fn rows(&self, query: &RowsQuery) -> Result<Page<Row>, Problem> {
        let shop = query.shop.as_deref().map(record_id).transpose()?;
        let limit = query.limit.unwrap_or(ROWS);
        let text = query.text.as_deref();
        Ok(self.book()?.rows(&query.kind, shop.as_ref(), text, limit)?)
    }

    pub(super) fn findings(&self, query: &FindingsQuery) -> Result<Page<FindingRow>, Problem> {
        let shop = query.shop.as_deref().map(record_id).transpose()?;
        let limit = query.limit.unwrap_or(ROWS);
        Ok(self.book()?.findings(shop.as_ref(), query.own, limit)?)
    }
}

/// Whether a key is the one asked for, or a code of that choices field.
fn is_of(key: &str, wanted: &str) -> bool {
    key.strip_prefix(wanted)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// A record whose keys are written as apps write them.
pub(super) fn with_app_keys(mut state: RecordState) -> RecordState {
    state.fields = rekeyed(state.fields);
    for entry in state.groups.values_mut().flatten() {
        entry.fields = rekeyed(std::mem::take(&mut entry.fields));
    }
    for key in &mut state.conflicts {
        *key = app_key(key);
    }
    state
}

fn rekeyed<T>(fields: BTreeMap<String, T>) -> BTreeMap<String, T> {
    let field = |(key, field): (String, T)| (app_key(&key), field);
    fields.into_iter().map(field).collect()
}

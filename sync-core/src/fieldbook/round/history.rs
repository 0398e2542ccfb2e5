//! The history of a record, as people read it.

use serde::Serialize;

use super::{Author, Value, Words, card::field_of, tally::Round};
use crate::{
    fieldbook::{Fieldbook, error::Result},
    ids::{AuthorClass, RecordId},
    record::HistoryEntry,
};

/// One change of a record, as people read it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HistoryRow {
    /// When, by the author's clock, ms.
    pub at_ms: i64,
    /// Who.
    pub author: Author,
    /// What it wrote, without the presence of the record and its entries.
    pub changes: Vec<HistoryChange>,
}

/// One register that it wrote.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HistoryChange {
    /// The register.
    pub key: String,
    /// The value it took.
    pub value: Value,
    /// What people read for it, where that is something else.
    pub words: Option<Words>,
}

impl Fieldbook {
    /// Who changed what of a record when; the newest first.
    pub fn history_rows(&self, id: &RecordId) -> Result<Vec<HistoryRow>> {
        let kind = self.schemas.kind(&self.get(id)?.header.kind);
        let round = self.round()?;
        let changes = self.history(id)?;
        let mut rows = Vec::new();
        for change in changes.iter().rev() {
            let written = |put: &&crate::record::HistoryPut| {
                schemas::RegisterKey::parse(&put.key).is_ok_and(|key| !key.is_presence())
            };
            let puts = change.puts.iter().filter(written);
            let changes: Vec<HistoryChange> = puts
                .map(|put| HistoryChange {
                    key: put.key.clone(),
                    value: Value::of(field_of(kind, &put.key), &put.value),
                    words: self.words_of(kind, &put.key, &put.value),
                })
                .collect();
            rows.push(HistoryRow {
                at_ms: change.time,
                author: self.change_author(change, round),
                changes,
            });
        }
        Ok(rows)
    }

    fn change_author(&self, change: &HistoryEntry, round: &Round) -> Author {
        let device = change.actor.device();
        Author {
            label: self.label(device, round),
            device,
            own: self.is_own(device),
            at_ms: change.time,
            decision: change.actor.class() == AuthorClass::Decision,
        }
    }
}

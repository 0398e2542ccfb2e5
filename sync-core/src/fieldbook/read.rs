//! Reading: lists, search, records, history, and what the status line says.

use std::collections::BTreeMap;

use super::{
    Fieldbook, Summary,
    error::Result,
    facts::{Facts, Layouts},
    round::Round,
    search::{Hit, Index},
};
use crate::{
    change::{RefusedReason, Stop},
    ids::{DeviceId, RecordId},
    limits::MAX_PAGE,
    record::{Edit, Header, HistoryEntry, View, field_history, history},
    sync::{Task, VerdictStatus},
};

/// A record in a list, in memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The record.
    pub record: RecordId,
    /// The kind.
    pub kind: String,
    /// The grid.
    pub grid: String,
    /// The title, its parts joined by a middle dot.
    pub title: String,
    /// Whether it is there.
    pub present: bool,
    /// Registers in conflict.
    pub conflicts: u32,
    /// Last touched, ms.
    pub touched_ms: i64,
    /// Who wrote first of what still stands.
    pub by: Option<DeviceId>,
    /// Its small facts.
    pub facts: Facts,
}

/// Which records to list.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Filter {
    /// Only this kind.
    pub kind: Option<String>,
    /// Only this grid.
    pub grid: Option<String>,
    /// Only those in conflict.
    pub conflicts: bool,
    /// Deleted ones too.
    pub gone: bool,
}

/// A record with everything to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordView {
    /// The record.
    pub record: RecordId,
    /// Its header.
    pub header: Header,
    /// Current values with who and when, and every open conflict.
    pub view: View,
    /// Whether own changes of it are not settled yet.
    pub pending: bool,
    /// Whether its bytes are damaged: shown as last known, not editable.
    pub damaged: bool,
}

/// A record of a bundle that the server held or refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setback {
    /// The bundle.
    pub bundle: u64,
    /// The record.
    pub record: RecordId,
    /// What and why.
    pub stop: Stop,
    /// Key of the field at fault.
    pub field: Option<String>,
}

/// Edits of a refused change, for the person to correct and send again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Returned {
    /// Names it in [`Fieldbook::resolve_returned`].
    pub id: i64,
    /// The record.
    pub record: RecordId,
    /// Why; none where it could not be made again after an earlier refusal.
    pub reason: Option<RefusedReason>,
    /// Key of the field at fault.
    pub field: Option<String>,
    /// When it was committed, ms.
    pub time_ms: i64,
    /// What was done.
    pub edits: Vec<Edit>,
}

impl Filter {
    fn keeps(&self, listed: &Listed) -> bool {
        let is = |wanted: &Option<String>, value: &str| wanted.as_ref().is_none_or(|w| w == value);
        is(&self.kind, &listed.kind)
            && is(&self.grid, &listed.grid)
            && (listed.conflicts > 0 || !self.conflicts)
            && (listed.present || self.gone)
    }
}

/// Enters a summary into list and search.
pub(super) fn enter(
    list: &mut BTreeMap<RecordId, Listed>,
    search: &mut Index,
    layouts: &Layouts,
    id: RecordId,
    summary: Summary,
) {
    let texts: Vec<&str> = summary.search.iter().map(String::as_str).collect();
    if summary.present {
        search.upsert(id, &summary.kind, &texts);
    } else {
        search.remove(&id);
    }
    let listed = Listed {
        record: id,
        title: summary.title.join(" · "),
        facts: Facts::new(layouts.get(&summary.kind), summary.facts, summary.entries),
        by: summary.by,
        kind: summary.kind,
        grid: summary.grid,
        present: summary.present,
        conflicts: summary.conflicts,
        touched_ms: summary.touched_ms,
    };
    list.insert(id, listed);
}

impl Fieldbook {
    /// Records in the order of their ids, which is that of their making: `limit` (at most
    /// [`MAX_PAGE`]) after one, or from the first.
    pub fn list(&self, filter: &Filter, after: Option<&RecordId>, limit: usize) -> Vec<&Listed> {
        use std::ops::Bound;
        let from = after.map_or(Bound::Unbounded, Bound::Excluded);
        self.list
            .range((from, Bound::Unbounded))
            .map(|(_, listed)| listed)
            .filter(|listed| filter.keeps(listed))
            .take(limit.min(MAX_PAGE))
            .collect()
    }

    /// How many records a filter keeps.
    pub fn count(&self, filter: &Filter) -> usize {
        self.list
            .values()
            .filter(|listed| filter.keeps(listed))
            .count()
    }

    /// How many records there are in each grid, deleted ones aside.
    pub fn count_by_grid(&self) -> BTreeMap<&str, usize> {
        let mut counts = BTreeMap::new();
        for listed in self.list.values().filter(|listed| listed.present) {
            *counts.entry(listed.grid.as_str()).or_default() += 1;
        }
        counts
    }

    /// Records by name, door, owner or licence, by part of it or by pinyin initials; best first.
    pub fn find(&self, query: &str, filter: &Filter, limit: usize) -> Vec<Hit> {
        self.search.find(query, limit, |id, _| {
            self.list.get(id).is_some_and(|listed| filter.keeps(listed))
        })
    }

    /// One record in a list.
    pub fn listed(&self, id: &RecordId) -> Option<&Listed> {
        self.list.get(id)
    }

    /// A record with everything to show.
    pub fn get(&self, id: &RecordId) -> Result<RecordView> {
        let loaded = self.need_loaded(id)?;
        Ok(RecordView {
            record: *id,
            header: loaded.header,
            view: View::of(&loaded.state.registers),
            pending: self.store.has_unsettled(id)?,
            damaged: loaded.damaged,
        })
    }

    /// Who changed what when.
    pub fn history(&self, id: &RecordId) -> Result<Vec<HistoryEntry>> {
        Ok(history(&self.need_loaded(id)?.state)?)
    }

    /// The same of one register.
    pub fn field_history(&self, id: &RecordId, key: &str) -> Result<Vec<HistoryEntry>> {
        Ok(field_history(&self.need_loaded(id)?.state, key)?)
    }

    /// How people know an author; none if the server never said.
    pub fn author_label(&self, device: &DeviceId) -> Result<Option<String>> {
        self.store.author(*device)
    }

    /// Own changes that the server has not acknowledged.
    pub fn pending(&self) -> Result<u64> {
        self.store.count_pending(self.store.meta_cbor("acked")?)
    }

    /// What the server held or refused and nobody has settled.
    pub fn setbacks(&self) -> Result<Vec<Setback>> {
        let rows = self.store.setbacks()?;
        Ok(rows
            .into_iter()
            .filter_map(|(bundle, record, status, reason, field)| {
                let stop = match VerdictStatus::from_codes(status, Some(reason))? {
                    VerdictStatus::Held(reason) => Stop::Held(reason),
                    VerdictStatus::Refused(reason) => Stop::Refused(reason),
                    VerdictStatus::Accepted => return None,
                };
                Some(Setback {
                    bundle,
                    record,
                    stop,
                    field,
                })
            })
            .collect())
    }

    /// Edits to correct and send again.
    pub fn returned(&self) -> Result<Vec<Returned>> {
        let rows = self.store.returned()?;
        Ok(rows
            .into_iter()
            .map(|(id, record, reason, field, time_ms, edits)| Returned {
                id,
                record,
                reason: RefusedReason::from_code(reason),
                field,
                time_ms,
                edits,
            })
            .collect())
    }

    /// The person corrected returned edits, or gave them up.
    pub fn resolve_returned(&mut self, id: i64) -> Result<bool> {
        self.store.drop_returned(id)
    }

    /// Tasks for this inspector.
    pub fn tasks(&self) -> Result<Vec<Task>> {
        self.store.tasks()
    }

    /// Forgets a task that was done and whose record is not here to be marked so. The server says
    /// it again if it still wants it.
    pub fn forget_task(&mut self, id: &RecordId) -> Result<()> {
        self.store.put_task(&Task::closed(*id))
    }

    /// Keeps a form that is not saved, or forgets it.
    pub fn put_draft(&mut self, name: &str, draft: Option<&[u8]>) -> Result<()> {
        if draft.is_some_and(|draft| draft.len() > crate::limits::MAX_CHANGE_BYTES) {
            return Err(super::FieldbookError::TooLarge);
        }
        self.store.put_draft(name, draft)
    }

    /// Forms begun and not saved.
    pub fn drafts(&self) -> Result<Vec<(String, Vec<u8>)>> {
        self.store.drafts()
    }

    /// Brings list and search up to the records touched by the last transaction.
    pub(super) fn refresh(&mut self) -> Result<()> {
        self.round.take();
        for id in std::mem::take(&mut self.touched) {
            let summary = self.store.summary(&id)?;
            let was = self.list.get(&id).map(|listed| listed.kind.as_str());
            let kind = was.or(summary.as_ref().map(|summary| summary.kind.as_str()));
            if kind.is_some_and(Round::has_door) {
                self.doors.take();
            }
            if let Some(summary) = summary {
                enter(&mut self.list, &mut self.search, &self.layouts, id, summary);
            } else {
                self.list.remove(&id);
                self.search.remove(&id);
            }
        }
        Ok(())
    }
}

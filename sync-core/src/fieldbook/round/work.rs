//! Own work, and what came back of it.

use schemas::RegisterKey;
use serde::Serialize;

use super::{Words, names, reason};
use crate::{
    change::Stop,
    fieldbook::{
        Fieldbook, Listed, Setback,
        error::Result,
        store::{changes::Status, own::OwnRow},
    },
    ids::RecordId,
};

/// Most rows of own work.
const MAX_WORK: usize = 500;

/// How far an own change has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Step {
    /// On this phone.
    Kept,
    /// With the server.
    Received,
    /// In the register.
    Entered,
    /// Held by the server.
    Held,
    /// Refused.
    Refused,
}

/// An own change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WorkRow {
    /// The record.
    pub record: RecordId,
    /// Its kind; empty where it is not in the book any more.
    pub kind: String,
    /// Its title.
    pub title: String,
    /// The shop that it belongs to.
    pub shop: Option<RecordId>,
    /// When it was made, ms.
    pub at_ms: i64,
    /// How far it has come.
    pub step: Step,
    /// Why not further.
    pub why: Option<Words>,
    /// The field at fault.
    pub field: Option<Words>,
}

/// A record that the server held or refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SetbackRow {
    /// The record.
    pub record: RecordId,
    /// Its kind; empty where it is not in the book any more.
    pub kind: String,
    /// Its title.
    pub title: String,
    /// The shop that it belongs to.
    pub shop: Option<RecordId>,
    /// Whether it waits; otherwise it was refused.
    pub held: bool,
    /// Why.
    pub why: Words,
    /// The field at fault.
    pub field: Option<Words>,
}

/// What a row says of a record, which may have left the book.
pub(super) struct Subject {
    pub(super) kind: String,
    pub(super) title: String,
    pub(super) shop: Option<RecordId>,
}

impl Fieldbook {
    /// Own changes, the newest first, as far as they are kept: those in a backup are forgotten.
    pub fn work(&self, limit: usize) -> Result<Vec<WorkRow>> {
        let acked: u64 = self.store.meta_cbor("acked")?;
        let setbacks = self.setbacks()?;
        let rows = self.store.own_changes(limit.min(MAX_WORK))?;
        let row = |row: OwnRow| {
            let step = step(&row, acked);
            let stopped = matches!(step, Step::Held | Step::Refused);
            let setback = setbacks.iter().find(|setback| {
                stopped && setback.record == row.record && Some(setback.bundle) == row.bundle
            });
            let subject = self.subject(&row.record);
            WorkRow {
                record: row.record,
                at_ms: row.time_ms,
                step,
                why: setback.map(|setback| reason::of(setback.stop)),
                field: setback.and_then(|setback| self.field_at_fault(&subject.kind, setback)),
                kind: subject.kind,
                title: subject.title,
                shop: subject.shop,
            }
        };
        Ok(rows.into_iter().map(row).collect())
    }

    /// What the server held and nobody has released or refused yet.
    pub(super) fn held(&self) -> Result<Vec<SetbackRow>> {
        let setbacks = self.setbacks()?.into_iter();
        let held = setbacks.filter(|setback| matches!(setback.stop, Stop::Held(_)));
        let row = |setback: Setback| {
            let subject = self.subject(&setback.record);
            SetbackRow {
                record: setback.record,
                held: true,
                why: reason::of(setback.stop),
                field: self.field_at_fault(&subject.kind, &setback),
                kind: subject.kind,
                title: subject.title,
                shop: subject.shop,
            }
        };
        Ok(held.map(row).collect())
    }

    /// What a row says of a record.
    pub(super) fn subject(&self, record: &RecordId) -> Subject {
        let Some(listed) = self.list.get(record) else {
            return Subject {
                kind: String::new(),
                title: String::new(),
                shop: None,
            };
        };
        Subject {
            kind: listed.kind.clone(),
            title: self.title(listed),
            shop: shop_of(listed),
        }
    }

    fn field_at_fault(&self, kind: &str, setback: &Setback) -> Option<Words> {
        let path = RegisterKey::parse(setback.field.as_deref()?).ok()?.path()?;
        let field = self.schemas.kind(kind)?.field(&path)?;
        Some(Words::from(&field.labels))
    }
}

/// The shop that a record is, or belongs to.
pub(super) fn shop_of(listed: &Listed) -> Option<RecordId> {
    match listed.kind.as_str() {
        names::SHOP => Some(listed.record),
        _ => listed.facts.record(names::SHOP),
    }
}

fn step(row: &OwnRow, acked: u64) -> Step {
    match row.status {
        Status::Bundled if row.bundle.is_some_and(|number| number <= acked) => Step::Received,
        Status::Open | Status::Bundled => Step::Kept,
        Status::Accepted | Status::Fed | Status::Superseded => Step::Entered,
        Status::Held => Step::Held,
        Status::Refused => Step::Refused,
    }
}

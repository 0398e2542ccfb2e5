//! One record with everything to show: all values of every register, and who wrote them.

use schemas::{FieldType, Kind, RegisterKey, Scalar};

use super::{
    Author, EntryState, FieldState, FieldValue, RecordState, Value, Words, tally::Round, words,
};
use crate::{
    fieldbook::{Fieldbook, RecordView, error::Result},
    ids::RecordId,
    record::{FieldView, Presence, ValueView},
};

impl Fieldbook {
    /// A record as its page shows it.
    pub fn record_state(&self, id: &RecordId) -> Result<RecordState> {
        let round = self.round()?;
        Ok(self.card(&self.get(id)?, round))
    }

    pub(super) fn card(&self, record: &RecordView, round: &Round) -> RecordState {
        let view = &record.view;
        let kind = self.schemas.kind(&record.header.kind);
        let state = |key: String, field: &FieldView| self.field_state(kind, &key, field, round);
        let fields = view.fields.iter();
        let fields = fields.map(|(key, field)| (key.clone(), state(key.clone(), field)));
        let groups = view.entries.iter().map(|(group, entries)| {
            let entries = entries.iter().map(|entry| {
                let id = entry.id.to_string();
                let fields = entry.fields.iter().map(|(name, field)| {
                    let key = format!("{group}.{id}.{name}");
                    (name.clone(), state(key, field))
                });
                EntryState {
                    fields: fields.collect(),
                    shown: entry.presence.is_shown(),
                    contested: matches!(entry.presence, Presence::Contested(_)),
                    id,
                }
            });
            (group.clone(), entries.collect())
        });
        RecordState {
            id: record.record,
            kind: record.header.kind.clone(),
            grid: record.header.grid.clone(),
            shown: view.presence.is_shown(),
            pending: record.pending,
            damaged: record.damaged,
            fields: fields.collect(),
            groups: groups.collect(),
            conflicts: view.conflicts.clone(),
        }
    }

    fn field_state(
        &self,
        kind: Option<&Kind>,
        key: &str,
        field: &FieldView,
        round: &Round,
    ) -> FieldState {
        let value = |value: &ValueView| FieldValue {
            value: Value::of(field_of(kind, key), &value.value),
            words: self.words_of(kind, key, &value.value),
            decided: value.decided,
            by: value
                .by
                .iter()
                .map(|by| -> Author { self.author_of(by, round) })
                .collect(),
        };
        FieldState {
            values: field.values.iter().map(value).collect(),
            conflict: field.conflict,
            contested: field.contested(),
        }
    }

    /// What people read for it: a code's label, a record's title.
    pub(super) fn words_of(&self, kind: Option<&Kind>, key: &str, value: &Scalar) -> Option<Words> {
        let field = field_of(kind, key)?;
        if let (FieldType::Ref { .. }, Scalar::Bytes(bytes)) = (&field.ty, value) {
            let other = self.list.get(&RecordId::from_slice(bytes).ok()?)?;
            return Some(Words::same(&self.title(other)));
        }
        words::of_value(field, value)
    }
}

/// The field of a register.
pub(super) fn field_of<'k>(kind: Option<&'k Kind>, key: &str) -> Option<&'k schemas::Field> {
    kind?.field(&RegisterKey::parse(key).ok()?.path()?)
}

//! One record as a person at the console sees it: every value with who and when, by the fields
//! that they may read.

use rusqlite::Connection;
use schemas::{Field, FieldPath, Kind, RegisterKey, SchemaSet, path::EntryId};
use serde::Serialize;
use sync_core::{
    RecordId,
    record::{FieldView, View},
};
use utoipa::ToSchema;

use super::{
    Stored,
    authors::{AuthorView, Authors},
    values::{self, Words},
};
use crate::{
    core::Core,
    error::{Error, Result},
    identity::Principal,
};

/// One value of a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ValueOut {
    /// The value; masked where `masked` says so.
    #[schema(value_type = serde_json::Value)]
    pub value: serde_json::Value,
    /// What people read for a code.
    pub label: Option<Words>,
    /// Whether its middle is left out: `POST /records/{id}/reveal` gives it.
    pub masked: bool,
    /// Everyone who wrote it.
    pub by: Vec<AuthorView>,
    /// Whether a decision says so.
    pub decided: bool,
}

/// A field with its values, the one to show first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldOut {
    /// The register.
    pub key: String,
    /// What people read.
    pub label: Words,
    /// The field's type.
    #[serde(rename = "type")]
    pub ty: &'static str,
    /// The values.
    pub values: Vec<ValueOut>,
    /// Whether somebody has to decide.
    pub conflict: bool,
    /// Whether a decision stands beside something that had not seen it.
    pub contested: bool,
}

/// An entry of a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct EntryOut {
    /// Its id.
    pub id: String,
    /// Whether it was removed by one and edited by another.
    pub contested: bool,
    /// Its fields.
    pub fields: Vec<FieldOut>,
}

/// A group with the entries that are there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct GroupOut {
    /// Its name.
    pub name: String,
    /// What people read.
    pub label: Words,
    /// The entries.
    pub entries: Vec<EntryOut>,
}

/// A record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RecordOut {
    /// Its id.
    pub id: String,
    /// Its kind.
    pub kind: String,
    /// What people call the kind.
    pub kind_label: Words,
    /// Its grid.
    pub grid: String,
    /// Its title's parts.
    pub title: Vec<Words>,
    /// Whether it is there.
    pub present: bool,
    /// The record whose grid it follows.
    pub follows: Option<String>,
    /// The record that replaces it.
    pub merged_into: Option<String>,
    /// Registers in conflict.
    pub conflicts: Vec<String>,
    /// Rises with every change and move: the `ETag`.
    pub version: u64,
    /// Its fields, in the order of the form; those that were never written are left out.
    pub fields: Vec<FieldOut>,
    /// Its groups.
    pub groups: Vec<GroupOut>,
}

/// A reader and what they read with.
pub struct Reader<'a> {
    /// main.db.
    pub conn: &'a Connection,
    /// Keys and clock.
    pub core: &'a Core,
    /// The schemas in force.
    pub schemas: &'a SchemaSet,
    /// The person.
    pub who: &'a Principal,
}

impl Reader<'_> {
    /// A record that the person may read, or that there is none.
    pub fn find(&self, id: &RecordId) -> Result<Stored> {
        let stored = super::find(self.conn, self.core.keys(), id)?;
        let stored = stored.ok_or(Error::NotFound("record"))?;
        self.who.need_area(&stored.header.grid, "record")?;
        self.kind(&stored)?;
        Ok(stored)
    }

    /// The kind of a record, if the person may read it.
    pub fn kind(&self, stored: &Stored) -> Result<&Kind> {
        let kind = self.schemas.kind(&stored.header.kind);
        kind.filter(|kind| kind.may_read_kind(&self.who.author()))
            .ok_or(Error::NotFound("record"))
    }

    /// All of a record.
    pub fn record(&self, stored: &Stored) -> Result<RecordOut> {
        let kind = self.kind(stored)?;
        let author = self.who.author();
        self.shown(stored, kind, |path| kind.may_read(path, &author))
    }

    /// What of a record is shown to whoever works on a case about it, whether or not its kind is
    /// theirs to read otherwise. That they see the case was looked at before.
    pub fn in_case(&self, stored: &Stored) -> Result<RecordOut> {
        let kind = self.schemas.kind(&stored.header.kind);
        let kind = kind.ok_or(Error::NotFound("record"))?;
        let mut out = self.shown(stored, kind, |path| kind.in_case(path))?;
        if !kind.title().iter().all(|path| kind.in_case(path)) {
            out.title.clear();
        }
        Ok(out)
    }

    /// A record with those of its fields that `may` says.
    fn shown(
        &self,
        stored: &Stored,
        kind: &Kind,
        may: impl Fn(&FieldPath) -> bool,
    ) -> Result<RecordOut> {
        let view = View::of(&stored.registers);
        let mut out = self.head(stored, kind, &view);
        let mut authors = Authors::new(self.conn, self.who, kind.name());
        for field in kind.fields() {
            if field.path.group.is_none() && may(&field.path) {
                let own = keys_of(field, None, &view.fields);
                for (key, value) in own {
                    out.fields
                        .push(field_out(kind, field, key, value, &mut authors)?);
                }
            }
        }
        for group in kind.groups() {
            let entries = view.entries.get(group.name.as_str());
            let mut shown = Vec::new();
            for entry in entries.into_iter().flatten() {
                if !entry.presence.is_shown() {
                    continue;
                }
                let mut fields = Vec::new();
                for field in kind.fields() {
                    if field.path.group.as_ref() == Some(&group.name) && may(&field.path) {
                        for (key, value) in keys_of(field, Some(entry.id), &entry.fields) {
                            fields.push(field_out(kind, field, key, value, &mut authors)?);
                        }
                    }
                }
                shown.push(EntryOut {
                    id: entry.id.to_string(),
                    contested: matches!(entry.presence, sync_core::record::Presence::Contested(_)),
                    fields,
                });
            }
            out.groups.push(GroupOut {
                name: group.name.as_str().to_owned(),
                label: Words::of(&group.labels),
                entries: shown,
            });
        }
        Ok(out)
    }

    /// A record without its fields.
    pub fn head(&self, stored: &Stored, kind: &Kind, view: &View) -> RecordOut {
        RecordOut {
            id: stored.id.to_string(),
            kind: stored.header.kind.clone(),
            kind_label: Words::of(kind.labels()),
            grid: stored.header.grid.clone(),
            title: title(kind, view),
            present: view.presence.is_shown(),
            follows: stored.follows.map(|id| id.to_string()),
            merged_into: stored.merged_into.map(|id| id.to_string()),
            conflicts: self.readable(kind, &view.conflicts),
            version: version(stored),
            fields: Vec::new(),
            groups: Vec::new(),
        }
    }

    /// Of these keys those that the person may read.
    fn readable(&self, kind: &Kind, keys: &[String]) -> Vec<String> {
        let author = self.who.author();
        let may = |key: &&String| match RegisterKey::parse(key).ok().and_then(|key| key.path()) {
            Some(path) => kind.may_read(&path, &author),
            None => true,
        };
        keys.iter().filter(may).cloned().collect()
    }
}

/// A record's version: it rises with every change and every move.
pub fn version(stored: &Stored) -> u64 {
    stored.registers.change_count() + stored.header.move_number
}

/// The parts of a record's title.
pub fn title(kind: &Kind, view: &View) -> Vec<Words> {
    let part = |path: &schemas::FieldPath| {
        let key = RegisterKey::of(path, None, None)?;
        let shown = view.field(&key)?.shown();
        if shown.is_null() {
            return None;
        }
        let field = kind.field(path);
        values::label(field, shown).or_else(|| {
            let text = match shown {
                schemas::Scalar::Text(text) => text.clone(),
                other => values::to_json(field, other).to_string(),
            };
            Some(Words::fixed(&text, &text))
        })
    };
    kind.title().iter().filter_map(part).collect()
}

/// The registers of a field that were written: one, or one for each code of a choices field.
fn keys_of<'v>(
    field: &Field,
    entry: Option<EntryId>,
    written: &'v std::collections::BTreeMap<String, FieldView>,
) -> Vec<(String, &'v FieldView)> {
    let name = field.path.field.as_str();
    let of_field = |key: &str| key.split('#').next() == Some(name);
    let full = |key: &str| match (&field.path.group, entry) {
        (Some(group), Some(entry)) => format!("{group}.{entry}.{key}"),
        _ => key.to_owned(),
    };
    written
        .iter()
        .filter(|(key, _)| of_field(key))
        .map(|(key, view)| (full(key), view))
        .collect()
}

/// A field with its values, masked.
pub fn field_out(
    kind: &Kind,
    field: &Field,
    key: String,
    view: &FieldView,
    authors: &mut Authors<'_>,
) -> Result<FieldOut> {
    let mut all = Vec::with_capacity(view.values.len());
    for value in &view.values {
        let shown = values::shown(kind, field, &value.value);
        all.push(ValueOut {
            value: shown.value,
            label: shown.label,
            masked: shown.masked,
            by: value
                .by
                .iter()
                .map(|by| authors.of_value(by))
                .collect::<Result<_>>()?,
            decided: value.decided,
        });
    }
    Ok(FieldOut {
        label: values::key_label(field, &key),
        key,
        ty: field.ty.name(),
        values: all,
        conflict: view.conflict,
        contested: view.contested(),
    })
}

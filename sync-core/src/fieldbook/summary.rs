//! What lists and search need of a record, kept beside it so that a book opens without reading
//! records.

use minicbor::{Decode, Encode};
use schemas::{FieldPath, Kind, RegisterKey, Scalar, SchemaSet};

use super::facts::{Layouts, StoredEntry, Values};
use crate::{
    ids::DeviceId,
    record::{Header, Provenance, View},
};

/// The version of what stands here: where it rises, every summary is made again.
pub(super) const FORMAT: u32 = 2;

/// A record in a list.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Summary {
    /// The kind.
    #[n(0)]
    pub kind: String,
    /// The grid.
    #[n(1)]
    pub grid: String,
    /// The title's parts, as the kind names them; empty ones left out.
    #[n(2)]
    pub title: Vec<String>,
    /// What search looks into, in the kind's order.
    #[n(3)]
    pub search: Vec<String>,
    /// Whether the record is there; a contested one is.
    #[n(4)]
    pub present: bool,
    /// Registers in conflict.
    #[n(5)]
    pub conflicts: u32,
    /// Last touched, ms; 0 where unknown.
    #[n(6)]
    pub touched_ms: i64,
    /// Small facts, in the places of the kind's layout.
    #[n(7)]
    pub(super) facts: Values,
    /// Those of entries.
    #[n(8)]
    pub(super) entries: Vec<StoredEntry>,
    /// Who wrote first of what still stands: of a visit, whoever made it.
    #[n(9)]
    pub by: Option<DeviceId>,
}

impl Summary {
    /// The summary of a record.
    pub(super) fn of(header: &Header, view: &View, schemas: &SchemaSet, layouts: &Layouts) -> Self {
        let (facts, entries) = layouts.get(&header.kind).facts(view);
        let kind = schemas.kind(&header.kind);
        let texts = |paths: fn(&Kind) -> &[FieldPath]| -> Vec<String> {
            kind.map_or_else(Vec::new, |kind| {
                paths(kind)
                    .iter()
                    .flat_map(|path| texts(view, path))
                    .collect()
            })
        };
        Self {
            kind: header.kind.clone(),
            grid: header.grid.clone(),
            title: texts(Kind::title),
            search: texts(Kind::search),
            present: view.presence.is_shown(),
            conflicts: u32::try_from(view.conflicts.len()).unwrap_or(u32::MAX),
            touched_ms: view.presence.touched_ms().unwrap_or(0),
            facts,
            entries,
            by: first(view).map(|first| first.actor().device()),
        }
    }
}

/// The earliest operation that still stands.
fn first(view: &View) -> Option<&Provenance> {
    let fields = view.fields.values();
    let values = fields.flat_map(|field| &field.values);
    values.flat_map(|value| &value.by).min_by_key(|by| by.op)
}

/// The texts of a field: of the record, or of every entry that is there. In a conflict all values
/// are found, not just the one shown.
fn texts(view: &View, path: &FieldPath) -> Vec<String> {
    let text = |value: &Scalar| value.as_text().map(str::to_owned);
    match &path.group {
        None => {
            let key = RegisterKey::of(path, None, None);
            let field = key.and_then(|key| view.fields.get(&key.to_string()));
            field
                .iter()
                .flat_map(|field| &field.values)
                .filter_map(|v| text(&v.value))
                .collect()
        }
        Some(group) => view
            .entries
            .get(group.as_str())
            .into_iter()
            .flatten()
            .filter(|entry| entry.presence.is_shown())
            .filter_map(|entry| entry.fields.get(path.field.as_str()))
            .flat_map(|field| &field.values)
            .filter_map(|value| text(&value.value))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use schemas::EntryId;

    use super::*;
    use crate::record::{Edit, RecordState, author};

    fn set(key: &str, value: &str) -> Edit {
        Edit::Set {
            key: RegisterKey::parse(key).unwrap(),
            value: Scalar::text(value),
        }
    }

    fn summary(state: &RecordState) -> Summary {
        let schemas = SchemaSet::builtin().unwrap();
        let header = Header {
            kind: "shop".to_owned(),
            grid: String::new(),
            move_number: 0,
            salt: crate::ids::Salt([0; 16]),
        };
        let layouts = Layouts::of(&schemas);
        Summary::of(&header, &View::of(&state.registers), &schemas, &layouts)
    }

    #[test]
    fn who_wrote_first_stays_known_when_somebody_else_corrects() {
        let mut state = RecordState::default();
        let devices = [DeviceId([9; 6]), DeviceId([1; 6])];
        for (device, sign) in devices.iter().zip(["面馆", "面馆二"]) {
            let edits = [Edit::Restore, set("sign_name", sign), set("door_no", "1号")];
            let made = author(&state, device.actor(1), &edits, 0).unwrap();
            state.push(&made.change, made.chunk);
        }
        assert_eq!(summary(&state).by, Some(devices[0]));
        assert_eq!(summary(&RecordState::default()).by, None);
    }

    #[test]
    fn entries_that_were_removed_have_no_facts() {
        let (group, id) = (schemas::Name::parse("licences").unwrap(), EntryId([3; 8]));
        let mut state = RecordState::default();
        let begun = [
            Edit::Restore,
            Edit::AddEntry {
                group: group.clone(),
                id,
            },
            set(&format!("licences.{id}.type"), "food"),
        ];
        for (edits, count) in [(&begun[..], 1), (&[Edit::RemoveEntry { group, id }], 0)] {
            let made = author(&state, DeviceId([1; 6]).actor(1), edits, 0).unwrap();
            state.push(&made.change, made.chunk);
            assert_eq!(summary(&state).entries.len(), count);
        }
    }

    #[test]
    fn summaries_of_an_older_program_are_made_again_and_not_read() {
        let mut desk = crate::fieldbook::testing::desk();
        let shop = desk.shop("1号", "面馆");
        let store = &desk.book.store;
        let older = "UPDATE summary SET sealed = x'00'";
        store.connection.execute(older, []).unwrap();
        assert!(desk.book.reload().is_err(), "they cannot be read");
        let made_by = (desk.book.schemas.version(), 0, FORMAT - 1);
        desk.book
            .store
            .set_meta_cbor("summarised", &made_by)
            .unwrap();
        desk.book.summarise_if_needed().unwrap();
        desk.book.reload().unwrap();
        assert_eq!(
            desk.book.listed(&shop).unwrap().facts.text("sign_name"),
            Some("面馆")
        );
    }
}

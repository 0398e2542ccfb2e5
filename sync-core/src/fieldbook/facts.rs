//! A record's small facts: what lists, filters and Today need of it, without reading the record.
//!
//! Which fields those are follows from the schema: those of a small type (choice, flag, date, time,
//! point, reference, integer), and those that make the title. Entries of groups have theirs too.

use std::{collections::BTreeMap, sync::Arc};

use minicbor::{Decode, Decoder, Encode, Encoder, decode, encode};
use schemas::{EntryId, Field, FieldType, Kind, Scalar, SchemaSet, checks::point::Point};

use crate::{
    cbor::{array_len, decode_scalar, encode_scalar},
    ids::RecordId,
    record::{FieldView, View},
};

/// Characters of a text kept as a fact; the rest is cut off.
const MAX_TEXT_CHARS: usize = 120;
/// Entries of a record that have facts.
const MAX_ENTRIES: usize = 32;
/// Facts of a record or an entry.
const MAX_FACTS: usize = 256;

/// Which fields of a kind are facts, and in which place each stands.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Layout {
    /// Fields of the record, sorted.
    fields: Vec<String>,
    /// Groups, sorted, each with its fields, sorted.
    groups: Vec<(String, Vec<String>)>,
}

/// The layout of every kind of a schema set.
#[derive(Clone, Debug, Default)]
pub(super) struct Layouts(BTreeMap<String, Arc<Layout>>);

/// The facts of one record.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Facts {
    layout: Arc<Layout>,
    values: Values,
    entries: Vec<StoredEntry>,
}

/// The facts of one entry.
#[derive(Clone, Copy, Debug)]
pub struct EntryFacts<'a> {
    /// The entry.
    pub id: EntryId,
    names: &'a [String],
    values: &'a Values,
}

/// Facts in the places of a layout; null where there is none.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(super) struct Values(Box<[Scalar]>);

/// An entry as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub(super) struct StoredEntry {
    #[n(0)]
    group: u8,
    #[cbor(n(1), with = "minicbor::bytes")]
    id: [u8; 8],
    #[n(2)]
    values: Values,
}

impl Layouts {
    pub(super) fn of(schemas: &SchemaSet) -> Self {
        let layout = |kind: &Kind| (kind.name().to_owned(), Arc::new(Layout::of(kind)));
        Self(schemas.kinds().iter().map(layout).collect())
    }

    /// The layout of a kind; an empty one for a kind that is not known.
    pub(super) fn get(&self, kind: &str) -> Arc<Layout> {
        self.0.get(kind).cloned().unwrap_or_default()
    }
}

impl Layout {
    fn of(kind: &Kind) -> Self {
        let mut layout = Self::default();
        let mut groups: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for field in kind.fields().iter().filter(|field| is_fact(kind, field)) {
            let name = field.path.field.to_string();
            match &field.path.group {
                None => layout.fields.push(name),
                Some(group) => groups.entry(group.to_string()).or_default().push(name),
            }
        }
        layout.fields.sort_unstable();
        for (group, mut fields) in groups {
            fields.sort_unstable();
            layout.groups.push((group, fields));
        }
        layout
    }

    /// The facts of a record: its values, then those of the entries that are there.
    pub(super) fn facts(&self, view: &View) -> (Values, Vec<StoredEntry>) {
        let values = Values::of(&self.fields, |name| view.fields.get(name));
        let mut entries = Vec::new();
        for (group, (name, fields)) in (0..=u8::MAX).zip(&self.groups) {
            let present = view.entries.get(name).into_iter().flatten();
            for entry in present.filter(|entry| entry.presence.is_shown()) {
                if entries.len() == MAX_ENTRIES {
                    return (values, entries);
                }
                entries.push(StoredEntry {
                    group,
                    id: entry.id.0,
                    values: Values::of(fields, |name| entry.fields.get(name)),
                });
            }
        }
        (values, entries)
    }
}

/// Whether lists keep a field's value.
fn is_fact(kind: &Kind, field: &Field) -> bool {
    use FieldType as T;
    match field.ty {
        T::Choice { .. }
        | T::Flag
        | T::Date
        | T::Time
        | T::Point
        | T::Ref { .. }
        | T::Integer { .. }
        | T::Decimal { .. } => true,
        T::Text { .. } => kind.title().contains(&field.path),
        T::Remark { .. } | T::Choices { .. } | T::Phone | T::IdCard | T::Uscc | T::Photo => false,
    }
}

impl Values {
    fn of<'v>(names: &[String], field: impl Fn(&str) -> Option<&'v FieldView>) -> Self {
        let value = |name: &String| field(name).map_or(Scalar::Null, |field| cut(field.shown()));
        Self(names.iter().take(MAX_FACTS).map(value).collect())
    }

    fn get(&self, names: &[String], name: &str) -> &Scalar {
        let at = names.binary_search_by(|known| known.as_str().cmp(name));
        at.ok()
            .and_then(|at| self.0.get(at))
            .unwrap_or(&Scalar::Null)
    }
}

/// A value that is not longer than a list shows.
fn cut(value: &Scalar) -> Scalar {
    match value {
        Scalar::Text(text) => Scalar::Text(text.chars().take(MAX_TEXT_CHARS).collect()),
        other => other.clone(),
    }
}

impl Facts {
    pub(super) fn new(layout: Arc<Layout>, values: Values, entries: Vec<StoredEntry>) -> Self {
        Self {
            layout,
            values,
            entries,
        }
    }

    /// A field's value; null where it is cleared, was never filled in or is no fact.
    pub fn get(&self, field: &str) -> &Scalar {
        self.values.get(&self.layout.fields, field)
    }

    /// The text, code or date of a field.
    pub fn text(&self, field: &str) -> Option<&str> {
        self.get(field).as_text()
    }

    /// The number or time of a field.
    pub fn number(&self, field: &str) -> Option<i64> {
        match self.get(field) {
            Scalar::Int(number) => Some(*number),
            _ => None,
        }
    }

    /// Whether a flag is set.
    pub fn flag(&self, field: &str) -> bool {
        *self.get(field) == Scalar::Bool(true)
    }

    /// The record that a field refers to.
    pub fn record(&self, field: &str) -> Option<RecordId> {
        match self.get(field) {
            Scalar::Bytes(bytes) => RecordId::from_slice(bytes).ok(),
            _ => None,
        }
    }

    /// The place in a field.
    pub fn point(&self, field: &str) -> Option<Point> {
        match self.get(field) {
            Scalar::Bytes(bytes) => Point::from_bytes(bytes),
            _ => None,
        }
    }

    /// Whether a field refers to a record.
    pub fn refers_to(&self, record: &RecordId) -> bool {
        let is = |value: &Scalar| matches!(value, Scalar::Bytes(bytes) if bytes[..] == record.0);
        self.values.0.iter().any(is)
    }

    /// Every fact that is there, by the field's name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Scalar)> {
        let names = self.layout.fields.iter().map(String::as_str);
        names
            .zip(&self.values.0)
            .filter(|(_, value)| !value.is_null())
    }

    /// The entries of a group.
    pub fn entries(&self, group: &str) -> impl Iterator<Item = EntryFacts<'_>> {
        let known = self.layout.groups.iter();
        let at = known.clone().position(|(name, _)| name == group);
        let names = at.and_then(|at| self.layout.groups.get(at));
        let names = names.map_or(&[][..], |(_, names)| names.as_slice());
        self.entries
            .iter()
            .filter(move |entry| Some(usize::from(entry.group)) == at)
            .map(move |entry| EntryFacts {
                id: EntryId(entry.id),
                names,
                values: &entry.values,
            })
    }
}

impl<'a> EntryFacts<'a> {
    /// A field's value; null where there is none.
    pub fn get(&self, field: &str) -> &'a Scalar {
        self.values.get(self.names, field)
    }
}

impl<C> Encode<C> for Values {
    fn encode<W: encode::Write>(
        &self,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), encode::Error<W::Error>> {
        e.array(self.0.len() as u64)?;
        self.0.iter().try_for_each(|value| encode_scalar(e, value))
    }
}

impl<'b, C> Decode<'b, C> for Values {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, decode::Error> {
        let len = array_len(d, 0, MAX_FACTS)?;
        (0..len)
            .map(|_| decode_scalar(d))
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_fields_and_titles_are_facts_and_others_are_not() {
        let schemas = SchemaSet::builtin().unwrap();
        let layouts = Layouts::of(&schemas);
        let of = |kind: &str| layouts.get(kind).fields.join(" ");
        assert_eq!(of("visit"), "outcome shop visited_at");
        assert_eq!(of("party"), "id_type name shop type");
        let shop = layouts.get("shop");
        assert_eq!(
            shop.fields.join(" "),
            "area_band business_type door_no gas landlord lease_end licence_match lived_in location \
             merged_into operating_state operator place_type premises_use sign_name tenant unit_no"
        );
        let licences = ["expires", "long_term", "type"].map(str::to_owned).to_vec();
        assert_eq!(shop.groups, [("licences".to_owned(), licences)]);
        assert_eq!(of("no-such-kind"), "");
    }

    #[test]
    fn identity_numbers_phones_and_remarks_are_never_facts() {
        let schemas = SchemaSet::builtin().unwrap();
        for kind in schemas.kinds() {
            for field in kind.fields() {
                if field.ty.is_personal() {
                    assert!(!is_fact(kind, field), "{} {}", kind.name(), field.path);
                }
            }
        }
    }

    #[test]
    fn facts_come_back_from_their_bytes() {
        let values = Values(Box::new([
            Scalar::Null,
            Scalar::Bool(true),
            Scalar::Int(-7),
            Scalar::text("open"),
            Scalar::Bytes(vec![1; 16]),
        ]));
        let bytes = crate::cbor::to_vec(&values);
        assert_eq!(crate::cbor::from_slice::<Values>(&bytes).unwrap(), values);
        for cut in 0..bytes.len() {
            assert!(crate::cbor::from_slice::<Values>(&bytes[..cut]).is_err());
        }
    }
}

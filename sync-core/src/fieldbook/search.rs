//! Search over the open book: substrings and pinyin initials, held in memory.
//!
//! Chinese has no spaces, so words cannot be indexed: a query is looked for anywhere in the
//! folded fields, which takes well under a millisecond over 5,000 records and finds a single
//! character, part of a phone number and a sign typed without its dots alike. The index is built
//! from the records when the book is opened and never written anywhere; since it holds names and
//! numbers, memory is overwritten when records leave it, when it grows, and at the end.
//!
//! Pure: no input, output, clock or randomness.

use std::{collections::HashMap, ops::Range};

use crate::{ids::RecordId, limits::MAX_PAGE};

mod arena;
mod fold;
mod initials;
mod polyphones;
mod query;
#[cfg(test)]
mod tests;

use arena::{Arena, wipe};
pub use fold::fold;
pub use initials::{MAX_INITIALS_CHARS, MAX_READINGS, initials, readings};
use query::Query;

/// Fields of one record that are searched; more are left out.
pub const MAX_FIELDS: usize = 64;
/// Characters of one field that are searched; the rest is left out.
pub const MAX_FIELD_CHARS: usize = 256;

/// Bytes left behind by changed and removed records below which the index is not rebuilt.
const WASTE_ALLOWED: usize = 16 * 1024;
/// Separates fields. Folded text has no control characters.
const FIELD_END: u8 = b'\n';
/// Separates the readings of one field.
const READING_END: u8 = b'\t';

/// How a word was found, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Match {
    /// It is the whole field.
    Exact,
    /// The field begins with it.
    Prefix,
    /// The field contains it.
    Substring,
    /// The field's pinyin initials contain it.
    Initials,
}

/// A record that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Which one.
    pub record: RecordId,
    /// How its worst word was found.
    pub matched: Match,
    /// In which field, by its place in what [`Index::upsert`] was given.
    pub field: usize,
}

/// One version of one record. Its bytes begin where those of the slot before it end.
struct Slot {
    record: RecordId,
    kind: usize,
    text_end: usize,
    readings_end: usize,
    live: bool,
}

/// The searchable text of a book's records.
#[derive(Default)]
pub struct Index {
    kinds: Vec<Box<str>>,
    slots: Vec<Slot>,
    by_record: HashMap<RecordId, usize>,
    /// Per slot: a field end, then each folded field with its field end.
    texts: Arena,
    /// Per slot, for each field: each reading with its reading end, then a field end.
    readings: Arena,
    wasted: usize,
}

impl Index {
    /// An empty index.
    pub fn new() -> Self {
        Self::default()
    }

    /// Records in the index.
    pub fn len(&self) -> usize {
        self.by_record.len()
    }

    /// Whether no record is in it.
    pub fn is_empty(&self) -> bool {
        self.by_record.is_empty()
    }

    /// The kind under which a record was put in.
    pub fn kind(&self, record: &RecordId) -> Option<&str> {
        let slot = self.slots.get(*self.by_record.get(record)?)?;
        self.kinds.get(slot.kind).map(AsRef::as_ref)
    }

    /// Bytes allocated for text, readings and the tables over them, approximately.
    pub fn memory_bytes(&self) -> usize {
        // A hash table keeps a control byte beside each entry, and an eighth of it free.
        let entry = size_of::<(RecordId, usize)>() + 1;
        self.texts.capacity()
            + self.readings.capacity()
            + self.slots.capacity() * size_of::<Slot>()
            + self.by_record.capacity() * entry * 8 / 7
    }

    /// Puts a record in, or replaces its text. `fields` come in order of weight: sign name, door,
    /// names of persons, licence numbers, phone.
    pub fn upsert(&mut self, record: RecordId, kind: &str, fields: &[&str]) {
        let (mut text, mut readings) = encode(fields);
        let kind = self.kind_number(kind);
        if !self.is_unchanged(&record, kind, &text) {
            self.bury(&record);
            self.texts.push(&text);
            self.readings.push(&readings);
            self.by_record.insert(record, self.slots.len());
            self.slots.push(Slot {
                record,
                kind,
                text_end: self.texts.len(),
                readings_end: self.readings.len(),
                live: true,
            });
            self.compact_if_wasteful();
        }
        wipe(&mut text);
        wipe(&mut readings);
    }

    /// Takes a record out, and overwrites its text. Whether it was in.
    pub fn remove(&mut self, record: &RecordId) -> bool {
        let removed = self.bury(record);
        self.compact_if_wasteful();
        removed
    }

    /// Takes everything out, overwrites it and gives the memory back: for when the book closes.
    pub fn clear(&mut self) {
        // The arenas overwrite themselves when dropped.
        *self = Self::default();
    }

    /// The records in which every word of `query` is found and which `keep` (asked about found
    /// ones only, with the record's kind) lets pass: at most `limit` and at most [`MAX_PAGE`].
    ///
    /// Best first: by how the word was found, then by field, then by record. Of several words the
    /// worst counts, or all of them written together if that is better. A query without anything
    /// to look for finds nothing.
    pub fn find(
        &self,
        query: &str,
        limit: usize,
        keep: impl Fn(&RecordId, &str) -> bool,
    ) -> Vec<Hit> {
        let limit = limit.min(MAX_PAGE);
        let Some(query) = Query::parse(query) else {
            return Vec::new();
        };
        if limit == 0 {
            return Vec::new();
        }
        let mut found: Vec<(Match, usize, RecordId)> = self
            .live()
            .filter_map(|(slot, text, readings)| {
                let (matched, field) =
                    query.score(self.texts.get(text), self.readings.get(readings))?;
                let kind = self.kinds.get(slot.kind)?;
                keep(&slot.record, kind).then_some((matched, field, slot.record))
            })
            .collect();
        if found.len() > limit {
            found.select_nth_unstable(limit);
            found.truncate(limit);
        }
        found.sort_unstable();
        let hit = |(matched, field, record)| Hit {
            record,
            matched,
            field,
        };
        found.into_iter().map(hit).collect()
    }

    /// The live slots in order, with the places of their text and readings.
    fn live(&self) -> impl Iterator<Item = (&Slot, Range<usize>, Range<usize>)> {
        let places = self.slots.iter().scan((0, 0), |(text, readings), slot| {
            let place = (*text..slot.text_end, *readings..slot.readings_end);
            (*text, *readings) = (slot.text_end, slot.readings_end);
            Some((slot, place.0, place.1))
        });
        places.filter(|(slot, ..)| slot.live)
    }

    /// Where the text and the readings of the slot at `at` stand.
    fn places(&self, at: usize) -> Option<(Range<usize>, Range<usize>)> {
        let slot = self.slots.get(at)?;
        let before = at.checked_sub(1).and_then(|before| self.slots.get(before));
        let (text, readings) = before.map_or((0, 0), |slot| (slot.text_end, slot.readings_end));
        Some((text..slot.text_end, readings..slot.readings_end))
    }

    fn kind_number(&mut self, kind: &str) -> usize {
        let known = self.kinds.iter().position(|at| &**at == kind);
        known.unwrap_or_else(|| {
            self.kinds.push(kind.into());
            self.kinds.len() - 1
        })
    }

    fn is_unchanged(&self, record: &RecordId, kind: usize, text: &[u8]) -> bool {
        let Some(at) = self.by_record.get(record) else {
            return false;
        };
        let same_kind = self.slots.get(*at).is_some_and(|slot| slot.kind == kind);
        same_kind
            && self
                .places(*at)
                .is_some_and(|(place, _)| self.texts.get(place) == text)
    }

    /// Overwrites a record's text and marks its slot as dead.
    fn bury(&mut self, record: &RecordId) -> bool {
        let Some(at) = self.by_record.remove(record) else {
            return false;
        };
        let Some((text, readings)) = self.places(at) else {
            return false;
        };
        if let Some(slot) = self.slots.get_mut(at) {
            slot.live = false;
        }
        self.wasted += text.len() + readings.len() + size_of::<Slot>();
        self.texts.erase(text);
        self.readings.erase(readings);
        true
    }

    /// Rebuilds the index once more than a third of it is dead: over a book's life each byte is
    /// moved a bounded number of times.
    fn compact_if_wasteful(&mut self) {
        let used = self.texts.len() + self.readings.len() + self.slots.len() * size_of::<Slot>();
        if self.wasted <= WASTE_ALLOWED || self.wasted * 3 <= used {
            return;
        }
        let mut kept = Self {
            kinds: std::mem::take(&mut self.kinds),
            ..Self::default()
        };
        for (slot, text, readings) in self.live() {
            kept.texts.push(self.texts.get(text));
            kept.readings.push(self.readings.get(readings));
            kept.by_record.insert(slot.record, kept.slots.len());
            kept.slots.push(Slot {
                text_end: kept.texts.len(),
                readings_end: kept.readings.len(),
                ..*slot
            });
        }
        *self = kept;
    }
}

/// A record's text and readings as the arenas hold them.
fn encode(fields: &[&str]) -> (Vec<u8>, Vec<u8>) {
    let bytes: usize = fields.iter().map(|field| field.len() + 1).sum();
    // Enough at once, so that no part of it is left behind by growing.
    let mut text = Vec::with_capacity(bytes + 1);
    let mut all = Vec::with_capacity(bytes * (MAX_READINGS + 1));
    text.push(FIELD_END);
    for field in fields.iter().take(MAX_FIELDS) {
        let end = field
            .char_indices()
            .nth(MAX_FIELD_CHARS)
            .map_or(field.len(), |(end, _)| end);
        let folded = fold(field.get(..end).unwrap_or_default());
        for reading in readings(&folded) {
            all.extend_from_slice(reading.as_bytes());
            all.push(READING_END);
            wipe(&mut reading.into_bytes());
        }
        text.extend_from_slice(folded.as_bytes());
        text.push(FIELD_END);
        all.push(FIELD_END);
        wipe(&mut folded.into_bytes());
    }
    (text, all)
}

//! What a form shows, lacks and gets wrong, and what follows from what was typed.

use jiff::{Timestamp, civil::Date, tz::Offset};
use schemas::{
    Author, EntryId, Field, FieldType, Kind, RegisterKey, Scalar, SchemaSet,
    checks::id_card::{self, Sex},
    rule::Proposal as Rule,
};
use serde::Serialize;
use sync_core::{
    fieldbook::{Fieldbook, RecordView},
    record::View,
};

use super::{Form, overlay::Overlay, typed::Typed};
use crate::phone::{Fault, Phone, Problem, Words, call::record_id};

/// What a form is told after each pause of typing.
#[derive(Debug, Serialize)]
pub(in crate::phone) struct Check {
    shown: Vec<String>,
    missing: Vec<String>,
    faults: Vec<Fault>,
    holder: Option<Holder>,
    proposals: Vec<Proposal>,
}

/// What an identity number says by itself.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Holder {
    birth_date: String,
    sex: &'static str,
    age: i16,
}

/// A finding to file with one tap.
#[derive(Debug, Serialize)]
pub(in crate::phone) struct Proposal {
    id: String,
    class: String,
    words: Words,
}

impl Phone {
    pub(in crate::phone) fn check(&self, form: &Form) -> Result<Check, Problem> {
        let book = self.book()?;
        let kind = kind_of(&book, form)?;
        let stored = stored(&book, form)?;
        // Nothing is saved: any ids do, as long as they differ.
        let typed = Typed::read(form, kind, |count| Ok(placeholders(count)))?;
        let overlay = Overlay {
            typed: &typed,
            stored: stored.as_ref().map(|record| &record.view),
        };
        let who = book.identity().and_then(|known| known.certificate.author());
        let shown = asked(kind, &overlay);
        Ok(Check {
            shown: shown.iter().map(|(_, key)| typed.name(key)).collect(),
            missing: missing(kind, &overlay, who.as_ref())
                .iter()
                .map(|key| typed.name(key))
                .collect(),
            holder: holder(&shown, &overlay, today(book.now_ms()?)),
            proposals: proposals(book.schemas(), kind, &overlay),
            faults: typed.faults,
        })
    }
}

/// The kind of a form.
pub(super) fn kind_of<'b>(book: &'b Fieldbook, form: &Form) -> Result<&'b Kind, Problem> {
    let kind = book.schemas().kind(&form.kind);
    Ok(kind.ok_or_else(|| sync_core::fieldbook::FieldbookError::NoKind(form.kind.clone()))?)
}

/// The record that a form edits.
pub(super) fn stored(book: &Fieldbook, form: &Form) -> Result<Option<RecordView>, Problem> {
    match &form.record {
        Some(id) => Ok(Some(book.get(&record_id(id)?)?)),
        None => Ok(None),
    }
}

/// The registers that a form asks for now, in its order; a choices field by its key without code.
pub(super) fn asked<'k>(kind: &'k Kind, overlay: &Overlay<'_>) -> Vec<(&'k Field, RegisterKey)> {
    let mut asked = Vec::new();
    for field in kind.fields().iter().filter(|field| !field.automatic) {
        for entry in entries_of(field, overlay) {
            if kind.shown(&field.path, entry, overlay)
                && let Some(key) = RegisterKey::of(&field.path, entry, None)
            {
                asked.push((field, key));
            }
        }
    }
    asked
}

fn entries_of(field: &Field, overlay: &Overlay<'_>) -> Vec<Option<EntryId>> {
    match &field.path.group {
        None => vec![None],
        Some(group) => {
            let entries = schemas::Values::entries(overlay, group.as_str());
            entries.into_iter().map(Some).collect()
        }
    }
}

/// Required registers that hold nothing, but for those that the app fills in.
pub(super) fn missing(
    kind: &Kind,
    overlay: &Overlay<'_>,
    who: Option<&Author>,
) -> Vec<RegisterKey> {
    let mut missing = kind.required_missing(overlay, who);
    missing.retain(|key| {
        let field = key.path().and_then(|path| kind.field(&path));
        field.is_some_and(|field| !field.automatic)
    });
    missing
}

/// Findings that what was typed proposes; those that it did before are not proposed again.
pub(super) fn proposals(schemas: &SchemaSet, kind: &Kind, overlay: &Overlay<'_>) -> Vec<Proposal> {
    let before = |view: &View| schemas.rules().proposals(kind.name(), view);
    let before = overlay.stored.map(before).unwrap_or_default();
    let new = |rule: &&Rule| !before.iter().any(|known| known.id == rule.id);
    let now = schemas.rules().proposals(kind.name(), overlay);
    now.into_iter()
        .filter(new)
        .map(|rule| Proposal {
            id: rule.id.clone(),
            class: rule.class.to_string(),
            words: schemas.finding_class(rule.class.as_str()).map_or_else(
                || Words::new(rule.class.as_str(), rule.class.as_str()),
                |class| Words::from(&class.labels),
            ),
        })
        .collect()
}

fn holder(asked: &[(&Field, RegisterKey)], overlay: &Overlay<'_>, today: Date) -> Option<Holder> {
    let mut numbers = asked
        .iter()
        .filter(|(field, _)| field.ty == FieldType::IdCard);
    let found = numbers.find_map(|(_, key)| match overlay.shown(key) {
        Scalar::Text(text) => id_card::check(&text).ok(),
        _ => None,
    })?;
    let had_birthday = (today.month(), today.day()) >= (found.born.month(), found.born.day());
    Some(Holder {
        birth_date: found.born.to_string(),
        sex: match found.sex {
            Sex::Female => "female",
            Sex::Male => "male",
        },
        age: today.year() - found.born.year() - i16::from(!had_birthday),
    })
}

/// The day in China, which keeps one time without summer time.
fn today(now_ms: i64) -> Date {
    let moment = Timestamp::from_millisecond(now_ms).unwrap_or(Timestamp::UNIX_EPOCH);
    Offset::constant(8).to_datetime(moment).date()
}

fn placeholders(count: usize) -> Vec<EntryId> {
    (1_u64..)
        .take(count)
        .map(|at| EntryId(at.to_be_bytes()))
        .collect()
}

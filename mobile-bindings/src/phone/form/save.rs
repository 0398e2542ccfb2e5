//! One durable commit of what a form touched.

use schemas::{FieldType, Kind, RegisterKey, Scalar, Values as _};
use serde::Serialize;
use sync_core::{
    RecordId,
    fieldbook::{Committed, Fieldbook, Place},
    record::Edit,
};

use super::{
    Form, FormPlace,
    check::{Proposal, asked, kind_of, missing, proposals, stored},
    overlay::Overlay,
    typed::Typed,
};
use crate::phone::{Fault, Phone, Problem, call::record_id};

/// A record that is on the disk.
#[derive(Debug, Serialize)]
pub(in crate::phone) struct Saved {
    record: String,
    at_ms: i64,
    proposals: Vec<Proposal>,
}

impl Saved {
    pub(super) fn of(committed: Committed, proposals: Vec<Proposal>) -> Self {
        Self {
            record: committed.record.to_string(),
            at_ms: committed.time_ms,
            proposals,
        }
    }
}

impl Phone {
    pub(in crate::phone) fn save(&self, form: &Form) -> Result<Saved, Problem> {
        let mut book = self.book()?;
        let record = form.record.as_deref().map(record_id).transpose()?;
        let (edits, proposals) = plan(&book, form, record.as_ref())?;
        let committed = match (&record, &form.place) {
            (Some(record), _) => book.edit(record, &edits)?,
            (None, Some(place)) => book.create(&form.kind, &place.read()?, &edits)?,
            (None, None) => return Err(Problem::call()),
        };
        Ok(Saved::of(committed, proposals))
    }
}

impl FormPlace {
    fn read(&self) -> Result<Place, Problem> {
        match self {
            Self::Grid(grid) => Ok(Place::Grid(grid.clone())),
            Self::With(record) => Ok(Place::With(record_id(record)?)),
        }
    }
}

/// What is to be committed, and what it proposes; every fault at once otherwise.
fn plan(
    book: &Fieldbook,
    form: &Form,
    record: Option<&RecordId>,
) -> Result<(Vec<Edit>, Vec<Proposal>), Problem> {
    let kind = kind_of(book, form)?;
    let stored = stored(book, form)?;
    let mut typed = Typed::read(form, kind, |count| Ok(book.entry_ids(record, count)?))?;
    let view = stored.as_ref().map(|record| &record.view);
    if record.is_none() {
        fill_in(kind, &mut typed, book.now_ms()?);
        drop_hidden(kind, &mut typed);
    }
    let overlay = Overlay {
        typed: &typed,
        stored: view,
    };
    let who = book.identity().and_then(|known| known.certificate.author());
    let mut faults = typed.faults.clone();
    // What an old record always lacked does not keep a correction of it from being saved.
    let lacked = view.map(|view| kind.required_missing(view, who.as_ref()));
    let lacked = lacked.unwrap_or_default();
    for key in missing(kind, &overlay, who.as_ref()) {
        let name = typed.name(&key);
        if !lacked.contains(&key) && faults.iter().all(|fault| fault.key != name) {
            faults.push(Fault::missing(&name));
        }
    }
    if !faults.is_empty() {
        return Err(Problem::invalid(faults));
    }
    Ok((edits(&overlay), proposals(book.schemas(), kind, &overlay)))
}

/// What a new record holds without being asked: when it was, and that it came from a patrol.
fn fill_in(kind: &Kind, typed: &mut Typed, now_ms: i64) {
    for field in kind.fields().iter().filter(|field| !field.retired) {
        let value = match field.ty {
            FieldType::Time if field.automatic => Scalar::Int(now_ms),
            FieldType::Choice { .. }
                if kind.name() == "finding" && field.path.field.as_str() == "source" =>
            {
                Scalar::text("patrol")
            }
            _ => continue,
        };
        if let Some(key) = RegisterKey::of(&field.path, None, None) {
            let there = typed.values.get(&key).is_some_and(|value| !value.is_null());
            if !there {
                typed.values.insert(key, value);
            }
        }
    }
}

/// What was typed into a field that the form does not show any more: the number of a card, before
/// another sort of document was chosen.
fn drop_hidden(kind: &Kind, typed: &mut Typed) {
    let overlay = Overlay {
        typed,
        stored: None,
    };
    let asked: Vec<RegisterKey> = asked(kind, &overlay)
        .into_iter()
        .map(|(_, key)| key)
        .collect();
    let hidden: Vec<RegisterKey> = typed
        .values
        .keys()
        .chain(&typed.faulty)
        .filter(|key| {
            let field = key.path().and_then(|path| kind.field(&path));
            let plain = |field: &schemas::Field| {
                RegisterKey::of(&field.path, key.entry().map(|(_, id)| id), None)
            };
            let automatic = field.is_some_and(|field| field.automatic);
            let plain = field.and_then(plain);
            !automatic && plain.is_none_or(|plain| !asked.contains(&plain))
        })
        .cloned()
        .collect();
    for key in hidden {
        let name = typed.name(&key);
        typed.values.remove(&key);
        typed.faults.retain(|fault| fault.key != name);
    }
}

/// The edits that bring a record from what is stored to what was typed.
fn edits(overlay: &Overlay<'_>) -> Vec<Edit> {
    let typed = overlay.typed;
    let mut edits = Vec::new();
    for (group, id) in &typed.added {
        edits.push(Edit::AddEntry {
            group: group.clone(),
            id: *id,
        });
    }
    for (key, value) in &typed.values {
        let before = overlay.stored.map(|view| view.values(key));
        let before = before.unwrap_or_default().into_iter().next();
        if before.unwrap_or_default() == *value {
            continue;
        }
        let key = key.clone();
        edits.push(match value {
            Scalar::Null => Edit::Clear { key },
            value => Edit::Set {
                key,
                value: value.clone(),
            },
        });
    }
    for (group, id) in &typed.removed {
        edits.push(Edit::RemoveEntry {
            group: group.clone(),
            id: *id,
        });
    }
    edits
}

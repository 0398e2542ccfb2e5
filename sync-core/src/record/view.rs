//! Current values with who and when, and every open conflict.
//!
//! Only this module may choose a value to show, and it always hands out all of them. A decision
//! is shown before edits that had not seen it; among others the highest operation id is shown,
//! as Automerge does; a presence in conflict shows as present, so that nothing disappears while
//! someone has yet to decide.

use std::collections::BTreeMap;

use schemas::{
    path::{ALIVE, EntryId, RegisterKey},
    value::Scalar,
};

use super::registers::{RegisterValue, Registers};
use crate::ids::{ActorId, AuthorClass, ChangeHash, OpId};

/// Who wrote a value and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Provenance {
    /// The operation.
    pub op: OpId,
    /// Wall time of the author's device, ms.
    pub time: i64,
    /// The change.
    pub change: ChangeHash,
}

impl Provenance {
    /// The author.
    pub const fn actor(&self) -> ActorId {
        self.op.actor
    }
}

/// One distinct value of a register, with everyone who wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueView {
    /// The value; null means cleared.
    pub value: Scalar,
    /// All its authors, ascending by operation id: equal values merge.
    pub by: Vec<Provenance>,
    /// Whether one of the authors decided it.
    pub decided: bool,
}

/// One register: the value to show first, then all others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldView {
    /// The distinct values; never empty. The first is the one to show.
    pub values: Vec<ValueView>,
    /// Whether someone has to decide.
    pub conflict: bool,
}

impl FieldView {
    /// The value to show.
    pub fn shown(&self) -> &Scalar {
        self.values
            .first()
            .map_or(&Scalar::Null, |first| &first.value)
    }

    /// Whether a decision stands and something that had not seen it stands beside it.
    pub fn contested(&self) -> bool {
        self.conflict && self.values.iter().any(|value| value.decided)
    }
}

/// Whether a record or an entry is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// Never written.
    Absent,
    /// There, last touched at this time (ms).
    Present(i64),
    /// Removed.
    Gone,
    /// Removed by one, edited by another who had not seen it: shown until decided.
    Contested(i64),
}

impl Presence {
    /// Whether it is to be shown.
    pub const fn is_shown(self) -> bool {
        matches!(self, Self::Present(_) | Self::Contested(_))
    }

    /// When it was last touched, where it is there.
    pub const fn touched_ms(self) -> Option<i64> {
        match self {
            Self::Present(ms) | Self::Contested(ms) => Some(ms),
            Self::Absent | Self::Gone => None,
        }
    }

    fn of(visible: &[RegisterValue]) -> Self {
        let time = |value: &RegisterValue| match value.value {
            Scalar::Int(ms) => Some(ms),
            _ => None,
        };
        let Some(latest) = visible.iter().filter_map(time).max() else {
            return if visible.is_empty() {
                Self::Absent
            } else {
                Self::Gone
            };
        };
        if visible.iter().all(|value| time(value).is_some()) {
            return Self::Present(latest);
        }
        match decision(visible).map(|decided| &decided.value) {
            Some(Scalar::Null) => Self::Gone,
            Some(_) => Self::Present(latest),
            None => Self::Contested(latest),
        }
    }
}

/// A group's entry with its fields, keyed by field name (and code).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryView {
    /// The entry.
    pub id: EntryId,
    /// Whether it is there.
    pub presence: Presence,
    /// Its registers, by the part of the key after the entry's id.
    pub fields: BTreeMap<String, FieldView>,
}

/// A record as a person sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// Whether the record is there.
    pub presence: Presence,
    /// Every register but presence ones, by key.
    pub fields: BTreeMap<String, FieldView>,
    /// The entries of each group, by group name, in the order of their ids.
    pub entries: BTreeMap<String, Vec<EntryView>>,
    /// Keys of the registers in conflict, presence ones included.
    pub conflicts: Vec<String>,
}

impl View {
    /// The view of a record's registers: the same for the same set of changes, everywhere.
    pub fn of(registers: &Registers) -> Self {
        let mut view = Self {
            presence: Presence::of(registers.visible(ALIVE)),
            fields: BTreeMap::new(),
            entries: BTreeMap::new(),
            conflicts: Vec::new(),
        };
        for (key, visible) in registers.iter() {
            let parsed = RegisterKey::parse(key).ok();
            let presence = parsed.as_ref().is_some_and(RegisterKey::is_presence);
            let field = field_view(visible, presence);
            if field.conflict {
                view.conflicts.push(key.to_owned());
            }
            match parsed.as_ref().and_then(RegisterKey::entry) {
                Some((group, id)) => {
                    let entry = view.entry(group.as_str(), id);
                    if presence {
                        entry.presence = Presence::of(visible);
                    } else if let Some((_, name)) = key.rsplit_once('.') {
                        entry.fields.insert(name.to_owned(), field);
                    }
                }
                None if presence => {}
                None => drop(view.fields.insert(key.to_owned(), field)),
            }
        }
        view
    }

    /// The values of one register, whether field or entry field, or nothing if never written.
    pub fn field(&self, key: &RegisterKey) -> Option<&FieldView> {
        let text = key.to_string();
        match key.entry() {
            None => self.fields.get(&text),
            Some((group, id)) => {
                let entries = self.entries.get(group.as_str())?;
                let entry = entries.iter().find(|entry| entry.id == id)?;
                entry.fields.get(text.rsplit_once('.')?.1)
            }
        }
    }

    fn entry(&mut self, group: &str, id: EntryId) -> &mut EntryView {
        let entries = self.entries.entry(group.to_owned()).or_default();
        let at = entries.partition_point(|entry| entry.id < id);
        if entries.get(at).is_none_or(|entry| entry.id != id) {
            let empty = EntryView {
                id,
                presence: Presence::Absent,
                fields: BTreeMap::new(),
            };
            entries.insert(at, empty);
        }
        // The entry is there: the lines above made sure of it.
        #[expect(clippy::indexing_slicing, reason = "inserted above")]
        &mut entries[at]
    }
}

/// A view as the schemas' rules and forms read it.
impl schemas::Values for View {
    fn values(&self, key: &RegisterKey) -> Vec<Scalar> {
        let values = |field: &FieldView| field.values.iter().map(|v| v.value.clone()).collect();
        self.field(key).map_or_else(Vec::new, values)
    }

    fn entries(&self, group: &str) -> Vec<EntryId> {
        let entries = self.entries.get(group).into_iter().flatten();
        entries
            .filter(|entry| entry.presence.is_shown())
            .map(|entry| entry.id)
            .collect()
    }
}

fn decision(visible: &[RegisterValue]) -> Option<&RegisterValue> {
    visible
        .iter()
        .rev()
        .find(|value| value.op.actor.class() == AuthorClass::Decision)
}

fn field_view(visible: &[RegisterValue], presence: bool) -> FieldView {
    let first = decision(visible)
        .or_else(|| visible.last())
        .map(|shown| &shown.value);
    let mut values: Vec<ValueView> = Vec::new();
    // Highest operation first; the shown value is then moved to the front.
    for one in visible.iter().rev() {
        let by = Provenance {
            op: one.op,
            time: one.time,
            change: one.change,
        };
        let decided = one.op.actor.class() == AuthorClass::Decision;
        match values.iter_mut().find(|known| known.value == one.value) {
            Some(known) => {
                known.by.insert(0, by);
                known.decided |= decided;
            }
            None => values.push(ValueView {
                value: one.value.clone(),
                by: vec![by],
                decided,
            }),
        }
    }
    let shown = values.iter().position(|value| Some(&value.value) == first);
    if let Some(front) = shown.and_then(|at| values.get_mut(..=at)) {
        front.rotate_right(1);
    }
    let conflict = if presence {
        let gone = visible.iter().any(|value| value.value.is_null());
        gone && visible.iter().any(|value| !value.value.is_null())
    } else {
        values.len() > 1
    };
    FieldView { values, conflict }
}

//! One author's copy of a record, for stories of a few changes.

use schemas::{EntryId, Name, RegisterKey, Scalar};
use sync_core::{
    DeviceId,
    change::{Incoming, Outcome, admit},
    record::{Edit, RecordState, View, author},
};

use super::{Checked, holds};

/// An author and what it has of a record.
#[derive(Clone)]
pub struct Replica {
    device: DeviceId,
    /// The record.
    pub state: RecordState,
}

impl Replica {
    /// An author of a class (its first byte) and number, who has this much of a record.
    pub const fn of(class: u8, number: u8, state: RecordState) -> Self {
        Self {
            device: DeviceId([class, 0x77, 0, 0, 0, number]),
            state,
        }
    }

    /// Commits edits.
    pub fn commit(&mut self, edits: &[Edit], now: i64) -> Checked<Incoming> {
        let made = author(&self.state, self.device.actor(1), edits, now);
        let made = made.map_err(|error| error.to_string())?;
        let incoming = Incoming {
            change: made.change,
            chunk: made.chunk,
        };
        self.take(std::slice::from_ref(&incoming))?;
        Ok(incoming)
    }

    /// Takes changes in.
    pub fn take(&mut self, changes: &[Incoming]) -> Checked {
        let outcomes = admit(&mut self.state, changes, &()).outcomes;
        let entered = |outcome: &Outcome| !matches!(outcome, Outcome::Stopped(..));
        holds("every change enters", outcomes.iter().all(entered))
    }

    /// What its person sees.
    pub fn view(&self) -> View {
        View::of(&self.state.registers)
    }
}

/// A field takes a value.
pub fn set(key: &str, value: Scalar) -> Checked<Edit> {
    let key = RegisterKey::parse(key).map_err(|error| format!("{key}: {error}"))?;
    Ok(Edit::Set { key, value })
}

/// A field takes a text.
pub fn text(key: &str, value: &str) -> Checked<Edit> {
    set(key, Scalar::text(value))
}

/// What a form says that nobody else does: one of three text fields, and if asked a licence, take a
/// mark that bears the number.
pub fn marked(number: u64, field: usize, licence: bool) -> Checked<(Scalar, Vec<Edit>)> {
    let mark = format!("m{number}");
    let fields = ["sign_name", "door_no", "unit_no"];
    let field = fields.get(field % fields.len()).copied();
    let mut edits = vec![text(field.unwrap_or_default(), &mark)?];
    if licence {
        let id = EntryId(number.to_be_bytes());
        let group = Name::parse("licences").map_err(|error| error.to_string())?;
        edits.push(Edit::AddEntry { group, id });
        edits.push(text(&format!("licences.{id}.number"), &mark)?);
    }
    Ok((Scalar::text(mark), edits))
}

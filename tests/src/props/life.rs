//! A record's life: several devices, a supervisor, an office and an import edit it, and tell each
//! other some of what they know.

use std::collections::BTreeSet;

use schemas::{EntryId, Name, RegisterKey, Scalar};
use sync_core::{
    ActorId, AuthorClass, DeviceId,
    change::{Incoming, Outcome, admit},
    record::{AuthorError, Edit, EditError, RecordState, author, entry_id},
};

use super::{Checked, holds, twin};

/// One thing that a person does, by small numbers that are made to fit the record.
#[derive(Clone, Debug)]
pub enum Touch {
    /// A field takes one of a few values.
    Set(usize, usize),
    /// A field is cleared.
    Clear(usize),
    /// A code of a choices field is set or not.
    Code(usize, bool),
    /// An entry begins, with one field.
    Add(usize),
    /// One of the entries goes.
    Remove(usize),
    /// A field of one of the entries takes a value.
    Inside(usize, usize, usize),
    /// The record goes.
    Delete,
    /// It comes back.
    Restore,
}

/// One step of a life.
#[derive(Clone, Debug)]
pub enum Act {
    /// Someone commits at a time.
    Commit(usize, Vec<Touch>, i64),
    /// Someone learns one of another's changes and all that it had seen.
    Tell(usize, usize, usize),
    /// Someone learns everything that another knows.
    TellAll(usize, usize),
    /// Someone writes under a new epoch from now on.
    Epoch(usize),
}

/// The places at the table: five devices, then those who write through the server.
pub const DEVICES: usize = 5;
/// First bytes of the authors after the devices.
const CLASSES: [u8; 3] = [0xFF, 0xFE, 0xFD];
const FIELDS: [&str; 4] = ["door_no", "sign_name", "gas", "area"];
const CODES: [&str; 2] = ["roles#operator", "roles#landlord"];
const INSIDE: [&str; 3] = ["number", "expires", "kinds#food"];
const GROUP: &str = "licences";

struct Player {
    device: DeviceId,
    epoch: u16,
    state: RecordState,
    knows: BTreeSet<usize>,
}

/// A record's life as it was lived.
pub struct Life {
    /// Every change, in the order of making: each after those it had seen.
    pub made: Vec<Incoming>,
    /// Which changes each had seen, itself included.
    pub seen: Vec<BTreeSet<usize>>,
    /// Changes compared byte for byte with Automerge's own.
    pub compared: u64,
    players: Vec<Player>,
}

impl Life {
    /// Lives a life with so many devices.
    pub fn of(devices: usize, acts: &[Act]) -> Checked<Self> {
        let ids = (0..devices.clamp(2, DEVICES)).map(|number| [1, byte(number)]);
        let others = CLASSES.iter().map(|class| [*class, 0]);
        let player = |[first, last]: [u8; 2]| Player {
            device: DeviceId([first, 0x42, 0, 0, 0, last]),
            epoch: 1,
            state: RecordState::default(),
            knows: BTreeSet::new(),
        };
        let players = ids.chain(others).map(player).collect();
        let mut life = Self {
            made: Vec::new(),
            seen: Vec::new(),
            compared: 0,
            players,
        };
        acts.iter().try_for_each(|act| life.act(act))?;
        Ok(life)
    }

    /// Whether two of its changes had not seen each other.
    pub fn is_concurrent(&self) -> bool {
        // A life in one line: every change had seen all before it.
        self.seen
            .iter()
            .enumerate()
            .any(|(at, seen)| seen.len() <= at)
    }

    /// What each author's own replica holds, and which of the changes.
    pub fn replicas(&self) -> impl Iterator<Item = (&RecordState, &BTreeSet<usize>)> {
        self.players
            .iter()
            .map(|player| (&player.state, &player.knows))
    }

    /// The changes of those numbers.
    pub fn changes(&self, numbers: &BTreeSet<usize>) -> Vec<Incoming> {
        numbers
            .iter()
            .filter_map(|at| self.made.get(*at))
            .cloned()
            .collect()
    }

    fn act(&mut self, act: &Act) -> Checked {
        let count = self.players.len();
        match act {
            Act::Commit(who, touches, now) => self.commit(who % count, touches, *now),
            Act::Tell(from, to, which) => {
                let knows = self.players.get(from % count).map(|player| &player.knows);
                let which = knows.and_then(|knows| knows.iter().nth(which % knows.len().max(1)));
                let seen = which.and_then(|which| self.seen.get(*which)).cloned();
                self.learn(to % count, &seen.unwrap_or_default())
            }
            Act::TellAll(from, to) => {
                let knows = self
                    .players
                    .get(from % count)
                    .map(|player| player.knows.clone());
                self.learn(to % count, &knows.unwrap_or_default())
            }
            Act::Epoch(who) => {
                if let Some(player) = self.players.get_mut(who % count) {
                    player.epoch += 1;
                }
                Ok(())
            }
        }
    }

    fn commit(&mut self, who: usize, touches: &[Touch], now: i64) -> Checked {
        let Some(player) = self.players.get_mut(who) else {
            return Ok(());
        };
        let actor = player.device.actor(player.epoch);
        let edits = edits(&player.state, actor, touches);
        let made = match author(&player.state, actor, &edits, now) {
            Ok(made) => made,
            Err(AuthorError::Edit(
                EditError::NothingChanged | EditError::Deleted | EditError::NoEntry(_),
            )) => return Ok(()),
            Err(error) => return Err(format!("a commit failed: {error}")),
        };
        let own = |one: &&Incoming| one.change.actor == actor;
        let own_last = self
            .made
            .iter()
            .rfind(own)
            .map(|incoming| incoming.change.hash);
        self.compared += u64::from(twin::authors_alike(&player.state, &made, own_last)?);
        let incoming = Incoming {
            change: made.change,
            chunk: made.chunk,
        };
        let outcome = admit(&mut player.state, std::slice::from_ref(&incoming), &()).outcomes;
        let accepted = matches!(outcome.as_slice(), [Outcome::Accepted(_)]);
        holds("its author's replica takes every change", accepted)?;
        player.knows.insert(self.made.len());
        self.seen.push(player.knows.clone());
        self.made.push(incoming);
        Ok(())
    }

    fn learn(&mut self, to: usize, what: &BTreeSet<usize>) -> Checked {
        let made = &self.made;
        let Some(player) = self.players.get_mut(to) else {
            return Ok(());
        };
        let news: Vec<usize> = what.difference(&player.knows).copied().collect();
        let batch: Vec<Incoming> = news
            .iter()
            .filter_map(|at| made.get(*at))
            .cloned()
            .collect();
        let outcomes = admit(&mut player.state, &batch, &()).outcomes;
        let accepted = outcomes
            .iter()
            .all(|outcome| matches!(outcome, Outcome::Accepted(_)));
        player.knows.extend(news);
        holds("changes enter after those they had seen", accepted)
    }
}

fn edits(state: &RecordState, actor: ActorId, touches: &[Touch]) -> Vec<Edit> {
    let Ok(group) = Name::parse(GROUP) else {
        return Vec::new();
    };
    let seq = state.registers.seq(actor) + 1;
    let mut entries: Vec<EntryId> = present(state);
    let mut edits = Vec::new();
    let mut begun = 0;
    let mut add = |entries: &mut Vec<EntryId>, edits: &mut Vec<Edit>| {
        let id = entry_id(actor, seq, begun);
        begun += 1;
        entries.push(id);
        edits.push(Edit::AddEntry {
            group: group.clone(),
            id,
        });
        id
    };
    for touch in touches {
        match touch {
            Touch::Set(field, value) => edits.extend(set(of(&FIELDS, *field), scalar(*value))),
            Touch::Clear(field) => {
                edits.extend(key(of(&FIELDS, *field)).map(|key| Edit::Clear { key }));
            }
            Touch::Code(code, on) => edits.extend(set(of(&CODES, *code), Scalar::Bool(*on))),
            Touch::Add(value) => {
                let id = add(&mut entries, &mut edits);
                let key = format!("{GROUP}.{id}.{}", of(&INSIDE, 0));
                edits.extend(set(&key, scalar(*value)));
            }
            Touch::Inside(entry, field, value) => {
                let id = match entries.get(entry % entries.len().max(1)) {
                    Some(id) => *id,
                    None => add(&mut entries, &mut edits),
                };
                let key = format!("{GROUP}.{id}.{}", of(&INSIDE, *field));
                edits.extend(set(&key, scalar(*value)));
            }
            Touch::Remove(entry) => {
                let id = entries.get(entry % entries.len().max(1)).copied();
                let group = group.clone();
                edits.extend(id.map(|id| Edit::RemoveEntry { group, id }));
            }
            Touch::Delete => edits.push(Edit::Delete),
            Touch::Restore => edits.push(Edit::Restore),
        }
    }
    // A decision's entries stand beside a presence that only the edit itself writes.
    if actor.class() == AuthorClass::Decision {
        edits.into_iter().take(2).collect()
    } else {
        edits
    }
}

/// Entries that are there, contested ones included.
fn present(state: &RecordState) -> Vec<EntryId> {
    let there = |(key, values): (&str, &[sync_core::record::RegisterValue])| {
        let there = values.iter().any(|value| !value.value.is_null());
        match RegisterKey::parse(key) {
            Ok(RegisterKey::Entry { id, .. }) if there => Some(id),
            _ => None,
        }
    };
    state.registers.iter().filter_map(there).collect()
}

/// A few values, so that equal ones meet often.
fn scalar(number: usize) -> Scalar {
    match number % 8 {
        0 => Scalar::Bool(true),
        1 => Scalar::Int(i64::from(byte(number)) - 60),
        2 => Scalar::Bytes(vec![byte(number); 16]),
        3 => Scalar::text("店".repeat(1 + number % 50)),
        4 => Scalar::text(""),
        _ => Scalar::text(
            ["piped", "bottled", "none"]
                .get(number % 3)
                .copied()
                .unwrap_or(""),
        ),
    }
}

fn set(text: &str, value: Scalar) -> Option<Edit> {
    Some(Edit::Set {
        key: key(text)?,
        value,
    })
}

fn key(text: &str) -> Option<RegisterKey> {
    RegisterKey::parse(text).ok()
}

fn of<'a>(names: &[&'a str], number: usize) -> &'a str {
    names
        .get(number % names.len().max(1))
        .copied()
        .unwrap_or_default()
}

fn byte(number: usize) -> u8 {
    u8::try_from(number % 250).unwrap_or_default()
}

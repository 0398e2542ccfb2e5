//! Genuine records: several devices that edit, push, pull and fall behind.

use schemas::{
    path::{EntryId, Name, RegisterKey},
    value::Scalar,
};
use sync_core::{
    ActorId, DeviceId,
    change::{Incoming, Outcome, admit, prove},
    record::{Edit, RecordState, author, entry_id},
};

use super::{case::Fault, rng::Rng};

/// What a generated record is like.
#[derive(Clone, Copy, Debug)]
struct Shape {
    devices: usize,
    steps: usize,
    /// A device pulls before it edits once in this many steps.
    pulls: usize,
    edits: usize,
    text: usize,
}

/// From the everyday record to the ones that cost the most.
const SHAPES: [Shape; 6] = [
    Shape {
        devices: 3,
        steps: 24,
        pulls: 2,
        edits: 4,
        text: 40,
    },
    Shape {
        devices: 5,
        steps: 40,
        pulls: 4,
        edits: 6,
        text: 200,
    },
    Shape {
        devices: 2,
        steps: 30,
        pulls: 3,
        edits: 3,
        text: 4_000,
    },
    Shape {
        devices: 24,
        steps: 60,
        pulls: 9,
        edits: 3,
        text: 20,
    },
    Shape {
        devices: 2,
        steps: 90,
        pulls: 2,
        edits: 2,
        text: 30,
    },
    Shape {
        devices: 3,
        steps: 12,
        pulls: 2,
        edits: 130,
        text: 12,
    },
];

/// A record's genuine changes in the order in which a server would have admitted them.
#[derive(Clone, Debug)]
pub struct History {
    /// The changes, each after those it depends on.
    pub changes: Vec<Incoming>,
    /// The record after the first so many changes, some as a snapshot and some as chunks.
    pub points: Vec<(usize, RecordState)>,
    /// Everyone who wrote.
    pub actors: Vec<ActorId>,
}

/// Several records.
#[derive(Clone, Debug)]
pub struct Corpus(Vec<History>);

impl Corpus {
    /// As many records, the shapes in turn.
    pub fn generate(rng: &mut Rng, records: usize) -> Result<Self, Fault> {
        SHAPES
            .iter()
            .cycle()
            .take(records)
            .map(|shape| History::generate(rng, *shape))
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// The records that fuzz targets and their seeds choose from: always the same.
    pub fn for_fuzzing() -> Self {
        Self::generate(&mut Rng::new(1), SHAPES.len()).unwrap_or(Self(Vec::new()))
    }

    /// The records.
    pub fn histories(&self) -> &[History] {
        &self.0
    }
}

/// One phone's copy of the record.
struct Device {
    actor: ActorId,
    state: RecordState,
    /// How much of the server's order it has seen.
    seen: usize,
    unsent: Vec<Incoming>,
}

impl History {
    fn generate(rng: &mut Rng, shape: Shape) -> Result<Self, Fault> {
        let mut devices: Vec<Device> = (0..shape.devices)
            .map(|_| Device {
                actor: DeviceId(rng.bytes()).actor(1),
                state: RecordState::default(),
                seen: 0,
                unsent: Vec::new(),
            })
            .collect();
        let mut server: Vec<Incoming> = Vec::new();
        let start = 1_700_000_000_000_i64;
        for (step, now) in (start..).step_by(60_000).take(shape.steps).enumerate() {
            let at = rng.below(shape.devices);
            let Some(device) = devices.get_mut(at) else {
                continue;
            };
            if step == 0 || device.state.registers.is_empty() || rng.one_in(shape.pulls) {
                device.sync(&mut server)?;
            }
            device.edit(rng, shape, now);
            if rng.one_in(2) {
                device.push(&mut server);
            }
        }
        for device in &mut devices {
            device.push(&mut server);
        }
        let points = points(rng, &server)?;
        let actors = devices.into_iter().map(|device| device.actor).collect();
        Ok(Self {
            changes: server,
            points,
            actors,
        })
    }
}

/// The record at several moments of its life.
fn points(rng: &mut Rng, changes: &[Incoming]) -> Result<Vec<(usize, RecordState)>, Fault> {
    let mut state = RecordState::default();
    let mut points = vec![(0, state.clone())];
    let every = (changes.len() / 8).max(1);
    for (index, change) in changes.iter().enumerate() {
        take(&mut state, std::slice::from_ref(change))?;
        if (index + 1) % every == 0 || index + 1 == changes.len() {
            if rng.one_in(2) {
                let snapshot = prove(&state).map_err(|_| Fault::Corpus("cannot be proven"))?;
                state.snapshot = snapshot;
                state.chunks.clear();
            }
            points.push((index + 1, state.clone()));
        }
    }
    Ok(points)
}

fn take(state: &mut RecordState, changes: &[Incoming]) -> Result<(), Fault> {
    let admitted = admit(state, changes, &());
    let entered = |outcome: &Outcome| matches!(outcome, Outcome::Accepted(_) | Outcome::Duplicate);
    if admitted.outcomes.iter().all(entered) {
        Ok(())
    } else {
        Err(Fault::Corpus("a genuine change was stopped"))
    }
}

impl Device {
    fn push(&mut self, server: &mut Vec<Incoming>) {
        server.append(&mut self.unsent);
    }

    fn sync(&mut self, server: &mut Vec<Incoming>) -> Result<(), Fault> {
        let news = server.get(self.seen..).unwrap_or_default();
        take(&mut self.state, news)?;
        self.push(server);
        self.seen = server.len();
        Ok(())
    }

    fn edit(&mut self, rng: &mut Rng, shape: Shape, now: i64) {
        let edits: Vec<Edit> = (0..=rng.below(shape.edits))
            .map(|index| self.any_edit(rng, shape, index))
            .collect();
        // A deleted record or entry stops some of them; then the record comes back.
        let made = author(&self.state, self.actor, &edits, now)
            .or_else(|_| author(&self.state, self.actor, &[Edit::Restore], now));
        if let Ok(made) = made {
            self.state.push(&made.change, made.chunk.clone());
            self.unsent.push(Incoming {
                change: made.change,
                chunk: made.chunk,
            });
        }
    }

    fn any_edit(&self, rng: &mut Rng, shape: Shape, index: usize) -> Edit {
        let seq = self.state.registers.seq(self.actor) + 1;
        let wide = shape.edits > 100;
        match rng.below(20) {
            0 => Edit::Delete,
            1 | 2 => Edit::Restore,
            3 | 4 => entry(
                entry_id(self.actor, seq, u32::try_from(index).unwrap_or(0)),
                true,
            ),
            5 => match rng.pick(&self.entries()) {
                Some(id) => entry(*id, false),
                None => Edit::Restore,
            },
            6 | 7 => match rng.pick(&self.entries()) {
                Some(id) => set(&format!("licences.{id}.expires"), text(rng, 10)),
                None => Edit::Restore,
            },
            8 => set(
                &format!("hazards#c{}", rng.below(9)),
                Scalar::Bool(rng.one_in(2)),
            ),
            9 => set("place", Scalar::Bytes(rng.bytes::<8>().to_vec())),
            10 => set(
                "staff",
                Scalar::Int(rng.next().cast_signed() >> rng.below(64)),
            ),
            _ if wide => set(&format!("f{index}"), text(rng, shape.text)),
            _ => {
                let name = ["door_no", "landlord", "remark", "phone"];
                set(rng.pick(&name).unwrap_or(&"remark"), text(rng, shape.text))
            }
        }
    }

    fn entries(&self) -> Vec<EntryId> {
        let there = |(key, values): (&str, &[_])| {
            let key = RegisterKey::parse(key).ok()?;
            let value: &sync_core::record::RegisterValue = values.last()?;
            let id = key.entry().map(|(_, id)| id)?;
            (key.is_presence() && !value.value.is_null()).then_some(id)
        };
        self.state.registers.iter().filter_map(there).collect()
    }
}

fn entry(id: EntryId, add: bool) -> Edit {
    match Name::parse("licences") {
        Ok(group) if add => Edit::AddEntry { group, id },
        Ok(group) => Edit::RemoveEntry { group, id },
        Err(_) => Edit::Restore,
    }
}

fn set(key: &str, value: Scalar) -> Edit {
    match RegisterKey::parse(key) {
        Ok(key) if is_cleared(&value) => Edit::Clear { key },
        Ok(key) => Edit::Set { key, value },
        Err(_) => Edit::Restore,
    }
}

/// An empty text clears the field.
fn is_cleared(value: &Scalar) -> bool {
    value.as_text() == Some("")
}

fn text(rng: &mut Rng, length: usize) -> Scalar {
    let alphabet = ["甲", "乙", "12", "号", "a", "é", "🚪", " "];
    let pieces = rng.below(length / 4 + 1);
    Scalar::text(
        (0..pieces)
            .filter_map(|_| rng.pick(&alphabet).copied())
            .collect::<String>(),
    )
}

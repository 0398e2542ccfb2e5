//! What the county's record has not: people, trades, corrections, and two inspectors in one shop.
//! From a seed, and reported apart.

use std::collections::HashSet;

use schemas::Scalar;
use sync_core::{RecordId, fieldbook::Place, record::Edit};

use super::{ReplayError, act::Work, crew::PER_GRID};
use crate::{
    street::{self, Person, set, text},
    world::Rng,
};

/// What the overlay knows of what was made before, by grid.
pub(super) struct Overlay {
    /// How much more than usual happens.
    factor: usize,
    pub(super) findings: Vec<(usize, RecordId)>,
    pub(super) closed: HashSet<RecordId>,
    residents: Vec<(usize, RecordId)>,
    workers: Vec<(usize, RecordId)>,
    operators: Vec<(usize, RecordId)>,
}

/// What may happen after a visit, and in how many of a thousand.
const OFTEN: [(Act, usize); 10] = [
    (Act::ShopField, 40),
    (Act::Trade, 12),
    (Act::Resident, 20),
    (Act::ResidentLeaves, 8),
    (Act::Worker, 25),
    (Act::WorkerLeaves, 8),
    (Act::Operator, 20),
    (Act::OperatorLeaves, 5),
    (Act::Corrected, 8),
    (Act::Met, 30),
];

#[derive(Clone, Copy)]
enum Act {
    ShopField,
    Trade,
    Resident,
    ResidentLeaves,
    Worker,
    WorkerLeaves,
    Operator,
    OperatorLeaves,
    Corrected,
    Met,
}

impl Overlay {
    pub(super) fn new(factor: usize) -> Self {
        Self {
            factor,
            findings: Vec::new(),
            closed: HashSet::new(),
            residents: Vec::new(),
            workers: Vec::new(),
            operators: Vec::new(),
        }
    }
}

impl Work {
    /// What the overlay adds to a visit.
    pub(super) fn after(
        &mut self,
        phone: usize,
        shop: RecordId,
        grid: usize,
    ) -> Result<(), ReplayError> {
        for (act, often) in OFTEN {
            if self.rng.below(1_000) < often * self.overlay.factor {
                let before = self.crew.changes;
                self.act(act, phone, shop, grid)?;
                self.tally.overlay += self.crew.changes - before;
            }
        }
        Ok(())
    }

    fn act(
        &mut self,
        act: Act,
        phone: usize,
        shop: RecordId,
        grid: usize,
    ) -> Result<(), ReplayError> {
        match act {
            Act::ShopField => {
                let edit = street::shop_edit(&mut self.rng);
                self.edit(phone, shop, edit).map(drop)
            }
            Act::Trade => {
                let code = trade(&mut self.rng);
                self.edit(phone, shop, text("business_type", code))
                    .map(drop)
            }
            Act::Resident => {
                let person = Person::any(&mut self.rng);
                let edits = street::resident(&mut self.rng, &person);
                let made = self.create(phone, "resident", shop, &edits)?;
                self.overlay.residents.extend(made.map(|id| (grid, id)));
                Ok(())
            }
            Act::Worker => {
                let person = Person::any(&mut self.rng);
                let edits = street::worker(&mut self.rng, &person);
                let made = self.create(phone, "worker", shop, &edits)?;
                self.overlay.workers.extend(made.map(|id| (grid, id)));
                Ok(())
            }
            Act::Operator => {
                let person = Person::any(&mut self.rng);
                let edits = street::party_as(&mut self.rng, &person, "operator");
                let made = self.create(phone, "party", shop, &edits)?;
                self.overlay.operators.extend(made.map(|id| (grid, id)));
                let refer = made.and_then(|id| set("operator", Scalar::Bytes(id.0.to_vec())));
                match refer {
                    Some(edit) => self.edit(phone, shop, [edit]).map(drop),
                    None => Ok(()),
                }
            }
            Act::ResidentLeaves => {
                let one = pick(&mut self.rng, &self.overlay.residents, grid);
                let day = day(&mut self.rng);
                self.known(phone, one, left("moved-out", "moved_out", &day))
            }
            Act::WorkerLeaves => {
                let one = pick(&mut self.rng, &self.overlay.workers, grid);
                let day = day(&mut self.rng);
                self.known(phone, one, left("left", "left", &day))
            }
            Act::OperatorLeaves => {
                let one = pick(&mut self.rng, &self.overlay.operators, grid);
                let edit = set("roles#operator", Scalar::Bool(true)).and_then(|edit| match edit {
                    Edit::Set { key, .. } => Some(Edit::Clear { key }),
                    _ => None,
                });
                let stays = set("roles#fire-officer", Scalar::Bool(true));
                self.known(phone, one, edit.into_iter().chain(stays).collect())
            }
            Act::Corrected => {
                let one = pick(&mut self.rng, &self.overlay.findings, grid);
                let class = *self
                    .rng
                    .pick(&["extinguisher", "wiring"])
                    .unwrap_or(&"wiring");
                self.known(phone, one, text("class", class).into_iter().collect())
            }
            Act::Met => self.met(phone, shop, grid),
        }
    }

    /// Two inspectors of a grid are in one shop on one day, and find different things.
    fn met(&mut self, first: usize, shop: RecordId, grid: usize) -> Result<(), ReplayError> {
        let second = grid * PER_GRID + (first + 1) % PER_GRID;
        self.tally.met += 1;
        let now = self.now(second);
        let visit = street::visit(&mut self.rng, now);
        self.create(second, "visit", shop, &visit)?;
        let names = [
            text("sign_name", format!("甲记 {}", self.rng.below(1_000))),
            text("sign_name", format!("乙记 {}", self.rng.below(1_000))),
        ];
        for (phone, name) in [first, second].into_iter().zip(names) {
            self.edit(phone, shop, name)?;
        }
        let resident = pick(&mut self.rng, &self.overlay.residents, grid);
        for phone in [first, second] {
            let day = day(&mut self.rng);
            self.known(phone, resident, left("moved-out", "moved_out", &day))?;
        }
        Ok(())
    }

    fn create(
        &mut self,
        phone: usize,
        kind: &str,
        shop: RecordId,
        edits: &[Edit],
    ) -> Result<Option<RecordId>, ReplayError> {
        self.commit(phone, |book| book.create(kind, &Place::With(shop), edits))
    }

    /// Edits a record, if the phone has heard of it.
    fn known(
        &mut self,
        phone: usize,
        record: Option<RecordId>,
        edits: Vec<Edit>,
    ) -> Result<(), ReplayError> {
        match record {
            Some(record) if self.crew.has(phone, &record) => {
                self.edit(phone, record, edits).map(drop)
            }
            _ => Ok(()),
        }
    }
}

fn trade(rng: &mut Rng) -> &'static str {
    const TRADES: [&str; 6] = ["6210", "6220", "6239", "5212", "8052", "8040"];
    rng.pick(&TRADES).copied().unwrap_or("6210")
}

fn day(rng: &mut Rng) -> String {
    format!("2017-{:02}-{:02}", 1 + rng.below(12), 1 + rng.below(28))
}

fn left(state: &str, field: &str, day: &str) -> Vec<Edit> {
    [text("state", state), text(field, day)]
        .into_iter()
        .flatten()
        .collect()
}

/// A record of the grid, of the later ones.
fn pick(rng: &mut Rng, from: &[(usize, RecordId)], grid: usize) -> Option<RecordId> {
    let of_grid: Vec<RecordId> = from
        .iter()
        .rev()
        .filter(|(known, _)| *known == grid)
        .map(|(_, id)| *id)
        .take(50)
        .collect();
    rng.pick(&of_grid).copied()
}

//! A town: phones, a hub, and everything that may come between them. At the end all is made good,
//! and nothing that anyone committed may be lost or differ.

use std::collections::{BTreeMap, BTreeSet};

use schemas::Scalar;
use sync_core::{
    RecordId,
    bundle::GridGrant,
    fieldbook::{FieldbookError, Place},
    record::Edit,
};

use super::{
    Checked,
    replica::{marked, set, text},
    strict,
};
use crate::{
    hub::{Hub, Resolution},
    world::{Broken, Link, Phone, Storage, hub, schemas},
};

/// The grids of the town.
pub const GRIDS: [&str; 2] = ["310112001001001", "310112001001002"];
const HOUR_MS: i64 = 3_600_000;

/// What a person changes, by small numbers.
#[derive(Clone, Copy, Debug)]
pub struct Form {
    /// Which of the text fields takes a value that nobody else writes.
    pub field: usize,
    /// Whether `gas` is written too, which strict rules forbid.
    pub gas: Option<usize>,
    /// Whether a licence is added.
    pub licence: bool,
}

/// One step.
#[derive(Clone, Copy, Debug)]
pub enum Step {
    /// A phone edits one of its records.
    Edit(usize, usize, Form),
    /// A phone makes a record in a grid.
    Create(usize, usize),
    /// A phone syncs over a line of its own quality.
    Sync(usize, Link),
    /// A phone's app is closed and opened.
    Restart(usize),
    /// A phone's clock is wrong by so many hours.
    Clock(usize, i32),
    /// A supervisor decides.
    Decide(usize, Form),
    /// An office edits.
    Office(usize, Form),
    /// A record moves to a grid.
    Move(usize, usize),
    /// A phone's certificate opens these grids (a bit each), and is expired or not.
    Certify(usize, u8, bool),
    /// The hub knows the schema version of the phones, or not.
    Known(bool),
    /// The hub's rules forbid `gas`, or not.
    Strict(bool),
    /// A supervisor settles one of the records that wait.
    Resolve(usize, bool),
    /// Page, horizon, and whether feeds are stripped.
    Pages(usize, usize, bool),
    /// The hub is backed up.
    BackUp,
    /// The hub is lost and restored from the last backup.
    Restore,
}

/// An edit that a phone committed: where its own value must be found again.
#[derive(Clone, Debug)]
pub struct Commit {
    /// The phone.
    pub phone: usize,
    /// The record.
    pub record: RecordId,
    /// The value that nobody else writes.
    pub mark: Scalar,
}

/// The town.
pub struct Town {
    /// The server.
    pub hub: Hub,
    /// The phones.
    pub phones: Vec<Phone>,
    /// Everything that was committed on a phone.
    pub commits: Vec<Commit>,
    /// Restores of the hub.
    pub restores: u64,
    backup: Hub,
    marks: u64,
}

impl Town {
    /// So many phones, each with both grids, and a record that all of them have. Their books are
    /// in `folder`, if there is one.
    pub fn new(phones: usize, seed: u64, folder: Option<&str>) -> Checked<Self> {
        let mut hub = hub(seed);
        let storage = |number: usize| match folder {
            Some(folder) => Storage::File(format!("{folder}/{number}.db")),
            None => Storage::Memory,
        };
        let enrolled = (0..phones).map(|number| {
            let seed = seed.wrapping_mul(31).wrapping_add(number as u64);
            Phone::enrolled(
                &mut hub,
                storage(number),
                seed,
                &format!("员{number}"),
                &GRIDS,
            )
            .map_err(|error| error.to_string())
        });
        let phones = enrolled.collect::<Checked<Vec<_>>>()?;
        let backup = hub.clone();
        let commits = Vec::new();
        let mut town = Self {
            hub,
            phones,
            commits,
            restores: 0,
            backup,
            marks: 0,
        };
        town.step(&Step::Create(0, 0))?;
        for phone in 0..town.phones.len() {
            town.step(&Step::Sync(phone, Link::default()))?;
        }
        town.step(&Step::BackUp)?;
        Ok(town)
    }

    /// Takes a step.
    pub fn step(&mut self, step: &Step) -> Checked {
        self.hub.now_ms += 1_000;
        match *step {
            Step::Edit(phone, record, form) => return self.edit(phone, record, form),
            Step::Create(phone, grid) => return self.create(phone, grid),
            Step::Sync(phone, link) => return self.sync(phone, link),
            Step::Restart(phone) => {
                let phone = self.phone(phone)?;
                return phone.restart().map_err(|error| error.to_string());
            }
            Step::Clock(phone, hours) => {
                let now = self.hub.now_ms + i64::from(hours) * HOUR_MS;
                self.phone(phone)?.host.set(now);
            }
            Step::Decide(record, form) => {
                let edits = self.form(form)?.1;
                if let Some(id) = self.on_hub(record) {
                    self.hub.decide(id, &edits);
                }
            }
            Step::Office(record, form) => {
                let edits = self.form(form)?.1;
                if let Some(id) = self.on_hub(record) {
                    self.hub.office_edit(id, &edits);
                }
            }
            Step::Move(record, grid) => {
                if let Some(id) = self.on_hub(record) {
                    self.hub.move_record(id, grid_of(grid));
                }
            }
            Step::Certify(phone, grids, expired) => self.certify(phone, grids, expired)?,
            Step::Known(known) => self.hub.known_schema = if known { u32::MAX } else { 0 },
            Step::Strict(on) => self.hub.schemas = if on { strict() } else { schemas() },
            Step::Resolve(which, release) => {
                let held = self.hub.held();
                if let Some((_, _, record, _)) = held.get(which % held.len().max(1)) {
                    let how = if release {
                        Resolution::Release
                    } else {
                        Resolution::Refuse
                    };
                    self.hub.resolve(record, how);
                }
            }
            Step::Pages(page, horizon, stripped) => {
                (self.hub.page, self.hub.horizon) = (page, horizon);
                self.hub.stripped = stripped;
            }
            Step::BackUp => {
                self.hub.back_up();
                self.backup = self.hub.clone();
            }
            Step::Restore => {
                let tally = self.hub.tally;
                self.hub = self.hub.restored_from(&self.backup);
                self.hub.tally = tally;
                self.restores += 1;
            }
        }
        Ok(())
    }

    /// Everything is allowed again, everything held is let in, every line is good: syncs until
    /// nothing moves, in a bounded number of rounds.
    pub fn heal(&mut self) -> Checked {
        self.step(&Step::Strict(false))?;
        self.step(&Step::Known(true))?;
        self.step(&Step::Pages(64, 1_000_000, true))?;
        for phone in 0..self.phones.len() {
            self.certify(phone, 3, false)?;
        }
        for round in 0..16 {
            // What waits for something that has not come stays, however often it is let in. Only
            // where a supervisor of a restored hub refused what it waits for will that never come.
            let waiting = self.hub.held().into_iter().map(|(_, _, record, _)| record);
            let lost = self.restores > 0 && round >= 6;
            for record in waiting.collect::<BTreeSet<_>>() {
                self.hub.resolve(&record, Resolution::Release);
                self.hub.resolve(&record, Resolution::Release);
                if lost {
                    self.hub.resolve(&record, Resolution::Refuse);
                }
            }
            let mut quiet = self.hub.held().is_empty();
            for phone in 0..self.phones.len() {
                quiet &= self.sync_well(phone)?;
            }
            if quiet {
                return Ok(());
            }
        }
        Err(format!(
            "it never comes to rest: {:?} wait",
            self.hub.held()
        ))
    }

    /// Syncs over a good line; whether nothing was left to do.
    fn sync_well(&mut self, phone: usize) -> Checked<bool> {
        let Self { hub, phones, .. } = self;
        let phone = phones.get_mut(phone).ok_or("no such phone")?;
        phone.link = Link::default();
        hub.now_ms += 1_000;
        let report = phone
            .sync(hub)
            .map_err(|broken| format!("a good line broke: {broken:?}"))?;
        if report.complete {
            return Ok(!report.applied.progressed);
        }
        Err(format!("a phone is stuck: {report:?}"))
    }

    fn sync(&mut self, phone: usize, link: Link) -> Checked {
        let Self { hub, phones, .. } = self;
        let count = phones.len();
        let phone = phones.get_mut(phone % count).ok_or("no such phone")?;
        phone.link = link;
        match phone.sync(hub) {
            Ok(_) => Ok(()),
            Err(Broken::Line) if link != Link::default() => Ok(()),
            Err(broken) => Err(format!("a sync failed: {broken:?}")),
        }
    }

    fn certify(&mut self, phone: usize, grids: u8, expired: bool) -> Checked {
        let now = self.hub.now_ms;
        let device = self.phone(phone)?.device();
        let open = GRIDS
            .iter()
            .enumerate()
            .filter(|(at, _)| grids >> at & 1 == 1);
        let grants = open.map(|(_, grid)| GridGrant {
            grid: (*grid).to_owned(),
            until_ms: None,
        });
        self.hub.recertify(device, |certificate| {
            certificate.grids = grants.collect();
            certificate.expires_ms = if expired {
                now - HOUR_MS
            } else {
                now + 9_000 * HOUR_MS
            };
        });
        Ok(())
    }

    fn edit(&mut self, phone: usize, record: usize, form: Form) -> Checked {
        let (mark, edits) = self.form(form)?;
        let number = phone % self.phones.len();
        let phone = self.phone(phone)?;
        let listed = phone
            .book
            .list(&sync_core::fieldbook::Filter::default(), None, 500);
        let Some(listed) = listed.get(record % listed.len().max(1)) else {
            return Ok(());
        };
        let record = listed.record;
        match phone.book.edit(&record, &edits) {
            Ok(_) => self.commits.push(Commit {
                phone: number,
                record,
                mark,
            }),
            // A record of which only a refused change is left.
            Err(FieldbookError::Edit(_) | FieldbookError::NoRecord(_)) => {}
            Err(error) => return Err(format!("an edit failed: {error}")),
        }
        Ok(())
    }

    fn create(&mut self, phone: usize, grid: usize) -> Checked {
        self.marks += 1;
        let door = format!("门 {}", self.marks);
        let number = phone % self.phones.len();
        let edits = [
            text("door_no", &door)?,
            text("sign_name", "店")?,
            text("premises_use", "commercial")?,
            text("operating_state", "open")?,
            text("business_type", "6210")?,
            text("licence_match", "yes")?,
            set("lived_in", Scalar::Bool(false))?,
        ];
        let place = Place::Grid(grid_of(grid).to_owned());
        match self.phone(phone)?.book.create("shop", &place, &edits) {
            Ok(made) => {
                let mark = Scalar::text(door);
                self.commits.push(Commit {
                    phone: number,
                    record: made.record,
                    mark,
                });
                Ok(())
            }
            Err(FieldbookError::NoGrid(_)) => Ok(()),
            Err(error) => Err(format!("a record could not be made: {error}")),
        }
    }

    fn form(&mut self, form: Form) -> Checked<(Scalar, Vec<Edit>)> {
        self.marks += 1;
        let (mark, mut edits) = marked(self.marks, form.field, form.licence)?;
        if let Some(gas) = form.gas {
            let codes = ["piped", "bottled", "none"];
            edits.push(text(
                "gas",
                codes.get(gas % codes.len()).copied().unwrap_or_default(),
            )?);
        }
        Ok((mark, edits))
    }

    fn phone(&mut self, phone: usize) -> Checked<&mut Phone> {
        let count = self.phones.len();
        self.phones
            .get_mut(phone % count)
            .ok_or_else(|| "no such phone".to_owned())
    }

    fn on_hub(&self, record: usize) -> Option<RecordId> {
        let known: BTreeMap<_, _> = self.hub.records().collect();
        known.keys().nth(record % known.len().max(1)).map(|id| **id)
    }
}

fn grid_of(number: usize) -> &'static str {
    GRIDS.get(number % GRIDS.len()).copied().unwrap_or_default()
}

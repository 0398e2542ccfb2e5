//! The street, its phones and the hub; the survey that filled the books.

use std::time::{Duration, Instant};

use schemas::Scalar;
use sync_core::{
    RecordId,
    fieldbook::{Committed, Fieldbook, FieldbookError, Filter, Place},
    record::{Edit, EditError, View},
    sync::Report,
};

use super::{
    DemoError, Options, Outcome, Step,
    count::{Counts, conflicts},
};
use crate::{
    hub::{Hub, Tally},
    street::{self, GRIDS, Person},
    world::{Broken, Link, Phone, Rng, Storage, Traffic, hub},
};

/// Requests after which a phone gives up for good.
const ATTEMPTS: usize = 500;
/// Entries of a response: its feed parts stay below their limit.
const PAGE: usize = 256;

/// Everything.
pub(super) struct Town {
    pub(super) hub: Hub,
    pub(super) phones: Vec<Phone>,
    pub(super) grids: usize,
    /// Shops by grid.
    pub(super) shops: Vec<Vec<RecordId>>,
    /// Residents by grid.
    pub(super) residents: Vec<Vec<RecordId>>,
    pub(super) rng: Rng,
    pub(super) counts: Counts,
    options: Options,
    /// The hub's counters and the phones' traffic when the day began.
    before: (Tally, Traffic),
}

impl Town {
    pub(super) fn open(options: &Options) -> Result<Self, DemoError> {
        if options.phones < 2 {
            return Err(DemoError::Options("at least 2 phones are needed"));
        }
        let grids = (options.phones / 2).clamp(1, GRIDS.len());
        if options.shops < grids * 4 {
            return Err(DemoError::Options("at least 4 shops a grid are needed"));
        }
        let mut hub = hub(options.seed);
        hub.page = PAGE;
        let mut town = Self {
            hub,
            phones: Vec::new(),
            grids,
            shops: vec![Vec::new(); grids],
            residents: vec![Vec::new(); grids],
            rng: Rng::new(options.seed),
            counts: Counts::default(),
            options: options.clone(),
            before: (Tally::default(), Traffic::default()),
        };
        for number in 0..options.phones {
            town.enrol(number % grids)?;
        }
        Ok(town)
    }

    /// Enrols one more phone, for a grid.
    pub(super) fn enrol(&mut self, grid: usize) -> Result<usize, DemoError> {
        let number = self.phones.len();
        let path = self.options.folder.join(format!("phone-{number:02}.db"));
        let storage = Storage::File(path.to_string_lossy().into_owned());
        let seed = self.options.seed.wrapping_mul(1_000) + number as u64;
        let name = Person::any(&mut self.rng).name;
        let grid = code(grid);
        let phone = Phone::enrolled(&mut self.hub, storage, seed, &name, &[grid])?;
        self.phones.push(phone);
        Ok(number)
    }

    /// The first phone of each grid records the shops and some of their people, and sends them.
    pub(super) fn survey(&mut self, shops: usize) -> Result<Step, DemoError> {
        let begun = Instant::now();
        for number in 0..shops {
            let grid = number % self.grids;
            let edits = street::shop(&mut self.rng, number);
            let place = Place::Grid(code(grid).to_owned());
            let shop = self.commit(grid, |book| book.create("shop", &place, &edits))?;
            let Some(shop) = shop else { continue };
            if let Some(list) = self.shops.get_mut(grid) {
                list.push(shop);
            }
            if (number / self.grids).is_multiple_of(4) {
                self.move_in(grid, grid, shop)?;
            }
        }
        for grid in 0..self.grids {
            self.sync(grid, Link::default())?;
        }
        let records = self.hub.records().count();
        Ok(Step::new(
            format!("{records} records recorded and sent"),
            begun.elapsed(),
        ))
    }

    /// Everybody else gets what the survey found.
    pub(super) fn hand_out(&mut self) -> Result<Step, DemoError> {
        let begun = Instant::now();
        let mut packed = 0;
        for phone in 0..self.phones.len() {
            packed += self.sync(phone, Link::default())?.applied.packed;
        }
        Ok(Step::new(format!("{packed} records"), begun.elapsed()))
    }

    /// From here on changes, bytes and requests count.
    pub(super) fn begin_day(&mut self) {
        self.before = (self.hub.tally, self.traffic());
        self.counts = Counts::default();
    }

    /// A person moves into a shop.
    pub(super) fn move_in(
        &mut self,
        phone: usize,
        grid: usize,
        shop: RecordId,
    ) -> Result<(), DemoError> {
        let person = Person::any(&mut self.rng);
        let edits = street::resident(&mut self.rng, &person);
        let place = Place::With(shop);
        let made = self.commit(phone, |book| book.create("resident", &place, &edits))?;
        if let (Some(resident), Some(list)) = (made, self.residents.get_mut(grid)) {
            list.push(resident);
        }
        Ok(())
    }

    /// One commit on a phone, a minute or so after its last. None where nothing differed.
    pub(super) fn commit(
        &mut self,
        phone: usize,
        work: impl FnOnce(&mut Fieldbook) -> Result<Committed, FieldbookError>,
    ) -> Result<Option<RecordId>, DemoError> {
        self.hub.now_ms += 700 + i64::try_from(self.rng.below(9_000)).unwrap_or(0);
        let now = self.hub.now_ms;
        let Some(phone) = self.phones.get_mut(phone) else {
            return Ok(None);
        };
        phone.host.set(now);
        match work(&mut phone.book) {
            Ok(made) => {
                self.counts.changes += 1;
                Ok(Some(made.record))
            }
            Err(FieldbookError::Edit(EditError::NothingChanged)) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// The same for an edit of a record.
    pub(super) fn edit(
        &mut self,
        phone: usize,
        record: &RecordId,
        edits: &[Edit],
    ) -> Result<bool, DemoError> {
        Ok(self
            .commit(phone, |book| book.edit(record, edits))?
            .is_some())
    }

    /// A session, begun anew until it gets through.
    pub(super) fn sync(&mut self, number: usize, link: Link) -> Result<Report, DemoError> {
        let gone = DemoError::Options("there is no such phone");
        let phone = self.phones.get_mut(number).ok_or(gone)?;
        phone.link = link;
        let mut total = Report::default();
        for _ in 0..ATTEMPTS {
            match phone.sync(&mut self.hub) {
                Ok(report) => {
                    total.applied.changes += report.applied.changes;
                    total.applied.packed += report.applied.packed;
                    total.applied.progressed |= report.applied.progressed;
                    total.sent_bytes += report.sent_bytes;
                    total.received_bytes += report.received_bytes;
                    if report.complete {
                        return Ok(total);
                    }
                }
                Err(Broken::Line) => {}
                Err(Broken::Phone(error)) => return Err(error.into()),
            }
        }
        Err(DemoError::Line(number, ATTEMPTS))
    }

    /// Sums of what all lines carried.
    fn traffic(&self) -> Traffic {
        self.phones
            .iter()
            .fold(Traffic::default(), |mut sum, phone| {
                sum.requests += phone.traffic.requests;
                sum.broken += phone.traffic.broken;
                sum.up += phone.traffic.up;
                sum.down += phone.traffic.down;
                sum
            })
    }

    /// A shop's register as the hub has it, with all concurrent values.
    pub(super) fn view(&self, record: &RecordId) -> Option<View> {
        Some(View::of(&self.hub.record(record)?.state.registers))
    }

    /// Every phone against the hub: the same records of its grids, with the same views.
    fn phones_equal(&self) -> Result<usize, FieldbookError> {
        let mut equal = 0;
        for phone in &self.phones {
            let grids: Vec<&str> = phone.book.identity().map_or_else(Vec::new, |identity| {
                identity
                    .certificate
                    .grids
                    .iter()
                    .map(|grant| &*grant.grid)
                    .collect()
            });
            let mut here = 0;
            let mut same = true;
            for (id, known) in self.hub.records() {
                if grids.contains(&&*known.header.grid) {
                    here += 1;
                    same &= match phone.book.get(id) {
                        Ok(seen) => seen.view == View::of(&known.state.registers),
                        Err(FieldbookError::NoRecord(_)) => false,
                        Err(error) => return Err(error),
                    };
                }
            }
            let all = Filter {
                gone: true,
                ..Filter::default()
            };
            equal += usize::from(same && phone.book.count(&all) == here);
        }
        Ok(equal)
    }

    pub(super) fn outcome(&self, took: Duration) -> Result<Outcome, DemoError> {
        let (tally, traffic) = (self.hub.tally, self.traffic());
        let (tally_before, traffic_before) = self.before;
        Ok(Outcome {
            phones: self.phones.len(),
            records: self.hub.records().count(),
            counts: self.counts,
            register_path: tally.register_path - tally_before.register_path,
            document_path: tally.document_path - tally_before.document_path,
            refused: tally.refused - tally_before.refused,
            made_again: tally.raised_epoch - tally_before.raised_epoch,
            open: conflicts(&self.hub)
                .iter()
                .map(|(_, keys)| keys.len())
                .sum(),
            waiting: self.hub.held().len(),
            requests: traffic.requests - traffic_before.requests,
            broken: traffic.broken - traffic_before.broken,
            up: traffic.up - traffic_before.up,
            down: traffic.down - traffic_before.down,
            took,
            equal: self.phones_equal()?,
        })
    }
}

/// A grid's code.
pub(super) fn code(grid: usize) -> &'static str {
    GRIDS.get(grid % GRIDS.len()).copied().unwrap_or_default()
}

/// A text edit, for keys that are written here.
pub(super) fn texts(edits: &[(&str, &str)]) -> Vec<Edit> {
    edits
        .iter()
        .filter_map(|(key, value)| street::set(key, Scalar::text(*value)))
        .collect()
}

//! The phones: who walks which grid, what each has committed, and the evening's syncs.

use std::collections::HashMap;

use sync_core::{
    DeviceId, RecordId,
    fieldbook::{Committed, Fieldbook, FieldbookError, transport::SyncError},
    record::EditError,
};

use super::ReplayError;
use crate::{
    server::{HttpPhone, PhoneError, PhoneWaiter, Server},
    street::GRIDS,
    world::{Link, Rng, Storage},
};

/// Phones of a grid.
pub(super) const PER_GRID: usize = 3;
/// Threads on which phones sync.
const THREADS: usize = 4;
/// Sessions at the end, after which nothing can be left.
const LAST: usize = 20;
/// The line on an ordinary evening.
const LOSSY: Link = Link {
    lost: 5,
    cut: 5,
    doubled: 3,
};

/// The line on a bad one, in percent of phones' evenings: most of it waits for the next day.
const AWFUL: Link = Link {
    lost: 40,
    cut: 30,
    doubled: 10,
};
const AWFUL_PERCENT: usize = 10;
/// Times that a phone tries a request.
const ATTEMPTS: u32 = 6;
/// The same on a bad evening: the inspector goes home.
const BAD_ATTEMPTS: u32 = 2;

/// The crew.
pub(super) struct Crew {
    pub(super) phones: Vec<HttpPhone>,
    /// Changes that a device committed, by record.
    pub(super) made: HashMap<(DeviceId, RecordId), u32>,
    /// All of them.
    pub(super) changes: u64,
    /// Sessions that a broken line ended.
    pub(super) cut_short: u64,
    /// Which evenings are bad.
    rng: Rng,
}

impl Crew {
    /// Enrols three phones a grid.
    pub(super) fn enrol(server: &Server, seed: u64) -> Result<Self, ReplayError> {
        let mut phones = Vec::new();
        for number in 0..GRIDS.len() * PER_GRID {
            let grid = GRIDS.get(number / PER_GRID).copied().unwrap_or_default();
            let seed = seed.wrapping_mul(1_000) + number as u64;
            let name = format!("{}", 1_001 + number);
            let phone = server.enrolled(&name, &[grid], Storage::Memory, seed);
            let mut phone = phone.map_err(|error| ReplayError::Phone {
                phone: number,
                error,
            })?;
            // A replay has no evening to wait in.
            phone.waiter = PhoneWaiter::new(2);
            phones.push(phone);
        }
        Ok(Self {
            phones,
            made: HashMap::new(),
            changes: 0,
            cut_short: 0,
            rng: Rng::new(seed ^ 0x0BAD_11FE),
        })
    }

    /// One commit of a phone; none where nothing differed.
    pub(super) fn commit(
        &mut self,
        phone: usize,
        at_ms: i64,
        work: impl FnOnce(&mut Fieldbook) -> Result<Committed, FieldbookError>,
    ) -> Result<Option<RecordId>, ReplayError> {
        let Some(one) = self.phones.get_mut(phone) else {
            return Ok(None);
        };
        one.host.set(at_ms);
        match work(&mut one.book) {
            Ok(committed) => {
                let device = one.device();
                *self.made.entry((device, committed.record)).or_default() += 1;
                self.changes += 1;
                Ok(Some(committed.record))
            }
            Err(FieldbookError::Edit(EditError::NothingChanged)) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Whether a phone has a record.
    pub(super) fn has(&self, phone: usize, record: &RecordId) -> bool {
        let book = self.phones.get(phone).map(|phone| &phone.book);
        book.is_some_and(|book| book.listed(record).is_some_and(|listed| listed.present))
    }

    /// Everybody syncs over a bad line; what does not get through waits for the next evening.
    pub(super) fn evening(&mut self, server_ms: i64, at_ms: i64) -> Result<(), ReplayError> {
        let rng = &mut self.rng;
        let mut link = |_: &HttpPhone| {
            if rng.chance(AWFUL_PERCENT) {
                AWFUL
            } else {
                LOSSY
            }
        };
        let links: Vec<Link> = self.phones.iter().map(&mut link).collect();
        let broken = self.all(server_ms, at_ms, &links)?;
        self.cut_short += broken.into_iter().filter(|broken| *broken).count() as u64;
        Ok(())
    }

    /// Everybody syncs over a good line until nobody has anything left, and once more for what
    /// the last one sent.
    pub(super) fn last_evening(&mut self, server_ms: i64, at_ms: i64) -> Result<(), ReplayError> {
        let mut quiet = 0;
        for _ in 0..LAST {
            let good = vec![Link::default(); self.phones.len()];
            let broken = self.all(server_ms, at_ms, &good)?;
            let mut pending = 0;
            for phone in &self.phones {
                pending += phone.book.pending()?;
            }
            let still = pending == 0 && !broken.contains(&true);
            quiet = if still { quiet + 1 } else { 0 };
            if quiet == 3 {
                break;
            }
        }
        Ok(())
    }

    /// Whether each phone's session was broken by its line.
    fn all(
        &mut self,
        server_ms: i64,
        at_ms: i64,
        links: &[Link],
    ) -> Result<Vec<bool>, ReplayError> {
        let share = self.phones.len().div_ceil(THREADS).max(1);
        let sync = |(at, phones): (usize, &mut [HttpPhone])| -> Result<Vec<bool>, ReplayError> {
            let mut broken = Vec::with_capacity(phones.len());
            for (index, phone) in phones.iter_mut().enumerate() {
                phone.host.set(at_ms);
                phone.offset_ms = server_ms - at_ms;
                let link = links.get(at * share + index).copied().unwrap_or_default();
                let bad = link == AWFUL;
                phone.set_link(link);
                phone.patience.attempts = if bad { BAD_ATTEMPTS } else { ATTEMPTS };
                let done = one(phone).map_err(|error| ReplayError::Phone {
                    phone: at * share + index,
                    error,
                })?;
                broken.push(!done);
            }
            Ok(broken)
        };
        let results: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = self
                .phones
                .chunks_mut(share)
                .enumerate()
                .map(|part| scope.spawn(move || sync(part)))
                .collect();
            threads
                .into_iter()
                .map(std::thread::ScopedJoinHandle::join)
                .collect()
        });
        let mut broken = Vec::new();
        for result in results {
            broken.extend(result.map_err(|_| ReplayError::Thread)??);
        }
        Ok(broken)
    }
}

/// One session; whether it came to its end.
fn one(phone: &mut HttpPhone) -> Result<bool, PhoneError> {
    match phone.sync() {
        Ok(report) => Ok(report.complete),
        Err(PhoneError::Transport(_) | PhoneError::Sync(SyncError::Transport(_))) => Ok(false),
        Err(error) => Err(error),
    }
}

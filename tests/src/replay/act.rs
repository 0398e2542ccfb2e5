//! What an inspector does at one of the premises, as the record says.

use schemas::Scalar;
use sync_core::{
    RecordId,
    fieldbook::{Committed, Fieldbook, FieldbookError, Place},
    record::Edit,
};

use super::{
    ReplayError, Visit,
    classify::{finding_class, outcome, severity},
    crew::{Crew, PER_GRID},
    overlay::Overlay,
};
use crate::{
    street::{set, text},
    world::Rng,
};

const HOUR_MS: i64 = 3_600_000;

/// What was made, apart by where it comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Days.
    pub days: u64,
    /// Visits of the record.
    pub visits: u64,
    /// Findings of the record.
    pub findings: u64,
    /// Shops closed and opened again, as the record's results say.
    pub states: u64,
    /// Changes of the overlay.
    pub overlay: u64,
    /// Premises at which two inspectors were on one day, by the overlay.
    pub met: u64,
}

/// A day's work.
pub(super) struct Work {
    pub(super) crew: Crew,
    /// The shop of each of the premises, with its grid.
    pub(super) shops: Vec<(RecordId, usize)>,
    pub(super) rng: Rng,
    pub(super) tally: Tally,
    pub(super) overlay: Overlay,
    midnight_ms: i64,
    /// How far each phone's day has come, ms.
    clocks: Vec<i64>,
}

impl Work {
    pub(super) fn new(crew: Crew, shops: Vec<(RecordId, usize)>, seed: u64, factor: usize) -> Self {
        Self {
            clocks: vec![0; crew.phones.len()],
            crew,
            shops,
            rng: Rng::new(seed ^ 0x0E71_A7ED),
            tally: Tally::default(),
            overlay: Overlay::new(factor),
            midnight_ms: 0,
        }
    }

    /// A day begins: at nine in Shanghai.
    pub(super) fn begin(&mut self, midnight_ms: i64) {
        self.midnight_ms = midnight_ms;
        self.clocks.fill(HOUR_MS);
        self.tally.days += 1;
    }

    /// The evening of the day.
    pub(super) const fn evening_ms(&self) -> i64 {
        self.midnight_ms + 12 * HOUR_MS
    }

    /// Everything about one inspection.
    pub(super) fn visit(&mut self, visit: &Visit) -> Result<(), ReplayError> {
        let Some((shop, grid)) = self.shops.get(visit.premises).copied() else {
            return Ok(());
        };
        let phone = grid * PER_GRID + self.rng.below(PER_GRID);
        self.recorded(phone, shop, visit)?;
        self.after(phone, shop, grid)
    }

    /// What the record says.
    fn recorded(&mut self, phone: usize, shop: RecordId, visit: &Visit) -> Result<(), ReplayError> {
        let place = Place::With(shop);
        let now = self.now(phone);
        let found = (!visit.findings.is_empty())
            .then(|| set("changed#finding", Scalar::Bool(true)))
            .flatten();
        let edits: Vec<Edit> = [
            text("outcome", outcome(visit)),
            set("visited_at", Scalar::Int(now)),
            found,
        ]
        .into_iter()
        .flatten()
        .collect();
        self.commit(phone, |book| book.create("visit", &place, &edits))?;
        self.tally.visits += 1;
        for finding in &visit.findings {
            let now = self.now(phone);
            let edits: Vec<Edit> = [
                text("class", finding_class(&finding.description)),
                text("severity", severity(finding.degree)),
                text("source", "patrol"),
                finding.remark().and_then(|remark| text("remark", remark)),
                set("fixed_on_site", Scalar::Bool(finding.corrected)),
                set("found_at", Scalar::Int(now)),
            ]
            .into_iter()
            .flatten()
            .collect();
            let made = self.commit(phone, |book| book.create("finding", &place, &edits))?;
            self.overlay
                .findings
                .extend(made.map(|id| (phone / PER_GRID, id)));
            self.tally.findings += 1;
        }
        self.state(phone, shop, visit.result)
    }

    /// A shop that the record closes, or lets open again.
    fn state(&mut self, phone: usize, shop: RecordId, result: u8) -> Result<(), ReplayError> {
        let Some(state) = (match result {
            3 => Some("closed"),
            1 | 2 if self.overlay.closed.contains(&shop) => Some("open"),
            _ => None,
        }) else {
            return Ok(());
        };
        if result == 3 {
            self.overlay.closed.insert(shop);
        } else {
            self.overlay.closed.remove(&shop);
        }
        if self.edit(phone, shop, text("operating_state", state))? {
            self.tally.states += 1;
        }
        Ok(())
    }

    /// The time on a phone, a little later each time.
    pub(super) fn now(&mut self, phone: usize) -> i64 {
        let later = 15_000 + i64::try_from(self.rng.below(60_000)).unwrap_or(0);
        let Some(clock) = self.clocks.get_mut(phone) else {
            return self.midnight_ms;
        };
        // A long day does not reach the next one.
        *clock = (*clock + later).min(11 * HOUR_MS);
        self.midnight_ms + *clock
    }

    pub(super) fn commit(
        &mut self,
        phone: usize,
        work: impl FnOnce(&mut Fieldbook) -> Result<Committed, FieldbookError>,
    ) -> Result<Option<RecordId>, ReplayError> {
        let now = self.now(phone);
        self.crew.commit(phone, now, work)
    }

    /// Whether anything differed.
    pub(super) fn edit(
        &mut self,
        phone: usize,
        record: RecordId,
        edits: impl IntoIterator<Item = Edit>,
    ) -> Result<bool, ReplayError> {
        let edits: Vec<Edit> = edits.into_iter().collect();
        let made = self.commit(phone, |book| book.edit(&record, &edits))?;
        Ok(made.is_some())
    }
}

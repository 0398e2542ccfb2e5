//! What inspectors do: the survey of their shops, and an ordinary day.

use schemas::{RegisterKey, Scalar};
use sync_core::{
    RecordId,
    fieldbook::{Fieldbook, FieldbookError, Place},
    record::Edit,
};

use super::{
    DemoError, Rng,
    phone::Phone,
    staff::PER_GRID,
    street::{self, Person},
};
use crate::App;

const DAY_MS: i64 = 86_400_000;
const HOUR_MS: i64 = 3_600_000;
/// Days that the survey took.
const SURVEY_DAYS: usize = 18;
/// Days since its last one: in a month before this one, so that shops are due again.
const SURVEYED_AGO: i64 = 32;
/// Visits of an ordinary day.
const STOPS: usize = 20;

/// A phone with the shops of its inspector's first grid.
struct Walk<'a> {
    phone: &'a mut Phone,
    rng: &'a mut Rng,
    /// Which of the street's grids it is.
    grid: usize,
    /// The beginning of the day at hand, ms.
    day_ms: i64,
    /// Time of day of the last commit, ms.
    time_ms: i64,
}

impl Walk<'_> {
    /// A day begins.
    fn begin(&mut self, day_ms: i64) {
        self.day_ms = day_ms;
        // Nine in the morning in Shanghai is one in the morning UTC.
        self.time_ms = HOUR_MS;
    }

    fn now(&self) -> i64 {
        self.day_ms + self.time_ms
    }

    fn commit(
        &mut self,
        work: impl FnOnce(&mut Fieldbook) -> Result<sync_core::fieldbook::Committed, FieldbookError>,
    ) -> Result<Option<RecordId>, DemoError> {
        let some = i64::try_from(self.rng.below(90_000)).unwrap_or(0);
        self.time_ms = (self.time_ms + 20_000 + some) % DAY_MS;
        self.phone.commit(self.now(), work)
    }

    fn create(
        &mut self,
        kind: &str,
        shop: RecordId,
        edits: &[Edit],
    ) -> Result<Option<RecordId>, DemoError> {
        self.commit(|book| book.create(kind, &Place::With(shop), edits))
    }

    fn edit(&mut self, record: RecordId, edits: &[Edit]) -> Result<(), DemoError> {
        self.commit(|book| book.edit(&record, edits)).map(drop)
    }

    fn visit(&mut self, shop: RecordId, outcome: Option<&str>) -> Result<(), DemoError> {
        let mut edits = street::visit(self.rng, self.now());
        edits.extend(outcome.and_then(|outcome| street::text("outcome", outcome)));
        self.create("visit", shop, &edits).map(drop)
    }

    fn finding(&mut self, shop: RecordId) -> Result<(), DemoError> {
        let edits = street::finding(self.rng, self.now());
        let edits = street::in_grid(self.rng, self.grid, edits);
        self.create("finding", shop, &edits).map(drop)
    }

    /// A party, and the shop's reference to it.
    fn party(&mut self, shop: RecordId, person: &Person, role: &str) -> Result<(), DemoError> {
        let edits = street::party_as(self.rng, person, role);
        let Some(party) = self.create("party", shop, &edits)? else {
            return Ok(());
        };
        let reference = RegisterKey::parse(role).ok().map(|key| Edit::Set {
            key,
            value: Scalar::Bytes(party.0.to_vec()),
        });
        let edits: Vec<Edit> = reference.into_iter().collect();
        self.edit(shop, &edits)
    }

    /// Everything about a shop, the first time.
    fn first_visit(&mut self, shop: RecordId) -> Result<(), DemoError> {
        let operator = Person::any(self.rng);
        self.party(shop, &operator, "operator")?;
        for (role, percent) in [("landlord", 60), ("tenant", 20)] {
            if self.rng.chance(percent) {
                let person = Person::any(self.rng);
                self.party(shop, &person, role)?;
            }
        }
        if self.rng.chance(25) {
            let edits = street::resident(self.rng, &operator);
            self.create("resident", shop, &edits)?;
        }
        for _ in 0..self.rng.below(4) {
            let person = Person::any(self.rng);
            let edits = street::worker(self.rng, &person);
            self.create("worker", shop, &edits)?;
            if self.rng.chance(12) {
                let edits = street::resident(self.rng, &person);
                self.create("resident", shop, &edits)?;
            }
        }
        if self.rng.chance(6) {
            self.finding(shop)?;
        }
        self.visit(shop, Some("changed"))
    }

    /// An ordinary visit.
    fn revisit(&mut self, shop: RecordId) -> Result<(), DemoError> {
        let changed = self.rng.chance(15);
        if changed {
            let edits = street::shop_edit(self.rng).into_iter().collect();
            let edits = street::in_grid(self.rng, self.grid, edits);
            self.edit(shop, &edits)?;
        }
        if self.rng.chance(5) {
            self.finding(shop)?;
        }
        self.visit(shop, changed.then_some("changed"))
    }
}

/// Every inspector surveys a third of their grid.
pub(super) async fn survey(
    app: &App,
    rng: &mut Rng,
    phones: &mut [Phone],
    shops: &[Vec<RecordId>],
) -> Result<(), DemoError> {
    let today = today(app);
    for (number, phone) in phones.iter_mut().enumerate() {
        let mut walk = walk(phone, rng, number / PER_GRID);
        let grid = shops.get(walk.grid).map_or(&[][..], Vec::as_slice);
        let own: Vec<_> = grid
            .iter()
            .skip(number % PER_GRID)
            .step_by(PER_GRID)
            .collect();
        let a_day = own.len().div_ceil(SURVEY_DAYS).max(1);
        for (day, stops) in own.chunks(a_day).enumerate() {
            let left = i64::try_from(SURVEY_DAYS - 1 - day.min(SURVEY_DAYS - 1)).unwrap_or(0);
            walk.begin(today - (SURVEYED_AGO + left) * DAY_MS);
            for shop in stops {
                walk.first_visit(**shop)?;
            }
        }
        phone.sync(app).await?;
    }
    everybody(app, phones).await
}

/// Everybody walks their grid; two of each grid meet in one shop and find different things.
pub(super) async fn yesterday(
    app: &App,
    rng: &mut Rng,
    phones: &mut [Phone],
    shops: &[Vec<RecordId>],
) -> Result<(), DemoError> {
    let yesterday = today(app) - DAY_MS;
    for (number, phone) in phones.iter_mut().enumerate() {
        let mut walk = walk(phone, rng, number / PER_GRID);
        let grid = shops.get(walk.grid).map_or(&[][..], Vec::as_slice);
        walk.begin(yesterday);
        for _ in 0..STOPS {
            if let Some(shop) = walk.rng.pick(grid) {
                walk.revisit(*shop)?;
            }
        }
        let Some(met) = grid.get(number / PER_GRID + 1) else {
            continue;
        };
        let found = match number % PER_GRID {
            0 => [("business_type", "6210"), ("sign_name", "梧桐小馆")],
            1 => [("business_type", "8052"), ("sign_name", "梧桐足浴")],
            _ => continue,
        };
        let text = |(key, value): (&str, &str)| street::text(key, value);
        let edits: Vec<Edit> = found.into_iter().filter_map(text).collect();
        walk.edit(*met, &edits)?;
    }
    everybody(app, phones).await
}

/// Everybody sends, and then fetches what the others sent.
async fn everybody(app: &App, phones: &mut [Phone]) -> Result<(), DemoError> {
    for _ in 0..2 {
        for phone in phones.iter_mut() {
            phone.sync(app).await?;
        }
    }
    Ok(())
}

fn walk<'a>(phone: &'a mut Phone, rng: &'a mut Rng, grid: usize) -> Walk<'a> {
    Walk {
        phone,
        rng,
        grid,
        day_ms: 0,
        time_ms: 0,
    }
}

/// Midnight UTC of today, ms.
fn today(app: &App) -> i64 {
    let now = app.core().now_ms();
    now - now.rem_euclid(DAY_MS)
}

//! What one inspector does in a shop, and with which phone.

use schemas::{RegisterKey, Scalar};
use sync_core::{
    RecordId, Sha256,
    fieldbook::{Committed, Fieldbook, FieldbookError, Filter, Place},
    record::Edit,
};

use super::{
    DemoError, Rng,
    camera::{MEDIA, Sight},
    phone::Phone,
    street::{self, Person},
};

/// Per cent of the shops whose licence is photographed at the first visit.
const LICENCES: usize = 10;
/// Per cent of the findings that have two photos.
const TWO_PHOTOS: usize = 30;
const DAY_MS: i64 = 86_400_000;
const HOUR_MS: i64 = 3_600_000;
/// Shops in conflict that one inspector goes back to at most.
const BACK_TO: usize = 100;

/// A phone with the shops of its inspector's first grid.
pub(super) struct Walk<'a> {
    phone: &'a mut Phone,
    pub(super) rng: &'a mut Rng,
    /// What is photographed, and when: apart, so that the street is the same with and without.
    camera: &'a mut Rng,
    /// Which of the street's grids it is.
    pub(super) grid: usize,
    /// The beginning of the day at hand, ms.
    day_ms: i64,
    /// Time of day of the last commit, ms.
    time_ms: i64,
}

impl<'a> Walk<'a> {
    pub(super) fn new(
        phone: &'a mut Phone,
        rng: &'a mut Rng,
        camera: &'a mut Rng,
        grid: usize,
    ) -> Self {
        Self {
            phone,
            rng,
            camera,
            grid,
            day_ms: 0,
            time_ms: 0,
        }
    }

    /// A day begins.
    pub(super) fn begin(&mut self, day_ms: i64) {
        self.day_ms = day_ms;
        // Nine in the morning in Shanghai is one in the morning UTC.
        self.time_ms = HOUR_MS;
    }

    fn now(&self) -> i64 {
        self.day_ms + self.time_ms
    }

    fn commit(
        &mut self,
        work: impl FnOnce(&mut Fieldbook) -> Result<Committed, FieldbookError>,
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

    pub(super) fn edit(&mut self, record: RecordId, edits: &[Edit]) -> Result<(), DemoError> {
        self.commit(|book| book.edit(&record, edits)).map(drop)
    }

    fn visit(&mut self, shop: RecordId, outcome: Option<&str>) -> Result<(), DemoError> {
        let mut edits = street::visit(self.rng, self.now());
        edits.extend(outcome.and_then(|outcome| street::text("outcome", outcome)));
        self.create("visit", shop, &edits).map(drop)
    }

    /// A finding with a photo of the site, in `percent` of a hundred two; the last of them.
    fn finding(&mut self, shop: RecordId, percent: usize) -> Result<Option<Sha256>, DemoError> {
        let edits = street::finding(self.rng, self.now());
        let edits = street::in_grid(self.rng, self.grid, edits);
        let Some(finding) = self.create("finding", shop, &edits)? else {
            return Ok(None);
        };
        let seen = Sight::of_finding(&edits);
        let sights = [seen, Sight::Shopfront];
        let two = self.camera.chance(percent);
        self.photos(
            finding,
            sights.get(..1 + usize::from(two)).unwrap_or(&sights),
        )
    }

    /// Photos of a finding, once it is there, as the app adds them; the last of them.
    fn photos(&mut self, finding: RecordId, sights: &[Sight]) -> Result<Option<Sha256>, DemoError> {
        let files = self.photographed(sights);
        let mut last = None;
        self.phone.commit(self.now(), |book| {
            let ids = book.entry_ids(Some(&finding), files.len())?;
            let mut edits = Vec::new();
            for (id, file) in ids.into_iter().zip(&files) {
                let sha256 = book.attach(&finding, MEDIA, file)?;
                edits.extend(street::photo(id, sha256));
                last = Some(sha256);
            }
            book.edit(&finding, &edits)
        })?;
        Ok(last)
    }

    /// A photo of a shop's first licence, if it has one that nobody photographed.
    fn licence_photo(&mut self, shop: RecordId) -> Result<(), DemoError> {
        let view = self.phone.book.get(&shop)?.view;
        let licences = view.entries.get("licences");
        let Some(licence) = licences.and_then(|all| all.first()) else {
            return Ok(());
        };
        if licence.fields.contains_key("photo") {
            return Ok(());
        }
        let key = RegisterKey::parse(&format!("licences.{}.photo", licence.id));
        for file in self.photographed(&[Sight::Licence]) {
            self.phone.commit(self.now(), |book| {
                let sha256 = book.attach(&shop, MEDIA, &file)?;
                let set = |key| Edit::Set {
                    key,
                    value: Scalar::Bytes(sha256.0.to_vec()),
                };
                let edits: Vec<Edit> = key.iter().cloned().map(set).collect();
                book.edit(&shop, &edits)
            })?;
        }
        Ok(())
    }

    /// Takes the phone up, which takes a moment.
    fn photographed(&mut self, sights: &[Sight]) -> Vec<Vec<u8>> {
        let some = i64::try_from(self.camera.below(20_000)).unwrap_or(0);
        self.time_ms = (self.time_ms + 5_000 + some) % DAY_MS;
        let taken_ms = self.now();
        let photo = |sight: &Sight| sight.photographed(self.camera, taken_ms);
        sights.iter().map(photo).collect()
    }

    /// Photographs what shops in conflict have on the wall: what a supervisor decides by.
    pub(super) fn proofs(&mut self) -> Result<(), DemoError> {
        let filter = Filter {
            kind: Some("shop".to_owned()),
            conflicts: true,
            ..Filter::default()
        };
        let listed = self.phone.book.list(&filter, None, BACK_TO);
        let shops: Vec<RecordId> = listed.into_iter().map(|listed| listed.record).collect();
        shops
            .into_iter()
            .try_for_each(|shop| self.licence_photo(shop))
    }

    /// A finding with two photos; the line breaks before the last one has gone out.
    pub(super) fn cut_off(&mut self, shop: RecordId) -> Result<(), DemoError> {
        self.phone.unsent = self.finding(shop, 100)?;
        Ok(())
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
    pub(super) fn first_visit(&mut self, shop: RecordId) -> Result<(), DemoError> {
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
            self.finding(shop, TWO_PHOTOS)?;
        }
        if self.camera.chance(LICENCES) {
            self.licence_photo(shop)?;
        }
        self.visit(shop, Some("changed"))
    }

    /// An ordinary visit.
    pub(super) fn revisit(&mut self, shop: RecordId) -> Result<(), DemoError> {
        let changed = self.rng.chance(15);
        if changed {
            let edits = street::shop_edit(self.rng).into_iter().collect();
            let edits = street::in_grid(self.rng, self.grid, edits);
            self.edit(shop, &edits)?;
        }
        if self.rng.chance(5) {
            self.finding(shop, TWO_PHOTOS)?;
        }
        self.visit(shop, changed.then_some("changed"))
    }
}

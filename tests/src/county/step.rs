//! What may happen in a county.

use gridbook_server::{
    Error, devices,
    review::{self, By},
};
use rusqlite::params;
use schemas::Scalar;
use sync_core::{
    RecordId,
    fieldbook::{FieldbookError, Filter, Place},
    record::Edit,
};

use super::{Commit, County, GRIDS};
use crate::{
    props::{
        Checked,
        replica::{marked, set, text},
    },
    street,
    world::{Broken, Link, Phone, Rng},
};

const HOUR_MS: i64 = 3_600_000;

/// What a person changes, by small numbers.
#[derive(Clone, Copy, Debug)]
pub struct Form {
    /// Which of the text fields takes a value that nobody else writes.
    pub field: usize,
    /// Whether a licence is added.
    pub licence: bool,
    /// Whether the kind of business changes, which tells an office.
    pub business: Option<usize>,
}

/// One step.
#[derive(Clone, Copy, Debug)]
pub enum Step {
    /// A phone edits one of its records.
    Edit(usize, usize, Form),
    /// A phone makes a shop in a grid.
    Create(usize, usize),
    /// A phone makes a resident of a shop: a personal kind.
    Resident(usize),
    /// A phone syncs over a line of its own quality.
    Sync(usize, Link),
    /// A phone's clock is wrong by so many hours.
    Clock(usize, i32),
    /// A supervisor decides.
    Decide(usize, Form),
    /// An office edits.
    Office(usize, Form),
    /// A record moves to a grid.
    Move(usize, usize),
    /// A phone's certificate opens these grids (a bit each).
    Certify(usize, u8),
    /// A supervisor settles one of the changes that wait.
    Resolve(usize, bool),
    /// What a phone wrote in the last hours is set back.
    Revert(usize, u8),
    /// The server is backed up.
    BackUp,
    /// The server is lost and restored from a backup, counted from the last.
    Restore(usize, bool),
    /// The server is ended and started.
    Restart,
    /// main.db is made anew from the journal, and replaces the old one or not.
    Rebuild(bool),
}

impl County {
    /// Takes a step.
    pub fn step(&mut self, step: &Step) -> Checked {
        self.tick(1_000);
        match *step {
            Step::Edit(phone, record, form) => return self.edit(phone, record, form),
            Step::Create(phone, grid) => return self.create(phone, grid),
            Step::Resident(phone) => return self.resident(phone),
            Step::Sync(phone, link) => return self.sync(phone, link),
            Step::Clock(phone, hours) => {
                let now = self.now_ms + i64::from(hours) * HOUR_MS;
                self.phone(phone)?.host.set(now);
            }
            Step::Decide(record, form) => {
                let edits = self.form(form)?.1;
                self.on_record(record, move |tx, id| {
                    review::decide(tx, id, &edits, &by()).map(|_| ())
                })?;
            }
            Step::Office(record, form) => {
                let edits = self.form(form)?.1;
                let author = schemas::access::Author {
                    role: schemas::Role::Supervisor,
                    office: None,
                };
                self.on_record(record, move |tx, id| {
                    review::office_edit(tx, id, &edits, &author, &by()).map(|_| ())
                })?;
            }
            Step::Move(record, grid) => {
                self.on_record(record, move |tx, id| {
                    review::move_record(tx, id, grid_of(grid), &by())
                })?;
            }
            Step::Certify(phone, grids) => self.certify(phone, grids)?,
            Step::Resolve(which, release) => self.resolve(which, release)?,
            Step::Revert(phone, hours) => {
                let device = self.phone(phone)?.device();
                let since = self.now_ms - i64::from(hours) * HOUR_MS;
                // It may not fit any more.
                let _ = self
                    .server()?
                    .write(move |tx| review::revert(tx, device, since, &by()));
            }
            Step::BackUp => return self.back_up(),
            Step::Restore(which, torn) => return self.restore(which, torn),
            Step::Restart => return self.restart(),
            Step::Rebuild(keep_old) => return self.rebuild(keep_old),
        }
        Ok(())
    }

    /// Everything is allowed again, everything held is let in, every line is good: syncs until
    /// nothing moves, in a bounded number of rounds.
    pub fn heal(&mut self) -> Checked {
        for phone in 0..self.phones.len() {
            self.certify(phone, 3)?;
        }
        for round in 0..16 {
            let held = self.held()?;
            let mut quiet = held.is_empty();
            for id in held {
                // What waits for something that has not come stays, however often it is let in.
                // Only where a supervisor of a restored server refused what it waits for will that
                // never come.
                let lost = self.restores > 0 && round >= 6;
                let _ = self.server()?.write(move |tx| {
                    review::release(tx, id, &by())?;
                    Ok(())
                });
                if lost {
                    let _ = self
                        .server()?
                        .write(move |tx| review::refuse(tx, id, &by()));
                }
            }
            for phone in 0..self.phones.len() {
                quiet &= self.sync_well(phone)?;
            }
            self.server()?.settle();
            if quiet && self.held()?.is_empty() {
                return Ok(());
            }
        }
        Err(format!("it never comes to rest: {:?} wait", self.held()?))
    }

    fn held(&mut self) -> Checked<Vec<i64>> {
        self.server()?
            .read(|conn| {
                let mut select =
                    conn.prepare("SELECT id FROM held WHERE state = 'held' ORDER BY id")?;
                let rows = select.query_map([], |row| row.get(0))?;
                Ok(rows.collect::<rusqlite::Result<_>>()?)
            })
            .map_err(|error| error.to_string())
    }

    fn resolve(&mut self, which: usize, release: bool) -> Checked {
        let held = self.held()?;
        if let Some(id) = held.get(which % held.len().max(1)).copied() {
            let done = self.server()?.write(move |tx| {
                if release {
                    review::release(tx, id, &by())
                } else {
                    review::refuse(tx, id, &by())
                }
            });
            match done {
                // Not the first of its author.
                Ok(()) | Err(Error::Conflict(_)) => {}
                Err(error) => return Err(format!("held could not be settled: {error}")),
            }
        }
        Ok(())
    }

    /// Syncs over a good line; whether nothing was left to do.
    fn sync_well(&mut self, phone: usize) -> Checked<bool> {
        self.tick(1_000);
        let Self {
            central, phones, ..
        } = self;
        let phone = phones.get_mut(phone).ok_or("no such phone")?;
        let central = central.as_mut().ok_or("the server is down")?;
        phone.link = Link::default();
        let report = phone
            .sync(central)
            .map_err(|broken| format!("a good line broke: {broken:?}"))?;
        if report.complete {
            return Ok(!report.applied.progressed);
        }
        Err(format!("a phone is stuck: {report:?}"))
    }

    fn sync(&mut self, phone: usize, link: Link) -> Checked {
        let Self {
            central, phones, ..
        } = self;
        let count = phones.len();
        let phone = phones.get_mut(phone % count).ok_or("no such phone")?;
        let central = central.as_mut().ok_or("the server is down")?;
        phone.link = link;
        match phone.sync(central) {
            Ok(_) => Ok(()),
            Err(Broken::Line) if link != Link::default() => Ok(()),
            Err(broken) => Err(format!("a sync failed: {broken:?}")),
        }
    }

    fn certify(&mut self, phone: usize, grids: u8) -> Checked {
        let device = self.phone(phone)?.device();
        let done = self.server()?.write(move |tx| {
            let inspector: i64 = tx.conn().query_row(
                "SELECT inspector FROM device WHERE id = ?1",
                params![device.0],
                |row| row.get(0),
            )?;
            tx.conn()
                .execute("DELETE FROM duty WHERE inspector = ?1", params![inspector])?;
            for (at, grid) in GRIDS.iter().enumerate() {
                if grids >> at & 1 == 1 {
                    tx.conn().execute(
                        "INSERT INTO duty (inspector, grid) VALUES (?1, ?2)",
                        params![inspector, grid],
                    )?;
                }
            }
            devices::renew(tx, device, "supervisor")
        });
        done.map_err(|error| format!("a certificate could not be renewed: {error}"))
    }

    fn edit(&mut self, phone: usize, record: usize, form: Form) -> Checked {
        let (mark, edits) = self.form(form)?;
        let number = phone % self.phones.len();
        let phone = self.phone(phone)?;
        let listed = phone.book.list(&Filter::default(), None, 500);
        let shops: Vec<_> = listed.iter().filter(|one| one.kind == "shop").collect();
        let Some(listed) = shops.get(record % shops.len().max(1)) else {
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
        self.make(phone, &place, "shop", &edits, Scalar::text(door))
    }

    /// A resident of the phone's first shop, if it has one.
    fn resident(&mut self, phone: usize) -> Checked {
        self.marks += 1;
        let name = format!("某居民{}", self.marks);
        let listed = self.phone(phone)?.book.list(&Filter::default(), None, 500);
        let mut shops = listed.iter().filter(|one| one.kind == "shop");
        let Some(shop) = shops.next().map(|one| one.record) else {
            return Ok(());
        };
        let mut rng = Rng::new(self.marks);
        let person = street::Person::any(&mut rng);
        let named =
            |edit: &Edit| matches!(edit, Edit::Set { key, .. } if key.to_string() == "name");
        let mut edits = street::resident(&mut rng, &person);
        edits.retain(|edit| !named(edit));
        edits.push(text("name", &name)?);
        edits.push(set("shop", Scalar::Bytes(shop.0.to_vec()))?);
        let place = Place::With(shop);
        self.make(phone, &place, "resident", &edits, Scalar::text(name))
    }

    fn make(
        &mut self,
        phone: usize,
        place: &Place,
        kind: &str,
        edits: &[Edit],
        mark: Scalar,
    ) -> Checked {
        let number = phone % self.phones.len();
        match self.phone(phone)?.book.create(kind, place, edits) {
            Ok(made) => {
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
        if let Some(business) = form.business {
            let codes = ["6210", "5211", "8040"];
            let code = codes
                .get(business % codes.len())
                .copied()
                .unwrap_or_default();
            edits.push(text("business_type", code)?);
        }
        Ok((mark, edits))
    }

    fn phone(&mut self, phone: usize) -> Checked<&mut Phone> {
        let count = self.phones.len();
        self.phones
            .get_mut(phone % count)
            .ok_or_else(|| "no such phone".to_owned())
    }

    /// Does something to one of the server's records; it may not fit, and then nothing happens.
    fn on_record(
        &mut self,
        record: usize,
        job: impl FnOnce(&mut gridbook_server::store::Tx<'_>, RecordId) -> gridbook_server::Result<()>
        + Send
        + 'static,
    ) -> Checked {
        let known = self.shops()?;
        if let Some(id) = known.get(record % known.len().max(1)).copied() {
            let _ = self.server()?.write(move |tx| job(tx, id));
        }
        Ok(())
    }

    fn shops(&mut self) -> Checked<Vec<RecordId>> {
        self.server()?
            .read(|conn| {
                let mut select =
                    conn.prepare("SELECT id FROM record WHERE kind = 'shop' ORDER BY id")?;
                let rows = select.query_map([], |row| Ok(RecordId(row.get(0)?)))?;
                Ok(rows.collect::<rusqlite::Result<_>>()?)
            })
            .map_err(|error| error.to_string())
    }
}

fn grid_of(number: usize) -> &'static str {
    GRIDS.get(number % GRIDS.len()).copied().unwrap_or_default()
}

fn by() -> By {
    By {
        person: "supervisor".to_owned(),
        reason: "a reason".to_owned(),
    }
}

//! What the offices do with what the phones sent: each case takes its course, step by step, in the
//! order of time; what would be done after the end of it is left to whoever tries the demo.

mod course;

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, HashMap},
};

use rusqlite::{Connection, params};
use schemas::{SchemaSet, class::Clock};
use sync_core::RecordId;

use self::course::{By, Move};
use super::{DemoError, PastClock, Rng, staff, street::GRIDS};
use crate::{
    App,
    cases::{
        self, FileRef, IntakeInput, Mark, MarkInput, StepInput,
        state::{CaseType, Step},
    },
    error::{Error, OrNotFound as _, Result},
    hex::{hex, unhex},
    identity::{Principal, accounts},
    store::Tx,
    uploads,
};

const MINUTE_MS: i64 = 60_000;
/// Between one thing that the centre takes up and the next.
const EACH_MS: i64 = 4 * MINUTE_MS;
/// A step takes up to so many minutes more.
const MINUTES_MORE: usize = 20;
/// The office that enters people into its own system.
const POPULATION: &str = "population-office";
/// Of the people that it was told of, so many of a hundred are entered.
const ENTERED: usize = 75;
/// Of those, every so many-th stood there already.
const EXISTING: usize = 9;
/// What came from elsewhere: the source, the class, the grid, what was said.
const ELSEWHERE: [(&str, &str, usize, &str); 3] = [
    ("hotline", "outside-trading", 2, "市民反映商户占道摆摊"),
    ("transfer", "shop-sign", 5, "街道巡查发现店招松动"),
    ("joint", "extinguisher", 0, "联合检查时灭火器过期"),
];

/// A case on its way, or an item that becomes one.
struct Course {
    /// The item, until it is filed.
    item: Option<i64>,
    /// The case, from then on.
    uid: Option<String>,
    moves: &'static [Move],
    next: usize,
    /// What it is to be verified from: an inspector of another grid.
    verifier: String,
}

/// The offices of the street.
pub(super) struct Offices {
    people: HashMap<String, Principal>,
    /// Its own randomness: what offices do changes nothing of the street.
    rng: Rng,
    courses: Vec<Course>,
    /// What is done next, the earliest first: when, and by which course.
    due: BinaryHeap<Reverse<(i64, usize)>>,
    /// Findings and changes of trade that were taken up.
    taken: (usize, usize),
    /// Items up to this one were looked at.
    seen: i64,
}

impl Offices {
    pub(super) async fn open(app: &App, seed: u64) -> Result<Self> {
        let schemas = app.core().schemas();
        let people = app.read(move |conn| {
            let mut people = HashMap::new();
            for sign_in in staff::sign_ins(&schemas) {
                let found = accounts::by_login(conn, &sign_in.login)?;
                let account = found.ok_or(Error::NotFound("account"))?;
                people.insert(sign_in.login, account.principal);
            }
            Ok(people)
        });
        Ok(Self {
            people: people.await?,
            rng: Rng::new(seed),
            courses: Vec::new(),
            due: BinaryHeap::new(),
            taken: (0, 0),
            seen: 0,
        })
    }

    /// Takes up, one after the other, the findings that came since it last did, and the changes of
    /// trade. Of each grid's findings every `left`-th, from the first on, stays in the inbox.
    pub(super) async fn take_up(&mut self, app: &App, left: Option<usize>) -> Result<()> {
        let (seen, schemas) = (self.seen, app.core().schemas());
        let new = app.read(move |conn| since(conn, seen)).await?;
        let mut at = app.core().now_ms();
        let mut of_grid: HashMap<String, usize> = HashMap::new();
        for item in new {
            self.seen = item.id;
            let so_far = of_grid.entry(item.grid.clone()).or_default();
            let stays = left.is_some_and(|left| so_far.is_multiple_of(left));
            *so_far += usize::from(item.case.is_none());
            let moves = match item.case {
                Some(_) => {
                    self.taken.1 += 1;
                    course::of_trade(self.taken.1)
                }
                None if stays => continue,
                None => {
                    self.taken.0 += 1;
                    course::of_finding(self.taken.0, clock_of(&schemas, &item.class))
                }
            };
            at += EACH_MS;
            let course = Course {
                verifier: far_from(&item.grid),
                item: Some(item.id).filter(|_| item.case.is_none()),
                uid: item.case,
                moves,
                next: 0,
            };
            self.begin(course, at);
        }
        Ok(())
    }

    /// What the hotline, another office and a joint inspection brought.
    pub(super) async fn take_in(&mut self, app: &App) -> Result<()> {
        let clerk = self.person("linkage-centre", false)?;
        for (number, (source, class, grid, said)) in ELSEWHERE.into_iter().enumerate() {
            let grid = GRIDS.get(grid).copied().unwrap_or_default();
            let input = IntakeInput {
                case: CaseType::Finding,
                class: Some(class.to_owned()),
                grid: grid.to_owned(),
                shop: None,
                source: source.to_owned(),
                severity: None,
                reason: said.to_owned(),
            };
            let who = clerk.clone();
            let uid = app.write(move |tx| cases::intake(tx, &input, &who)).await?;
            let course = Course {
                item: None,
                uid: Some(uid),
                moves: course::of_finding(number, clock_of(&app.core().schemas(), class)),
                next: 0,
                verifier: far_from(grid),
            };
            self.begin(course, app.core().now_ms());
        }
        Ok(())
    }

    /// The population office enters people into its own system; the last of them are left.
    pub(super) async fn enter_people(&self, app: &App) -> Result<()> {
        let clerk = self.person(POPULATION, false)?;
        let enter = move |tx: &mut Tx<'_>| {
            let items = open_items(tx.conn(), POPULATION)?;
            let enough = items.len() * ENTERED / 100;
            for (number, (item, version)) in items.into_iter().take(enough).enumerate() {
                let mark = if number % EXISTING == 0 {
                    Mark::Existing
                } else {
                    Mark::Entered
                };
                let input = MarkInput {
                    mark,
                    reason: String::new(),
                };
                cases::mark(tx, item, version, &input, &clerk)?;
            }
            Ok(())
        };
        app.write(enter).await
    }

    /// Everything that is done until then, each at its time.
    pub(super) async fn work(
        &mut self,
        app: &App,
        clock: &PastClock,
        until_ms: i64,
    ) -> std::result::Result<(), DemoError> {
        while let Some(Reverse((at, number))) = self.due.peek().copied() {
            if at >= until_ms {
                break;
            }
            self.due.pop();
            clock.put(at);
            self.one_step(app, number).await?;
            self.wait(number, at);
        }
        Ok(())
    }

    fn begin(&mut self, course: Course, at: i64) {
        self.courses.push(course);
        self.wait(self.courses.len() - 1, at);
    }

    /// Enters when a course goes on, if it does.
    fn wait(&mut self, number: usize, since: i64) {
        let course = self.courses.get(number);
        let Some(made) = course.and_then(|course| course.moves.get(course.next)) else {
            return;
        };
        let some = i64::try_from(self.rng.below(MINUTES_MORE)).unwrap_or(0) * MINUTE_MS;
        self.due
            .push(Reverse((made.after.from(since) + some, number)));
    }

    fn person(&self, office: &str, head: bool) -> Result<Principal> {
        let ending = if head { "head" } else { "clerk" };
        let found = self.people.get(&format!("{office}.{ending}"));
        found.cloned().ok_or(Error::NotFound("account"))
    }

    async fn one_step(&mut self, app: &App, number: usize) -> std::result::Result<(), DemoError> {
        let Some(course) = self.courses.get(number) else {
            return Ok(());
        };
        let Some(made) = course.moves.get(course.next).copied() else {
            return Ok(());
        };
        let uid = match (course.item, &course.uid) {
            (_, Some(uid)) => {
                let uid = uid.clone();
                let verifier = course.verifier.clone();
                self.case_step(app, &uid, made, verifier).await?;
                uid
            }
            (Some(item), None) => {
                let clerk = self.person("linkage-centre", false)?;
                app.write(move |tx| file(tx, item, &clerk)).await?
            }
            (None, None) => return Ok(()),
        };
        if let Some(course) = self.courses.get_mut(number) {
            course.uid = Some(uid);
            course.next += 1;
        }
        Ok(())
    }

    async fn case_step(
        &mut self,
        app: &App,
        uid: &str,
        made: Move,
        verifier: String,
    ) -> std::result::Result<(), DemoError> {
        let sought = uid.to_owned();
        let now = app.read(move |conn| standing(conn, &sought)).await?;
        let (office, head) = match made.by {
            By::Lead => (now.case.lead(), false),
            By::LeadHead => (now.case.lead(), true),
            By::Handler => (now.office.as_str(), false),
            By::HandlerHead => (now.office.as_str(), true),
        };
        let who = self.person(office, head)?;
        let mut input = StepInput::of(made.step, made.why);
        input.to_office = made.to.map(str::to_owned);
        match made.step {
            Step::Handle | Step::Guide => input.handler = Some(who.login.clone()),
            Step::VerifyPass | Step::VerifyFail => input.verifier = Some(verifier),
            Step::RequestExtension => input.amount = Some(1),
            _ => {}
        }
        if let (Some(sight), Some(of)) = (made.photo, unhex(uid)) {
            let bytes = sight.photographed(&mut self.rng, app.core().now_ms());
            let (sha256, _) = uploads::keep_whole(app, RecordId(of), bytes).await?;
            input.attachments.push(FileRef {
                record: uid.to_owned(),
                sha256: sha256.to_string(),
            });
        }
        let uid = uid.to_owned();
        app.write(move |tx| cases::step(tx, &uid, now.version, &input, &who).map(drop))
            .await?;
        Ok(())
    }
}

/// An item that an office is to take up: one that is filed as a case, or was made one.
struct New {
    id: i64,
    grid: String,
    class: String,
    case: Option<String>,
}

/// The clock that the limit of a class of findings runs on.
fn clock_of(schemas: &SchemaSet, class: &str) -> Clock {
    let milestones = schemas.finding_class(class).map(|class| &class.milestones);
    let last = milestones.and_then(|milestones| milestones.last());
    last.map_or(Clock::WorkingDays, |last| last.limit.clock)
}

fn since(conn: &Connection, seen: i64) -> Result<Vec<New>> {
    let mut select = conn.prepare(
        "SELECT item.id, item.grid, case_file.uid, coalesce(item_ref.class, '')
         FROM item LEFT JOIN item_ref ON item_ref.item = item.id
                   LEFT JOIN case_file ON case_file.id = item.case_id
         WHERE item.id > ?1
           AND (item.form = 'item_then_case' AND item.state = 'open' OR item.form = 'case')
         ORDER BY item.id",
    )?;
    let rows = select.query_map(params![seen], |row| {
        let uid: Option<[u8; 16]> = row.get(2)?;
        Ok(New {
            id: row.get(0)?,
            grid: row.get(1)?,
            class: row.get(3)?,
            case: uid.map(|uid| hex(&uid)),
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn open_items(conn: &Connection, office: &str) -> Result<Vec<(i64, u64)>> {
    let mut select = conn.prepare(
        "SELECT id, version FROM item
         WHERE office = ?1 AND how = 'at_once' AND state = 'open' ORDER BY id",
    )?;
    let rows = select.query_map(params![office], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn file(tx: &mut Tx<'_>, item: i64, clerk: &Principal) -> Result<String> {
    let version: u64 = tx
        .conn()
        .query_row(
            "SELECT version FROM item WHERE id = ?1",
            params![item],
            |row| row.get(0),
        )
        .or_not_found("item")?;
    cases::file(tx, item, version, None, "", clerk)
}

/// Where a case stands.
struct Standing {
    case: CaseType,
    office: String,
    version: u64,
}

fn standing(conn: &Connection, uid: &str) -> Result<Standing> {
    let uid: [u8; 16] = unhex(uid).ok_or(Error::NotFound("case"))?;
    conn.query_row(
        "SELECT type, office, version FROM case_file WHERE uid = ?1",
        params![uid],
        |row| {
            Ok(Standing {
                case: row.get(0)?,
                office: row.get(1)?,
                version: row.get(2)?,
            })
        },
    )
    .or_not_found("case")
}

/// The staff number of an inspector who walks another part of the street.
fn far_from(grid: &str) -> String {
    let at = GRIDS.iter().position(|known| *known == grid).unwrap_or(0);
    let far = (at + GRIDS.len() / 2) % GRIDS.len();
    staff::number(far, 0)
}

//! Making the street: staff, the register's import, two rounds of every inspector, and what the
//! offices did about what was found.

use std::sync::Arc;

use sync_core::{RecordId, Salt, record::Header};

use super::{
    DemoError, PastClock, Rng,
    office::Offices,
    phone::{BY, Phone},
    round::{self, Times},
    staff,
    street::{self, GRIDS},
};
use crate::{
    App,
    clock::{Clock as _, SystemClock},
    devices,
    outlines::{self, Polygon},
    own::{self, OwnClass, OwnRecord},
    review::By,
    store::Tx,
};

/// The register that the shops come from.
const SOURCE: &str = "demo-street";
/// Shops that are written in one transaction.
const BATCH: usize = 100;
/// Every so many-th shop stands in the register twice, spelled a little differently.
const TWICE: usize = 150;

/// Of a grid's findings of yesterday every so many-th, from the first on, waits in the inbox.
const LEFT: usize = 3;

/// How large a demo is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// The street follows from it.
    pub seed: u64,
    /// Shops.
    pub shops: usize,
}

impl Default for Size {
    fn default() -> Self {
        Self {
            seed: 20_120_601,
            shops: 1_500,
        }
    }
}

/// Makes the street in an app under the clock of these times; `say` is told of each step.
async fn make(
    app: &App,
    times: &Times<'_>,
    size: Size,
    say: &mut (dyn FnMut(&str) + Send),
) -> Result<(), DemoError> {
    let mut rng = Rng::new(size.seed);
    say("accounts and inspectors …");
    let mut staff_rng = Rng::new(rng.next());
    let inspectors = app
        .write(move |tx| {
            staff::accounts(tx, &mut staff_rng)?;
            outlines(tx)?;
            staff::inspectors(tx, &mut staff_rng)
        })
        .await?;
    say(&format!("{} shops from the register …", size.shops));
    let shops = register(app, &mut rng, size.shops).await?;
    say("the inspectors' phones …");
    let schemas = app.core().schemas();
    let mut phones = Vec::with_capacity(inspectors.len());
    for (number, inspector) in inspectors.into_iter().enumerate() {
        let seed = size.seed ^ ((number as u64 + 1) << 32);
        let mut phone = Phone::enrolled(app, schemas.clone(), inspector, seed).await?;
        phone.sync(app).await?;
        phones.push(phone);
    }
    // Its own randomness: what is photographed changes nothing of the street.
    let mut camera = Rng::new(!size.seed);
    say("who lives and works there, what was found …");
    round::survey(app, &mut rng, &mut camera, &mut phones, &shops, times).await?;
    say("what the offices did about it …");
    let mut offices = Offices::open(app, size.seed.rotate_left(32)).await?;
    offices.take_up(app, None).await?;
    offices.enter_people(app).await?;
    offices.take_in(app).await?;
    offices.work(app, times.clock, times.yesterday_ms()).await?;
    say("yesterday's round: two inspectors now and then in one shop …");
    round::yesterday(app, &mut rng, &mut camera, &mut phones, &shops, times).await?;
    offices.take_up(app, Some(LEFT)).await?;
    let now = SystemClock.now_ms();
    offices.work(app, times.clock, now).await?;
    times.clock.put(now);
    if let Some((_, others)) = phones.split_last_mut() {
        round::everybody(app, others).await?;
    }
    // What phones said of themselves last waits for a quiet moment, which may not come any more.
    let seen = app.core().devices().take_seen();
    Ok(app.write(move |tx| devices::write_seen(tx, &seen)).await?)
}

/// Makes it in an app of its own, which is closed at the end.
pub fn made(
    config: crate::config::Config,
    size: Size,
    say: &mut (dyn FnMut(&str) + Send),
) -> Result<(), DemoError> {
    let schemas = schemas::SchemaSet::builtin()
        .map_err(|_| crate::Error::Internal("the schemas do not parse"))?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let clock = Arc::new(PastClock::default());
    let times = Times::begin(&clock);
    let app = {
        let _inside = runtime.enter();
        App::open(config, schemas, clock.clone())?
    };
    let done = runtime.block_on(make(&app, &times, size, say));
    app.close();
    done
}

/// Draws the grids, as an area has them before its first round; the last is left to be tried.
fn outlines(tx: &mut Tx<'_>) -> crate::error::Result<()> {
    for (number, grid) in GRIDS.iter().enumerate().take(GRIDS.len() - 1) {
        let polygon = Polygon::of(street::outline(number));
        outlines::put_own(tx, grid, &polygon, BY)?;
    }
    Ok(())
}

/// Imports the shops; by grid, in the order of doors.
async fn register(app: &App, rng: &mut Rng, count: usize) -> Result<Vec<Vec<RecordId>>, DemoError> {
    let mut shops = vec![Vec::new(); GRIDS.len()];
    let mut records = Vec::with_capacity(BATCH);
    let mut number = 0;
    while number < count {
        for _ in 0..BATCH.min(count - number) {
            let grid = number % GRIDS.len();
            let id = RecordId::derived(SOURCE, &number.to_string());
            let mut salt = [0; Salt::LEN];
            app.core().keys().fill(&mut salt)?;
            let twin = number % TWICE == TWICE - GRIDS.len();
            let mut edits = street::shop(rng, number);
            let before = records.len().checked_sub(GRIDS.len());
            let other: Option<&OwnRecord> = before.and_then(|at| records.get(at));
            if let Some(other) = other.filter(|_| twin) {
                edits = street::misspelt(&other.edits);
            }
            let grid_code = GRIDS.get(grid).copied().unwrap_or_default().to_owned();
            records.push(OwnRecord {
                id,
                header: Some(Header {
                    kind: "shop".to_owned(),
                    grid: grid_code,
                    move_number: 0,
                    salt: Salt(salt),
                }),
                edits,
            });
            if let Some(list) = shops.get_mut(grid) {
                list.push(id);
            }
            number += 1;
        }
        let batch = std::mem::take(&mut records);
        let by = By {
            person: BY.to_owned(),
            reason: "register of the demo street".to_owned(),
        };
        app.write(move |tx| own::write(tx, OwnClass::Import, batch, &by).map(drop))
            .await?;
    }
    Ok(shops)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{clock::SystemClock, config::Config};

    fn count(app: &App, sql: &'static str) -> i64 {
        futures(app.read(move |conn| Ok(conn.query_row(sql, [], |row| row.get(0))?)))
    }

    fn futures<T>(work: impl Future<Output = crate::Result<T>>) -> T {
        tokio::runtime::Handle::current().block_on(work).unwrap()
    }

    #[test]
    fn a_small_street_has_shops_people_findings_items_and_conflicts() {
        let dir = std::env::temp_dir().join(format!("gridbook-make-{}", std::process::id()));
        let size = Size {
            seed: 1,
            shops: 160,
        };
        let mut said = Vec::new();
        made(Config::in_folder(&dir), size, &mut |line| {
            said.push(line.to_owned());
        })
        .unwrap();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let _inside = runtime.enter();
        let schemas = schemas::SchemaSet::builtin().unwrap();
        let app = App::open(Config::in_folder(&dir), schemas, Arc::new(SystemClock)).unwrap();
        let shops = "SELECT count(*) FROM record WHERE kind = 'shop' AND alive";
        assert_eq!(count(&app, shops), 160);
        for (kind, least) in [
            ("SELECT count(*) FROM record WHERE kind = 'party'", 160),
            ("SELECT count(*) FROM record WHERE kind = 'worker'", 100),
            ("SELECT count(*) FROM record WHERE kind = 'visit'", 500),
            ("SELECT count(*) FROM record WHERE kind = 'resident'", 20),
            ("SELECT count(*) FROM conflict WHERE state = 'open'", 8),
            ("SELECT count(DISTINCT office) FROM item", 3),
            (
                "SELECT count(*) FROM device WHERE confirmed_ms IS NOT NULL",
                24,
            ),
            ("SELECT count(*) FROM account", 20),
        ] {
            assert!(count(&app, kind) >= least, "{kind}: {}", count(&app, kind));
        }
        assert_eq!(count(&app, "SELECT count(*) FROM held"), 0);
        let state = |state: &str| {
            let sql = "SELECT count(*) FROM case_file WHERE type = 'finding' AND state = ?1";
            let state = state.to_owned();
            futures(
                app.read(move |conn| Ok(conn.query_row(sql, [state], |row| row.get::<_, i64>(0))?)),
            )
        };
        assert!(state("closed") >= 4, "{}", state("closed"));
        let shown = "SELECT count(*) FROM case_attachment";
        assert!(count(&app, shown) >= 4, "what was done is shown");
        let future = "SELECT count(*) FROM case_ledger WHERE time_ms > unixepoch() * 1000";
        assert_eq!(count(&app, future), 0);
        let findings = count(
            &app,
            "SELECT count(*) FROM record WHERE kind = 'finding' AND alive",
        );
        let photographed = "SELECT count(DISTINCT id) FROM record JOIN file ON record = id
                            WHERE kind = 'finding'";
        assert_eq!(count(&app, photographed), findings, "every finding has one");
        let proofs = "SELECT count(DISTINCT id) FROM conflict JOIN record USING (n)
                      JOIN file ON file.record = id WHERE state = 'open'";
        assert!(count(&app, proofs) >= 8, "what is decided has one beside");
        assert_eq!(count(&app, "SELECT count(*) FROM file_reuse"), 0);
        let waiting = "SELECT sum(pending) * 100 + sum(attachments) FROM device";
        assert_eq!(count(&app, waiting), 1, "one photo has not arrived");
        assert_eq!(futures(app.write(super::super::tickets)).len(), 3);
        app.close();
        std::fs::remove_dir_all(dir).unwrap();
    }
}

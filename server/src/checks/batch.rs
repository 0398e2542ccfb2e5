//! Batches: committing to a seed, drawing, locking.

use rusqlite::{Connection, OptionalExtension as _, params};
use schemas::area::Level;
use serde::{Deserialize, Serialize};
use sync_core::Sha256;
use utoipa::{IntoParams, ToSchema};

use super::{act::Act, draw::Seed};
use crate::{
    cases::clock::date_of,
    error::{Error, OrNotFound as _, Result},
    identity::Principal,
    lists::{Ask, Key, Order, Page, Source, Where},
    store::Tx,
};

/// Doors that are drawn of a grid at most.
const MAX_PER_GRID: u32 = 200;
/// Days in which one may appeal, unless said otherwise, and at most.
const APPEAL_DAYS: u32 = 5;
const MAX_APPEAL_DAYS: u32 = 30;
/// How far ahead a batch may be due, ms.
const MAX_AHEAD_MS: i64 = 92 * 86_400_000;

/// A batch to begin.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewBatch {
    /// Code of the area: a district, street, community or grid of one's own.
    pub area: String,
    /// `street-to-register` draws from a list, `register-to-street` from the register's shops.
    pub method: String,
    /// Doors to draw of each grid, at most 200.
    pub per_grid: u32,
    /// Until when checkers are to have looked, ms.
    pub due_ms: i64,
    /// Days in which one may appeal; 5 unless said otherwise.
    pub appeal_days: Option<u32>,
}

/// A batch of spot checks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Batch {
    /// Its number.
    pub id: i64,
    /// What people call it, and what stands on tasks.
    pub label: String,
    /// Its area.
    pub area: String,
    /// A code of the list `check-method`.
    pub method: String,
    /// Doors to draw of each grid.
    pub per_grid: u32,
    /// SHA-256 of the seed, shown from the beginning.
    pub commitment: String,
    /// The seed, once it was used.
    pub seed: Option<String>,
    /// SHA-256 over the list that is drawn from.
    pub frame: Option<String>,
    /// `committed`, `listed`, `drawn` or `locked`.
    pub state: String,
    /// Until when checkers are to have looked, ms.
    pub due_ms: i64,
    /// Days in which one may appeal.
    pub appeal_days: u32,
    /// Who began it.
    pub by: String,
    /// When, ms.
    pub created_ms: i64,
    /// When it was drawn, ms.
    pub drawn_ms: Option<i64>,
    /// When it was locked, ms.
    pub locked_ms: Option<i64>,
    /// Doors in the list.
    pub listed: u64,
    /// Doors drawn.
    pub drawn: u64,
    /// Doors drawn that nobody was found for.
    pub unassigned: u64,
    /// Doors that were looked at and wait to be judged.
    pub answered: u64,
    /// Doors judged.
    pub judged: u64,
    /// Appeals that wait.
    pub appealed: u64,
    /// The `ETag`.
    pub version: u64,
}

/// What acts need of a batch.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) label: String,
    pub(super) area: String,
    pub(super) method: String,
    pub(super) state: String,
    pub(super) version: u64,
    pub(super) per_grid: u32,
    pub(super) nonce: Sha256,
}

const BATCH: &str = "SELECT b.id, b.label, b.area, b.method, b.per_grid, b.commitment, b.seed,
    b.frame, b.state, b.due_ms, b.appeal_days, b.actor, b.created_ms, b.drawn_ms, b.locked_ms,
    b.version, count(d.ord), count(d.rank),
    count(d.rank) - count(d.checker),
    coalesce(sum(d.state = 'answered'), 0),
    coalesce(sum(d.state IN ('judged', 'appealed', 'decided')), 0),
    coalesce(sum(d.state = 'appealed'), 0)
    FROM check_batch b LEFT JOIN check_door d ON d.batch = b.id";

fn out(row: &rusqlite::Row<'_>) -> rusqlite::Result<Batch> {
    let hash = |at| -> rusqlite::Result<Option<String>> {
        Ok(row
            .get::<_, Option<[u8; 32]>>(at)?
            .map(|hash| Sha256(hash).to_string()))
    };
    Ok(Batch {
        id: row.get(0)?,
        label: row.get(1)?,
        area: row.get(2)?,
        method: row.get(3)?,
        per_grid: row.get(4)?,
        commitment: hash(5)?.unwrap_or_default(),
        seed: hash(6)?,
        frame: hash(7)?,
        state: row.get(8)?,
        due_ms: row.get(9)?,
        appeal_days: row.get(10)?,
        by: row.get(11)?,
        created_ms: row.get(12)?,
        drawn_ms: row.get(13)?,
        locked_ms: row.get(14)?,
        version: row.get(15)?,
        listed: row.get(16)?,
        drawn: row.get(17)?,
        unassigned: row.get(18)?,
        answered: row.get(19)?,
        judged: row.get(20)?,
        appealed: row.get(21)?,
    })
}

/// What a list of batches is narrowed by.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct BatchFilter {
    /// An area, or one above it.
    pub area: Option<String>,
    /// `committed`, `listed`, `drawn` or `locked`.
    pub state: Option<String>,
    /// Code of the list `check-method`.
    pub method: Option<String>,
    /// `id` (usual: the latest first), `due`, `area`, `state`; with `-` downwards.
    pub sort: Option<String>,
    /// Rows of the page, at most 200.
    pub limit: Option<usize>,
    /// Cursor of the page before.
    pub after: Option<String>,
}

const ORDER: Order = Order {
    keys: &[
        Key {
            name: "id",
            sql: "b.id",
        },
        Key {
            name: "due",
            sql: "b.due_ms",
        },
        Key {
            name: "area",
            sql: "b.area",
        },
        Key {
            name: "state",
            sql: "b.state",
        },
    ],
    id: "b.id",
    down: true,
};

/// Batches of one's areas.
pub fn batches(
    conn: &Connection,
    who: &Principal,
    filter: &BatchFilter,
    ask: &Ask,
) -> Result<Page<Batch>> {
    let mut list = Where::default();
    list.areas("b.area", &who.areas);
    list.grid("b.area", filter.area.as_deref())?;
    list.maybe("b.state = ?", filter.state.clone());
    list.maybe("b.method = ?", filter.method.clone());
    let source = Source {
        columns: "b.id",
        from: "check_batch b",
        beside: "",
        order: &ORDER,
    };
    let page = source.page(conn, &list, ask, |row| row.get(0))?;
    page.with(|id| batch_of(conn, id, who).map(Some))
}

/// One batch of one's areas.
pub fn batch_of(conn: &Connection, id: i64, who: &Principal) -> Result<Batch> {
    let mut select = conn.prepare_cached(&format!("{BATCH} WHERE b.id = ?1 GROUP BY b.id"))?;
    let found = select.query_row(params![id], out).or_not_found("batch")?;
    who.need_area(&found.area, "batch")?;
    Ok(found)
}

/// A batch that a person may see.
pub(super) fn visible(conn: &Connection, id: i64, who: &Principal) -> Result<Row> {
    let found = conn
        .prepare_cached(
            "SELECT label, area, method, state, version, per_grid, nonce FROM check_batch
             WHERE id = ?1",
        )?
        .query_row(params![id], |row| {
            Ok(Row {
                label: row.get(0)?,
                area: row.get(1)?,
                method: row.get(2)?,
                state: row.get(3)?,
                version: row.get(4)?,
                per_grid: row.get(5)?,
                nonce: Sha256(row.get(6)?),
            })
        })
        .or_not_found("batch")?;
    who.need_area(&found.area, "batch")?;
    Ok(found)
}

/// The same in the version that the person has seen.
pub(super) fn in_hand(conn: &Connection, id: i64, version: u64, who: &Principal) -> Result<Row> {
    let found = visible(conn, id, who)?;
    if found.version == version {
        Ok(found)
    } else {
        Err(Error::Stale)
    }
}

/// Begins a batch: from now on its seed is what it is, and its hash is for everybody to see.
pub fn open(tx: &mut Tx<'_>, new: &NewBatch, who: &Principal) -> Result<Batch> {
    if Level::of_code(&new.area).is_none() || !who.covers(&new.area) {
        return Err(Error::invalid("area", "the code of one of your areas"));
    }
    let schemas = tx.core().schemas();
    let methods = schemas.codes("check-method");
    if methods.is_none_or(|list| list.get(&new.method).is_none()) {
        return Err(Error::invalid("method", "no such method"));
    }
    if !(1..=MAX_PER_GRID).contains(&new.per_grid) {
        return Err(Error::invalid("per_grid", "1 to 200 doors of a grid"));
    }
    let ahead = new.due_ms.saturating_sub(tx.now_ms());
    if !(1..=MAX_AHEAD_MS).contains(&ahead) {
        return Err(Error::invalid("due_ms", "a time of the next 92 days"));
    }
    let appeal_days = new.appeal_days.unwrap_or(APPEAL_DAYS);
    if !(1..=MAX_APPEAL_DAYS).contains(&appeal_days) {
        return Err(Error::invalid("appeal_days", "1 to 30 days"));
    }
    let mut nonce = Sha256::default();
    tx.core().keys().fill(&mut nonce.0)?;
    let act = Act::Open {
        batch: label(tx, &new.area)?,
        area: new.area.clone(),
        method: new.method.clone(),
        per_grid: new.per_grid,
        nonce,
        commitment: seed(tx, &nonce)?.commitment(),
        due_ms: new.due_ms,
        appeal_days,
    };
    act.done(tx, who, "", &new.area)?;
    let newest = "SELECT max(id) FROM check_batch";
    let id = tx.conn().query_row(newest, [], |row| row.get(0))?;
    batch_of(tx.conn(), id, who)
}

/// The seed that a nonce stands for: only the server's key makes it.
pub(super) fn seed(tx: &Tx<'_>, nonce: &Sha256) -> Result<Seed> {
    let made = tx
        .core()
        .keys()
        .blind("spot-check seed", &nonce.to_string());
    let bytes = made.try_into();
    bytes
        .map(Seed)
        .map_err(|_| Error::Internal("a seed of another length"))
}

fn label(tx: &Tx<'_>, area: &str) -> Result<String> {
    let date = date_of(tx.now_ms()).unwrap_or_default();
    let day = date.to_string().replace('-', "");
    let begin = format!("{area}-{day}-");
    let count: u32 = tx.conn().query_row(
        "SELECT count(*) FROM check_batch WHERE label >= ?1 AND label < ?1 || ':'",
        params![begin],
        |row| row.get(0),
    )?;
    Ok(format!("{begin}{}", count + 1))
}

/// Closes a batch for good: every door judged, no appeal waiting, every time to appeal over.
pub fn lock(tx: &mut Tx<'_>, id: i64, version: u64, who: &Principal) -> Result<Batch> {
    let batch = in_hand(tx.conn(), id, version, who)?;
    if batch.state != "drawn" {
        return Err(Error::Conflict("only what was drawn is locked, and once"));
    }
    let open: Option<String> = tx
        .conn()
        .prepare_cached(
            "SELECT state FROM check_door WHERE batch = ?1 AND rank IS NOT NULL
               AND (state IN ('drawn', 'answered', 'appealed')
                    OR state = 'judged' AND judgement NOT IN ('consistent', 'not-counted')
                       AND until_ms >= ?2) LIMIT 1",
        )?
        .query_row(params![id, tx.now_ms()], |row| row.get(0))
        .optional()?;
    match open.as_deref() {
        None => {}
        Some("judged") => return Err(Error::Conflict("the time to appeal is not over")),
        Some("appealed") => return Err(Error::Conflict("an appeal waits for its decision")),
        Some(_) => return Err(Error::Conflict("a door waits for its judgement")),
    }
    let act = Act::Lock {
        batch: batch.label.clone(),
    };
    act.done(tx, who, "", &batch.area)?;
    batch_of(tx.conn(), id, who)
}

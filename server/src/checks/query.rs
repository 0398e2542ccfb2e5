//! Doors as people at the console see them.

use rusqlite::{Connection, params};
use serde::{Deserialize, Serialize};
use sync_core::{RecordId, record::View};
use utoipa::{IntoParams, ToSchema};

use super::{answer::SEALED_AS, batch, draw::Door, held::Held, held::Seen};
use crate::{
    core::Core,
    error::{Error, OrNotFound as _, Result},
    identity::Principal,
    lists::{Ask, Key, Order, Page, Source, Where},
    records,
};

/// Which doors.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct DoorFilter {
    /// `drawn`, `answered`, `judged`, `appealed` or `decided`.
    pub state: Option<String>,
    /// A grid, or an area above it.
    pub grid: Option<String>,
    /// Part of the door or the unit.
    pub text: Option<String>,
    /// Staff number of the checker; empty: those that nobody was found for.
    pub checker: Option<String>,
    /// The judgement, a code of the list `judgement`.
    pub judgement: Option<String>,
    /// `door` (usual: its place in the list), `text`, `grid`, `state`, `checker`, `answered`,
    /// `judgement`; with `-` downwards.
    pub sort: Option<String>,
    /// Rows of the page, at most 200.
    pub limit: Option<usize>,
    /// Cursor of the page before.
    pub after: Option<String>,
}

/// A door that was drawn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct DoorRow {
    /// Its place in the list, by which paths name it.
    pub door: u32,
    /// The grid's code.
    pub grid: String,
    /// As it is written on it.
    pub text: String,
    /// Staff number of the checker; null where nobody was found.
    pub checker: Option<String>,
    /// The checker's name.
    pub checker_name: Option<String>,
    /// `drawn`, `answered`, `judged`, `appealed` or `decided`.
    pub state: String,
    /// What was seen, once it was submitted; null too where its record was erased.
    pub seen: Option<Seen>,
    /// What the register said at the draw; null where it had nothing there.
    pub held: Option<Held>,
    /// Where the two differ.
    pub differs: Vec<String>,
    /// The judgement that they suggest.
    pub suggested: Option<String>,
    /// When it was looked at, ms.
    pub answered_ms: Option<i64>,
    /// The judgement, a code of the list `judgement`.
    pub judgement: Option<String>,
    /// What is wrong.
    pub fields: Vec<String>,
    /// Who judged last.
    pub judge: Option<String>,
    /// Until when one may appeal, ms.
    pub appeal_until_ms: Option<i64>,
    /// The record of the spot check.
    pub record: Option<String>,
    /// The `ETag`.
    pub version: u64,
}

/// Something that was said of a door.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct StepRow {
    /// `judge`, `appeal` or `decide`.
    pub step: String,
    /// Login; of an appeal by phone the staff number.
    pub by: String,
    /// The judgement.
    pub judgement: Option<String>,
    /// What is wrong.
    pub fields: Vec<String>,
    /// Why; null where the task that held it was erased.
    pub reason: Option<String>,
    /// When, ms.
    pub time_ms: i64,
}

/// A door with what was said of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct DoorDetail {
    /// The door.
    #[serde(flatten)]
    pub row: DoorRow,
    /// What was said, the first first.
    pub steps: Vec<StepRow>,
}

const DOOR: &str = "SELECT d.ord, d.grid, d.door, d.unit, d.checker,
    (SELECT i.name FROM inspector i WHERE i.code = d.checker), d.state, d.seen, d.held,
    d.answered_ms, d.judgement, d.fields, d.judge, d.until_ms, d.record, d.version
    FROM check_door d";

/// What lies sealed is opened after the statement has done.
struct Raw {
    row: DoorRow,
    seen: Option<Vec<u8>>,
    record: Option<RecordId>,
}

fn raw(row: &rusqlite::Row<'_>) -> rusqlite::Result<Raw> {
    let door = Door {
        grid: row.get(1)?,
        door: row.get(2)?,
        unit: row.get(3)?,
    };
    let record = row.get::<_, Option<[u8; 16]>>(14)?.map(RecordId);
    let held: Option<String> = row.get(8)?;
    Ok(Raw {
        seen: row.get(7)?,
        record,
        row: DoorRow {
            door: row.get(0)?,
            text: door.text(),
            grid: door.grid,
            checker: row.get(4)?,
            checker_name: row.get(5)?,
            state: row.get(6)?,
            seen: None,
            held: held.and_then(|held| serde_json::from_str(&held).ok()),
            differs: Vec::new(),
            suggested: None,
            answered_ms: row.get(9)?,
            judgement: row.get(10)?,
            fields: words(&row.get::<_, String>(11)?),
            judge: row.get(12)?,
            appeal_until_ms: row.get(13)?,
            record: record.map(|record| record.to_string()),
            version: row.get(15)?,
        },
    })
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

/// What was seen, as it lies in the table.
pub(super) fn open_seen(
    conn: &Connection,
    core: &Core,
    record: Option<&RecordId>,
    sealed: &[u8],
) -> Result<Option<Seen>> {
    let Some(record) = record else {
        return Ok(None);
    };
    let stored = match records::find(conn, core.keys(), record) {
        Err(Error::Gone(_)) | Ok(None) => return Ok(None),
        found => found?,
    };
    let key = stored.and_then(|stored| stored.key);
    let bytes = match key {
        Some(key) => key.open(SEALED_AS, sealed)?,
        None => sealed.to_vec(),
    };
    serde_json::from_slice(&bytes)
        .map(Some)
        .map_err(|_| Error::Internal("what was seen cannot be read"))
}

fn opened(conn: &Connection, core: &Core, raw: Raw) -> Result<DoorRow> {
    let mut row = raw.row;
    if let Some(sealed) = &raw.seen {
        row.seen = open_seen(conn, core, raw.record.as_ref(), sealed)?;
    }
    if let Some(seen) = &row.seen {
        row.differs = seen.differs(row.held.as_ref());
        row.suggested = Some(seen.suggests(row.held.as_ref()).to_owned());
    }
    Ok(row)
}

/// An error unless the person may read spot checks.
pub(super) fn may_read(core: &Core, who: &Principal) -> Result<()> {
    let schemas = core.schemas();
    let kind = schemas.kind("spot-check");
    if kind.is_some_and(|kind| kind.may_read_kind(&who.author())) {
        Ok(())
    } else {
        Err(Error::Forbidden("spot checks are not for your office"))
    }
}

const ORDER: Order = Order {
    keys: &[
        Key {
            name: "door",
            sql: "d.ord",
        },
        Key {
            name: "text",
            sql: "d.door || ' ' || d.unit",
        },
        Key {
            name: "grid",
            sql: "d.grid",
        },
        Key {
            name: "state",
            sql: "d.state",
        },
        Key {
            name: "checker",
            sql: "coalesce(d.checker, '')",
        },
        Key {
            name: "answered",
            sql: "coalesce(d.answered_ms, 0)",
        },
        Key {
            name: "judgement",
            sql: "coalesce(d.judgement, '')",
        },
    ],
    id: "d.ord",
    down: false,
};

/// The doors that were drawn.
pub fn doors(
    conn: &Connection,
    core: &Core,
    id: i64,
    filter: &DoorFilter,
    ask: &Ask,
    who: &Principal,
) -> Result<Page<DoorRow>> {
    batch::visible(conn, id, who)?;
    may_read(core, who)?;
    let mut list = Where::default();
    list.with("d.batch = ?", id);
    list.fixed("d.rank IS NOT NULL");
    list.grid("d.grid", filter.grid.as_deref())?;
    list.maybe("d.state = ?", filter.state.clone());
    list.maybe("coalesce(d.checker, '') = ?", filter.checker.clone());
    list.maybe("d.judgement = ?", filter.judgement.clone());
    list.text(&["d.door", "d.unit"], filter.text.as_deref())?;
    let source = Source {
        columns: "",
        from: "check_door d",
        beside: "",
        order: &ORDER,
    };
    let mut select = conn.prepare_cached(&format!("{DOOR} WHERE d.batch = ?1 AND d.ord = ?2"))?;
    let page = source.ids(conn, &list, ask)?;
    page.with(|ord| {
        let row = select.query_row(params![id, ord], raw)?;
        opened(conn, core, row).map(Some)
    })
}

/// One door with what was said of it.
pub fn door_of(
    conn: &Connection,
    core: &Core,
    (id, ord): (i64, u32),
    who: &Principal,
) -> Result<DoorDetail> {
    batch::visible(conn, id, who)?;
    may_read(core, who)?;
    let sql = format!("{DOOR} WHERE d.batch = ?1 AND d.ord = ?2 AND d.rank IS NOT NULL");
    let row = conn.prepare_cached(&sql)?.query_row(params![id, ord], raw);
    let row = opened(conn, core, row.or_not_found("door")?)?;
    let task: Option<[u8; 16]> = conn.query_row(
        "SELECT appeal_task FROM check_door WHERE batch = ?1 AND ord = ?2",
        params![id, ord],
        |row| row.get(0),
    )?;
    let said = match task {
        Some(task) => said(conn, core, &RecordId(task))?,
        None => None,
    };
    let mut select = conn.prepare_cached(
        "SELECT step, actor, judgement, fields, reason, time_ms FROM check_step
         WHERE batch = ?1 AND ord = ?2 ORDER BY at",
    )?;
    let steps = select.query_map(params![id, ord], |row| {
        let step: String = row.get(0)?;
        let by_phone = step == "appeal" && task.is_some();
        Ok(StepRow {
            reason: if by_phone {
                said.clone()
            } else {
                Some(row.get(4)?)
            },
            step,
            by: row.get(1)?,
            judgement: row.get(2)?,
            fields: words(&row.get::<_, String>(3)?),
            time_ms: row.get(5)?,
        })
    })?;
    Ok(DoorDetail {
        row,
        steps: steps.collect::<rusqlite::Result<_>>()?,
    })
}

/// The words of an appeal that came by phone.
fn said(conn: &Connection, core: &Core, task: &RecordId) -> Result<Option<String>> {
    let stored = match records::find(conn, core.keys(), task) {
        Err(Error::Gone(_)) => None,
        found => found?,
    };
    let view = stored.map(|stored| View::of(&stored.registers));
    let answer = view.as_ref().and_then(|view| view.fields.get("answer"));
    let text = answer.and_then(|field| field.shown().as_text());
    Ok(text.map(str::to_owned))
}

//! The list of doors to draw from: read from a file that does not come from our own records.

use std::collections::BTreeSet;

use schemas::area::Level;
use serde::Serialize;
use sync_core::fieldbook::search::fold;
use utoipa::ToSchema;

use super::{
    act::{Act, DOORS, ListedDoor},
    batch::{self, Row},
    draw::{Door, frame_digest},
};
use crate::{
    error::{Error, Result},
    identity::Principal,
    import::{ImportError, Table},
    store::Tx,
};

/// Bytes of a list at most.
pub const MAX_LIST_BYTES: usize = 4 * 1024 * 1024;
/// Doors of a list at most.
pub(super) const MAX_DOORS: usize = 20_000;
/// Rows that are told to be wrong at most.
const MAX_REJECTED: usize = 100;
/// Characters of a door or a unit at most: with both, a task has room for it.
const MAX_TEXT: u32 = 80;

/// Names that a column may have.
const GRID: [&str; 3] = ["grid", "网格", "网格编码"];
const DOOR: [&str; 3] = ["door", "门牌", "道路门牌"];
const UNIT: [&str; 3] = ["unit", "铺位", "铺位号"];

/// A row that was left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RejectedRow {
    /// Its row in the file; the header is row 1.
    pub row: u64,
    /// What is wrong: `grid`, `door`, `unit` or `twice`.
    pub why: String,
}

/// What became of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Listed {
    /// Doors that it has.
    pub doors: usize,
    /// Rows that were left out, the first 100 of them.
    pub rejected: Vec<RejectedRow>,
    /// How many were left out.
    pub rejected_count: usize,
    /// The batch's version now.
    pub version: u64,
}

/// Takes a list for a batch that is not drawn yet; an earlier one is replaced.
pub fn list_doors(
    tx: &mut Tx<'_>,
    id: i64,
    version: u64,
    table: &Table,
    who: &Principal,
) -> Result<Listed> {
    let batch = batch::in_hand(tx.conn(), id, version, who)?;
    if batch.method != "street-to-register" {
        let reason = "a batch from the register to the street draws from the register";
        return Err(Error::Conflict(reason));
    }
    if !["committed", "listed"].contains(&batch.state.as_str()) {
        return Err(Error::Conflict("it was drawn already"));
    }
    let (doors, rejected) = read(table, &batch)?;
    if doors.is_empty() {
        return Err(Error::invalid(
            "doors",
            "no door of this area is in the list",
        ));
    }
    let rows = doors.iter().map(|door| ListedDoor {
        grid: door.grid.clone(),
        door: door.door.clone(),
        unit: door.unit.clone(),
        shop: None,
    });
    write(tx, &batch, &doors, rows.collect(), who)?;
    Ok(Listed {
        doors: doors.len(),
        rejected_count: rejected.len(),
        rejected: rejected.into_iter().take(MAX_REJECTED).collect(),
        version: version + 1,
    })
}

/// Writes a list, some doors to each act.
pub(super) fn write(
    tx: &mut Tx<'_>,
    batch: &Row,
    doors: &[Door],
    rows: Vec<ListedDoor>,
    who: &Principal,
) -> Result<()> {
    let mut frame = Some(frame_digest(doors));
    let mut first = 0;
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let doors: Vec<ListedDoor> = rows.by_ref().take(DOORS).collect();
        let next = first + u32::try_from(doors.len()).unwrap_or(u32::MAX);
        let last = rows.peek().is_none();
        let act = Act::List {
            batch: batch.label.clone(),
            first,
            doors,
            frame: frame.take_if(|_| last),
        };
        act.done(tx, who, "", &batch.area)?;
        first = next;
    }
    Ok(())
}

fn read(table: &Table, batch: &Row) -> Result<(Vec<Door>, Vec<RejectedRow>)> {
    let column = |names: &[&str]| {
        let named = |header: &String| names.contains(&header.to_lowercase().as_str());
        table.headers.iter().position(named)
    };
    let missing = |at: &str| Error::invalid(at, "the list has no such column");
    let grid_at = column(&GRID).ok_or_else(|| missing("grid"))?;
    let door_at = column(&DOOR).ok_or_else(|| missing("door"))?;
    let unit_at = column(&UNIT);
    if table.rows.len() > MAX_DOORS {
        return Err(Error::TooLarge("20,000 doors of a list"));
    }
    let mut known = BTreeSet::new();
    let (mut doors, mut rejected) = (Vec::new(), Vec::new());
    for row in &table.rows {
        let cell = |at: usize| {
            row.cells
                .get(at)
                .map(|cell| cell.trim())
                .unwrap_or_default()
        };
        let door = Door {
            grid: cell(grid_at).to_owned(),
            door: cell(door_at).to_owned(),
            unit: unit_at.map(cell).unwrap_or_default().to_owned(),
        };
        let line = |text: &str| schemas::checks::text::check_line(text, MAX_TEXT).is_ok();
        let in_area = Level::of_code(&door.grid) == Some(Level::Grid)
            && door.grid.starts_with(batch.area.as_str());
        let why = if !in_area {
            "grid"
        } else if !line(&door.door) {
            "door"
        } else if !door.unit.is_empty() && !line(&door.unit) {
            "unit"
        } else if known.insert(fold(&door.text())) {
            doors.push(door);
            continue;
        } else {
            "twice"
        };
        rejected.push(RejectedRow {
            row: row.number,
            why: why.to_owned(),
        });
    }
    Ok((doors, rejected))
}

/// What is wrong with a file, in fixed words.
pub(crate) fn file_error(error: ImportError) -> Error {
    match error {
        ImportError::Server(error) => error,
        ImportError::Encoding { line, .. } => Error::Invalid {
            at: format!("line {line}"),
            reason: "not UTF-8: save it as \"CSV UTF-8\", or send the XLSX",
        },
        ImportError::Map(_) | ImportError::File(_) => Error::invalid(
            "file",
            "this is no CSV file or XLSX workbook that can be read",
        ),
    }
}

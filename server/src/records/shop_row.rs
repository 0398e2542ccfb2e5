//! What a list says of a shop beside its title.

use rusqlite::params;
use schemas::{Field, FieldPath, Kind, RegisterKey, Scalar, checks::point};
use serde::Serialize;
use sync_core::{RecordId, fieldbook::round::MOVED_OUT, record::View};
use utoipa::ToSchema;

use super::{
    detail::Reader,
    values::{self, Words},
    visits,
};
use crate::error::{Error, Result};

/// People of a shop that are counted at most.
const PEOPLE: usize = 100;
/// Visits of a shop among which the last one is looked for: they arrive nearly in order.
const VISITS: usize = 4;

/// A code and what people read for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CodeWords {
    /// The code.
    pub code: String,
    /// What people read.
    pub label: Words,
}

/// A shop's last visit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LastVisit {
    /// When, ms.
    pub time_ms: i64,
    /// Its outcome.
    pub outcome: CodeWords,
}

/// Where something stands, in 1e-7 degrees of WGS 84.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Place {
    /// Latitude.
    pub lat: i32,
    /// Longitude.
    pub lon: i32,
}

/// What a list says of a shop; null where it is not for the person, or not known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ShopFacts {
    /// Its sign.
    pub sign: Option<String>,
    /// Its door number.
    pub door: Option<String>,
    /// Its unit.
    pub unit: Option<String>,
    /// Where it stands.
    pub place: Option<Place>,
    /// What it does.
    pub business_type: Option<CodeWords>,
    /// Whether it is open.
    pub operating_state: Option<CodeWords>,
    /// People who live there, 100 at most.
    pub residents: Option<usize>,
    /// Its last visit.
    pub last_visit: Option<LastVisit>,
}

impl ShopFacts {
    /// Of a shop.
    pub(super) fn of(reader: &Reader<'_>, kind: &Kind, id: &RecordId, view: &View) -> Result<Self> {
        let shown = |name: &str| shown(reader, kind, view, name);
        let text = |name: &str| Some(shown(name)?.1.as_text()?.to_owned());
        let code = |name: &str| {
            let (field, code) = shown(name)?;
            Some(words(field, code.as_text()?.to_owned()))
        };
        Ok(Self {
            sign: text("sign_name"),
            door: text("door_no"),
            unit: text("unit_no"),
            place: shown("location").and_then(|(_, at)| place(at)),
            business_type: code("business_type"),
            operating_state: code("operating_state"),
            residents: residents(reader, id)?,
            last_visit: last_visit(reader, id)?,
        })
    }
}

/// What stands in a field that the person may read.
fn shown<'k, 'v>(
    reader: &Reader<'_>,
    kind: &'k Kind,
    view: &'v View,
    name: &str,
) -> Option<(&'k Field, &'v Scalar)> {
    let path = FieldPath::parse(name).ok()?;
    let field = kind.field(&path)?;
    if !kind.may_read(&path, &reader.who.author()) {
        return None;
    }
    let key = RegisterKey::of(&path, None, None)?;
    Some((field, view.field(&key)?.shown()))
}

fn place(value: &Scalar) -> Option<Place> {
    let Scalar::Bytes(bytes) = value else {
        return None;
    };
    let point::Point { lat, lon } = point::Point::from_bytes(bytes)?;
    Some(Place { lat, lon })
}

fn words(field: &Field, code: String) -> CodeWords {
    let label = values::label(Some(field), &Scalar::text(code.clone()));
    let label = label.unwrap_or_else(|| Words::fixed(&code, &code));
    CodeWords { code, label }
}

/// The records of a kind that belong to a shop, those that were touched last first.
fn of_shop(reader: &Reader<'_>, shop: &RecordId, kind: &str, most: usize) -> Result<Vec<RecordId>> {
    let mut select = reader.conn.prepare_cached(
        "SELECT id FROM record WHERE follows = ?1 AND kind = ?2 AND placed = 1 AND alive = 1
         ORDER BY touched_ms DESC, id DESC LIMIT ?3",
    )?;
    let rows = select.query_map(params![shop.0, kind, most], |row| row.get(0).map(RecordId))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// How many people live in a shop.
fn residents(reader: &Reader<'_>, shop: &RecordId) -> Result<Option<usize>> {
    let kind = reader.schemas.kind("resident");
    let path = FieldPath::parse("state").map_err(|_| Error::Internal("no such field"))?;
    if !kind.is_some_and(|kind| kind.may_read(&path, &reader.who.author())) {
        return Ok(None);
    }
    let mut living = 0;
    for id in of_shop(reader, shop, "resident", PEOPLE)? {
        let stored = match reader.find(&id) {
            Ok(stored) => stored,
            Err(Error::Gone(_) | Error::NotFound(_)) => continue,
            Err(error) => return Err(error),
        };
        let view = View::of(&stored.registers);
        let state = view.fields.get("state");
        let gone = state.is_some_and(|state| state.shown().as_text() == Some(MOVED_OUT));
        living += usize::from(!gone);
    }
    Ok(Some(living))
}

/// The visit of a shop that was made last.
fn last_visit(reader: &Reader<'_>, shop: &RecordId) -> Result<Option<LastVisit>> {
    if !visits::may_know(reader) {
        return Ok(None);
    }
    let mut last: Option<(i64, String)> = None;
    for id in of_shop(reader, shop, "visit", VISITS)? {
        last = last.max(visits::read(reader, &id)?);
    }
    let path = FieldPath::parse("outcome").map_err(|_| Error::Internal("no such field"))?;
    let kind = reader.schemas.kind("visit");
    let field = kind.and_then(|kind| kind.field(&path));
    Ok(last.zip(field).map(|((time_ms, code), field)| LastVisit {
        time_ms,
        outcome: words(field, code),
    }))
}

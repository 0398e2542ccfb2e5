//! Outlines of grids, for maps. What stands in a grid does not follow from them.

use rusqlite::{Connection, OptionalExtension as _, params};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    error::{Error, Result},
    identity::{Principal, audit},
    store::Tx,
};

/// Corners of an outline at most.
const MAX_CORNERS: usize = 500;
/// The journal's name for an outline.
pub(crate) const ACT: &str = "grid.outline";

/// A polygon (RFC 7946): one ring of `[longitude, latitude]`, the last corner being the first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Polygon {
    /// `Polygon`.
    #[serde(rename = "type")]
    kind: String,
    /// One ring.
    coordinates: Vec<Vec<[f64; 2]>>,
}

/// Corners in 1e-7 degrees.
type Ring = Vec<[i64; 2]>;

#[derive(Serialize, Deserialize)]
struct Object {
    grid: String,
    ring: Ring,
}

impl Polygon {
    /// Its ring, if it is one.
    fn ring(&self) -> Result<Ring> {
        let wrong = || Error::invalid("coordinates", "one closed ring of 4 to 500 corners");
        let ([ring], "Polygon") = (self.coordinates.as_slice(), self.kind.as_str()) else {
            return Err(wrong());
        };
        let closed = ring.first() == ring.last();
        if !closed || !(4..=MAX_CORNERS).contains(&ring.len()) {
            return Err(wrong());
        }
        ring.iter()
            .map(|[lon, lat]| {
                let inside = lon.abs() <= 180.0 && lat.abs() <= 90.0;
                let corner = [scaled(*lon), scaled(*lat)];
                inside.then_some(corner).ok_or_else(wrong)
            })
            .collect()
    }

    /// The polygon around a ring of corners in 1e-7 degrees.
    pub(crate) fn of(ring: Ring) -> Self {
        let corner = |[lon, lat]: [i64; 2]| [unscaled(lon), unscaled(lat)];
        Self {
            kind: "Polygon".to_owned(),
            coordinates: vec![ring.into_iter().map(corner).collect()],
        }
    }
}

/// In 1e-7 degrees, as points of records are kept.
#[expect(clippy::cast_possible_truncation, reason = "at most 180 degrees")]
fn scaled(degrees: f64) -> i64 {
    (degrees * 1e7).round() as i64
}

#[expect(clippy::cast_precision_loss, reason = "at most 180 degrees")]
fn unscaled(value: i64) -> f64 {
    value as f64 / 1e7
}

/// The outline of a grid, where somebody drew it.
pub fn outline(conn: &Connection, grid: &str) -> Result<Option<Polygon>> {
    let ring: Option<String> = conn
        .prepare_cached("SELECT ring FROM grid_outline WHERE grid = ?1")?
        .query_row(params![grid], |row| row.get(0))
        .optional()?;
    let read = |text: String| serde_json::from_str(&text).map(Polygon::of);
    ring.map(read)
        .transpose()
        .map_err(|_| Error::Internal("an outline cannot be read"))
}

/// Does an outline of the journal again.
pub(crate) fn again(tx: &Tx<'_>, object: &str, by: &str) -> Result<()> {
    let object: Object = serde_json::from_str(object)
        .map_err(|_| Error::Internal("an act's object cannot be read"))?;
    write(tx, &object, by)
}

fn write(tx: &Tx<'_>, object: &Object, by: &str) -> Result<()> {
    let ring = serde_json::to_string(&object.ring)
        .map_err(|_| Error::Internal("an outline cannot be written"))?;
    tx.conn().execute(
        "INSERT INTO grid_outline (grid, ring, actor, time_ms) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (grid) DO UPDATE SET ring = excluded.ring, actor = excluded.actor,
           time_ms = excluded.time_ms",
        params![object.grid, ring, by, tx.now_ms()],
    )?;
    Ok(())
}

/// Draws the outline of a grid, or draws it anew.
pub fn put(tx: &mut Tx<'_>, grid: &str, polygon: &Polygon, who: &Principal) -> Result<()> {
    let text = draw(tx, grid, polygon, &who.login)?;
    audit::note(tx, who, ACT, &text, Some(grid), "")
}

/// Draws the outline of a grid for the program itself.
pub(crate) fn put_own(tx: &mut Tx<'_>, grid: &str, polygon: &Polygon, by: &str) -> Result<()> {
    let text = draw(tx, grid, polygon, by)?;
    tx.journal_act(by, ACT, &text, "")
}

/// Writes an outline; the act for the journal.
fn draw(tx: &Tx<'_>, grid: &str, polygon: &Polygon, by: &str) -> Result<String> {
    let object = Object {
        grid: grid.to_owned(),
        ring: polygon.ring()?,
    };
    write(tx, &object, by)?;
    serde_json::to_string(&object).map_err(|_| Error::Internal("an act cannot be written"))
}

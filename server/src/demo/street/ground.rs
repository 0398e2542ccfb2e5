//! Where the street lies: eight grids in two rows of four, a little askew, as streets are.

use schemas::{RegisterKey, Scalar, checks::point::Point};
use sync_core::record::Edit;

use super::GRIDS;
use crate::demo::Rng;

/// The corner in the south-west, in 1e-7 degrees.
const CORNER: (i32, i32) = (311_350_000, 1_213_800_000);
/// A grid's sides, in 1e-7 degrees: about 500 m to the east, 900 m to the north.
const EAST: i32 = 52_000;
const NORTH: i32 = 81_000;
/// Grids of a row.
const ROW: usize = 4;
/// Per cent of a side on which nothing stands: the half of a road.
const ROAD: usize = 4;

/// A place in a grid: so many thousandths of its sides from its south-western corner.
fn at(grid: usize, east: usize, north: usize) -> Point {
    let thousandths = |cell: usize, part: usize| i32::try_from(cell * 1_000 + part).unwrap_or(0);
    let (east, north) = (
        thousandths(grid % ROW, east) * (EAST / 1_000),
        thousandths(grid / ROW % 2, north) * (NORTH / 1_000),
    );
    Point {
        lat: CORNER.0 + north - east / 6,
        lon: CORNER.1 + east + north / 5,
    }
}

/// A point in a grid.
pub(super) fn point(rng: &mut Rng, grid: usize) -> [u8; 8] {
    let mut part = || ROAD * 10 + rng.below(1_000 - 2 * ROAD * 10);
    let (east, north) = (part(), part());
    at(grid, east, north).to_bytes()
}

/// A point anywhere in the street.
pub(super) fn anywhere(rng: &mut Rng) -> [u8; 8] {
    let grid = rng.below(GRIDS.len());
    point(rng, grid)
}

/// The corners of a grid, `[longitude, latitude]` in 1e-7 degrees, the last being the first.
pub fn outline(grid: usize) -> Vec<[i64; 2]> {
    [(0, 0), (1_000, 0), (1_000, 1_000), (0, 1_000), (0, 0)]
        .map(|(east, north)| at(grid, east, north))
        .map(|corner| [corner.lon.into(), corner.lat.into()])
        .into()
}

/// The same edits, with what they say of a location being in the grid.
pub fn in_grid(rng: &mut Rng, grid: usize, mut edits: Vec<Edit>) -> Vec<Edit> {
    let Ok(location) = RegisterKey::parse("location") else {
        return edits;
    };
    for edit in &mut edits {
        if let Edit::Set { key, value } = edit
            && *key == location
        {
            *value = Scalar::Bytes(point(rng, grid).to_vec());
        }
    }
    edits
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a point lies to the left of every side, the corners going round against the clock.
    fn inside(ring: &[[i64; 2]], point: Point) -> bool {
        ring.windows(2).all(|side| {
            let [[x1, y1], [x2, y2]] = [side[0], side[1]];
            let (x, y) = (i64::from(point.lon), i64::from(point.lat));
            (x2 - x1) * (y - y1) > (y2 - y1) * (x - x1)
        })
    }

    #[test]
    fn what_stands_in_a_grid_lies_within_its_outline_and_no_other() {
        let mut rng = Rng::new(3);
        for grid in 0..GRIDS.len() {
            for _ in 0..200 {
                let bytes = point(&mut rng, grid);
                let point = Point::from_bytes(&bytes).unwrap();
                let within: Vec<usize> = (0..GRIDS.len())
                    .filter(|other| inside(&outline(*other), point))
                    .collect();
                assert_eq!(within, [grid]);
            }
        }
    }
}

//! A grid's map: its shops as points, and the line around them. No tiles: a phone has no signal.

use serde::Serialize;

use super::{Due, Point, names};
use crate::{
    fieldbook::{Fieldbook, error::Result},
    ids::RecordId,
};

/// Metres of one degree of latitude.
const METRES_PER_DEGREE: f64 = 111_195.0;
/// Width of the margin around the outermost shops, metres.
const MARGIN_METRES: f64 = 25.0;
/// Units of a place in one degree.
const UNITS: f64 = 1e7;

/// A shop on the map.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MapPoint {
    /// The shop.
    pub id: RecordId,
    /// Where it is.
    pub at: Point,
    /// Whether it is to be visited.
    pub due: Due,
    /// Name on the sign.
    pub sign: String,
}

/// A grid as its shops show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GridMap {
    /// The corners of the line around it, in order, the first not repeated; empty without shops.
    pub outline: Vec<Point>,
    /// Its shops.
    pub points: Vec<MapPoint>,
}

impl Fieldbook {
    /// The map of a grid. Nobody has drawn its outline: the shops' convex hull stands for it.
    pub fn map(&self, grid: &str) -> Result<GridMap> {
        let (round, now) = (self.round()?, self.now()?);
        let shops = round.shops.iter().filter_map(|id| self.list.get(id));
        let points: Vec<MapPoint> = shops
            .filter(|shop| shop.grid == grid)
            .filter_map(|shop| {
                Some(MapPoint {
                    id: shop.record,
                    at: shop.facts.point(names::LOCATION)?.into(),
                    due: round.tally(&shop.record).due(&now),
                    sign: shop.facts.text(names::SIGN).unwrap_or_default().to_owned(),
                })
            })
            .collect();
        let outline = hull(points.iter().flat_map(|point| around(point.at)).collect());
        Ok(GridMap { outline, points })
    }
}

/// Metres between two places, as good as a phone knows them.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "between nothing and half the way round the earth"
)]
pub(super) fn metres(from: Point, to: Point) -> u32 {
    let degrees = |a: i32, b: i32| (f64::from(b) - f64::from(a)) / UNITS;
    let latitude = (f64::from(from.lat) / UNITS).to_radians();
    let north = degrees(from.lat, to.lat);
    let east = degrees(from.lon, to.lon) * latitude.cos();
    (north.hypot(east) * METRES_PER_DEGREE).round() as u32
}

/// The corners of a square around a place: the hull of them all has a margin.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a margin of metres around a place on the earth"
)]
fn around(at: Point) -> [Point; 4] {
    let latitude = (f64::from(at.lat) / UNITS).to_radians();
    let north = MARGIN_METRES / METRES_PER_DEGREE * UNITS;
    // Near a pole a degree of longitude is nothing; no street is there.
    let east = north / latitude.cos().max(0.01);
    let corner = |up: f64, right: f64| Point {
        lat: at.lat.saturating_add((north * up) as i32),
        lon: at.lon.saturating_add((east * right) as i32),
    };
    [
        corner(-1.0, -1.0),
        corner(-1.0, 1.0),
        corner(1.0, -1.0),
        corner(1.0, 1.0),
    ]
}

/// The corners of the convex hull (Andrew's monotone chain), counter-clockwise.
fn hull(mut points: Vec<Point>) -> Vec<Point> {
    points.sort_unstable_by_key(|point| (point.lon, point.lat));
    points.dedup();
    if points.len() < 3 {
        return points;
    }
    let mut lower = chain(points.iter());
    let mut upper = chain(points.iter().rev());
    // The last of each is the first of the other.
    lower.pop();
    upper.pop();
    lower.append(&mut upper);
    lower
}

fn chain<'p>(points: impl Iterator<Item = &'p Point>) -> Vec<Point> {
    let mut kept: Vec<Point> = Vec::new();
    for point in points {
        while let [.., before, last] = kept.as_slice() {
            if turns_left(*before, *last, *point) {
                break;
            }
            kept.pop();
        }
        kept.push(*point);
    }
    kept
}

fn turns_left(a: Point, b: Point, c: Point) -> bool {
    let step = |from: i32, to: i32| i128::from(to) - i128::from(from);
    let cross = step(a.lon, b.lon) * step(a.lat, c.lat) - step(a.lat, b.lat) * step(a.lon, c.lon);
    cross > 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(lat: i32, lon: i32) -> Point {
        Point { lat, lon }
    }

    #[test]
    fn a_hull_holds_every_point_and_has_no_needless_corner() {
        let square = [at(0, 0), at(0, 100), at(100, 100), at(100, 0)];
        let inside = [at(50, 50), at(0, 50), at(100, 1), at(99, 99)];
        let mut corners = hull(square.into_iter().chain(inside).collect());
        corners.sort_unstable();
        let mut expected = square;
        expected.sort_unstable();
        assert_eq!(corners, expected);
        assert_eq!(hull(Vec::new()), []);
        assert_eq!(hull(vec![at(1, 1); 3]), [at(1, 1)]);
    }

    #[test]
    fn one_shop_has_a_line_around_it_too() {
        let shop = at(311_400_000, 1_213_900_000);
        let outline = hull(around(shop).to_vec());
        assert_eq!(outline.len(), 4);
        for corner in outline {
            let away = metres(shop, corner);
            assert!((30..=40).contains(&away), "{away}");
        }
    }

    #[test]
    fn distances_are_those_of_the_ground() {
        // People's Square to the Oriental Pearl Tower: about 2.6 km.
        let away = metres(
            at(312_304_000, 1_214_737_000),
            at(312_397_000, 1_214_998_000),
        );
        assert!((2_600..2_800).contains(&away), "{away}");
        assert_eq!(metres(at(1, 1), at(1, 1)), 0);
    }
}

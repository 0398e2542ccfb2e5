//! Points: 8 bytes, two big-endian i32 of 1e-7 degrees, latitude then longitude, WGS 84.

use super::ValueError;

/// A place on the earth, in 1e-7 degrees of WGS 84.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Point {
    /// Latitude, positive to the north.
    pub lat: i32,
    /// Longitude, positive to the east.
    pub lon: i32,
}

/// 3° to 54° north: the country with its waters.
const LAT: std::ops::RangeInclusive<i32> = 30_000_000..=540_000_000;
/// 73° to 136° east.
const LON: std::ops::RangeInclusive<i32> = 730_000_000..=1_360_000_000;

impl Point {
    /// The register's bytes.
    pub fn to_bytes(self) -> [u8; 8] {
        let mut bytes = [0; 8];
        let both = self
            .lat
            .to_be_bytes()
            .into_iter()
            .chain(self.lon.to_be_bytes());
        bytes.iter_mut().zip(both).for_each(|(to, from)| *to = from);
        bytes
    }

    /// Reads a register's bytes; `None` unless there are eight.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (lat, lon) = bytes.split_at_checked(4)?;
        Some(Self {
            lat: i32::from_be_bytes(lat.try_into().ok()?),
            lon: i32::from_be_bytes(lon.try_into().ok()?),
        })
    }
}

/// Checks the bytes of a point: right length, inside the country's bounds.
pub fn check(bytes: &[u8]) -> Result<Point, ValueError> {
    let point = Point::from_bytes(bytes).ok_or(ValueError::WrongType)?;
    if LAT.contains(&point.lat) && LON.contains(&point.lon) {
        Ok(point)
    } else {
        Err(ValueError::PointOutOfBounds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_in_shanghai_passes_and_keeps_its_bytes() {
        let point = Point {
            lat: 311_400_000,
            lon: 1_213_900_000,
        };
        assert!(check(&point.to_bytes()).is_ok_and(|back| back == point));
    }

    #[test]
    fn swapped_or_absent_coordinates_are_refused() {
        let swapped = Point {
            lat: 1_213_900_000,
            lon: 311_400_000,
        };
        assert_eq!(
            check(&swapped.to_bytes()).err(),
            Some(ValueError::PointOutOfBounds)
        );
        assert_eq!(check(&[0; 8]).err(), Some(ValueError::PointOutOfBounds));
        assert_eq!(check(&[0; 7]).err(), Some(ValueError::WrongType));
        assert_eq!(check(&[0; 9]).err(), Some(ValueError::WrongType));
    }
}

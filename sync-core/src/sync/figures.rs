//! What spot checks said of a grid, told to whoever walks it.

use minicbor::{Decode, Encode};

/// Samples below which a rate says nothing.
pub const ENOUGH: u32 = 10;
/// The normal quantile of a 95 % interval.
const Z: f64 = 1.959_963_984_540_054;

/// Figures of a grid in a month. Nobody's name is in them, and no door.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct GridFigures {
    /// The month in which the doors were drawn, `YYYY-MM`.
    #[n(0)]
    pub month: String,
    /// The grid.
    #[n(1)]
    pub grid: String,
    /// Doors that were looked at and are not judged yet.
    #[n(2)]
    pub waiting: u32,
    /// Doors whose judgement is appealed against.
    #[n(3)]
    pub appealed: u32,
    /// Doors that do not count.
    #[n(4)]
    pub not_counted: u32,
    /// Shops that the register had, of those seen.
    #[n(5)]
    pub shops: (u32, u32),
    /// Doors that agree in everything, of those that count.
    #[n(6)]
    pub consistent: (u32, u32),
    /// Residents that the register had, of those seen.
    #[n(7)]
    pub residents: (u32, u32),
    /// Workers that the register had, of those seen.
    #[n(8)]
    pub workers: (u32, u32),
    /// Whether nothing of it changes any more.
    #[n(9)]
    pub locked: bool,
    /// When the server said so, ms.
    #[n(10)]
    pub told_ms: i64,
}

/// A rate and the ends of its 95 % interval (Wilson 1927, without continuity correction), each 0 to
/// 1; none of nothing.
pub fn wilson(hits: u32, n: u32) -> Option<(f64, f64, f64)> {
    if n == 0 {
        return None;
    }
    let (rate, count) = (f64::from(hits) / f64::from(n), f64::from(n));
    let z2 = Z * Z;
    let centre = (rate + z2 / (2.0 * count)) / (1.0 + z2 / count);
    let spread = rate * (1.0 - rate) / count + z2 / (4.0 * count * count);
    let half = Z * spread.sqrt() / (1.0 + z2 / count);
    Some((rate, (centre - half).max(0.0), (centre + half).min(1.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 19 of 20, whose interval is 76.4 % to 99.1 %.
    #[test]
    fn a_rate_has_its_wilson_interval() {
        let near = |value: f64, wanted: f64| (value - wanted).abs() < 5e-4;
        let (rate, low, high) = wilson(19, 20).unwrap();
        assert!(near(rate, 0.95) && near(low, 0.7639) && near(high, 0.9911));
        let (_, low, high) = wilson(9, 9).unwrap();
        assert!(near(low, 0.7008) && near(high, 1.0));
        assert_eq!(wilson(0, 0), None);
    }
}

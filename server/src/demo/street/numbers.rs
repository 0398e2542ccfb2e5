//! Numbers with right check characters, and dates.

use schemas::checks::{id_card, uscc};

use crate::demo::Rng;

/// So many random digits.
pub(super) fn digits(rng: &mut Rng, count: usize) -> String {
    (0..count)
        .map(|_| char::from(b'0' + digit(rng, 10)))
        .collect()
}

fn digit(rng: &mut Rng, below: usize) -> u8 {
    u8::try_from(rng.below(below)).unwrap_or(0)
}

/// A date in one of `years` years from `first`.
pub(super) fn date(rng: &mut Rng, first: usize, years: usize) -> String {
    let (year, month, day) = (
        first + rng.below(years),
        1 + rng.below(12),
        1 + rng.below(28),
    );
    format!("{year}-{month:02}-{day:02}")
}

/// An identity number of nobody.
pub(super) fn identity(rng: &mut Rng) -> String {
    const REGIONS: [&str; 12] = [
        "310112", "310104", "320922", "341221", "341523", "362330", "411525", "420117", "330327",
        "350322", "510922", "610122",
    ];
    let region = rng.pick(&REGIONS).copied().unwrap_or("310112");
    let born = date(rng, 1955, 50).replace('-', "");
    let body = format!("{region}{born}{}", digits(rng, 3));
    let last = id_card::check_character(&body).unwrap_or('0');
    format!("{body}{last}")
}

/// A unified social credit code of nobody.
pub(super) fn credit_code(rng: &mut Rng) -> String {
    const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
    let tail: String = (0..6)
        .filter_map(|_| rng.pick(ALPHABET).copied().map(char::from))
        .collect();
    let kind = if rng.chance(70) { "92" } else { "91" };
    let body = format!("{kind}310112MA1{tail}");
    let last = uscc::check_character(&body).unwrap_or('0');
    format!("{body}{last}")
}

/// A telephone number.
pub(super) fn phone(rng: &mut Rng) -> String {
    if rng.chance(8) {
        let first = 3 + digit(rng, 6);
        return format!("021-{first}{}", digits(rng, 7));
    }
    let second = 3 + digit(rng, 7);
    format!("1{second}{}", digits(rng, 9))
}

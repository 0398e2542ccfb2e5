//! Citizen identity numbers, GB 11643-1999: region, birth date, serial, ISO 7064 MOD 11-2.

use jiff::civil::Date;

use super::{ValueError, date};

/// Sex as GB 11643 derives it from the serial number.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Sex {
    /// An even serial number.
    Female,
    /// An odd serial number.
    Male,
}

/// What an identity number says by itself. It is derived when shown, never stored.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Holder {
    /// Birth date.
    pub born: Date,
    /// Sex.
    pub sex: Sex,
}

/// Weights of ISO 7064 MOD 11-2, 2^(17-i) mod 11.
const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
/// Check characters by remainder.
const CHECK: [char; 11] = ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'];
/// Provinces of GB/T 2260, and 81 to 83 of the residence permits for Hong Kong, Macao and Taiwan.
const PROVINCES: [&str; 35] = [
    "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41",
    "42", "43", "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71",
    "81", "82", "83",
];

/// Checks an identity number of 18 characters, the last possibly a capital X.
pub fn check(text: &str) -> Result<Holder, ValueError> {
    let (body, last) = split(text).ok_or(ValueError::NotAnIdCard)?;
    if !body
        .get(..2)
        .is_some_and(|province| PROVINCES.contains(&province))
    {
        return Err(ValueError::IdCardRegion);
    }
    let born = birth(body).ok_or(ValueError::IdCardBirth)?;
    if check_character(body) != Some(last) {
        return Err(ValueError::IdCardCheck);
    }
    let odd = body.bytes().last().is_some_and(|digit| digit % 2 == 1);
    Ok(Holder {
        born,
        sex: if odd { Sex::Male } else { Sex::Female },
    })
}

/// The check character of the first 17 digits; `None` if they are not 17 digits.
pub fn check_character(body: &str) -> Option<char> {
    let digits: Option<Vec<u32>> = body.chars().map(|c| c.to_digit(10)).collect();
    let digits = digits.filter(|digits| digits.len() == WEIGHTS.len())?;
    let sum: u32 = digits
        .iter()
        .zip(WEIGHTS)
        .map(|(digit, weight)| digit * weight)
        .sum();
    CHECK.get(usize::try_from(sum % 11).ok()?).copied()
}

fn split(text: &str) -> Option<(&str, char)> {
    let body = text.get(..17).filter(|_| text.len() == 18)?;
    let last = text.chars().last()?;
    let digits = body.bytes().all(|b| b.is_ascii_digit());
    (digits && (last == 'X' || last.is_ascii_digit())).then_some((body, last))
}

fn birth(body: &str) -> Option<Date> {
    let (year, month, day) = (body.get(6..10)?, body.get(10..12)?, body.get(12..14)?);
    date::check(&format!("{year}-{month}-{day}")).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_example_of_the_standard_passes() {
        // GB 11643-1999, annex: 11010519491231002X.
        let holder = check("11010519491231002X").unwrap();
        assert_eq!(holder.born.to_string(), "1949-12-31");
        assert_eq!(holder.sex, Sex::Female);
    }

    #[test]
    fn the_example_of_the_product_page_fails_with_4_and_passes_with_3() {
        assert_eq!(
            check("310112199001011234").err(),
            Some(ValueError::IdCardCheck)
        );
        let holder = check("310112199001011233").unwrap();
        assert_eq!(holder.born.to_string(), "1990-01-01");
        assert_eq!(holder.sex, Sex::Male);
    }

    #[test]
    fn each_part_has_its_own_error() {
        for (text, error) in [
            ("", ValueError::NotAnIdCard),
            ("11010519491231002x", ValueError::NotAnIdCard),
            ("110105491231002", ValueError::NotAnIdCard),
            ("1101051949123100２", ValueError::NotAnIdCard),
            ("990105194912310021", ValueError::IdCardRegion),
            ("110105194902300021", ValueError::IdCardBirth),
            ("110105189912310021", ValueError::IdCardBirth),
            ("110105194912310021", ValueError::IdCardCheck),
        ] {
            assert_eq!(check(text).err(), Some(error), "{text}");
        }
    }

    prop_compose! {
        fn body()(province in 0..PROVINCES.len(), county in 0..10_000_u32, year in 1900..2100_u32,
                  month in 1..13_u32, day in 1..29_u32, serial in 0..1000_u32) -> String {
            format!("{}{county:04}{year}{month:02}{day:02}{serial:03}", PROVINCES[province])
        }
    }

    proptest! {
        #[test]
        fn exactly_one_last_character_fits(body in body()) {
            let fits = "0123456789X".chars().filter(|c| check(&format!("{body}{c}")).is_ok());
            prop_assert_eq!(fits.collect::<Vec<_>>(), vec![check_character(&body).unwrap()]);
        }

        #[test]
        fn a_wrong_digit_or_two_swapped_ones_never_pass(body in body(), at in 0..17_usize, by in 1..10_u8) {
            let last = check_character(&body).unwrap();
            let mut wrong = body.clone().into_bytes();
            wrong[at] = b'0' + (wrong[at] - b'0' + by) % 10;
            let wrong = String::from_utf8(wrong).unwrap();
            let wrong = format!("{wrong}{last}");
            prop_assert!(check(&wrong).is_err());
            let mut swapped = body.into_bytes();
            if at < 16 && swapped[at] != swapped[at + 1] {
                swapped.swap(at, at + 1);
                let swapped = String::from_utf8(swapped).unwrap();
                let swapped = format!("{swapped}{last}");
                prop_assert!(check(&swapped).is_err());
            }
        }

        #[test]
        fn no_input_makes_it_panic(text: String) { let _ = check(&text); }
    }
}

//! Unified social credit codes, GB 32100-2015: 18 characters, MOD 31 over weights 3^i mod 31.

use super::ValueError;

/// Digits and capitals without I, O, S, V, Z.
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

/// Checks a credit code: 18 characters, digits 3 to 8 (the region), check character.
pub fn check(text: &str) -> Result<(), ValueError> {
    let body = text
        .get(..17)
        .filter(|_| text.len() == 18)
        .ok_or(ValueError::NotAUscc)?;
    let region = body
        .get(2..8)
        .is_some_and(|part| part.bytes().all(|b| b.is_ascii_digit()));
    let last = text.bytes().last().filter(|last| ALPHABET.contains(last));
    let (true, Some(last), Some(fit)) = (region, last, check_character(body)) else {
        return Err(ValueError::NotAUscc);
    };
    if char::from(last) == fit {
        Ok(())
    } else {
        Err(ValueError::UsccCheck)
    }
}

/// The check character of the first 17; `None` if they are not 17 of the alphabet.
pub fn check_character(body: &str) -> Option<char> {
    if body.len() != 17 {
        return None;
    }
    let mut weight = 1;
    let mut sum = 0;
    for byte in body.bytes() {
        sum += ALPHABET.iter().position(|&letter| letter == byte)? * weight;
        weight = weight * 3 % 31;
    }
    ALPHABET.get((31 - sum % 31) % 31).copied().map(char::from)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn published_codes_pass() {
        // The standard's own example, and the one of the product page.
        for text in ["91350100M000100Y43", "92310112MA1GBX000K"] {
            assert_eq!(check(text), Ok(()), "{text}");
        }
    }

    #[test]
    fn wrong_shapes_and_wrong_check_characters_differ() {
        for text in [
            "",
            "92310112MA1GBX000",
            "92310112MA1GBX000k",
            "9231011IMA1GBX000K",
            "9231011AMA1GBX000K",
            "92310112MA1GOX000K",
        ] {
            assert_eq!(check(text), Err(ValueError::NotAUscc), "{text}");
        }
        assert_eq!(check("92310112MA1GBX0009"), Err(ValueError::UsccCheck));
        assert_eq!(check("92310112MA1GBX001K"), Err(ValueError::UsccCheck));
    }

    proptest! {
        #[test]
        fn a_wrong_character_never_passes(
            body in "9[1-3][0-9]{6}[0-9A-HJ-NPQRTUWXY]{9}", at in 8..17_usize, by in 1..31_usize,
        ) {
            let last = check_character(&body).unwrap();
            let right = format!("{body}{last}");
            prop_assert_eq!(check(&right), Ok(()));
            let mut wrong = body.into_bytes();
            let digit = ALPHABET.iter().position(|&b| b == wrong[at]).unwrap();
            wrong[at] = ALPHABET[(digit + by) % 31];
            let wrong = String::from_utf8(wrong).unwrap();
            prop_assert_eq!(check(&format!("{wrong}{last}")), Err(ValueError::UsccCheck));
        }

        #[test]
        fn no_input_makes_it_panic(text: String) { let _ = check(&text); }
    }
}

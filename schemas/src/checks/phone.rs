//! Phone numbers of the mainland: mobile (1[3-9], 11 digits) and landline with its area code.

use super::ValueError;

/// Checks a number as it is stored: digits only, and one hyphen after a landline's area code.
pub fn check(text: &str) -> Result<(), ValueError> {
    let fits = match text.split_once('-') {
        None => is_mobile(text) || is_landline(text),
        Some((area, number)) => {
            let whole = format!("{area}{number}");
            area.starts_with('0') && area.len() == area_len(&whole) && is_landline(&whole)
        }
    };
    if fits {
        Ok(())
    } else {
        Err(ValueError::NotAPhone)
    }
}

/// What people type, as it is stored: without blanks and without a leading +86 or 0086.
pub fn normalise(typed: &str) -> String {
    let dense: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    let local = dense
        .strip_prefix("+86")
        .or_else(|| dense.strip_prefix("0086"));
    let local = local.unwrap_or(&dense);
    // A mobile number grouped by hyphens: 138-0000-0000.
    if local.starts_with('1') {
        local.replace('-', "")
    } else {
        local.to_owned()
    }
}

fn is_mobile(text: &str) -> bool {
    let second = text
        .as_bytes()
        .get(1)
        .is_some_and(|b| (b'3'..=b'9').contains(b));
    text.len() == 11 && text.starts_with('1') && second && all_digits(text)
}

/// Area codes 010 and 02x have three digits and numbers of eight, 03xx to 09xx four and 7 or 8.
fn is_landline(text: &str) -> bool {
    let area = area_len(text);
    let number = text.get(area..).unwrap_or_default();
    let lengths = if area == 3 { 8..=8 } else { 7..=8 };
    let starts = number
        .bytes()
        .next()
        .is_some_and(|b| (b'2'..=b'9').contains(&b));
    text.starts_with('0')
        && all_digits(text)
        && starts
        && lengths.contains(&number.len())
        && text.as_bytes().get(1).is_some_and(|b| *b != b'0')
        && (!text.starts_with("01") || text.starts_with("010"))
}

fn area_len(text: &str) -> usize {
    if text.starts_with("01") || text.starts_with("02") {
        3
    } else {
        4
    }
}

fn all_digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mobile_and_landline_numbers_pass() {
        for text in [
            "13800000000",
            "19900000000",
            "02150000000",
            "021-50000000",
            "010-60000000",
            "0512-6000000",
            "0755-80000000",
        ] {
            assert_eq!(check(text), Ok(()), "{text}");
        }
    }

    #[test]
    fn what_is_no_mainland_number_is_refused() {
        for text in [
            "",
            "12800000000",
            "1380000000",
            "138000000000",
            "50000000",
            "021-5000000",
            "02-150000000",
            "0215-0000000",
            "015-50000000",
            "000-50000000",
            "021-10000000",
            "+8613800000000",
            "138 0000 0000",
            "１３８00000000",
            "0512--6000000",
        ] {
            assert_eq!(check(text), Err(ValueError::NotAPhone), "{text}");
        }
    }

    #[test]
    fn typed_numbers_are_brought_into_the_stored_form() {
        for (typed, stored) in [
            ("+86 138 0000 0000", "13800000000"),
            ("138-0000-0000", "13800000000"),
            (" 021-50000000 ", "021-50000000"),
        ] {
            assert_eq!(normalise(typed), stored);
            assert_eq!(check(stored), Ok(()));
        }
    }
}

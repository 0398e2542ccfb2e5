//! Single lines and remarks.

use super::ValueError;

/// Checks one line of at most `max` characters: no control characters, no outer blanks.
pub fn check_line(text: &str, max: u32) -> Result<(), ValueError> {
    check(text, max, |c| c.is_control() || is_invisible(c))?;
    if text.trim() == text {
        Ok(())
    } else {
        Err(ValueError::BadCharacters)
    }
}

/// Checks a remark of at most `max` characters; line breaks are allowed.
pub fn check_remark(text: &str, max: u32) -> Result<(), ValueError> {
    check(text, max, |c| {
        (c.is_control() && c != '\n') || is_invisible(c)
    })
}

/// Checks that a text is `count` ASCII digits.
pub fn check_digits(text: &str, count: u8) -> Result<(), ValueError> {
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    if digits && text.len() == usize::from(count) {
        Ok(())
    } else {
        Err(ValueError::NotDigits { count })
    }
}

fn check(text: &str, max: u32, bad: impl Fn(char) -> bool) -> Result<(), ValueError> {
    if text.trim().is_empty() {
        return Err(ValueError::Empty);
    }
    // Counting stops just past the limit, so a hostile text costs no more than an honest one.
    let limit = usize::try_from(max).unwrap_or(usize::MAX);
    if text.chars().take(limit.saturating_add(1)).count() > limit {
        return Err(ValueError::TooLong { max });
    }
    if text.chars().any(bad) {
        Err(ValueError::BadCharacters)
    } else {
        Ok(())
    }
}

/// Characters that reorder or hide text: bidirectional controls, zero-width space, byte-order mark.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_its_length_counted_in_characters() {
        assert_eq!(check_line("顾戴路一二三号", 7), Ok(()));
        assert_eq!(
            check_line("顾戴路一二三号", 6),
            Err(ValueError::TooLong { max: 6 })
        );
    }

    #[test]
    fn line_breaks_stand_only_in_remarks() {
        assert_eq!(check_line("a\nb", 9), Err(ValueError::BadCharacters));
        assert_eq!(check_remark("a\nb", 9), Ok(()));
        assert_eq!(check_remark("a\0b", 9), Err(ValueError::BadCharacters));
    }

    #[test]
    fn empty_padded_and_reordered_texts_are_refused() {
        assert_eq!(check_line("", 9), Err(ValueError::Empty));
        assert_eq!(check_remark(" \n", 9), Err(ValueError::Empty));
        assert_eq!(check_line(" a", 9), Err(ValueError::BadCharacters));
        assert_eq!(check_line("a\u{202E}b", 9), Err(ValueError::BadCharacters));
    }

    #[test]
    fn digits_are_counted_exactly() {
        assert_eq!(check_digits("310112", 6), Ok(()));
        assert_eq!(
            check_digits("31011", 6),
            Err(ValueError::NotDigits { count: 6 })
        );
        assert_eq!(
            check_digits("31011２", 6),
            Err(ValueError::NotDigits { count: 6 })
        );
    }
}

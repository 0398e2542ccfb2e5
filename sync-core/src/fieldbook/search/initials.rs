//! First letters of pinyin: 张记小馆 is found by `zjxg`.

use pinyin::ToPinyin;

use super::polyphones::other_letter;

/// Readings kept of one text, see [`readings`].
pub const MAX_READINGS: usize = 4;
/// Characters of one text that get initials: the names and addresses that people look for are
/// shorter.
pub const MAX_INITIALS_CHARS: usize = 64;

/// The first letters of the most frequent reading of a folded text: `a座张记` → `azzj`.
///
/// Latin letters and digits stay, and so do characters without a known reading.
pub fn initials(folded: &str) -> String {
    read_with(folded, |_| false)
}

/// Every kept reading of a folded text, without repetition, the most frequent one first; empty
/// where no character has a reading, since the initials would repeat the text.
///
/// A character such as 长 (`c` or `z`) has two first letters. Kept are: all frequent, all other,
/// other at even places only, other at odd ones only (counted among such characters). So
/// whatever letters somebody types are found if they span at most two of them, at the price of
/// four strings, however many there are.
pub fn readings(folded: &str) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    if !folded
        .chars()
        .take(MAX_INITIALS_CHARS)
        .any(|c| letter(c).is_some())
    {
        return kept;
    }
    let choices: [fn(usize) -> bool; MAX_READINGS] =
        [|_| false, |_| true, |nth| nth % 2 == 0, |nth| nth % 2 == 1];
    for choose_other in choices {
        let reading = read_with(folded, choose_other);
        if !kept.contains(&reading) {
            kept.push(reading);
        }
    }
    kept
}

/// The initials in which the n-th character with two letters has its other one if
/// `choose_other(n)`.
fn read_with(folded: &str, choose_other: impl Fn(usize) -> bool) -> String {
    let mut ambiguous = 0;
    folded
        .chars()
        .take(MAX_INITIALS_CHARS)
        .map(|c| {
            let Some(frequent) = letter(c) else { return c };
            let Some(other) = other_letter(c) else {
                return frequent;
            };
            ambiguous += 1;
            if choose_other(ambiguous - 1) {
                char::from(other)
            } else {
                frequent
            }
        })
        .collect()
}

/// First letter of the character's most frequent reading, if it is a Han character with one.
fn letter(c: char) -> Option<char> {
    let first = c.to_pinyin()?.first_letter().chars().next()?;
    first.is_ascii_lowercase().then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fieldbook::search::polyphones::POLYPHONES;

    #[test]
    fn initials_keep_latin_letters_digits_and_characters_nobody_can_read() {
        assert_eq!(initials("张记小馆"), "zjxg");
        assert_eq!(initials("a座12号欧尚"), "az12hos");
        assert_eq!(initials("張\u{E000}記"), "z\u{E000}j", "private use");
        assert_eq!(initials("䶮記𠮷"), "yj𠮷", "without a reading in the table");
    }

    #[test]
    fn text_without_han_characters_has_no_readings() {
        assert_eq!(readings("13800138000"), Vec::<String>::new());
        assert_eq!(readings(""), Vec::<String>::new());
    }

    #[test]
    fn a_text_with_one_ambiguous_character_has_two_readings() {
        assert_eq!(readings("长宁"), ["zn", "cn"]);
        assert_eq!(readings("张记"), ["zj"]);
    }

    #[test]
    fn any_two_neighbours_of_many_ambiguous_characters_are_found_in_every_combination() {
        let kept = readings("长行重乐单曾解朝");
        assert_eq!(kept.len(), MAX_READINGS);
        let pairs = [('c', 'z'), ('x', 'h'), ('z', 'c'), ('l', 'y')];
        for (first, second) in pairs.iter().zip(pairs.iter().skip(1)) {
            for a in [first.0, first.1] {
                for b in [second.0, second.1] {
                    let typed = String::from_iter([a, b]);
                    assert!(
                        kept.iter().any(|reading| reading.contains(&typed)),
                        "{typed}"
                    );
                }
            }
        }
    }

    #[test]
    fn a_long_text_has_initials_for_its_beginning_only() {
        let long = "张".repeat(MAX_INITIALS_CHARS + 1);
        assert_eq!(initials(&long).len(), MAX_INITIALS_CHARS);
    }

    #[test]
    fn the_table_of_ambiguous_characters_is_sorted_and_agrees_with_the_pinyin_table() {
        assert!(POLYPHONES.is_sorted_by(|a, b| a.0 < b.0));
        for (c, frequent, other) in POLYPHONES {
            assert_eq!(letter(*c), Some(char::from(*frequent)), "{c}");
            assert_ne!(frequent, other, "{c}");
        }
    }
}

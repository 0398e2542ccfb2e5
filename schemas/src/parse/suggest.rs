//! Nearest known names, for "did you mean".

/// The candidate nearest to `word`, if it is near enough to be a slip of the keyboard.
pub(crate) fn nearest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    // Hostile files may hold long words; the distance is quadratic.
    let short = word.chars().count() <= 64;
    let rated = candidates
        .into_iter()
        .filter(|_| short)
        .map(|name| (distance(word, name), name));
    let best = rated.min();
    best.filter(|(slips, _)| *slips <= (1 + word.chars().count()) / 3)
        .map(|(_, name)| name)
}

/// Insertions, deletions and replacements that turn one word into the other (Levenshtein).
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (line, a) in from.chars().enumerate() {
        let mut left = line + 1;
        let mut next = vec![left];
        for ((b, above), diagonal) in to.iter().zip(row.iter().skip(1)).zip(&row) {
            left = (diagonal + usize::from(a != *b))
                .min(above + 1)
                .min(left + 1);
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_the_name_and_a_different_word_does_not() {
        let names = ["required", "retired", "read", "zh"];
        assert_eq!(nearest("requried", names), Some("required"));
        assert_eq!(nearest("retird", names), Some("retired"));
        assert_eq!(nearest("nonsense", names), None);
        assert_eq!(nearest("", []), None);
    }

    #[test]
    fn distances_are_those_of_levenshtein() {
        for (a, b, slips) in [
            ("kitten", "sitting", 3),
            ("", "abc", 3),
            ("abc", "", 3),
            ("门牌", "门牌", 0),
        ] {
            assert_eq!(distance(a, b), slips);
        }
    }
}

//! A query, prepared once and held against many records.

use memchr::{memchr_iter, memmem::Finder};

use super::{FIELD_END, Match, fold::fold};

/// How a word was found, and in which field; the smaller the better.
type Score = (Match, usize);

/// What somebody looks for.
pub(super) struct Query {
    words: Vec<Word>,
    /// All words written together, if there are several.
    together: Option<Word>,
}

struct Word {
    text: Finder<'static>,
    /// Whether it may be pinyin. Initials repeat digits and unreadable characters as they stand
    /// in the text, where a word without letters is then found before.
    has_letters: bool,
}

impl Query {
    /// Splits at white space and folds. None if nothing is left to look for.
    pub(super) fn parse(query: &str) -> Option<Self> {
        let words: Vec<Word> = query.split_whitespace().filter_map(Word::parse).collect();
        let together = (words.len() > 1).then(|| Word::parse(query)).flatten();
        (!words.is_empty()).then_some(Self { words, together })
    }

    /// How well a record answers the query; none if a word is not found in it.
    pub(super) fn score(&self, text: &[u8], readings: &[u8]) -> Option<Score> {
        let mut worst = (Match::Exact, 0);
        for word in &self.words {
            worst = worst.max(word.score(text, readings)?);
        }
        let together = self
            .together
            .as_ref()
            .and_then(|word| word.score(text, readings));
        Some(together.map_or(worst, |together| together.min(worst)))
    }
}

impl Word {
    fn parse(word: &str) -> Option<Self> {
        let folded = fold(word);
        (!folded.is_empty()).then(|| Self {
            has_letters: folded.bytes().any(|byte| byte.is_ascii_lowercase()),
            text: Finder::new(&folded).into_owned(),
        })
    }

    fn score(&self, text: &[u8], readings: &[u8]) -> Option<Score> {
        let spelled = || {
            self.has_letters
                .then(|| self.score_readings(readings))
                .flatten()
        };
        self.score_text(text).or_else(spelled)
    }

    /// The best place in a record's fields. Hits do not overlap, which hides none at a field's
    /// beginning: a hit never spans two fields.
    fn score_text(&self, text: &[u8]) -> Option<Score> {
        let mut best: Option<Score> = None;
        let (mut field, mut counted) = (0, 0);
        for at in self.text.find_iter(text) {
            field += field_ends(text.get(counted..at));
            counted = at;
            let end = at + self.text.needle().len();
            let begins = at.checked_sub(1).and_then(|before| text.get(before)) == Some(&FIELD_END);
            let matched = match (begins, text.get(end) == Some(&FIELD_END)) {
                (true, true) => Match::Exact,
                (true, false) => Match::Prefix,
                _ => Match::Substring,
            };
            // The text begins with a field end, so the first field counts as one.
            let score = (matched, field - 1);
            best = Some(best.map_or(score, |best| best.min(score)));
            if matched == Match::Exact {
                break;
            }
        }
        best
    }

    fn score_readings(&self, readings: &[u8]) -> Option<Score> {
        let at = self.text.find(readings)?;
        Some((Match::Initials, field_ends(readings.get(..at))))
    }
}

fn field_ends(bytes: Option<&[u8]>) -> usize {
    memchr_iter(FIELD_END, bytes.unwrap_or_default()).count()
}

//! One schema file with its line numbers, and the list that collects errors.

use std::cell::RefCell;
use std::ops::Range;
use std::sync::Arc;

use super::suggest::nearest;
use crate::error::SchemaError;
use crate::limits::{MAX_CANDIDATES, MAX_ERRORS};
use crate::place::Place;

/// Collects errors; stops storing past [`MAX_ERRORS`].
#[derive(Default)]
pub(crate) struct Sink {
    errors: RefCell<Vec<SchemaError>>,
}

impl Sink {
    pub(crate) fn push(&self, place: &Place, message: impl Into<String>, help: Option<String>) {
        let mut errors = self.errors.borrow_mut();
        if errors.len() < MAX_ERRORS {
            errors.push(SchemaError {
                place: place.clone(),
                message: message.into(),
                help,
            });
        }
    }

    /// An unknown name, with the nearest known one as help.
    pub(crate) fn unknown<'n>(
        &self,
        place: &Place,
        what: &str,
        name: &str,
        known: impl IntoIterator<Item = &'n str>,
    ) {
        if self.errors.borrow().len() >= MAX_ERRORS {
            return;
        }
        let known = known.into_iter().take(MAX_CANDIDATES);
        let help = nearest(name, known).map(|near| format!("did you mean `{near}`?"));
        self.push(place, format!("unknown {what} `{}`", clip(name)), help);
    }

    pub(crate) fn into_sorted(self) -> Vec<SchemaError> {
        let mut errors = self.errors.into_inner();
        errors.sort();
        errors.dedup();
        errors
    }
}

/// The start of a name from a file, so that a hostile one does not fill the screen.
pub(crate) fn clip(name: &str) -> String {
    name.chars()
        .take(48)
        .map(|c| if c.is_control() { '\u{FFFD}' } else { c })
        .collect()
}

/// One file being read.
pub(crate) struct File<'a> {
    pub(crate) name: Arc<str>,
    pub(crate) sink: &'a Sink,
    text: &'a str,
    line_starts: Vec<usize>,
}

impl<'a> File<'a> {
    pub(crate) fn new(name: &str, text: &'a str, sink: &'a Sink) -> Self {
        let breaks = text
            .bytes()
            .enumerate()
            .filter(|(_, b)| *b == b'\n')
            .map(|(at, _)| at + 1);
        let line_starts = std::iter::once(0).chain(breaks).collect();
        Self {
            name: name.into(),
            sink,
            text,
            line_starts,
        }
    }

    /// The file's text.
    pub(crate) fn text(&self) -> &'a str {
        self.text
    }

    /// The file name without folder and ending: a kind's or list's name.
    pub(crate) fn stem(&self) -> &str {
        let base = self.name.rsplit('/').next().unwrap_or_default();
        base.split('.').next().unwrap_or_default()
    }

    pub(crate) fn whole(&self) -> Place {
        Place {
            file: Arc::clone(&self.name),
            line: 0,
            column: 0,
        }
    }

    /// A line, counted from 1.
    pub(crate) fn line(&self, line: usize) -> Place {
        Place {
            file: Arc::clone(&self.name),
            line: count(line),
            column: 1,
        }
    }

    pub(crate) fn place(&self, span: &Range<usize>) -> Place {
        let line = self
            .line_starts
            .partition_point(|start| *start <= span.start);
        let start = line
            .checked_sub(1)
            .and_then(|at| self.line_starts.get(at))
            .copied();
        let before = self
            .text
            .get(start.unwrap_or(0)..span.start)
            .unwrap_or_default();
        let column = count(before.chars().count() + 1);
        Place {
            file: Arc::clone(&self.name),
            line: count(line),
            column,
        }
    }

    pub(crate) fn error(
        &self,
        span: &Range<usize>,
        message: impl Into<String>,
        help: Option<&str>,
    ) {
        self.sink
            .push(&self.place(span), message, help.map(str::to_owned));
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

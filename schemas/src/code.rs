//! Code lists: stable codes with labels. Codes retire and are never reused.

use std::collections::BTreeMap;

use crate::path::Code;
use crate::place::Origin;
use crate::text::{Labels, Lang};

/// One entry of a code list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CodeEntry {
    /// The stable code, as it stands in registers.
    pub code: Code,
    /// What people read.
    pub labels: Labels,
    /// The code above it, in a list that is a tree.
    pub parent: Option<Code>,
    /// No longer offered; records that hold it stay valid.
    pub retired: bool,
    /// A heading of the tree that cannot be chosen itself.
    pub heading: bool,
    /// Where it is declared.
    pub place: Origin,
}

/// A named list of codes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CodeList {
    name: String,
    labels: Labels,
    entries: Vec<CodeEntry>,
    index: BTreeMap<Code, usize>,
    place: Origin,
}

impl CodeList {
    pub(crate) fn new(
        name: String,
        labels: Labels,
        entries: Vec<CodeEntry>,
        place: Origin,
    ) -> Self {
        let index = entries
            .iter()
            .enumerate()
            .map(|(at, entry)| (entry.code.clone(), at));
        Self {
            name,
            labels,
            index: index.collect(),
            entries,
            place,
        }
    }

    /// The list's name, as fields refer to it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The list's own label.
    pub fn labels(&self) -> &Labels {
        &self.labels
    }

    /// Where the list is declared.
    pub fn place(&self) -> &Origin {
        &self.place
    }

    /// Every entry, retired ones too, in the order in which they are shown.
    pub fn entries(&self) -> &[CodeEntry] {
        &self.entries
    }

    /// The entries that a form offers: neither retired nor headings.
    pub fn offered(&self) -> impl Iterator<Item = &CodeEntry> {
        self.entries
            .iter()
            .filter(|entry| !entry.retired && !entry.heading)
    }

    /// The entry of that code.
    pub fn get(&self, code: &str) -> Option<&CodeEntry> {
        self.entries.get(*self.index.get(code)?)
    }

    /// The label of a code; `None` if the list lacks it.
    pub fn label(&self, code: &str, lang: Lang) -> Option<&str> {
        self.get(code).map(|entry| entry.labels.label(lang))
    }

    /// The code and everything above it, nearest first.
    pub fn ancestry<'a>(&'a self, code: &str) -> impl Iterator<Item = &'a CodeEntry> + 'a {
        let up = |entry: &&'a CodeEntry| self.get(entry.parent.as_ref()?.as_str());
        // The parser wants parents first; the bound holds even while it reports one that is not.
        std::iter::successors(self.get(code), up).take(self.entries.len())
    }

    /// Whether `code` is `above` or stands anywhere below it.
    pub fn is_within(&self, code: &str, above: &str) -> bool {
        self.ancestry(code)
            .any(|entry| entry.code.as_str() == above)
    }
}

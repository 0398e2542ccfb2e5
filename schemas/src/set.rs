//! A schema set: everything that one version of the schema files says.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::area::{Area, Settings};
use crate::calendar::Calendar;
use crate::class::FindingClass;
use crate::code::CodeList;
use crate::entry::EntryForm;
use crate::error::SchemaError;
use crate::kind::Kind;
use crate::office::Office;
use crate::path::FieldPath;
use crate::rule::Rules;
use crate::text::Lang;

/// One schema file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SourceFile<'a> {
    /// Its name, which decides what it holds: `kinds/shop.toml`, `codes/gas.toml`, …
    pub name: &'a str,
    /// Its text.
    pub text: &'a str,
}

/// Everything that one version of the schema files says. Immutable; share it in an `Arc`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SchemaSet {
    pub(crate) version: u32,
    pub(crate) draft: bool,
    pub(crate) kinds: Vec<Kind>,
    pub(crate) codes: BTreeMap<String, Arc<CodeList>>,
    pub(crate) classes: Vec<FindingClass>,
    pub(crate) offices: Vec<Office>,
    pub(crate) entries: Vec<EntryForm>,
    pub(crate) rules: Rules,
    pub(crate) areas: Vec<Area>,
    pub(crate) settings: Vec<Settings>,
    pub(crate) calendar: Calendar,
}

impl SchemaSet {
    /// The schema set that comes with the program.
    pub fn builtin() -> Result<Self, Vec<SchemaError>> {
        Self::parse(crate::builtin::FILES)
    }

    /// Parses and checks schema files; reports every error, sorted by file and line.
    pub fn parse(files: &[SourceFile<'_>]) -> Result<Self, Vec<SchemaError>> {
        crate::parse::parse(files)
    }

    /// The version of the set; rises with every change of any file.
    pub fn version(&self) -> u32 {
        self.version
    }

    /// Whether this version is a draft, for test phones only.
    pub fn is_draft(&self) -> bool {
        self.draft
    }

    /// The kind of that name.
    pub fn kind(&self, name: &str) -> Option<&Kind> {
        self.kinds.iter().find(|kind| kind.name() == name)
    }

    /// Every kind.
    pub fn kinds(&self) -> &[Kind] {
        &self.kinds
    }

    /// The code list of that name.
    pub fn codes(&self, list: &str) -> Option<&CodeList> {
        self.codes.get(list).map(AsRef::as_ref)
    }

    /// Every code list, by name.
    pub fn code_lists(&self) -> impl Iterator<Item = &CodeList> {
        self.codes.values().map(AsRef::as_ref)
    }

    /// Every finding class.
    pub fn finding_classes(&self) -> &[FindingClass] {
        &self.classes
    }

    /// The finding class of that code.
    pub fn finding_class(&self, code: &str) -> Option<&FindingClass> {
        self.classes
            .iter()
            .find(|class| class.code.as_str() == code)
    }

    /// Every office.
    pub fn offices(&self) -> &[Office] {
        &self.offices
    }

    /// The office of that name.
    pub fn office(&self, name: &str) -> Option<&Office> {
        self.offices.iter().find(|office| office.name == name)
    }

    /// What offices type into systems of their own.
    pub fn entries(&self) -> &[EntryForm] {
        &self.entries
    }

    /// How an office types a kind into a system of its own.
    pub fn entry(&self, office: &str, kind: &str) -> Option<&EntryForm> {
        let is_it = |entry: &&EntryForm| entry.office == office && entry.kind == kind;
        self.entries.iter().find(is_it)
    }

    /// The dispatch rules and proposals.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// Every area, the ones above before those below.
    pub fn areas(&self) -> &[Area] {
        &self.areas
    }

    /// The area of that code.
    pub fn area(&self, code: &str) -> Option<&Area> {
        self.areas.iter().find(|area| area.code == code)
    }

    /// The settings that hold in the area of that code: its own, or those of the nearest area
    /// above it, or the default. `None` only for a set without area files.
    pub fn settings(&self, area: &str) -> Option<&Settings> {
        let over = self
            .settings
            .iter()
            .filter(|settings| area.starts_with(&settings.area));
        over.max_by_key(|settings| settings.area.len())
    }

    /// The working calendar.
    pub fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// The label of a field; `None` if there is no such field.
    pub fn field_label(&self, kind: &str, path: &FieldPath, lang: Lang) -> Option<&str> {
        self.kind(kind)?
            .field(path)
            .map(|field| field.labels.label(lang))
    }

    /// The label of a code; `None` if there is no such list or code.
    pub fn code_label(&self, list: &str, code: &str, lang: Lang) -> Option<&str> {
        self.codes(list)?.label(code, lang)
    }
}

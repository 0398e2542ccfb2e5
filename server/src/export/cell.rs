//! Cells, and what their codes are called.

use jiff::{Timestamp, civil::DateTime};
use schemas::SchemaSet;

use crate::{
    cases::clock::ZONE,
    records::{CodeWords, values::Words},
};

/// The language of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// Chinese.
    #[default]
    Zh,
    /// English.
    En,
}

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Words, never a formula.
    Text(String),
    /// A number.
    Number(i64),
    /// A time of the street.
    Time(DateTime),
}

impl Cell {
    /// As a page shows it.
    pub fn json(&self) -> serde_json::Value {
        match self {
            Self::Empty => serde_json::Value::Null,
            Self::Text(text) => text.as_str().into(),
            Self::Number(number) => (*number).into(),
            Self::Time(time) => time.strftime("%Y-%m-%d %H:%M:%S").to_string().into(),
        }
    }
}

/// A column of a list.
pub struct Column<R> {
    /// What programs know it by, where the server names the columns of a page: of ledgers.
    pub key: &'static str,
    /// Its heading, Chinese and English.
    pub head: (&'static str, &'static str),
    /// What stands in it.
    pub cell: fn(&R, &Names<'_>) -> Cell,
}

/// A column of a list whose page knows its own columns.
pub(super) const fn column<R>(
    head: (&'static str, &'static str),
    cell: fn(&R, &Names<'_>) -> Cell,
) -> Column<R> {
    keyed("", head, cell)
}

/// A column that the page learns of.
pub(super) const fn keyed<R>(
    key: &'static str,
    head: (&'static str, &'static str),
    cell: fn(&R, &Names<'_>) -> Cell,
) -> Column<R> {
    Column { key, head, cell }
}

/// What codes are called, in the language of the file.
pub struct Names<'a> {
    /// The schemas in force.
    pub schemas: &'a SchemaSet,
    /// The language.
    pub lang: Lang,
}

impl Names<'_> {
    /// A heading.
    pub(super) fn head(&self, (zh, en): (&str, &str)) -> String {
        match self.lang {
            Lang::Zh => zh.to_owned(),
            Lang::En => en.to_owned(),
        }
    }

    /// Words.
    pub(super) fn words(&self, words: &Words) -> String {
        self.head((&words.zh, &words.en))
    }

    /// A title's parts.
    pub(super) fn title(&self, parts: &[Words]) -> Cell {
        let parts: Vec<String> = parts.iter().map(|part| self.words(part)).collect();
        text(&parts.join(" "))
    }

    /// A code with its words.
    pub(super) fn coded(&self, code: Option<&CodeWords>) -> Cell {
        code.map_or(Cell::Empty, |code| text(&self.words(&code.label)))
    }

    /// An office.
    pub(super) fn office(&self, name: &str) -> Cell {
        let known = self.schemas.office(name);
        text(&known.map_or_else(
            || name.to_owned(),
            |office| self.words(&Words::of(&office.labels)),
        ))
    }

    /// A code of a list of the schemas.
    pub(super) fn code(&self, list: &str, code: &str) -> Cell {
        let known = self.schemas.codes(list).and_then(|list| list.get(code));
        text(&known.map_or_else(
            || code.to_owned(),
            |entry| self.words(&Words::of(&entry.labels)),
        ))
    }

    /// A finding class, or the rule that made an item.
    pub(super) fn class(&self, class: &str) -> Cell {
        match self.schemas.rules().get(class) {
            Some(rule) => text(&self.words(&Words::of(&rule.labels))),
            None => self.code("finding-class", class),
        }
    }

    /// A kind of record.
    pub(super) fn kind(&self, name: &str) -> Cell {
        let known = self.schemas.kind(name);
        text(&known.map_or_else(
            || name.to_owned(),
            |kind| self.words(&Words::of(kind.labels())),
        ))
    }

    /// One of a few fixed codes.
    pub(super) fn one_of(&self, code: &str, known: &[(&str, &str, &str)]) -> Cell {
        let found = known.iter().find(|(name, ..)| *name == code);
        text(&found.map_or_else(|| code.to_owned(), |(_, zh, en)| self.head((zh, en))))
    }

    /// Yes, or nothing.
    pub(super) fn yes(&self, flag: bool) -> Cell {
        if flag {
            text(&self.head(("是", "Yes")))
        } else {
            Cell::Empty
        }
    }
}

/// Words.
pub(super) fn text(words: &str) -> Cell {
    if words.is_empty() {
        Cell::Empty
    } else {
        Cell::Text(words.to_owned())
    }
}

/// Words that may be missing.
pub(super) fn maybe(words: Option<&String>) -> Cell {
    words.map_or(Cell::Empty, |words| text(words))
}

/// A moment.
pub(super) fn time(ms: i64) -> Cell {
    match Timestamp::from_millisecond(ms) {
        Ok(moment) => Cell::Time(ZONE.to_datetime(moment)),
        Err(_) => Cell::Empty,
    }
}

/// A moment that may be missing.
pub(super) fn maybe_time(ms: Option<i64>) -> Cell {
    ms.map_or(Cell::Empty, time)
}

/// A count.
pub(super) fn number(count: impl TryInto<i64>) -> Cell {
    count.try_into().map_or(Cell::Empty, Cell::Number)
}

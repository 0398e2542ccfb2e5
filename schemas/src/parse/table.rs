//! Reading TOML tables key by key: every error is reported, unknown keys too.

use std::cell::RefCell;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::file::{File, clip};
use super::suggest::nearest;
use crate::limits::MAX_LABEL_CHARS;
use crate::place::Place;
use crate::text::Labels;

/// A value with the place where it stands.
#[derive(Clone, Debug)]
pub(crate) struct At<T> {
    pub(crate) value: T,
    pub(crate) place: Place,
}

/// A table being read. It remembers the keys it was asked for; [`Table::finish`] reports the rest.
pub(crate) struct Table<'a> {
    pub(crate) file: &'a File<'a>,
    pub(crate) place: Place,
    keys: &'a DeTable<'a>,
    asked: RefCell<Vec<&'static str>>,
}

impl<'a> Table<'a> {
    pub(crate) fn new(file: &'a File<'a>, table: &'a DeTable<'a>, span: &Range<usize>) -> Self {
        Self {
            file,
            place: file.place(span),
            keys: table,
            asked: RefCell::default(),
        }
    }

    /// Reports a missing key.
    pub(crate) fn missing(&self, key: &str, example: &str) {
        let help = Some(format!("write `{key} = {example}`"));
        self.file
            .sink
            .push(&self.place, format!("`{key}` is missing"), help);
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.keys.contains_key(key)
    }

    /// The keys of a table whose keys are data, such as codes.
    pub(crate) fn entries(&self) -> Vec<(At<String>, &'a Spanned<DeValue<'a>>)> {
        let entry = |(key, value): (&'a Spanned<toml::de::DeString<'a>>, _)| {
            (
                At {
                    value: key.get_ref().to_string(),
                    place: at_key(self.file, key),
                },
                value,
            )
        };
        self.keys.iter().map(entry).collect()
    }

    pub(crate) fn raw(&self, key: &'static str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.asked.borrow_mut().push(key);
        self.keys.get(key)
    }

    pub(crate) fn text(&self, key: &'static str) -> Option<At<String>> {
        text_of(self.file, key, self.raw(key)?)
    }

    pub(crate) fn need_text(&self, key: &'static str) -> Option<At<String>> {
        if !self.has(key) {
            self.missing(key, "\"…\"");
        }
        self.text(key).filter(|found| {
            let empty = found.value.trim().is_empty();
            if empty {
                self.file
                    .sink
                    .push(&found.place, format!("`{key}` is empty"), None);
            }
            !empty
        })
    }

    pub(crate) fn flag(&self, key: &'static str) -> bool {
        self.maybe_flag(key).unwrap_or_default()
    }

    pub(crate) fn maybe_flag(&self, key: &'static str) -> Option<bool> {
        let value = self.raw(key)?;
        let flag = value.get_ref().as_bool();
        if flag.is_none() {
            self.wrong(key, value, "true or false");
        }
        flag
    }

    pub(crate) fn int(&self, key: &'static str) -> Option<At<i64>> {
        let value = self.raw(key)?;
        let number = integer(value.get_ref());
        if number.is_none() {
            self.wrong(key, value, "a whole number");
        }
        Some(At {
            value: number?,
            place: self.file.place(&value.span()),
        })
    }

    /// An integer within bounds, as whatever small type is needed.
    pub(crate) fn int_in<T: TryFrom<i64>>(
        &self,
        key: &'static str,
        bounds: std::ops::RangeInclusive<i64>,
    ) -> Option<T> {
        let found = self.int(key)?;
        if !bounds.contains(&found.value) {
            let message = format!("`{key}` must be {} to {}", bounds.start(), bounds.end());
            self.file.sink.push(&found.place, message, None);
            return None;
        }
        T::try_from(found.value).ok()
    }

    pub(crate) fn need_int_in<T: TryFrom<i64>>(
        &self,
        key: &'static str,
        bounds: std::ops::RangeInclusive<i64>,
    ) -> Option<T> {
        if !self.has(key) {
            self.missing(key, &bounds.start().to_string());
        }
        self.int_in(key, bounds)
    }

    /// A list of texts; empty if the key is absent.
    pub(crate) fn texts(&self, key: &'static str) -> Vec<At<String>> {
        let Some(value) = self.raw(key) else {
            return Vec::new();
        };
        let Some(list) = value.get_ref().as_array() else {
            self.wrong(key, value, "a list of texts, as in [\"…\"]");
            return Vec::new();
        };
        list.iter()
            .filter_map(|item| text_of(self.file, key, item))
            .collect()
    }

    /// A list of tables; empty if the key is absent.
    pub(crate) fn tables(&self, key: &'static str) -> Vec<Table<'a>> {
        let Some(value) = self.raw(key) else {
            return Vec::new();
        };
        let Some(list) = value.get_ref().as_array() else {
            self.wrong(key, value, &format!("a list of tables, as in [[{key}]]"));
            return Vec::new();
        };
        let mut tables = Vec::new();
        for item in list {
            match item.get_ref().as_table() {
                Some(table) => tables.push(Table::new(self.file, table, &item.span())),
                None => self.wrong(key, item, "a table"),
            }
        }
        tables
    }

    pub(crate) fn table(&self, key: &'static str) -> Option<Table<'a>> {
        let value = self.raw(key)?;
        let table = value.get_ref().as_table();
        if table.is_none() {
            self.wrong(key, value, "a table");
        }
        Some(Table::new(self.file, table?, &value.span()))
    }

    /// Labels in both languages.
    pub(crate) fn labels(&self) -> Option<Labels> {
        let (zh, en) = (self.need_text("zh"), self.need_text("en"));
        for label in [&zh, &en].into_iter().flatten() {
            if label.value.chars().count() > MAX_LABEL_CHARS {
                let message = format!("label is longer than {MAX_LABEL_CHARS} characters");
                self.file.sink.push(&label.place, message, None);
            }
        }
        Some(Labels {
            zh: zh?.value,
            en: en?.value,
        })
    }

    pub(crate) fn wrong(&self, key: &str, value: &Spanned<DeValue<'_>>, wanted: &str) {
        let found = value.get_ref().type_str();
        let message = format!("`{key}` must be {wanted}, found {found}");
        self.file.error(&value.span(), message, None);
    }

    /// Reports every key that nobody asked for.
    pub(crate) fn finish(self) {
        let known = self.asked.into_inner();
        for key in self.keys.keys() {
            let name = key.get_ref().as_ref();
            if !known.contains(&name) {
                let near = nearest(name, known.iter().copied());
                let help = near.map(|near| format!("did you mean `{near}`?"));
                let message = format!("unknown key `{}`", clip(name));
                self.file.sink.push(&at_key(self.file, key), message, help);
            }
        }
    }
}

fn at_key(file: &File<'_>, key: &Spanned<toml::de::DeString<'_>>) -> Place {
    file.place(&key.span())
}

pub(crate) fn text_of(
    file: &File<'_>,
    key: &str,
    value: &Spanned<DeValue<'_>>,
) -> Option<At<String>> {
    let place = file.place(&value.span());
    let Some(text) = value.get_ref().as_str() else {
        let found = value.get_ref().type_str();
        file.sink.push(
            &place,
            format!("`{key}` must be a text, found {found}"),
            None,
        );
        return None;
    };
    Some(At {
        value: text.to_owned(),
        place,
    })
}

pub(crate) fn integer(value: &DeValue<'_>) -> Option<i64> {
    let number = value.as_integer()?;
    i64::from_str_radix(number.as_str(), number.radix()).ok()
}

//! What narrows a list.

use rusqlite::types::Value;

use crate::error::{Error, Result};

/// The code of a grid or an area, as somebody gave it.
pub(crate) fn area_code(code: &str) -> Result<&str> {
    if code.len() > 15 || code.is_empty() || !code.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Error::invalid("grid", "the code of a grid or area"));
    }
    Ok(code)
}

/// Conditions of an SQL list, with their values.
#[derive(Clone, Debug, Default)]
pub struct Where {
    sql: String,
    /// The values, in the order of their question marks.
    pub(crate) values: Vec<Value>,
}

impl Where {
    /// All of these.
    pub(crate) fn sql(&self) -> &str {
        if self.sql.is_empty() { "1" } else { &self.sql }
    }

    /// A condition without values.
    pub(crate) fn fixed(&mut self, condition: &str) {
        if !self.sql.is_empty() {
            self.sql.push_str(" AND ");
        }
        self.sql.push_str(condition);
    }

    /// A condition with one value where it says `?`.
    pub(crate) fn with(&mut self, condition: &str, value: impl Into<Value>) {
        self.fixed(condition);
        self.values.push(value.into());
    }

    /// A condition with some values where it says `?`.
    pub(crate) fn with_all(&mut self, condition: &str, values: impl IntoIterator<Item = Value>) {
        self.fixed(condition);
        self.values.extend(values);
    }

    /// The same as [`Self::with`], if there is a value.
    pub(crate) fn maybe<T: Into<Value>>(&mut self, condition: &str, value: Option<T>) {
        if let Some(value) = value {
            self.with(condition, value);
        }
    }

    /// One of these at least.
    pub(crate) fn any(&mut self, ways: Vec<Self>) {
        let sql: Vec<&str> = ways.iter().map(Self::sql).collect();
        self.fixed(&format!("(({}))", sql.join(") OR (")));
        self.values
            .extend(ways.into_iter().flat_map(|way| way.values));
    }

    /// That `column` lies in one of the areas.
    pub(crate) fn areas(&mut self, column: &str, areas: &[String]) {
        let one = format!("({column} >= ? AND {column} < ?)");
        let any = vec![one; areas.len()].join(" OR ");
        self.fixed(&if areas.is_empty() {
            "0".to_owned()
        } else {
            format!("({any})")
        });
        for area in areas {
            self.values.push(area.clone().into());
            // Codes are digits; a colon comes right behind them.
            self.values.push(format!("{area}:").into());
        }
    }

    /// That `column` lies in the grid or area that was asked for.
    pub(crate) fn grid(&mut self, column: &str, code: Option<&str>) -> Result<()> {
        let Some(code) = code else { return Ok(()) };
        self.areas(column, &[area_code(code)?.to_owned()]);
        Ok(())
    }

    /// That a text is part of one of the columns, whatever the case.
    pub(crate) fn text(&mut self, columns: &[&str], text: Option<&str>) -> Result<()> {
        let Some(text) = text.map(str::trim) else {
            return Ok(());
        };
        if text.is_empty() || text.chars().count() > 80 {
            return Err(Error::invalid("text", "1 to 80 characters"));
        }
        let one = |column: &&str| format!("instr(lower({column}), ?) > 0");
        let any: Vec<String> = columns.iter().map(one).collect();
        let values = columns.iter().map(|_| text.to_lowercase().into());
        self.with_all(&format!("({})", any.join(" OR ")), values);
        Ok(())
    }
}

//! What narrows a list: the asker's areas and office, filters, a cursor.

use rusqlite::types::Value;
use schemas::access::Role;
use serde::Serialize;

use crate::{
    cases::{
        store::{CASE, CaseRow},
        table::{CENTRE, ECONOMICS},
    },
    error::{Error, Result},
    identity::Principal,
};

/// Rows of a page at most.
pub(super) const LIMIT_MAX: usize = 200;
const LIMIT_USUAL: usize = 50;

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Page<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// Where the next page begins: its `after`.
    pub next: Option<String>,
    /// How many rows there are on all pages; said on the first.
    pub total: Option<u64>,
}

/// How many rows to give.
pub(super) fn limit(asked: Option<usize>) -> Result<usize> {
    let rows = asked.unwrap_or(LIMIT_USUAL);
    let allowed = (1..=LIMIT_MAX).contains(&rows);
    allowed
        .then_some(rows)
        .ok_or(Error::invalid("limit", "1 to 200 rows"))
}

/// Conditions of an SQL list, with their values.
#[derive(Default)]
pub(super) struct Where {
    sql: String,
    pub(super) values: Vec<Value>,
}

impl Where {
    /// All of these.
    pub(super) fn sql(&self) -> &str {
        if self.sql.is_empty() { "1" } else { &self.sql }
    }

    /// A condition without values.
    pub(super) fn fixed(&mut self, condition: &str) {
        if !self.sql.is_empty() {
            self.sql.push_str(" AND ");
        }
        self.sql.push_str(condition);
    }

    /// A condition with one value where it says `?`.
    pub(super) fn with(&mut self, condition: &str, value: impl Into<Value>) {
        self.fixed(condition);
        self.values.push(value.into());
    }

    /// A condition with some values where it says `?`.
    pub(super) fn with_all(&mut self, condition: &str, values: impl IntoIterator<Item = Value>) {
        self.fixed(condition);
        self.values.extend(values);
    }

    /// The same as [`Self::with`], if there is a value.
    pub(super) fn maybe(&mut self, condition: &str, value: Option<&String>) {
        if let Some(value) = value {
            self.with(condition, value.clone());
        }
    }

    /// That `column` lies in one of the areas.
    pub(super) fn areas(&mut self, column: &str, areas: &[String]) {
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
}

/// An error unless the person may know of the case: as if it were not there.
pub(in crate::cases) fn need_case(who: &Principal, case: &CaseRow) -> Result<()> {
    who.need_area(&case.grid, CASE)?;
    let office = who.office.as_deref().unwrap_or_default();
    let known = match who.role {
        Role::Supervisor => true,
        role if role.is_office() => {
            [case.office.as_str(), case.case.lead(), CENTRE].contains(&office)
        }
        _ => false,
    };
    known.then_some(()).ok_or(Error::NotFound(CASE))
}

/// The same for a list.
pub(super) fn scope(who: &Principal) -> Where {
    let mut list = Where::default();
    list.areas("grid", &who.areas);
    let office = who.office.clone().unwrap_or_default();
    match who.role {
        Role::Supervisor => {}
        role if role.is_office() && office == CENTRE => {}
        role if role.is_office() && office == ECONOMICS => {
            list.with("(office = ? OR type = 'business')", office);
        }
        role if role.is_office() => list.with("office = ?", office),
        _ => list.fixed("0"),
    }
    list
}

//! A row of the file as what it wants of a record.

use std::collections::{BTreeMap, HashSet};

use schemas::{EntryId, Kind, Name, RegisterKey, Scalar, SchemaSet, area::Level};
use sync_core::{RecordId, Sha256};

use super::{
    convert,
    error::{Reason, Rejected},
    map::{FieldRule, From, GridRule, Map, fold},
    table::{CELL_ERROR, Row, Table},
};

/// What a row says of its record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The row's number in the file.
    pub row: u64,
    /// The record.
    pub id: RecordId,
    /// The grid.
    pub grid: String,
    /// Every register that the map fills; null where the file has nothing.
    pub values: BTreeMap<RegisterKey, Scalar>,
    /// Registers among them that the map fills with a constant: the file does not speak of them.
    pub constant: HashSet<RegisterKey>,
    /// Required fields that the map does not fill: they keep a new record from being made.
    pub lacks: Vec<String>,
}

/// A file's rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    /// Rows that are right.
    pub wanted: Vec<Wanted>,
    /// What is wrong with the others.
    pub rejected: Vec<Rejected>,
    /// Values of lenient fields that did not pass: the rows go on without them.
    pub passed_over: Vec<Rejected>,
    /// Every record that a row names, also of rows that are wrong in something else.
    pub named: HashSet<RecordId>,
}

/// Every row, as far as it is right, and what is wrong with the others.
pub fn read_rows(table: &Table, map: &Map, schemas: &SchemaSet) -> Rows {
    let mut rows = Rows::default();
    let Some(kind) = schemas.kind(&map.kind) else {
        return rows;
    };
    let reading = Reading {
        table,
        map,
        schemas,
        kind,
    };
    for row in &table.rows {
        let id = match reading.id(row) {
            Ok(id) => id,
            Err(fault) => {
                rows.rejected.push(fault);
                continue;
            }
        };
        if !rows.named.insert(id) {
            let key = map.key.join(" + ");
            rows.rejected.push(Reading::at(row, &key, Reason::Twice));
            continue;
        }
        match reading.row(row, id, &mut rows.passed_over) {
            Ok(one) => rows.wanted.push(one),
            Err(faults) => rows.rejected.extend(faults),
        }
    }
    rows
}

struct Reading<'a> {
    table: &'a Table,
    map: &'a Map,
    schemas: &'a SchemaSet,
    kind: &'a Kind,
}

impl Reading<'_> {
    fn at(row: &Row, column: &str, reason: Reason) -> Rejected {
        Rejected {
            row: row.number,
            column: column.to_owned(),
            reason,
        }
    }

    fn cell<'r>(&self, row: &'r Row, column: &str) -> &'r str {
        let at = self.table.column(column);
        at.and_then(|at| row.cells.get(at))
            .map_or("", |cell| cell.trim())
    }

    /// The record that a row names.
    fn id(&self, row: &Row) -> Result<RecordId, Rejected> {
        if row.cells.len() != self.table.headers.len() {
            return Err(Self::at(row, "", Reason::Cells));
        }
        let mut key = Vec::with_capacity(self.map.key.len());
        for column in &self.map.key {
            match self.cell(row, column) {
                "" | CELL_ERROR => return Err(Self::at(row, column, Reason::NoKey)),
                text => key.push(convert::line(text)),
            }
        }
        // A unit separator stands in no cell: ("ab", "c") is not ("a", "bc").
        Ok(RecordId::derived(&self.map.source, &key.join("\u{1F}")))
    }

    fn row(
        &self,
        row: &Row,
        id: RecordId,
        passed_over: &mut Vec<Rejected>,
    ) -> Result<Wanted, Vec<Rejected>> {
        let mut faults = Vec::new();
        let grid = self.grid(row).unwrap_or_else(|fault| {
            faults.push(fault);
            String::new()
        });
        let mut wanted = Wanted {
            row: row.number,
            id,
            grid,
            values: BTreeMap::new(),
            constant: HashSet::new(),
            lacks: Vec::new(),
        };
        for rule in &self.map.fields {
            let Some(key) = register(rule, &id) else {
                continue;
            };
            match self.value(row, rule) {
                Ok(value) => {
                    if matches!(rule.from, From::Constant(_)) {
                        wanted.constant.insert(key.clone());
                    }
                    wanted.values.insert(key, value);
                }
                Err(fault) if rule.lenient => passed_over.push(fault),
                Err(fault) => faults.push(fault),
            }
        }
        if faults.is_empty() {
            empty_entries(&mut wanted);
            self.required(row, &mut wanted, &mut faults);
        }
        if faults.is_empty() {
            Ok(wanted)
        } else {
            Err(faults)
        }
    }

    fn grid(&self, row: &Row) -> Result<String, Rejected> {
        let (column, codes) = match &self.map.grid {
            GridRule::Fixed(code) => return Ok(code.clone()),
            GridRule::Column { column, codes } => (column, codes),
        };
        let text = self.cell(row, column);
        let code = codes.get(&fold(text)).map_or(text, String::as_str);
        let area = self.schemas.area(code);
        area.filter(|area| area.level == Level::Grid)
            .map(|area| area.code.clone())
            .ok_or_else(|| Self::at(row, column, Reason::NoGrid))
    }

    fn value(&self, row: &Row, rule: &FieldRule) -> Result<Scalar, Rejected> {
        let Some(field) = self.kind.field(&rule.path) else {
            return Ok(Scalar::Null);
        };
        let (text, column) = match &rule.from {
            From::Constant(text) => (text.clone(), rule.path.to_string()),
            From::Point { lat, lon, shift } => return self.point(row, rule, [lat, lon], *shift),
            From::Columns { names, join } => {
                let cells: Vec<&str> = names
                    .iter()
                    .map(|name| self.cell(row, name))
                    .filter(|cell| !cell.is_empty())
                    .collect();
                if cells.contains(&CELL_ERROR) {
                    return Err(Self::at(row, &names.join(" + "), Reason::SheetError));
                }
                (cells.join(join), names.join(" + "))
            }
        };
        let text = if text.is_empty() {
            match &rule.default {
                Some(default) => default.as_str(),
                None => return Ok(Scalar::Null),
            }
        } else {
            match (rule.codes.get(&fold(&text)), &rule.other) {
                (Some(code), _) => code,
                (None, Some(other)) => other,
                (None, None) => &text,
            }
        };
        convert::scalar(field, text, &rule.dates).map_err(|reason| {
            let unknown = reason == Reason::Value(schemas::ValueError::UnknownCode);
            let reason = if unknown { Reason::NoCode } else { reason };
            Self::at(row, &column, reason)
        })
    }

    fn point(
        &self,
        row: &Row,
        rule: &FieldRule,
        [lat, lon]: [&String; 2],
        shift: [f64; 2],
    ) -> Result<Scalar, Rejected> {
        let value = match (self.cell(row, lat), self.cell(row, lon)) {
            ("", "") => Ok(Scalar::Null),
            ("", _) | (_, "") => Err(Reason::HalfAPoint),
            (lat, lon) => convert::point(lat, lon, shift),
        };
        let check = |value: &Scalar| self.kind.check_value(&rule.path, value);
        value
            .and_then(|value| check(&value).map(|()| value).map_err(Reason::from))
            .map_err(|reason| Self::at(row, &format!("{lat} + {lon}"), reason))
    }

    /// Required fields: those of the map must be filled, the others are noted.
    fn required(&self, row: &Row, wanted: &mut Wanted, faults: &mut Vec<Rejected>) {
        let values: BTreeMap<RegisterKey, Vec<Scalar>> = present(&wanted.values);
        for key in self.kind.required_missing(&values, None) {
            if wanted.values.contains_key(&key) {
                faults.push(Self::at(row, &self.column_of(&key), Reason::Required));
            } else {
                wanted.lacks.push(key.to_string());
            }
        }
    }

    /// The column that fills a register, for people.
    fn column_of(&self, key: &RegisterKey) -> String {
        let path = key.path();
        let rule = self
            .map
            .fields
            .iter()
            .find(|rule| Some(&rule.path) == path.as_ref());
        match rule.map(|rule| &rule.from) {
            Some(From::Columns { names, .. }) => names.join(" + "),
            _ => key.to_string(),
        }
    }
}

/// An entry of which the file says nothing but constants is none: clears those.
fn empty_entries(wanted: &mut Wanted) {
    let entry_of = |key: &RegisterKey| key.entry().map(|(group, id)| (group.clone(), id));
    let mut spoken: BTreeMap<_, bool> = BTreeMap::new();
    for (key, value) in &wanted.values {
        if let Some(entry) = entry_of(key)
            && !wanted.constant.contains(key)
        {
            *spoken.entry(entry).or_default() |= !value.is_null();
        }
    }
    for (key, value) in &mut wanted.values {
        let entry = entry_of(key);
        if entry.is_some_and(|entry| spoken.get(&entry) == Some(&false)) {
            *value = Scalar::Null;
        }
    }
}

/// The values with the entries that hold something, as a new record would have them.
fn present(values: &BTreeMap<RegisterKey, Scalar>) -> BTreeMap<RegisterKey, Vec<Scalar>> {
    let mut present = BTreeMap::new();
    for (key, value) in values.iter().filter(|(_, value)| !value.is_null()) {
        if let Some((group, id)) = key.entry() {
            let entry = RegisterKey::Entry {
                group: group.clone(),
                id,
            };
            present.insert(entry, vec![Scalar::Int(0)]);
        }
        present.insert(key.clone(), vec![value.clone()]);
    }
    present
}

/// The register that a rule fills in a record; entries have the same id in every run.
fn register(rule: &FieldRule, record: &RecordId) -> Option<RegisterKey> {
    let entry = rule.entry.as_ref().and_then(|name| Name::parse(name).ok());
    let entry = entry.map(|name| entry_id(record, &name));
    RegisterKey::of(&rule.path, entry, rule.code.clone())
}

fn entry_id(record: &RecordId, name: &Name) -> EntryId {
    let mut input = record.0.to_vec();
    input.extend_from_slice(name.as_str().as_bytes());
    let mut id = [0; 8];
    id.iter_mut()
        .zip(Sha256::of(&input).0)
        .for_each(|(to, from)| *to = from);
    EntryId(id)
}

#[cfg(test)]
#[path = "row_tests.rs"]
mod tests;

//! The column map: which column is which field of which kind.

use std::collections::{BTreeMap, BTreeSet};

use schemas::{Code, Field, FieldPath, FieldType, Kind, Name, SchemaSet, area::Level};

use super::{
    convert,
    error::{ImportError, map_error},
    map_file::{FieldFile, GridFile, MapFile},
};

/// A column map, checked against the schemas.
#[derive(Clone, Debug)]
pub struct Map {
    pub(super) source: String,
    pub(super) kind: String,
    pub(super) key: Vec<String>,
    pub(super) grid: GridRule,
    pub(super) sheet: Option<String>,
    pub(super) delimiter: u8,
    pub(super) fields: Vec<FieldRule>,
}

#[derive(Clone, Debug)]
pub(super) enum GridRule {
    Fixed(String),
    Column {
        column: String,
        codes: BTreeMap<String, String>,
    },
}

/// How one field is filled.
#[derive(Clone, Debug)]
pub(super) struct FieldRule {
    pub(super) path: FieldPath,
    /// The entry's name, for a field of a group.
    pub(super) entry: Option<String>,
    /// The code, for one register of a choices field.
    pub(super) code: Option<Code>,
    pub(super) from: From,
    /// What an empty cell means.
    pub(super) default: Option<String>,
    /// What the file's words mean, by folded text.
    pub(super) codes: BTreeMap<String, String>,
    /// What every other word means.
    pub(super) other: Option<String>,
    /// Whether a value that does not pass is passed over, instead of the row.
    pub(super) lenient: bool,
    /// Formats of dates, tried in this order; none is ISO 8601.
    pub(super) dates: Vec<String>,
}

#[derive(Clone, Debug)]
pub(super) enum From {
    Columns {
        names: Vec<String>,
        join: String,
    },
    Point {
        lat: String,
        lon: String,
        shift: [f64; 2],
    },
    Constant(String),
}

impl From {
    /// Columns that must be in the file.
    fn columns(&self) -> Vec<&str> {
        match self {
            Self::Columns { names, .. } => names.iter().map(String::as_str).collect(),
            Self::Point { lat, lon, .. } => vec![lat, lon],
            Self::Constant(_) => Vec::new(),
        }
    }
}

impl Map {
    /// Reads a map and checks it against the schemas.
    pub fn parse(text: &str, schemas: &SchemaSet) -> Result<Self, ImportError> {
        let file: MapFile =
            toml::from_str(text).map_err(|error| ImportError::Map(error.to_string()))?;
        if file.source.trim().is_empty() {
            return Err(map_error("source", "empty"));
        }
        let kind = kind_of(&file.kind, schemas)?;
        let key = file.key.into_vec();
        if key.is_empty() {
            return Err(map_error("key", "names no column"));
        }
        let fields: Vec<FieldRule> = file
            .field
            .into_iter()
            .map(|field| field_rule(field, kind))
            .collect::<Result<_, _>>()?;
        let mut seen = BTreeSet::new();
        for rule in &fields {
            if !seen.insert((&rule.path, &rule.entry, &rule.code)) {
                return Err(map_error(&rule.path.to_string(), "filled twice"));
            }
        }
        Ok(Self {
            source: file.source,
            kind: file.kind,
            key,
            grid: grid_rule(file.grid, schemas)?,
            sheet: file.sheet,
            delimiter: delimiter(file.delimiter)?,
            fields,
        })
    }

    /// The register's name: with the key it makes the records' ids.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The kind of the records.
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// Every column that the file must have.
    pub(super) fn columns(&self) -> Vec<&str> {
        let grid = match &self.grid {
            GridRule::Fixed(_) => None,
            GridRule::Column { column, .. } => Some(column.as_str()),
        };
        let key = self.key.iter().map(String::as_str);
        let fields = self.fields.iter().flat_map(|field| field.from.columns());
        key.chain(grid).chain(fields).collect()
    }
}

fn delimiter(given: Option<char>) -> Result<u8, ImportError> {
    let given = given.unwrap_or(',');
    u8::try_from(given)
        .ok()
        .filter(u8::is_ascii)
        .ok_or_else(|| map_error("delimiter", "not an ASCII character"))
}

fn kind_of<'a>(name: &str, schemas: &'a SchemaSet) -> Result<&'a Kind, ImportError> {
    let kind = schemas
        .kind(name)
        .ok_or_else(|| map_error("kind", "no such kind"))?;
    if kind.personal() {
        // What an import said is kept beside the records in clear, so that it can be compared.
        return Err(map_error("kind", "personal kinds are not imported"));
    }
    if kind.follows().is_some() {
        return Err(map_error("kind", "its records have no grid of their own"));
    }
    Ok(kind)
}

fn grid_rule(file: GridFile, schemas: &SchemaSet) -> Result<GridRule, ImportError> {
    let known = |code: &str| {
        let area = schemas.area(code);
        area.is_some_and(|area| area.level == Level::Grid)
    };
    match file {
        GridFile::Fixed(code) if known(&code) => Ok(GridRule::Fixed(code)),
        GridFile::Fixed(_) => Err(map_error("grid", "no such grid")),
        GridFile::Column(grid) => {
            if let Some(unknown) = grid.codes.values().find(|code| !known(code)) {
                return Err(map_error("grid.codes", &format!("no grid {unknown}")));
            }
            let codes = grid.codes.into_iter();
            Ok(GridRule::Column {
                column: grid.column,
                codes: codes.map(|(word, code)| (fold(&word), code)).collect(),
            })
        }
    }
}

fn field_rule(file: FieldFile, kind: &Kind) -> Result<FieldRule, ImportError> {
    let at = file.to.clone();
    let wrong = |reason: &str| map_error(&at, reason);
    let (name, code) = match file.to.split_once('#') {
        None => (file.to.as_str(), None),
        Some((name, code)) => (
            name,
            Some(Code::parse(code).map_err(|_| wrong("bad code"))?),
        ),
    };
    let path = FieldPath::parse(name).map_err(|_| wrong("not a field's name"))?;
    let field = kind
        .field(&path)
        .ok_or_else(|| wrong("the kind has no such field"))?;
    usable(field, code.as_ref()).map_err(wrong)?;
    if file.lenient && field.required {
        return Err(wrong("a required field is not lenient"));
    }
    if path.group.is_some() != file.entry.is_some() {
        return Err(wrong("a field of a group needs `entry`, no other has one"));
    }
    if let Some(entry) = &file.entry {
        Name::parse(entry).map_err(|_| wrong("`entry` is not a name"))?;
    }
    let codes: BTreeMap<String, String> = file
        .codes
        .into_iter()
        .map(|(word, code)| (fold(&word), code))
        .collect();
    let dates = file.date.map(super::map_file::OneOrMany::into_vec);
    let rule = FieldRule {
        from: match (file.column, file.lat, file.lon, file.constant) {
            (Some(columns), None, None, None) => From::Columns {
                names: columns.into_vec(),
                join: file.join.unwrap_or_else(|| " ".to_owned()),
            },
            (None, Some(lat), Some(lon), None) if field.ty == FieldType::Point => From::Point {
                lat,
                lon,
                shift: file.shift.unwrap_or_default(),
            },
            (None, None, None, Some(constant)) => From::Constant(constant.into_text()),
            _ => return Err(wrong("one of column, lat with lon, or constant")),
        },
        entry: file.entry,
        default: file.default,
        other: file.other,
        lenient: file.lenient,
        dates: dates.unwrap_or_default(),
        path,
        code,
        codes,
    };
    let constant = match &rule.from {
        From::Constant(text) => Some(text),
        _ => None,
    };
    let words = rule.codes.values().chain(&rule.other).chain(&rule.default);
    for word in words.chain(constant) {
        convert::scalar(field, word, &rule.dates)
            .map_err(|reason| wrong(&format!("{word}: {reason}")))?;
    }
    Ok(rule)
}

fn usable(field: &Field, code: Option<&Code>) -> Result<(), &'static str> {
    if field.retired {
        return Err("retired");
    }
    match (&field.ty, code) {
        (FieldType::Photo, _) => Err("photos are not imported"),
        (FieldType::Choices { .. }, None) => Err("name the code: field#code"),
        (FieldType::Choices { .. }, Some(code)) => {
            let list = field.code_list();
            let known = list.is_some_and(|list| list.get(code.as_str()).is_some());
            known.then_some(()).ok_or("no such code")
        }
        (_, Some(_)) => Err("only fields of several choices have a code"),
        (_, None) => Ok(()),
    }
}

/// A word as map and file are compared: without case and outer or double blanks.
pub(super) fn fold(text: &str) -> String {
    convert::line(text).to_lowercase()
}

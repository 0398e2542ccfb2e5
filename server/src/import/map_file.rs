//! A column map as it stands in its TOML file.

use std::collections::BTreeMap;

use serde::Deserialize;

/// The whole file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MapFile {
    pub(super) source: String,
    #[serde(default = "shop")]
    pub(super) kind: String,
    pub(super) key: OneOrMany,
    pub(super) grid: GridFile,
    pub(super) sheet: Option<String>,
    pub(super) delimiter: Option<char>,
    #[serde(default)]
    pub(super) field: Vec<FieldFile>,
}

fn shop() -> String {
    "shop".to_owned()
}

/// One column or several.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl OneOrMany {
    pub(super) fn into_vec(self) -> Vec<String> {
        match self {
            Self::One(one) => vec![one],
            Self::Many(many) => many,
        }
    }
}

/// Where a row's grid comes from.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum GridFile {
    Fixed(String),
    Column(GridColumn),
}

/// A column that names the grid.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GridColumn {
    pub(super) column: String,
    #[serde(default)]
    pub(super) codes: BTreeMap<String, String>,
}

/// One `[[field]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FieldFile {
    pub(super) to: String,
    pub(super) entry: Option<String>,
    pub(super) column: Option<OneOrMany>,
    pub(super) join: Option<String>,
    pub(super) lat: Option<String>,
    pub(super) lon: Option<String>,
    pub(super) shift: Option<[f64; 2]>,
    pub(super) constant: Option<ConstantFile>,
    #[serde(default)]
    pub(super) codes: BTreeMap<String, String>,
    pub(super) other: Option<String>,
    pub(super) default: Option<String>,
    pub(super) date: Option<OneOrMany>,
    #[serde(default)]
    pub(super) lenient: bool,
}

/// A constant, as it is easiest to write.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum ConstantFile {
    Flag(bool),
    Number(i64),
    Text(String),
}

impl ConstantFile {
    pub(super) fn into_text(self) -> String {
        match self {
            Self::Flag(flag) => flag.to_string(),
            Self::Number(number) => number.to_string(),
            Self::Text(text) => text,
        }
    }
}

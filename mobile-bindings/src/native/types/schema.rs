//! Kinds, code lists and finding classes, of which forms are made.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::Words;

/// Everything that forms and pickers need.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, uniffi::Record)]
pub struct SchemaDef {
    /// The version.
    pub version: u32,
    /// Kinds of records.
    pub kinds: Vec<KindDef>,
    /// Code lists, by name.
    pub codes: HashMap<String, CodeList>,
    /// Classes of findings.
    pub finding_classes: Vec<FindingClass>,
}

/// A kind of record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, uniffi::Record)]
pub struct KindDef {
    /// Its name.
    pub name: String,
    /// What people read for it.
    pub words: Words,
    /// Whether it holds personal data.
    pub personal: bool,
    /// The field by which it belongs to another record.
    pub follows: Option<String>,
    /// Whether this person may make one.
    pub may_create: bool,
    /// Whether this person may delete one.
    pub may_delete: bool,
    /// Its fields, in the form's order.
    pub fields: Vec<FieldDef>,
    /// Its groups.
    pub groups: Vec<GroupDef>,
}

/// A group of fields, of which a record has entries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, uniffi::Record)]
pub struct GroupDef {
    /// Its name.
    pub name: String,
    /// What people read for it.
    pub words: Words,
}

/// How a field is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, uniffi::Enum)]
#[serde(rename_all = "kebab-case")]
pub enum FieldType {
    /// A line of text.
    Text,
    /// Lines of text.
    Remark,
    /// A whole number.
    Integer,
    /// A number with decimals.
    Decimal,
    /// Yes or no.
    Flag,
    /// A day.
    Date,
    /// A moment.
    Time,
    /// One of a list of codes.
    Choice,
    /// Several of a list of codes, one register each.
    Choices,
    /// A telephone number.
    Phone,
    /// An identity card's number.
    IdCard,
    /// A unified social credit code.
    Uscc,
    /// Digits alone.
    Digits,
    /// A place.
    Point,
    /// A photo, by its SHA-256.
    Photo,
    /// Another record.
    Ref,
}

/// A field of a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, uniffi::Record)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent facts of a field"
)]
pub struct FieldDef {
    /// Its name.
    pub name: String,
    /// The group it stands in.
    pub group: Option<String>,
    /// What people read for it.
    pub words: Words,
    /// How it is asked for.
    #[serde(rename = "type")]
    pub field_type: FieldType,
    /// The list of its codes.
    pub codes: Option<String>,
    /// The kind that a reference names.
    pub kind: Option<String>,
    /// Whether it must be filled in.
    pub required: bool,
    /// Whether it is filled in by itself, and never asked.
    pub automatic: bool,
    /// Whether this person may write it.
    pub writable: bool,
    /// Whether it is personal.
    pub personal: bool,
    /// Most characters.
    pub max_len: Option<u32>,
    /// The least number.
    pub min: Option<i64>,
    /// The greatest number.
    pub max: Option<i64>,
}

/// A list of codes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, uniffi::Record)]
pub struct CodeList {
    /// What people read for it.
    pub words: Words,
    /// Its codes.
    pub codes: Vec<CodeDef>,
}

/// A code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, uniffi::Record)]
pub struct CodeDef {
    /// The code.
    pub code: String,
    /// What people read for it.
    pub words: Words,
    /// The code above it.
    pub parent: Option<String>,
    /// Whether it may be chosen.
    pub offered: bool,
}

/// A class of findings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, uniffi::Record)]
pub struct FindingClass {
    /// Its code.
    pub code: String,
    /// What people read for it.
    pub words: Words,
    /// The offices that handle it.
    pub handlers: Vec<Words>,
    /// Whether it may be chosen.
    pub offered: bool,
}

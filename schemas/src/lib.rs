//! Gridbook's kinds, code lists, offices and dispatch rules as data.
//!
//! The TOML and CSV files beside this crate's sources say what a record holds, who may read and
//! write it, and which office learns of a change. [`SchemaSet::parse`] reads and checks them;
//! everything else here evaluates them, as pure functions of a record's visible values.

pub mod access;
pub mod area;
pub mod builtin;
pub mod calendar;
pub mod checks;
pub mod class;
pub mod code;
pub mod condition;
pub mod derive;
pub mod diff;
pub mod entry;
pub mod error;
pub mod field;
pub mod hex;
pub mod json;
pub mod kind;
pub mod limits;
pub mod office;
pub mod path;
pub mod place;
pub mod rule;
pub mod text;
pub mod value;
pub mod values;

mod consistency;
mod parse;
mod set;

pub use access::{Access, Author, Grant, Role};
pub use checks::ValueError;
pub use class::FindingClass;
pub use code::CodeList;
pub use diff::{Change, Refusal, diff};
pub use error::SchemaError;
pub use field::{Field, FieldType};
pub use kind::Kind;
pub use path::{Code, EntryId, FieldPath, Name, PathError, RegisterKey};
pub use rule::{NewValue, Rule, Rules};
pub use set::{SchemaSet, SourceFile};
pub use text::{Labels, Lang};
pub use value::Scalar;
pub use values::Values;

//! What offices type into systems of their own: which fields, in which order, under which heading.

use crate::path::FieldPath;
use crate::place::Origin;
use crate::text::Labels;

/// How an office types records of one kind into another system.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EntryForm {
    /// The office.
    pub office: String,
    /// The kind of record.
    pub kind: String,
    /// What people call the other system.
    pub labels: Labels,
    /// Its fields, in its order.
    pub fields: Vec<EntryField>,
    /// Where it is declared.
    pub place: Origin,
}

/// A field of the other system.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EntryField {
    /// Our field that goes there.
    pub path: FieldPath,
    /// The other system's heading.
    pub labels: Labels,
}

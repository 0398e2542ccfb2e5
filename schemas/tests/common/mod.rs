//! What the tests of the built-in schema share.

#![allow(
    dead_code,
    unreachable_pub,
    reason = "each test file uses a part of it"
)]
#![allow(clippy::unwrap_used, reason = "helpers of tests may fail the test")]

use std::collections::BTreeMap;

use schemas::access::{Author, Role};
use schemas::path::{FieldPath, RegisterKey};
use schemas::{Scalar, SchemaSet};

/// A record as a plain map.
pub type Record = BTreeMap<RegisterKey, Vec<Scalar>>;

/// The schema that comes with the program.
pub fn builtin() -> SchemaSet {
    SchemaSet::builtin().unwrap()
}

/// A field path.
pub fn path(text: &str) -> FieldPath {
    FieldPath::parse(text).unwrap()
}

/// A register key.
pub fn key(text: &str) -> RegisterKey {
    RegisterKey::parse(text).unwrap()
}

/// A record of these registers.
pub fn record(values: &[(&str, Scalar)]) -> Record {
    values
        .iter()
        .map(|(register, value)| (key(register), vec![value.clone()]))
        .collect()
}

/// A clerk of this office.
pub fn clerk(office: &str) -> Author {
    Author::of_office(Role::OfficeClerk, office)
}

//! A record in a list that is not of shops.

use schemas::{FieldPath, path::Name};

use super::{Row, Value, tally::Round};
use crate::fieldbook::{Fieldbook, Listed};

impl Fieldbook {
    pub(super) fn row(&self, listed: &Listed, round: &Round) -> Row {
        let kind = self.schemas.kind(&listed.kind);
        let facts = listed.facts.iter().map(|(name, value)| {
            let path = Name::parse(name).ok().map(FieldPath::root);
            let field = kind.zip(path).and_then(|(kind, path)| kind.field(&path));
            (name.to_owned(), Value::of(field, value))
        });
        Row {
            id: listed.record,
            kind: listed.kind.clone(),
            title: self.title(listed),
            facts: facts.collect(),
            touched_ms: listed.touched_ms,
            conflicts: listed.conflicts,
            pending: round.is_pending(&listed.record),
        }
    }
}

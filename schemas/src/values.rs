//! How this crate reads a record: through a trait, so that it never sees the record's bytes.

use std::collections::{BTreeMap, BTreeSet};

use crate::path::{EntryId, RegisterKey};
use crate::value::Scalar;

/// The visible values of one record.
pub trait Values {
    /// All visible values of a register: empty if it was never written, several in a conflict.
    fn values(&self, key: &RegisterKey) -> Vec<Scalar>;

    /// The entries of `group` that are present, in the order in which they are shown.
    fn entries(&self, group: &str) -> Vec<EntryId>;
}

impl Values for BTreeMap<RegisterKey, Vec<Scalar>> {
    fn values(&self, key: &RegisterKey) -> Vec<Scalar> {
        self.get(key).cloned().unwrap_or_default()
    }

    fn entries(&self, group: &str) -> Vec<EntryId> {
        let present = self.iter().filter_map(|(key, values)| match key {
            RegisterKey::Entry { group: g, id } if g.as_str() == group => {
                values.iter().any(|value| !value.is_null()).then_some(*id)
            }
            _ => None,
        });
        present.collect::<BTreeSet<_>>().into_iter().collect()
    }
}

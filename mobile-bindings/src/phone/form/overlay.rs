//! A record as it would stand with what was typed.

use schemas::{EntryId, RegisterKey, Scalar, Values};
use sync_core::record::View;

use super::typed::Typed;

/// What was typed over what is stored.
pub(super) struct Overlay<'a> {
    pub(super) typed: &'a Typed,
    pub(super) stored: Option<&'a View>,
}

impl Overlay<'_> {
    /// The value that a form shows for a register.
    pub(super) fn shown(&self, key: &RegisterKey) -> Scalar {
        self.values(key).into_iter().next().unwrap_or_default()
    }
}

impl Values for Overlay<'_> {
    fn values(&self, key: &RegisterKey) -> Vec<Scalar> {
        match (self.typed.values.get(key), self.stored) {
            (Some(value), _) => vec![value.clone()],
            (None, Some(stored)) => Values::values(stored, key),
            (None, None) => Vec::new(),
        }
    }

    fn entries(&self, group: &str) -> Vec<EntryId> {
        let stored = self.stored.map(|view| Values::entries(view, group));
        let mut entries = stored.unwrap_or_default();
        entries.retain(|id| {
            let gone =
                |(name, known): &(schemas::Name, EntryId)| name.as_str() == group && known == id;
            !self.typed.removed.iter().any(gone)
        });
        let added = self.typed.added.iter();
        let added = added.filter(|(name, _)| name.as_str() == group);
        entries.extend(added.map(|(_, id)| *id));
        entries
    }
}

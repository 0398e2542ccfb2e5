//! A street that does not exist, from a seed: shops, their people, and what changes in a day.
//!
//! Names, doors, numbers and times vary as real ones do, so that what is measured on them (bytes
//! after deflation above all) is honest. Identity numbers and credit codes have right check
//! characters and belong to nobody.

mod forms;
mod ground;
mod numbers;
mod people;
mod shops;

pub use forms::{Person, shop_edit};
pub use ground::{in_grid, outline};
pub use people::{finding, party, party_as, resident, visit, worker};
pub use shops::{licence, misspelt, shop};

use schemas::{EntryId, Name, RegisterKey, Scalar};
use sync_core::{Sha256, record::Edit};

/// The street's grids, as the built-in demo area has them.
pub const GRIDS: [&str; 8] = [
    "310112901001001",
    "310112901001002",
    "310112901002001",
    "310112901002002",
    "310112901003001",
    "310112901003002",
    "310112901004001",
    "310112901004002",
];

/// An edit that sets a register; none if the key is not one.
pub fn set(key: &str, value: Scalar) -> Option<Edit> {
    let key = RegisterKey::parse(key).ok()?;
    Some(Edit::Set { key, value })
}

/// An edit that sets a text.
pub fn text(key: &str, value: impl Into<String>) -> Option<Edit> {
    set(key, Scalar::text(value))
}

/// The edits that add a photo to a finding.
pub fn photo(entry: EntryId, sha256: Sha256) -> Vec<Edit> {
    let group = Name::parse("photos").ok();
    let added = group.map(|group| Edit::AddEntry { group, id: entry });
    let value = Scalar::Bytes(sha256.0.to_vec());
    let set = set(&format!("photos.{entry}.photo"), value);
    added.into_iter().chain(set).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::Rng;

    #[test]
    fn every_form_passes_the_checks_of_its_kind_and_lacks_nothing_required() {
        let mut rng = Rng::new(7);
        let schemas = schemas::SchemaSet::builtin().unwrap();
        for number in 0..300 {
            let born = Person::any(&mut rng);
            let now = 1_790_000_000_000;
            let forms = [
                ("shop", shop(&mut rng, number)),
                ("party", party(&mut rng)),
                ("resident", resident(&mut rng, &born)),
                ("worker", worker(&mut rng, &born)),
                ("visit", visit(&mut rng, now)),
                ("finding", finding(&mut rng, now)),
                ("shop", shop_edit(&mut rng).into_iter().collect()),
                ("shop", licence(&mut rng)),
            ];
            for (name, edits) in forms {
                let kind = schemas.kind(name).unwrap();
                for edit in &edits {
                    if let Edit::Set { key, value } = edit {
                        assert_eq!(kind.check_register(key, value), Ok(()), "{name} {key}");
                    }
                }
            }
        }
    }
}

//! What the property tests share: random lives of records and of whole worlds, the ways in which
//! their changes can be delivered, and second opinions on what must come of it.
//!
//! A check answers with the law that was broken, so that a test can name the case.

pub mod deliver;
pub mod life;
pub mod model;
pub mod replica;
pub mod rest;
pub mod town;
pub mod twin;
pub mod wire;

use std::{
    fmt::Debug,
    sync::{Arc, OnceLock},
};

use schemas::{SchemaSet, SourceFile};

use crate::world::Rng;

/// A law holds, or which one does not.
pub type Checked<T = ()> = Result<T, String>;

/// Two things must be equal.
pub fn same<T: PartialEq + Debug>(law: &str, left: &T, right: &T) -> Checked {
    if left == right {
        Ok(())
    } else {
        Err(format!("{law}:\n{left:#?}\nagainst\n{right:#?}"))
    }
}

/// Something must be so.
pub fn holds(law: &str, holds: bool) -> Checked {
    if holds { Ok(()) } else { Err(law.to_owned()) }
}

/// Puts things into a random order.
pub fn shuffle<T>(items: &mut [T], rng: &mut Rng) {
    for last in (1..items.len()).rev() {
        items.swap(last, rng.below(last + 1));
    }
}

/// The built-in schemas, but inspectors may not write `gas`.
pub fn strict() -> Arc<SchemaSet> {
    static STRICT: OnceLock<Arc<SchemaSet>> = OnceLock::new();
    let parse = || {
        let gas = r#"name = "gas", zh = "用气", en = "Gas", type = "choice", codes = "gas","#;
        let barred = format!(r#"{gas} write = ["supervisor"],"#);
        let files = schemas::builtin::FILES.iter();
        let files: Vec<_> = files
            .map(|file| (file.name, file.text.replace(gas, &barred)))
            .collect();
        let sources: Vec<_> = files
            .iter()
            .map(|(name, text)| SourceFile { name, text })
            .collect();
        // The built-in ones stand in for a set that cannot be read: then nothing is refused, and
        // the properties miss their counts.
        SchemaSet::parse(&sources).map_or_else(|_| crate::world::schemas(), Arc::new)
    };
    STRICT.get_or_init(parse).clone()
}

//! What the property tests share: random lives of records and of whole worlds, the ways in which
//! their changes can be delivered, and second opinions on what must come of it.
//!
//! A check answers with the law that was broken, so that a test can name the case.

pub mod deliver;
pub mod life;
pub mod model;
pub mod replica;
pub mod twin;
pub mod wire;

use std::fmt::Debug;

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

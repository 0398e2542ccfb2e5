//! Values that follow from others and are therefore never stored.

pub use crate::checks::id_card::{Holder, Sex};

/// Birth date and sex of a valid identity number; `None` for any other text.
pub fn holder_of(id_number: &str) -> Option<Holder> {
    crate::checks::id_card::check(id_number).ok()
}

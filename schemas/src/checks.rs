//! Checks of single values against their standards. All pure; none repeats the value.

pub mod date;
pub mod id_card;
pub mod phone;
pub mod point;
pub mod text;
pub mod uscc;

mod error;

pub use error::ValueError;

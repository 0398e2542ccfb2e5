//! The round as an inspector meets it.

mod dossier;
mod listing;
mod warning;
mod work;
